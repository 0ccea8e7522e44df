import Postgres
import TenantStore
import TestServer
import Testing

/// Citus cannot be installed here, so what it refuses on a distributed table is looked for instead: triggers, keys that have
/// not the tenant in them, references to tables that are not distributed, policies with sub-queries or volatile functions.
@Suite struct CitusLintTests {
  let conninfo = TestServer.shared.database(.platform, as: .superuser)
  let superuser: Connection

  init() throws {
    superuser = TestServer.shared.connect(conninfo)
    for table in SamplePlatform.tables {
      try superuser.run("SELECT landlord.protect(\(table)::regclass, 'tenant_id', true)", deadline: 60_000)
    }
  }

  /// What Citus would refuse of the tables that are protected in its form.
  private func problems() throws -> [String] {
    try superuser.run(
      """
      WITH t AS (
        SELECT p.relation, a.attnum FROM landlord.protected_tables() p
        JOIN pg_attribute a ON a.attrelid = p.relation AND a.attname = p.tenant_column
        WHERE p.form = 'setting')
      SELECT t.relation || ': trigger ' || g.tgname FROM t JOIN pg_trigger g ON g.tgrelid = t.relation WHERE NOT g.tgisinternal
      UNION ALL
      SELECT t.relation || ': key ' || i.indexrelid::regclass FROM t JOIN pg_index i ON i.indrelid = t.relation
      WHERE i.indisunique AND t.attnum <> ALL (i.indkey::int2[])
      UNION ALL
      SELECT t.relation || ': foreign key ' || k.conname FROM t JOIN pg_constraint k ON k.conrelid = t.relation
      WHERE k.contype = 'f' AND (t.attnum <> ALL (k.conkey) OR k.confrelid NOT IN (SELECT relation FROM t))
      UNION ALL
      SELECT t.relation || ': sub-query in policy ' || p.polname FROM t JOIN pg_policy p ON p.polrelid = t.relation
      WHERE coalesce(p.polqual::text, '') || coalesce(p.polwithcheck::text, '') LIKE '%{SUBLINK %'
      UNION ALL
      SELECT t.relation || ': volatile function in policy ' || p.polname
      FROM t JOIN pg_policy p ON p.polrelid = t.relation
      CROSS JOIN regexp_matches(coalesce(p.polqual::text, '') || coalesce(p.polwithcheck::text, ''), ':funcid (\\d+)', 'g') AS m
      JOIN pg_proc f ON f.oid = m[1]::oid AND f.provolatile = 'v'
      """, deadline: 10_000
    ).map { $0.string(0) }
  }

  @Test func whatProtectMakesForCitusIsNothingThatItRefuses() throws {
    #expect(
      try superuser.run("SELECT FROM landlord.protected_tables() WHERE form = 'setting'", deadline: 5_000)
        .affected == 5)
    #expect(try problems() == [])
  }

  @Test func landlordsOwnTablesReferToNoTableOfThePlatforms() throws {
    let foreign = try superuser.run(
      """
      SELECT k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid
      WHERE k.contype = 'f' AND c.relnamespace = 'landlord'::regnamespace AND r.relnamespace <> c.relnamespace
      """, deadline: 5_000)
    #expect(foreign.count == 0)
  }

  @Test(arguments: [
    (
      "CREATE TRIGGER t AFTER INSERT ON platform.orders EXECUTE FUNCTION landlord.refuse('x')",
      "platform.orders: trigger t"
    ),
    ("CREATE UNIQUE INDEX u ON platform.orders (order_id)", "platform.orders: key platform.u"),
    (
      "ALTER TABLE platform.orders ADD CONSTRAINT f FOREIGN KEY (tenant_id) REFERENCES landlord.tenants",
      "platform.orders: foreign key f"
    ),
    (
      "CREATE POLICY p ON platform.orders USING (tenant_id = (SELECT landlord.current_tenant()))",
      "platform.orders: sub-query in policy p"
    ),
    (
      "CREATE POLICY v ON platform.orders USING (amount > random())",
      "platform.orders: volatile function in policy v"
    ),
  ])
  func theLintSeesWhatItIsThereFor(_ sql: String, _ problem: String) throws {
    try superuser.runScript(sql, deadline: 5_000)
    #expect(try problems() == [problem])
  }

  @Test func theFormOfCitusIsolatesToo() throws {
    let platform = TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .platform))
    try platform.runScript(
      "BEGIN; SET LOCAL landlord.tenant_id = '\(SamplePlatform.tenant(3))'", deadline: 5_000)
    let seen = try platform.run("SELECT DISTINCT tenant_id::text FROM platform.orders", deadline: 5_000)
    #expect(seen.map { $0.string(0) } == [SamplePlatform.tenant(3)])
    #expect(throws: PostgresError.self) {
      try platform.run(
        "INSERT INTO platform.orders VALUES (0, \(SamplePlatform.tenant(4))::uuid, 'x', 1, now())",
        deadline: 5_000)
    }
    try platform.runScript("ROLLBACK", deadline: 5_000)
    #expect(try platform.run("SELECT FROM platform.messages", deadline: 5_000).affected == 0)
  }
}
