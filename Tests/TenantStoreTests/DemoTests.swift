import Postgres
import TestServer
import Testing

@testable import TenantStore

@Suite struct DemoTests {
  let server = TestServer.shared

  private func count(_ connection: Connection, _ sql: String) throws -> Int64 {
    try connection.run("\(unescaped: sql)", deadline: 30_000).exactlyOne.int64(0)
  }

  /// Entries whose hash is not what the entry and the one before make it, and heads that are not their last entry.
  private static let broken = """
    SELECT (SELECT count(*) FROM (
        SELECT e.hash = landlord.entry_hash(
            coalesce(lag(e.hash) OVER tenant, decode(repeat('00', 32), 'hex')), e.tenant_id, e.seq, e.at, e.actor, e.role,
            e.client, e.action, e.version, e.request_id, e.reason, e.changed, e.record)
          AND e.seq = row_number() OVER tenant AND e.at >= coalesce(lag(e.at) OVER tenant, e.at) AS holds
        FROM landlord.audit_entries e WINDOW tenant AS (PARTITION BY e.tenant_id ORDER BY e.seq)) AS chain
      WHERE NOT holds)
    + (SELECT count(*) FROM landlord.tenants t LEFT JOIN landlord.audit_heads h ON h.tenant_id = t.tenant_id
      LEFT JOIN landlord.audit_entries e ON e.tenant_id = h.tenant_id AND e.seq = h.seq AND e.hash = h.hash AND e.at = h.at
      WHERE e.entry_id IS NULL OR e.record <> landlord.tenant_record(t))
    """

  @Test(arguments: [false, true])
  func fillsAnEmptyDatabaseWithWhatTheFunctionsWouldHaveWritten(besides: Bool) throws {
    let conninfo = server.database(.schema, as: .superuser)
    let connection = server.connect(conninfo)
    let shape = """
      SELECT md5(string_agg(d, E'\\n' ORDER BY d)) FROM (
        SELECT pg_get_constraintdef(oid) || conname || convalidated::text FROM pg_constraint
        WHERE connamespace = 'landlord'::regnamespace
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'landlord'
        UNION ALL SELECT tgname || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal) AS x (d)
      """
    let before = try connection.run("\(unescaped: shape)", deadline: 5000).exactlyOne.string(0)

    var seen: [DemoProgress] = []
    let added = try Demo.fill(
      connection, second: besides ? server.connect(conninfo) : nil, tenants: 1000
    ) { seen.append($0) }

    #expect(added == 1000)
    #expect(try count(connection, "SELECT count(*) FROM landlord.tenants") == 1000)
    #expect(try count(connection, "SELECT count(*) FROM landlord.site_ids") == 1000)
    #expect(try count(connection, "SELECT count(*) FROM landlord.tenant_secrets") == 1000)
    #expect(try count(connection, "SELECT count(*) FROM landlord.tenants WHERE state = 'deactivated'") == 90)
    // One entry each, one more for the deactivated, one for the mark.
    #expect(try count(connection, "SELECT count(*) FROM landlord.audit_entries") == 1091)
    #expect(try count(connection, Self.broken) == 0)
    #expect(seen.contains(DemoProgress(stage: .tenants, done: 1000, total: 1000)))
    #expect(seen.last?.stage == .statistics)
    // Nothing that was taken down is missing.
    #expect(try connection.run("\(unescaped: shape)", deadline: 5000).exactlyOne.string(0) == before)
  }

  @Test func whatPeopleDoAfterwardsContinuesTheChains() throws {
    let conninfo = server.database(.schema, as: .superuser)
    let connection = server.connect(conninfo)
    _ = try Demo.fill(connection, tenants: 50)

    let admin = server.connect(server.conninfo(conninfo, as: .admin))
    let outcome = try admin.run(
      """
      SELECT (landlord.update_tenant(gen_random_uuid(), t.tenant_id, 1, '{"tenantName": "Renamed"}', NULL)).outcome
      FROM landlord.tenants t WHERE t.state = 'active' ORDER BY t.site_id LIMIT 1
      """, deadline: 5000
    ).exactlyOne.string(0)

    #expect(outcome == "saved")
    #expect(try count(connection, Self.broken) == 0)
  }

  @Test func aSecondRunTopsUpAndNeverRemoves() throws {
    let connection = server.connect(server.database(.schema, as: .superuser))
    _ = try Demo.fill(connection, tenants: 100)
    let first = "SELECT count(*) FROM landlord.tenants WHERE site_id = 'hand-made'"
    try connection.runScript(
      """
      INSERT INTO landlord.tenants (tenant_id, site_id, tenant_name, contact_email, business_industry)
      VALUES (gen_random_uuid(), 'hand-made', 'By hand', 'a@b.example', 'retail')
      """, deadline: 5000)

    #expect(try Demo.fill(connection, tenants: 250) == 150)
    #expect(try Demo.fill(connection, tenants: 250) == 0)
    #expect(try Demo.fill(connection, tenants: 10) == 0)

    #expect(try count(connection, "SELECT count(*) FROM landlord.tenants") == 251)
    #expect(try count(connection, first) == 1)
    #expect(try count(connection, "SELECT count(*) FROM landlord.tenants WHERE state = 'deactivated'") == 22)
    #expect(try count(connection, Self.broken) == 0)
  }

