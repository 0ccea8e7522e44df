import Postgres
import TestServer
import Testing

@testable import landlord

/// A search that takes longer than the second after which the store answers with what it has: where nobody is at the
/// screen, all of it is waited for.
@Suite struct SlowSearchTests {
  private let conninfo = TestServer.shared.database(.schema, as: .admin)

  init() throws {
    // Whoever looks at the permissions waits, so both legs of this search do; one match lies behind the first leg.
    try TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .superuser)).runScript(
      """
      ALTER TABLE landlord.tenants DISABLE TRIGGER ALL;
      INSERT INTO landlord.tenants (tenant_id, site_id, tenant_name, contact_email, business_industry, permissions)
      SELECT gen_random_uuid(), 'site-' || lpad(i::text, 6, '0'), 'Name', 'a@x.example', 'retail',
        CASE WHEN i IN (2, 4100) THEN '{billing.read}'::text[] ELSE '{}' END
      FROM generate_series(1, 4100) i;
      ALTER TABLE landlord.permissions ENABLE ROW LEVEL SECURITY;
      CREATE POLICY slow ON landlord.permissions USING ((SELECT pg_sleep(1.3)) IS NOT NULL)
      """, deadline: 60_000)
  }

  @Test func theListOfTheCommandIsWhole() {
    let listed = Program.run(
      ["tenant", "list", "--filter", "permission:billing"], ["LANDLORD_DATABASE": conninfo])
    #expect(listed.status == 0)
    #expect(listed.output.split(separator: "\n").map { $0.prefix(11) } == ["site-000002", "site-004100"])
  }

  @Test func thePlainConsoleSaysThatItTakesTimeAndGoesOn() {
    let talk = Program.run(
      ["--plain"], ["LANDLORD_DATABASE": conninfo], input: "find permission:billing\n")
    #expect(
      talk.output.contains(
        """
        Searching takes longer than a second.
        1. site-000002: Name, active, a@x.example
        2. site-004100: Name, active, a@x.example
        That is all: 2 tenants.

        """))
  }
}
