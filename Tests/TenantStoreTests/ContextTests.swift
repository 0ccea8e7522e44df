import Postgres
import TenantStore
import TestServer
import Testing

/// What the schema says to a context: which hold, which are refused, and under which name.
@Suite struct ContextTests {
  let database: Database
  let acme: TenantID
  let platform: Connection

  init() throws {
    database = Database()
    acme = try database.register(
      database.connect(.superuser),
      #"{"allowedOrigins": ["https://a.example"], "permissions": ["orders.read"]}"#)
    platform = database.connect(.platform)
  }

  /// Whatever the state was before: not the way to it is tried here.
  private func set(_ column: String, _ value: String) throws {
    let cleared = ", tenant_name = '', contact_email = '', website_url = NULL, allowed_origins = '{}'"
    try database.connect(.superuser).runScript(
      """
      BEGIN; ALTER TABLE landlord.tenants DISABLE TRIGGER keep_transition;
      UPDATE landlord.tenants SET \(column) = '\(value)'\(value == "purged" ? cleared : "") WHERE tenant_id = '\(acme)';
      ALTER TABLE landlord.tenants ENABLE ALWAYS TRIGGER keep_transition; COMMIT
      """,
      deadline: 5_000)
  }

  /// The rule that a statement breaks inside a context, made as the platform makes it; nil: none.
  private func rule(_ context: String, _ statement: Statement) throws -> String? {
    try platform.runScript("BEGIN; SET LOCAL landlord.tenant_id = '\(context)'", deadline: 5_000)
    defer { try? platform.runScript("ROLLBACK", deadline: 5_000) }
    return try database.complaint(platform, statement)?.constraint
  }

  private func isTrue(_ call: Statement) throws -> Bool {
    try platform.run("SELECT \(call)", deadline: 5_000).exactlyOne.bool(0)
  }

  @Test(arguments: [
    // state, access while suspended, reads, writes, the door opens
    ("provisioning", "none", true, true, false), ("active", "none", true, true, true),
    ("suspended", "read", true, false, true), ("suspended", "none", false, false, false),
    ("deactivated", "read", false, false, false), ("purged", "none", false, false, false),
  ])
  func eachStateAllowsWhatTheTableSays(
    _ state: String, _ access: String, _ reads: Bool, _ writes: Bool, _ opens: Bool
  ) throws {
    try set("suspended_access", access)
    try set("state", state)

    #expect(
      try rule(acme.description, "SELECT landlord.current_tenant()") == (reads ? nil : "context_state"))
    #expect(
      try rule(acme.description, "SELECT landlord.current_tenant_for_write()")
        == (writes ? nil : "context_state"))
    #expect(
      try rule(acme.description, "SELECT landlord.enter_tenant(\(acme)::uuid)")
        == (reads ? nil : "context_state"))
    #expect(try isTrue("landlord.verify_secret(\(acme)::uuid, sha256('secret'))") == opens)
    #expect(try isTrue("landlord.origin_allowed(\(acme)::uuid, 'https://a.example')") == opens)
    #expect(try isTrue("landlord.tenant_may(\(acme)::uuid, 'orders.read')") == reads)
    #expect(
      try database.connect(.support).run("SELECT landlord.probe_secret(\(acme)::uuid)", deadline: 5_000)
        .exactlyOne.bool(0) == opens)
  }

  @Test func whatIsNotTheTenantsIsFalse() throws {
    #expect(try !isTrue("landlord.verify_secret(\(acme)::uuid, sha256('other'))"))
    #expect(try !isTrue("landlord.origin_allowed(\(acme)::uuid, 'https://b.example')"))
    #expect(try !isTrue("landlord.tenant_may(\(acme)::uuid, 'orders.write')"))
    #expect(try !isTrue("landlord.tenant_may(\(TenantID.random())::uuid, 'orders.read')"))
  }

  @Test func withoutAContextThereIsNone() throws {
    let none = try platform.run(
      "SELECT landlord.current_tenant() IS NULL AND landlord.current_tenant_for_write() IS NULL",
      deadline: 5_000)
    #expect(none.exactlyOne.bool(0))
    // A setting that was local once is empty ever after, not absent.
    #expect(try rule(acme.description, "SELECT landlord.current_tenant()") == nil)
    #expect(
      try platform.run("SELECT landlord.current_tenant() IS NULL", deadline: 5_000).exactlyOne.bool(0))
  }

  @Test(arguments: ["nonsense", "*", "00000000-0000-4000-8000-00000000000", "' OR true --", "{}"])
  func whatIsNoUUIDIsRefused(_ context: String) throws {
    let quoted = context.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
    #expect(try rule(quoted, "SELECT landlord.current_tenant()") == "context_malformed")
  }

  @Test func anUnknownTenantIsRefused() throws {
    let unknown = TenantID.random()
    #expect(try rule(unknown.description, "SELECT landlord.current_tenant()") == "context_unknown")
    #expect(
      try database.complaint(platform, "SELECT landlord.enter_tenant(\(unknown)::uuid)")?.constraint
        == "context_unknown")
    #expect(
      try database.complaint(platform, "SELECT landlord.enter_tenant(NULL)")?.constraint
        == "context_malformed")
  }

  @Test func aTransactionEntersOneTenant() throws {
    let bolt = try database.register(database.connect(.superuser), siteID: "bolt")
    try platform.runScript("BEGIN", deadline: 5_000)
    try platform.run("SELECT landlord.enter_tenant(\(acme)::uuid)", deadline: 5_000)
    try platform.run("SELECT landlord.enter_tenant(\(acme)::uuid)", deadline: 5_000)
    #expect(
      try database.complaint(platform, "SELECT landlord.enter_tenant(\(bolt)::uuid)")?.constraint
        == "context_held")
    try platform.runScript("ROLLBACK", deadline: 5_000)
    #expect(try database.complaint(platform, "SELECT landlord.enter_tenant(\(bolt)::uuid)") == nil)
  }

  @Test func onlyThePlatformHasAContext() throws {
    for login in [TestServer.Login.admin, .support, .auditor, .stranger] {
      let connection = database.connect(login)
      for call in ["current_tenant()", "current_tenant_for_write()", "enter_tenant(NULL)"] {
        #expect(try database.complaint(connection, "SELECT landlord.\(unescaped: call)")?.sqlState == "42501")
      }
    }
  }
}
