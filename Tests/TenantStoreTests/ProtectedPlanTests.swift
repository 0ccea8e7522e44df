import Postgres
import TenantStore
import TestServer
import Testing

/// What a protected table costs, as the planner tells it.
@Suite struct ProtectedPlanTests {
  @Test func amongFourHundredThousandRowsTheContextIsAskedOnceAndTheIndexServes() throws {
    let conninfo = TestServer.shared.database(.platform, as: .superuser)
    let superuser = TestServer.shared.connect(conninfo)
    try superuser.runScript(
      """
      CREATE TABLE platform.readings (tenant_id uuid NOT NULL, at timestamptz NOT NULL, value numeric NOT NULL);
      INSERT INTO platform.readings SELECT t.tenant_id, now(), n FROM landlord.tenants t, generate_series(1, 8000) n;
      GRANT SELECT ON platform.readings TO landlord_tenant;
      SELECT landlord.protect('platform.readings');
      ANALYZE platform.readings
      """, deadline: 60_000)
    let platform = TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .platform))
    try platform.runScript(
      "BEGIN; SELECT landlord.enter_tenant('\(SamplePlatform.tenant(1))')", deadline: 5_000)

    for sql in [
      "SELECT sum(value) FROM platform.readings", "SELECT * FROM platform.readings WHERE value = 5 LIMIT 10",
    ] {
      let plan = try platform.run("EXPLAIN (ANALYZE, COSTS OFF) \(unescaped: sql)", deadline: 20_000)
        .map { $0.string(0) }.joined(separator: "\n")
      #expect(plan.components(of: "InitPlan") == 1, "\(plan)")
      #expect(plan.contains("readings_landlord_tenant"), "\(plan)")
      #expect(plan.contains("Index Cond: (tenant_id = "), "\(plan)")
      #expect(!plan.contains("Seq Scan"), "\(plan)")
    }
    #expect(try platform.run("SELECT FROM platform.readings", deadline: 20_000).affected == 8_000)
  }
}

extension String {
  /// How often the text is in it.
  fileprivate func components(of text: String) -> Int {
    split(separator: text, omittingEmptySubsequences: false).count - 1
  }
}
