import Postgres
import TenantStore
import TestServer
import Testing

private let mine = SamplePlatform.tenant(1)
private let other = SamplePlatform.tenant(2)

/// The sample platform once it is protected, seen by its own code: nothing of another tenant can be read, written, counted or
/// guessed.
@Suite struct IsolationTests {
  let superuser: Connection
  let platform: Connection

  init() throws {
    let conninfo = TestServer.shared.database(.platform, as: .superuser)
    superuser = TestServer.shared.connect(conninfo)
    let owner = TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .platformOwner))
    for table in SamplePlatform.tables {
      _ = try Protector(admin: superuser, owner: owner).protect(ProtectTarget(table: table), reason: nil)
    }
    // What no policy on a table can hold; the doctor names these.
    try owner.runScript(
      """
      ALTER VIEW platform.recent_orders SET (security_invoker = true);
      REVOKE ALL ON platform.order_totals FROM landlord_tenant;
      REVOKE ALL ON FUNCTION platform.order_count() FROM PUBLIC
      """, deadline: 5_000)
    platform = TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .platform))
  }

  /// What becomes of a statement inside the tenant's transaction, which is undone: the SQLSTATE, or rows touched or returned.
  private func outcome(_ statement: Statement, in tenant: String? = mine) throws -> String {
    try platform.runScript("BEGIN", deadline: 5_000)
    defer { try? platform.runScript("ROLLBACK", deadline: 5_000) }
    if let tenant { try platform.run("SELECT landlord.enter_tenant(\(tenant)::uuid)", deadline: 5_000) }
    do {
      return String(try platform.run(statement, deadline: 20_000).affected)
    } catch .server(let error) { return error.sqlState }
  }

  /// Everything in the platform's schema that rows can come from.
  private func sources() throws -> [String] {
    try superuser.run(
      """
      SELECT c.oid::regclass::text FROM pg_class c
      WHERE c.relnamespace = 'platform'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') ORDER BY 1
      """, deadline: 5_000
    ).map { $0.string(0) }
  }

  @Test func nothingOfAnotherTenantIsReadFromAnywhere() throws {
    var readable: [String] = []
    for source in try sources() {
      let foreign = try outcome("SELECT FROM \(unescaped: source) s WHERE s.tenant_id <> \(mine)::uuid")
      #expect(foreign == "0" || foreign == "42501", "\(source)")
      if foreign == "0" { readable.append(source) }
      let none = try outcome("SELECT FROM \(unescaped: source) s", in: nil)
      #expect(none == "0" || none == "42501", "\(source) without a context")
    }
    #expect(
      readable == [
        "platform.messages", "platform.messages_2026_01", "platform.messages_2026_02",
        "platform.messages_rest",
        "platform.orders", "platform.recent_orders",
      ])
    #expect(try outcome("SELECT FROM platform.orders") == "1200")
    #expect(try outcome("SELECT FROM platform.messages") == "800")
    #expect(try outcome("SELECT platform.order_count()") == "42501")
  }

  @Test(arguments: [
    ("INSERT INTO platform.orders VALUES (0, '\(other)', 'x', 1, now())", "42501"),
    ("INSERT INTO platform.messages (tenant_id, sent_at, body) VALUES ('\(other)', now(), 'x')", "42501"),
    (
      "INSERT INTO platform.messages_2026_01 (tenant_id, sent_at, body) VALUES ('\(other)', '2026-01-05', 'x')",
      "42501"
    ),
    ("INSERT INTO platform.orders VALUES (0, NULL, 'x', 1, now())", "42501"),
    ("UPDATE platform.orders SET amount = 0 WHERE tenant_id = '\(other)'", "0"),
    ("UPDATE platform.orders SET tenant_id = '\(other)' WHERE order_id = 50", "42501"),
    ("DELETE FROM platform.messages WHERE tenant_id = '\(other)'", "0"),
    ("DELETE FROM platform.messages_2026_01 WHERE tenant_id = '\(other)'", "0"),
    ("DELETE FROM platform.messages", "800"),
    ("TRUNCATE platform.messages", "42501"),
    ("TRUNCATE platform.messages_2026_01", "42501"),
    ("COPY platform.orders FROM STDIN", "0A000"),
    ("SELECT FROM platform.orders WHERE tenant_id = '\(other)' FOR UPDATE", "0"),
    (
      "CREATE TRIGGER t BEFORE INSERT ON platform.orders EXECUTE FUNCTION suppress_redundant_updates_trigger()",
      "42501"
    ),
    ("ALTER TABLE platform.orders DISABLE ROW LEVEL SECURITY", "42501"),
    ("DROP POLICY landlord_floor ON platform.orders", "42501"),
    ("CREATE TABLE platform.spy (tenant_id uuid)", "42501"),
    (
      """
      MERGE INTO platform.orders o USING (VALUES (1, '\(other)'::uuid)) AS v (id, tenant) ON o.order_id = v.id
      WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.tenant, 'x', 1, now())
      """, "42501"
    ),
  ])
  func nothingOfAnotherTenantIsWritten(_ sql: String, _ outcome: String) throws {
    #expect(try self.outcome("\(unescaped: sql)") == outcome)
  }

  @Test func withoutAContextNothingIsWritten() throws {
    #expect(
      try outcome("INSERT INTO platform.orders VALUES (0, '\(unescaped: mine)', 'x', 1, now())", in: nil)
        == "42501")
    #expect(try outcome("UPDATE platform.orders SET amount = 0", in: nil) == "0")
    #expect(try outcome("DELETE FROM platform.messages", in: nil) == "0")
  }

  /// Pairs of statements that differ in whether another tenant has the thing: the answers must not.
  @Test(arguments: [
    // An order id that another tenant has, and one that nobody has.
    "INSERT INTO platform.orders VALUES (%, '\(mine)', 'x', 1, now())",
    "INSERT INTO platform.orders VALUES (%, '\(other)', 'x', 1, now())",
    "INSERT INTO platform.orders VALUES (%, '\(other)', 'x', 1, now()) ON CONFLICT DO NOTHING",
    "INSERT INTO platform.messages (tenant_id, order_id, sent_at, body) VALUES ('\(mine)', %, now(), 'x')",
    "UPDATE platform.orders SET order_id = % WHERE order_id = 50",
    "DELETE FROM platform.orders WHERE order_id = %",
    // Functions of one's own in a filter, and errors made on purpose.
    "SELECT 1 / (CASE order_id WHEN % THEN 0 ELSE 1 END) FROM platform.orders",
    "SELECT FROM platform.orders WHERE order_id = % AND 1 / (CASE order_id WHEN % THEN 0 ELSE 1 END) = 1",
  ])
  func whetherAnotherTenantHasItCannotBeGuessed(_ sql: String) throws {
    func outcome(_ id: String) throws -> String {
      try self.outcome(
        "\(unescaped: sql.split(separator: "%", omittingEmptySubsequences: false).joined(separator: id))")
    }
    // 1 is the second tenant's, and it has messages; nobody has 999999.
    #expect(try outcome("1") == outcome("999999"))
  }

  @Test func aFunctionThatTellsWhatItSeesIsShownNoForeignRow() throws {
    let tell: Statement = """
      DO $$
      BEGIN
        CREATE FUNCTION pg_temp.tell(tenant uuid) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS
          'BEGIN IF tenant <> ''\(unescaped: mine)'' THEN RAISE EXCEPTION ''seen''; END IF; RETURN true; END';
        PERFORM FROM platform.orders WHERE pg_temp.tell(tenant_id);
        PERFORM FROM platform.recent_orders WHERE pg_temp.tell(tenant_id);
        PERFORM FROM platform.messages WHERE pg_temp.tell(tenant_id);
      END $$
      """
    #expect(try outcome(tell) == "0")
  }

  @Test func theStatisticsOfOthersAreNotShown() throws {
    #expect(
      try outcome(
        "SELECT FROM pg_stats WHERE schemaname = 'platform'") == "0")
    #expect(try outcome("SELECT FROM pg_statistic") == "42501")
  }

  @Test func theRegistryItselfIsShutToThePlatform() throws {
    let tables = try superuser.run(
      "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'landlord'::regnamespace AND c.relkind = 'r'",
      deadline: 5_000)
    #expect(tables.count > 5)
    for table in tables {
      #expect(try outcome("SELECT FROM \(unescaped: table.string(0))") == "42501", "\(table.string(0))")
    }
  }

  @Test func aTenantThatMayOnlyReadChangesNothing() throws {
    try superuser.runScript(
      "UPDATE landlord.tenants SET state = 'suspended', suspended_access = 'read' WHERE tenant_id = '\(mine)'",
      deadline: 5_000)
    #expect(try outcome("SELECT FROM platform.orders") == "1200")
    for sql in [
      "INSERT INTO platform.orders VALUES (0, '\(mine)', 'x', 1, now())",
      "UPDATE platform.orders SET amount = 0",
      "DELETE FROM platform.messages",
    ] {
      #expect(try outcome("\(unescaped: sql)") == "42501", "\(sql)")
    }
  }
}
