import Postgres
import TenantStore
import TestServer
import Testing

/// Work for one tenant at a time, as the platform's code does it.
@Suite struct TenantConnectionTests {
  let database: Database
  let acme: TenantID
  let bolt: TenantID
  let line: TenantConnection

  init() throws {
    database = Database()
    let superuser = database.connect(.superuser)
    acme = try database.register(superuser, siteID: "acme")
    bolt = try database.register(superuser, siteID: "bolt")
    try superuser.runScript(Self.rooms, deadline: 5_000)
    line = TenantConnection(conninfo: database.server.conninfo(database.conninfo, as: .platform))
  }

  /// The least that isolates: one table, one policy.
  static let rooms = """
    CREATE TABLE rooms (tenant_id uuid NOT NULL, what text NOT NULL);
    ALTER TABLE rooms ENABLE ROW LEVEL SECURITY;
    CREATE POLICY floor ON rooms TO landlord_tenant USING (tenant_id = (SELECT landlord.current_tenant()))
      WITH CHECK (tenant_id = (SELECT landlord.current_tenant_for_write()));
    GRANT SELECT, INSERT, UPDATE, DELETE ON rooms TO landlord_tenant;
    INSERT INTO rooms SELECT tenant_id, 'of ' || site_id FROM landlord.tenants
    """

  private func all() throws -> [String] {
    try database.connect(.superuser).run("SELECT what FROM rooms ORDER BY what", deadline: 5_000)
      .map { $0.string(0) }
  }

  @Test func theBodySeesAndWritesItsTenantAloneAndIsCommitted() throws {
    let seen = try line.withTenant(acme) { work in
      try work.run("INSERT INTO rooms VALUES (\(acme)::uuid, 'new')")
      return try work.run("SELECT what FROM rooms ORDER BY what").map { $0.string(0) }
    }

    #expect(seen == ["new", "of acme"])
    #expect(try all() == ["new", "of acme", "of bolt"])
    #expect(throws: PostgresError.self) {
      try line.withTenant(acme) { try $0.run("INSERT INTO rooms VALUES (\(bolt)::uuid, 'foreign')") }
    }
    #expect(try line.withTenant(bolt) { try $0.run("DELETE FROM rooms").affected } == 1)
    #expect(try all() == ["new", "of acme"])
  }

  @Test func whatTheBodyThrowsUndoesItsWork() throws {
    struct Thrown: Error {}
    #expect(throws: Thrown.self) {
      try line.withTenant(acme) { work in
        try work.run("DELETE FROM rooms")
        throw Thrown()
      }
    }
    #expect(try all() == ["of acme", "of bolt"])
    #expect(try line.withTenant(bolt) { try $0.run("SELECT what FROM rooms").count } == 1)
  }

  @Test func anotherTenantInsideIsRefusedAndTheSameOnOtherLinesIsNot() throws {
    let other = TenantConnection(conninfo: database.server.conninfo(database.conninfo, as: .platform))
    try line.withTenant(acme) { (_) throws in
      #expect(throws: TenantContextError.otherTenant) { try other.withTenant(bolt) { _ in } }
      #expect(throws: TenantContextError.nested) { try line.withTenant(acme) { _ in } }
      #expect(try other.withTenant(acme) { try $0.run("SELECT what FROM rooms").count } == 1)
      #expect(TenantContext.current == acme)
    }
    #expect(TenantContext.current == nil)
    #expect(try other.withTenant(bolt) { try $0.run("SELECT what FROM rooms").count } == 1)
  }

  @Test(arguments: [
    ("SET LOCAL landlord.tenant_id = '00000000-0000-4000-8000-000000000001'", TenantContextError.changed),
    ("RESET landlord.tenant_id", .changed), ("COMMIT", .ended), ("ROLLBACK", .ended),
    ("COMMIT AND CHAIN", .changed),
  ])
  func aContextThatIsNotAsItWasGivenUndoesTheWork(_ sql: String, _ error: TenantContextError) throws {
    #expect(throws: error) {
      try line.withTenant(acme) { work in
        try work.run("DELETE FROM rooms WHERE what = 'nothing'")
        try work.run("\(unescaped: sql)")
        _ = try? work.run("SELECT 1")
      }
    }
    #expect(try all() == ["of acme", "of bolt"])
    #expect(try line.withTenant(bolt) { try $0.run("SELECT what FROM rooms").count } == 1)
  }

  @Test func aFailureThatTheBodyKeepsToItselfIsNoSuccess() throws {
    #expect(throws: TenantContextError.failed) {
      try line.withTenant(acme) { work in
        try work.run("DELETE FROM rooms")
        _ = try? work.run("SELECT 1 / 0")
      }
    }
    #expect(try all() == ["of acme", "of bolt"])
  }

  @Test func theTransactionIsOfNoUseAfterItsEnd() throws {
    var kept: TenantTransaction?
    try line.withTenant(acme) { kept = $0 }
    #expect(throws: TenantContextError.ended) { try kept?.run("SELECT 1") }
  }

  @Test func whoMayNotBeEnteredIsRefusedByName() throws {
    let unknown = #expect(throws: TenantContextError.self) { try line.withTenant(.random()) { _ in } }
    guard case .refused("context_unknown", _) = unknown else { return issue(unknown) }
    try database.connect(.superuser).run(
      "UPDATE landlord.tenants SET state = 'deactivated' WHERE tenant_id = \(acme)::uuid", deadline: 5_000)
    let closed = #expect(throws: TenantContextError.self) { try line.withTenant(acme) { _ in } }
    guard case .refused("context_state", _) = closed else { return issue(closed) }
    #expect(try line.withTenant(bolt) { try $0.run("SELECT what FROM rooms").count } == 1)
  }

  @Test func aLineThatDiesIsOpenedAgain() throws {
    let error = #expect(throws: PostgresError.self) {
      try line.withTenant(acme) { work in
        let process = try work.run("SELECT pg_backend_pid()").exactlyOne.int64(0)
        try database.server.kill(Int32(process))
        try work.run("SELECT what FROM rooms")
      }
    }
    guard case .lost = error else { return issue(error) }
    #expect(try line.withTenant(acme) { try $0.run("SELECT what FROM rooms").count } == 1)
  }

  @Test func aStatementThatRunsPastTheDeadlineLeavesNothingBehind() throws {
    let hasty = TenantConnection(
      conninfo: database.server.conninfo(database.conninfo, as: .platform), deadline: 2_000)
    #expect(throws: PostgresError.deadline) {
      try hasty.withTenant(acme) { work in
        try work.run("DELETE FROM rooms")
        try work.run("SELECT pg_sleep(20)")
      }
    }
    #expect(
      try hasty.withTenant(bolt) { try $0.run("SELECT what FROM rooms").map { $0.string(0) } } == ["of bolt"])
    #expect(try all() == ["of acme", "of bolt"])
  }

  private func issue(_ error: (any Error)?) { Issue.record("\(String(describing: error))") }
}
