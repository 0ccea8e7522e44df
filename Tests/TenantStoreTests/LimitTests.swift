import Postgres
import TestServer
import Testing

@testable import TenantStore

/// Who is limited to some tenants: what is seen, counted, changed and told of them, and of the others.
@Suite struct LimitTests {
  let fixture = Fixture()
  let acme: Tenant
  let bolt: Tenant

  /// One shop, which the limited logins may reach, and one power station.
  init() throws {
    acme = try fixture.onboard("acme")
    bolt = try fixture.onboard("bolt", [.industry: .text("energy")])
    for login in [TestServer.Login.limitedAdmin, .limitedSupport, .limitedAuditor] {
      try limit(login, industry: "retail")
    }
  }

  func limit(_ login: TestServer.Login, industry: String? = nil, tenant: TenantID? = nil) throws {
    try TestServer.shared.connect(fixture.conninfo).run(
      """
      SELECT landlord.limit_person(gen_random_uuid(), \(login.rawValue)::text, \(industry)::text, \(tenant)::uuid, 'why')
      """, deadline: 5_000)
  }

  func unlimit(_ login: TestServer.Login) throws {
    try TestServer.shared.connect(fixture.conninfo).run(
      "SELECT landlord.unlimit_person(gen_random_uuid(), \(login.rawValue)::text, NULL, NULL, 'why')",
      deadline: 5_000)
  }

  /// The error of a request that must fail.
  func failure(_ request: Request, as login: TestServer.Login = .limitedAdmin) -> StoreError? {
    let store = fixture.store(as: login)
    defer { store.close() }
    do {
      let answer = try store.answer(to: request)
      Issue.record("was answered \(answer)")
      return nil
    } catch { return error }
  }

  func written(_ request: Request) throws -> Written {
    guard case .written(let written) = try fixture.store(as: .limitedAdmin).answer(to: request) else {
      throw WrongAnswer()
    }
    return written
  }

  // MARK: Looking

