import Postgres
import TenantStore
import TestServer
import Testing

/// What cannot be made safe is refused, and the statement that is printed mends it.
@Suite struct ProtectRefusalTests {
  let owner: Connection
  let superuser: Connection

  init() throws {
    let conninfo = TestServer.shared.database(.platform, as: .superuser)
    superuser = TestServer.shared.connect(conninfo)
    owner = TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .platformOwner))
    try superuser.run("SELECT landlord.protect_grant('platform.orders')", deadline: 5_000)
  }

  private func refusals(_ column: String = "tenant_id", citus: Bool = false) throws -> [(
    what: String, sql: String
  )] {
    try owner.run(
      """
      SELECT what, coalesce(sql, '') FROM landlord.protect_plan('platform.t', \(column)::name, \(citus)::boolean)
      WHERE refused ORDER BY step
      """, deadline: 10_000
    ).map { ($0.string(0), $0.string(1)) }
  }

  @Test(arguments: [
    ("(tenant_id uuid, id int PRIMARY KEY)", "unique over all tenants"),
    ("(tenant_id uuid, email text UNIQUE)", "unique over all tenants"),
    ("(tenant_id uuid, email text UNIQUE NULLS NOT DISTINCT)", "unique over all tenants"),
    (
      "(tenant_id uuid, email text); CREATE UNIQUE INDEX ON platform.t (lower(email)) WHERE email <> ''",
      "unique over all"
    ),
    ("(tenant_id uuid, at int4range, EXCLUDE USING gist (at WITH &&))", "unique over all tenants"),
    ("(tenant_id uuid, id int, at date, UNIQUE (id, at)) PARTITION BY RANGE (at)", "unique over all tenants"),
    ("(tenant_id uuid, order_id bigint REFERENCES platform.loose (order_id))", "whatever their tenant"),
    ("(tenant_id text)", "is no uuid"),
    ("(id int)", "has no column tenant_id"),
  ])
  func thePrintedStatementMendsWhatIsRefused(_ columns: String, _ reason: String) throws {
    try superuser.runScript(
      """
      CREATE EXTENSION IF NOT EXISTS btree_gist;
      SET ROLE platform_owner;
      CREATE TABLE platform.loose (order_id bigint UNIQUE, tenant_id uuid, UNIQUE (tenant_id, order_id));
      CREATE TABLE platform.t \(columns)
      """, deadline: 10_000)

    let found = try refusals()
    #expect(found.count == 1)
    let refusal = try #require(found.first)
    #expect(refusal.what.contains(reason))
    #expect(throws: PostgresError.self) {
      try owner.run("SELECT landlord.protect('platform.t')", deadline: 10_000)
    }
    try owner.runScript(refusal.sql, deadline: 10_000)
    #expect(try refusals().isEmpty)
    #expect(try owner.run("SELECT landlord.protect('platform.t')", deadline: 10_000).exactlyOne.int64(0) > 0)
  }

  @Test(arguments: [
    (
      "CREATE VIEW platform.t AS SELECT * FROM platform.orders",
      "it is no table: policies are for tables, and rows kept elsewhere cannot be guarded here"
    ),
    (
      "CREATE MATERIALIZED VIEW platform.t AS SELECT * FROM platform.orders",
      "it is no table: policies are for tables, and rows kept elsewhere cannot be guarded here"
    ),
    ("CREATE TABLE platform.t AS SELECT NULL::uuid AS tenant_id", "it has rows without a tenant"),
    (
      "CREATE TABLE platform.t AS SELECT gen_random_uuid() AS tenant_id",
      "it has rows of tenants that the registry does not know"
    ),
  ])
  func whatOnlyAPersonCanMendIsToldToo(_ sql: String, _ reason: String) throws {
    try owner.runScript(sql, deadline: 10_000)
    #expect(try refusals().map(\.what) == [reason])
  }

  @Test func aForeignKeyWithTheTenantInItIsNoOracleAndACatalogueNeedsNone() throws {
    try owner.runScript(
      """
      CREATE TABLE platform.countries (code text PRIMARY KEY);
      CREATE TABLE platform.t (
        tenant_id uuid, order_id bigint, country text REFERENCES platform.countries,
        FOREIGN KEY (order_id, tenant_id) REFERENCES platform.orders (order_id, tenant_id))
      """, deadline: 10_000)
    #expect(try refusals().isEmpty)
  }

  @Test func landlordsOwnTablesAreLeftAlone() throws {
    let found = try superuser.run(
      "SELECT what FROM landlord.protect_plan('landlord.tenants') WHERE refused", deadline: 5_000)
    #expect(found.map { $0.string(0) } == ["it belongs to landlord or to the system"])
  }

  @Test func whoRunsThePlatformsCodeMustNotBeAbleToBecomeTheOwner() throws {
    // In a transaction that is rolled back: roles are the server's, and other tests must not meet this one.
    try superuser.runScript(
      """
      BEGIN;
      CREATE TABLE platform.t (tenant_id uuid);
      ALTER TABLE platform.t OWNER TO platform_owner;
      CREATE ROLE web_and_owner LOGIN IN ROLE landlord_tenant, platform_owner
      """, deadline: 5_000)
    let found = try superuser.run(
      "SELECT what, sql FROM landlord.protect_plan('platform.t') WHERE refused", deadline: 5_000)
    #expect(
      found.map { $0.string(0) } == ["web_and_owner is a member of landlord_tenant and of the table's owner"])
    try superuser.runScript(found.exactlyOne.string(1), deadline: 5_000)
    #expect(
      try superuser.run(
        "SELECT what FROM landlord.protect_plan('platform.t') WHERE refused", deadline: 5_000
      ).count == 0)
    try superuser.runScript("ROLLBACK", deadline: 5_000)
  }

  @Test func aTableOfCitusWantsItsOwnForm() throws {
    try owner.runScript("CREATE TABLE platform.t (tenant_id uuid NOT NULL)", deadline: 5_000)
    // What Citus keeps its distributed tables in; it cannot be installed here.
    try superuser.runScript(
      """
      SET allow_system_table_mods = on;
      CREATE TABLE pg_catalog.pg_dist_partition (logicalrelid regclass);
      GRANT SELECT ON pg_catalog.pg_dist_partition TO PUBLIC;
      INSERT INTO pg_catalog.pg_dist_partition VALUES ('platform.t')
      """, deadline: 5_000)
    #expect(try refusals().map(\.sql) == ["protect it with --citus"])
    #expect(try refusals(citus: true).isEmpty)
  }
}
