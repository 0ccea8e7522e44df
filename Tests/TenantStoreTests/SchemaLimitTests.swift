import Postgres
import TenantStore
import TestServer
import Testing

/// The rules of limits, and what they cost whom.
@Suite struct SchemaLimitTests {
  let database = Database()

  private func limit(
    _ connection: Connection, _ person: String, _ industry: String?, tenant: TenantID? = nil,
    reason: String? = "why"
  ) throws -> ServerError? {
    try database.complaint(
      connection,
      """
      SELECT landlord.limit_person(gen_random_uuid(), \(person)::text, \(industry)::text, \(tenant)::uuid, \(reason)::text)
      """)
  }

  @Test func aLimitThatWouldNotHoldIsRefused() throws {
    let admin = database.connect(.admin)
    let acme = try database.register(admin)
    func rule(_ person: String, _ industry: String?, tenant: TenantID? = nil, reason: String? = "why") throws
      -> String?
    {
      try limit(admin, person, industry, tenant: tenant, reason: reason)?.constraint
    }

    #expect(try rule("support_limited", nil) == "limit_of_one")
    #expect(try rule("support_limited", "retail", tenant: acme) == "limit_of_one")
    #expect(try rule("support_limited", "nosuch") == "limit_industry_known")
    #expect(try rule("support_limited", nil, tenant: .random()) == "limit_tenant_known")
    #expect(try rule("nosuch", "retail") == "limit_person_known")
    #expect(try rule("landlord_tenant", "retail") == "limit_person_known")
    for person in ["support", "auditor", "admin", "postgres"] {
      #expect(try rule(person, "retail") == "limit_holds", "\(person)")
    }
    #expect(try rule("support_limited", "retail", reason: " ") == "reason_required")
    #expect(try database.count(admin, "SELECT count(*) FROM landlord.limits") == 0)
    // Before any group is given: then the person never sees more than the limits.
    #expect(try rule("stranger", nil, tenant: acme) == nil)
    #expect(try rule("support_limited", "retail") == nil)
  }

  @Test func limitsAreInTheAuditOfTheInstallation() throws {
    let admin = database.connect(.admin)
    func outcome(_ call: Statement) throws -> String { try database.outcome(admin, call) }
    let limit: Statement =
      "landlord.limit_person(gen_random_uuid(), 'support_limited', 'retail', NULL, 'why')"
    let unlimit: Statement =
      "landlord.unlimit_person(gen_random_uuid(), 'support_limited', 'retail', NULL, 'why')"
    let all: Statement = "landlord.unlimit_person(gen_random_uuid(), 'support_limited', NULL, NULL, 'why')"

    #expect(try outcome(limit) == "saved")
    #expect(try outcome(limit) == "saved")
    #expect(try outcome(unlimit) == "saved")
    #expect(try outcome(unlimit) == "gone")
    #expect(try outcome(limit) == "saved")
    #expect(try outcome(all) == "saved")
    #expect(try outcome(all) == "gone")
    let entries = try admin.run(
      """
      SELECT action || ' ' || (record::jsonb ->> 'limited') FROM landlord.audit_entries
      WHERE tenant_id = '00000000-0000-0000-0000-000000000000' ORDER BY seq
      """, deadline: 5_000
    ).map { $0.string(0) }
    // The second changed nothing.
    #expect(
      entries == [
        "limit person true", "unlimit person false", "limit person true", "unlimit person false",
      ])
  }

  @Test(arguments: [TestServer.Login.support, .auditor, .limitedAdmin, .limitedSupport, .stranger])
  func onlyAnAdminWithoutLimitsLimits(_ login: TestServer.Login) throws {
    #expect(try limit(database.connect(login), "support_limited", "retail")?.sqlState == "42501")
  }

  // MARK: Plans

  private func plan(_ login: TestServer.Login, _ query: String) throws -> String {
    let connection = database.connect(login)
    try connection.runScript("SET enable_seqscan = off", deadline: 5_000)
    return try connection.run("EXPLAIN (COSTS OFF) \(unescaped: query)", deadline: 5_000).map { $0.string(0) }
      .joined(separator: "\n")
  }

  private static let page =
    "SELECT tenant_id FROM landlord.tenants WHERE site_id > 'm' ORDER BY site_id LIMIT 50"
  private static let search = "SELECT tenant_id FROM landlord.tenants WHERE search LIKE '%juniper%'"
  private static let history =
    """
    SELECT entry_id FROM landlord.audit_entries
    WHERE tenant_id = '00000000-0000-4000-8000-000000000001' ORDER BY seq DESC LIMIT 9
    """

  /// For them the policy is a constant: no trace of it is left in a plan.
  @Test(arguments: [TestServer.Login.support, .admin, .auditor])
  func whoHasNoLimitsPaysNothingForThem(_ login: TestServer.Login) throws {
    let superuser = database.connect(.superuser)
    #expect(try limit(superuser, "support_limited", "retail") == nil)
    for (query, index) in [
      (Self.page, "tenants_by_site_id"), (Self.search, "tenants_search"),
      (Self.history, "audit_entries_seq"),
    ] {
      let plan = try plan(login, query)
      #expect(plan.contains(index))
      #expect(!plan.contains("limits") && !plan.contains("SubPlan") && !plan.contains("InitPlan"), "\(plan)")
    }
  }

  /// The limits are two lists, made once for the statement; the walk stays a walk and a tenant's past is found by its id.
  @Test func whoHasLimitsStillUsesTheIndexes() throws {
    let page = try plan(.limitedSupport, Self.page)
    #expect(page.contains("tenants_by_site_id") && page.contains("Index Cond: (site_id > 'm'::text)"))
    #expect(page.contains("InitPlan") && !page.contains("SubPlan"), "\(page)")
    let history = try plan(.limitedSupport, Self.history)
    #expect(history.contains("audit_entries_seq"), "\(history)")
  }
}