  /// Whatever is asked, it is as if the others were not there.
  @Test(arguments: [TestServer.Login.limitedSupport, .limitedAdmin, .limitedAuditor])
  func whatIsOutOfReachIsNotThere(_ login: TestServer.Login) throws {
    let store = fixture.store(as: login)
    func page(_ filter: Filter = Filter()) throws -> [String] {
      guard case .page(let page) = try store.answer(to: .page(PageRequest(filter: filter, limit: 10))) else {
        throw WrongAnswer()
      }
      return page.rows.map(\.siteID)
    }
    func history(_ tenant: Tenant) throws -> Int {
      guard
        case .history(let entries) = try store.answer(to: .history(tenant.id, before: nil, limit: 10))
      else { throw WrongAnswer() }
      return entries.count
    }

    #expect(try page() == ["acme"])
    #expect(try page(Filter(words: ["gmbh"])) == ["acme"])
    #expect(try page(Filter(words: ["bolt"])) == [])
    #expect(try page(Filter(words: [bolt.id.description])) == [])
    #expect(try store.answer(to: .total(Filter())) == .total(Total(count: 1, estimated: false)))
    #expect(
      try store.answer(to: .total(Filter(words: ["gmbh"]))) == .total(Total(count: 1, estimated: false)))
    #expect(try store.answer(to: .tenant(.id(bolt.id))) == .tenant(nil))
    #expect(try store.answer(to: .tenant(.siteID("bolt"))) == .tenant(nil))
    #expect(try store.answer(to: .tenants([acme.id, bolt.id])) == .tenants([acme]))
    #expect(try store.answer(to: .matching(Filter(words: ["gmbh"]), limit: 10)) == .matching([acme.id]))
    #expect(try history(acme) == 1)
    #expect(try history(bolt) == 0)
    #expect(try store.answer(to: .activity(bolt.id, weeks: 2)) == .activity([0, 0]))
    #expect(try store.answer(to: .activity(acme.id, weeks: 2)) == .activity([0, 1]))
    #expect(
      try store.answer(
        to: .bulkPreview(Bulk(change: .deactivate, tenants: [acme.id, bolt.id], reason: "why")))
        == .bulkPreview(BulkPreview(changing: 1, gone: 1)))
    let secret = TenantSecret.random().verifier
    #expect(try store.answer(to: .verifySecret(bolt.id, verifier: secret)) == .secret(matches: false))
  }

  @Test func noTableTellsOfOthers() throws {
    let behind = fixture.behind()
    try behind.run(
      """
      INSERT INTO landlord.attempts (client, action, tenant_id, what)
      VALUES ('', 'x', \(bolt.id)::uuid, ''), ('', 'x', \(acme.id)::uuid, ''), ('', 'x', NULL, '')
      """, deadline: 5_000)
    for tenant in [acme.id, bolt.id] {
      try behind.run(
        """
        WITH run AS (INSERT INTO landlord.runs (tenant_id, wanted) VALUES (\(tenant)::uuid, 'ready') RETURNING run_id),
          term AS (INSERT INTO landlord.terms (tenant_id, ticket) VALUES (\(tenant)::uuid, 'T-1')),
          purge AS (
            INSERT INTO landlord.purges (purge_id, tenant_id, preview, digest, reason, expires_at)
            VALUES (gen_random_uuid(), \(tenant)::uuid, '{}', '', 'x', now()))
        INSERT INTO landlord.run_steps (run_id, place, tenant_id) SELECT run_id, 1, \(tenant)::uuid FROM run
        """, deadline: 5_000)
    }
    // Every table with a tenant in it, also those that come after this test was written.
    let tables = try behind.run(
      """
      SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
      WHERE c.relnamespace = 'landlord'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
        AND has_column_privilege('landlord_auditor_limited', c.oid, a.attnum, 'SELECT')
      ORDER BY 1
      """, deadline: 5_000
    ).map { $0.string(0) }
    #expect(tables.contains("tenants") && tables.contains("attempts") && tables.contains("limits"))
    let limited = TestServer.shared.connect(
      TestServer.shared.conninfo(fixture.conninfo, as: .limitedAuditor))
    for table in tables {
      let seen = try limited.run(
        "SELECT DISTINCT tenant_id::text FROM landlord.\(unescaped: table) WHERE tenant_id IS NOT NULL",
        deadline: 5_000
      ).map { $0.string(0) }
      #expect(seen == (table == "limits" ? [] : [acme.id.description]), "\(table)")
    }
    #expect(
      try limited.run("SELECT count(*) FROM landlord.attempts", deadline: 5_000).exactlyOne.int64(0) == 1)
    #expect(
      try limited.run("SELECT DISTINCT person FROM landlord.limits", deadline: 5_000).map { $0.string(0) }
        == ["auditor_limited"])
  }

  /// The server's estimate of the whole table would tell how many there are.
  @Test func theEstimateIsOfOnesOwnTenants() throws {
    try fixture.behind().run(
      "UPDATE pg_class SET reltuples = 50000 WHERE oid = 'landlord.tenants'::regclass", deadline: 5_000)
    #expect(
      try fixture.store(as: .support).answer(to: .total(Filter()))
        == .total(Total(count: 50000, estimated: true)))
    let store = fixture.store(as: .limitedSupport)
    #expect(try store.answer(to: .total(Filter())) == .total(Total(count: 1, estimated: false)))
    #expect(
      try store.answer(to: .total(Filter(words: ["acme"]))) == .total(Total(count: 1, estimated: false)))
  }

  @Test func withoutALimitNothingIsReached() throws {
    try unlimit(.limitedAdmin)
    let limited = TestServer.shared.connect(
      TestServer.shared.conninfo(fixture.conninfo, as: .limitedAdmin))
    for table in ["tenants", "site_ids", "audit_entries", "audit_heads", "requests", "limits"] {
      let rows = try limited.run("SELECT count(*) FROM landlord.\(unescaped: table)", deadline: 5_000)
      #expect(rows.exactlyOne.int64(0) == 0, "\(table)")
    }
    let change = Update(tenantID: acme.id, expectedVersion: nil, changes: [.name: .text("Other")])
    #expect(failure(.update(change)) == .notPermitted("You may not do this to this tenant."))
  }

  @Test func limitsAddUpAndFollowThePresentIndustry() throws {
    let store = fixture.store(as: .limitedSupport)
    func seen() throws -> [String] {
      guard case .page(let page) = try store.answer(to: .page(PageRequest(limit: 10))) else {
        throw WrongAnswer()
      }
      return page.rows.map(\.siteID)
    }
    try limit(.limitedSupport, tenant: bolt.id)
    #expect(try seen() == ["acme", "bolt"])
    _ = try fixture.written(
      .update(Update(tenantID: acme.id, expectedVersion: nil, changes: [.industry: .text("media")])))
    #expect(try seen() == ["bolt"])
    _ = try fixture.written(
      .update(Update(tenantID: acme.id, expectedVersion: nil, changes: [.industry: .text("retail")])))
    #expect(try seen() == ["acme", "bolt"])
    // With all of its past, also from where it was out of reach.
    guard case .history(let entries) = try store.answer(to: .history(acme.id, before: nil, limit: 9)) else {
      throw WrongAnswer()
    }
    #expect(entries.count == 3)
  }

  // MARK: Changing

  @Test func whatIsInReachIsChangedAsByAnyAdmin() throws {
    let update = Update(tenantID: acme.id, expectedVersion: 1, changes: [.name: .text("Acme AG")])
    #expect(try written(.update(update)).tenant?.name == "Acme AG")
    #expect(try written(.update(update)).repeated)
    let transition = Transition(tenantID: acme.id, expectedVersion: nil, reason: "why")
    #expect(try written(.deactivate(transition)).outcome == .saved)
    #expect(try written(.onboard(Fixture.onboarding("nova"))).tenant?.siteID == "nova")
    let lost = RequestID.random()
    let store = fixture.store(as: .limitedAdmin)
    #expect(try store.answer(to: .settle(lost)) == .settled(.never))
    guard case .settled(.recorded(let known)) = try store.answer(to: .settle(update.requestID)) else {
      throw WrongAnswer()
    }
    #expect(known.outcome == .saved)
  }

  @Test func whatIsOutOfReachIsRefusedAndSoIsWhatIsNotThere() throws {
    for id in [bolt.id, TenantID.random()] {
      let transition = Transition(tenantID: id, expectedVersion: nil, reason: "why")
      let refused = StoreError.notPermitted("You may not do this to this tenant.")
      #expect(failure(.deactivate(transition)) == refused)
      #expect(failure(.reactivate(transition)) == refused)
      #expect(
        failure(.update(Update(tenantID: id, expectedVersion: nil, changes: [.name: .text("X")])))
          == refused)
      #expect(
        failure(.noteRefusal(action: "x", tenant: id, what: "y"))
          == .notPermitted("You may not reach this tenant."))
    }
    #expect(try fixture.history(bolt.id).count == 1)
  }

  @Test func aBulkCallsGoneWhatIsOutOfReach() throws {
    let bulk = Bulk(change: .addPermission("data.export"), tenants: [acme.id, bolt.id])
    guard case .bulk(let rows) = try fixture.store(as: .limitedAdmin).answer(to: .bulk(bulk)) else {
      throw WrongAnswer()
    }
    for row in rows {
      #expect(row.written.outcome == (row.tenantID == acme.id ? .saved : .gone))
      #expect(row.written.tenant?.id == (row.tenantID == acme.id ? acme.id : nil))
    }
    #expect(try fixture.history(bolt.id).count == 1)
  }

  @Test func noTenantIsMovedOrMadeOutOfReach() throws {
    let moved = Update(tenantID: acme.id, expectedVersion: nil, changes: [.industry: .text("energy")])
    for request in [
      Request.update(moved), .onboard(Fixture.onboarding("watt", [.industry: .text("energy")])),
    ] {
      guard case .field(let problem) = failure(request) else {
        Issue.record("no field is to blame")
        return
      }
      #expect(problem.field == .industry && problem.rule == "business_industry_reach")
    }
    let bulk = Bulk(change: .setIndustry("energy"), tenants: [acme.id])
    guard case .bulk(let rows) = try fixture.store(as: .limitedAdmin).answer(to: .bulk(bulk)) else {
      throw WrongAnswer()
    }
    #expect(rows.map(\.written.outcome) == [.refused])
    #expect(rows.map(\.written.rule) == ["business_industry_reach"])
    #expect(try fixture.store.answer(to: .availability(siteID: "watt")) == .availability(.free))
    // A limit to the tenant itself holds wherever the tenant goes; that is no leave to make others there.
    try limit(.limitedAdmin, tenant: acme.id)
    #expect(try written(.update(moved)).tenant?.industry == "energy")
  }

  @Test func whatWasDoneIsNotToldOnceItsTenantIsOutOfReach() throws {
    let update = Update(tenantID: acme.id, expectedVersion: nil, changes: [.name: .text("Acme AG")])
    _ = try written(.update(update))
    let onboarding = Fixture.onboarding("nova")
    let nova = try #require(try written(.onboard(onboarding)).tenant)
    for id in [acme.id, nova.id] {
      _ = try fixture.written(
        .update(Update(tenantID: id, expectedVersion: nil, changes: [.industry: .text("energy")])))
    }
    let gone = StoreError.notPermitted("This request was carried out; its tenant is out of your reach now.")
    #expect(failure(.onboard(onboarding)) == gone)
    #expect(failure(.settle(update.requestID)) == gone)
    // Nor by an id that was fenced, for a tenant of others.
    let fenced = RequestID.random()
    let store = fixture.store(as: .limitedAdmin)
    #expect(try store.answer(to: .settle(fenced)) == .settled(.never))
    var forged = Fixture.onboarding("other", requestID: fenced)
    forged.tenantID = bolt.id
    #expect(
      try written(.onboard(forged))
        == Written(outcome: .refused, repeated: true, rule: "request_fenced"))
  }

  /// That a site id is taken is not to be hidden from who would give it; whose it is, is.
  @Test func aSiteIDIsTakenWhoeverHasIt() throws {
    let store = fixture.store(as: .limitedAdmin)
    #expect(try store.answer(to: .availability(siteID: "bolt")) == .availability(.taken))
    #expect(try store.answer(to: .availability(siteID: "volt")) == .availability(.free))
    guard case .field(let problem) = failure(.onboard(Fixture.onboarding("bolt"))) else {
      Issue.record("was given twice")
      return
    }
    #expect(problem.rule == "site_id_taken")
    guard case .notPermitted = failure(.availability(siteID: "bolt"), as: .limitedSupport) else {
      Issue.record("support needs no site ids")
      return
    }
  }

  @Test func theInstallationIsForAdminsWithoutLimits() throws {
    let refused = StoreError.notPermitted("You may not do this to this tenant.")
    #expect(failure(.changeSetting(SettingChange(name: "environment", value: "x"))) == refused)
    #expect(
      failure(.changeCatalogue(CatalogueChange(catalogue: .industries, kind: .add, name: "x"))) == refused)
    #expect(failure(.changeView(ViewChange(.save(SavedView(name: "x"))))) == refused)
  }
}