  @Test func theTenantsAreTheSameInEveryDatabaseHoweverTheyCame() throws {
    let text = """
      SELECT md5(string_agg(concat_ws('|', t.tenant_id, t.site_id, t.tenant_name, t.contact_email, t.website_url,
        t.business_industry, t.allowed_origins, t.permissions, t.state, t.created_at), E'\\n' ORDER BY t.site_id))
      FROM landlord.tenants t
      """
    let once = server.connect(server.database(.schema, as: .superuser))
    let twice = server.connect(server.database(.schema, as: .superuser))

    _ = try Demo.fill(once, tenants: 600)
    _ = try Demo.fill(twice, tenants: 90)
    _ = try Demo.fill(twice, tenants: 600)

    let (a, b) = (
      try once.run("\(unescaped: text)", deadline: 5000).exactlyOne.string(0),
      try twice.run("\(unescaped: text)", deadline: 5000).exactlyOne.string(0)
    )
    #expect(a == b)
  }

  @Test func theyAreOfEveryKind() throws {
    let connection = server.connect(server.database(.schema, as: .superuser))
    _ = try Demo.fill(connection, tenants: 3000)

    let kinds = [
      "lower(tenant_name) LIKE '%juniper labs%'", "tenant_name ~ '[\\u3040-\\u9FFF]'",
      "tenant_name ~ '[\\u0600-\\u06FF]'",
      "tenant_name ~ '[\\u0400-\\u04FF]'", "tenant_name ~ '\\u200D'", "length(tenant_name) > 180",
      "website_url IS NULL",
      "cardinality(allowed_origins) = 8", "allowed_origins = '{}'", "permissions = '{}'", "NOT is_active",
      "landlord.has_symbols(search)",
      // A look-alike: Cyrillic and Latin letters in one name.
      "tenant_name ~ '[\\u0400-\\u04FF]' AND tenant_name ~ '[A-Za-z]{4}'",
    ]
    for kind in kinds {
      #expect(
        try count(connection, "SELECT count(*) FROM landlord.tenants WHERE \(kind)") > 0, "none with \(kind)")
    }
    let industries = try count(connection, "SELECT count(DISTINCT business_industry) FROM landlord.tenants")
    #expect(industries == 12)
  }

  @Test func aFillOfTwoThatLostItsTenantsIsFinishedByTheNext() throws {
    // What a connection leaves that breaks between the two commits: the audit, without the tenants.
    let conninfo = server.database(.schema, as: .superuser)
    let connection = server.connect(conninfo)
    try connection.runScript(DemoSQL.begin, deadline: 5000)
    _ = try connection.run(DemoSQL.audit(1, 120), deadline: 5000)
    _ = try connection.run(DemoSQL.mark(120), deadline: 5000)
    try connection.runScript("COMMIT", deadline: 5000)

    #expect(try Demo.fill(connection, tenants: 200) == 200)

    #expect(try count(connection, "SELECT count(*) FROM landlord.tenants") == 200)
    #expect(try count(connection, Self.broken) == 0)
  }

  @Test func aFillThatFailsLeavesNothingOnEitherConnection() throws {
    let conninfo = server.database(.schema, as: .superuser)
    let (first, second) = (server.connect(conninfo), server.connect(conninfo))
    // An industry of theirs is not there, which shows when the keys are built at the end.
    try first.runScript("DELETE FROM landlord.industries WHERE name = 'retail'", deadline: 5000)

    #expect(throws: DemoError.self) { try Demo.fill(first, second: second, tenants: 500) }

    #expect(first.transactionStatus == .idle && second.transactionStatus == .idle)
    #expect(try count(second, "SELECT count(*) FROM landlord.tenants") == 0)
    #expect(try count(second, "SELECT count(*) FROM landlord.audit_entries") == 0)
    #expect(try count(second, "SELECT count(*) FROM landlord.settings WHERE name = 'demo'") == 0)
  }

  @Test func refusesTenantsThatItDidNotMake() throws {
    let connection = server.connect(server.database(.schema, as: .superuser))
    try connection.runScript(
      """
      INSERT INTO landlord.tenants (tenant_id, site_id, tenant_name, contact_email, business_industry)
      VALUES (gen_random_uuid(), 'real-one', 'Real', 'a@b.example', 'retail')
      """, deadline: 5000)

    #expect(throws: DemoError.tenantsOfOthers) { try Demo.fill(connection, tenants: 10) }
    #expect(try count(connection, "SELECT count(*) FROM landlord.tenants") == 1)
  }

  @Test func refusesAProductionEvenAfterAFill() throws {
    let connection = server.connect(server.database(.schema, as: .superuser))
    _ = try Demo.fill(connection, tenants: 5)
    try connection.runScript(
      "INSERT INTO landlord.settings (name, value) VALUES ('environment', 'Production')", deadline: 5000)

    #expect(throws: DemoError.production("Production")) { try Demo.fill(connection, tenants: 10) }
    #expect(try count(connection, "SELECT count(*) FROM landlord.tenants") == 5)
  }

  @Test func isTheOwnersWorkAndNotAnAdministrators() throws {
    let conninfo = server.database(.schema, as: .admin)

    #expect(throws: DemoError.self) { try Demo.fill(server.connect(conninfo), tenants: 10) }
    let superuser = server.connect(server.conninfo(conninfo, as: .superuser))
    #expect(try count(superuser, "SELECT count(*) FROM landlord.tenants") == 0)
  }

  @Test func twoFillsAtOnceMakeEachTenantOnce() async throws {
    let conninfo = server.database(.schema, as: .superuser)

    let added = try await withThrowingTaskGroup(of: Int64.self) { group in
      for _ in 0..<2 { group.addTask { try Demo.fill(TestServer.shared.connect(conninfo), tenants: 300) } }
      return try await group.reduce(0, +)
    }

    #expect(added == 300)
    #expect(try count(server.connect(conninfo), Self.broken) == 0)
  }
}
