import Postgres
import TestServer
import Testing

/// What commands say when the server breaks off what they asked for, and where it takes no changes.
@Suite struct BrokenOffTests {
  private let conninfo = TestServer.shared.database(.schema, as: .admin)
  private var superuser: String { TestServer.shared.conninfo(conninfo, as: .superuser) }

  private func landlord(_ arguments: String...) -> Program.Outcome {
    Program.run(arguments, ["LANDLORD_DATABASE": conninfo])
  }

  private func create() -> Program.Outcome {
    landlord(
      "tenant", "create", "--site-id", "acme", "--name", "Acme", "--email", "a@b.example", "--industry",
      "retail")
  }

  /// Edits, and does something once the command waits for a lock.
  private func edit(_ meanwhile: () throws -> Void) throws -> Program.Outcome {
    let running = Program.start(
      [Program.folder + "/landlord", "tenant", "edit", "acme", "--set", "tenantName=Mine"],
      ["LANDLORD_DATABASE": conninfo], input: "")
    // Not on a connection that has a transaction open: what is seen of others' activity stays the same in one.
    let looking = TestServer.shared.connect(superuser)
    let end = Monotonic.milliseconds + 60_000
    while try looking.run(
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      deadline: 5_000
    ).isEmpty {
      try #require(Monotonic.milliseconds < end, "nobody waits: \(Program.finish(running))")
    }
    try meanwhile()
    return Program.finish(running)
  }

  @Test func ofADeadlockTheCommandIsToldAndNothingWasChanged() throws {
    #expect(create().status == 0)
    let other = TestServer.shared.connect(superuser)
    // Time for the other lock to come in between, and less than a lock is waited for.
    TestServer.shared.set("deadlock_timeout = '3s'", in: conninfo)
    // It looks for a deadlock after an hour, the command's server process after three seconds: the command is the victim.
    try other.runScript(
      "SET deadlock_timeout = '1h'; BEGIN; SELECT FROM landlord.audit_heads FOR UPDATE", deadline: 5_000)
    let edited = try edit {
      try other.runScript("SELECT FROM landlord.tenants FOR UPDATE; ROLLBACK", deadline: 10_000)
    }
    #expect(edited.status == 7)
    #expect(edited.errors.contains("deadlock detected; nothing was changed, try again"))
    #expect(landlord("tenant", "show", "acme").output.contains("Acme"))
  }

  @Test func ofAChangeThatCameBetweenTheCommandIsToldAndNothingWasChanged() throws {
    #expect(create().status == 0)
    let other = TestServer.shared.connect(superuser)
    TestServer.shared.set("default_transaction_isolation = 'repeatable read'", in: conninfo)
    try other.runScript("BEGIN; UPDATE landlord.tenants SET tenant_name = 'Theirs'", deadline: 5_000)
    let edited = try edit { try other.runScript("COMMIT", deadline: 5_000) }
    #expect(edited.status == 7)
    #expect(edited.errors.contains("could not serialize access"))
    #expect(edited.errors.contains("nothing was changed, try again"))
    #expect(landlord("tenant", "show", "acme").output.contains("Theirs"))
  }

  @Test func aTimeOutOfTheServersIsSaid() throws {
    // Enough for all that is asked before.
    TestServer.shared.set("statement_timeout = '3s'", in: conninfo)
    try TestServer.shared.connect(superuser).runScript(
      """
      ALTER TABLE landlord.tenants DISABLE TRIGGER ALL;
      INSERT INTO landlord.tenants (tenant_id, site_id, tenant_name, contact_email, business_industry)
      VALUES (gen_random_uuid(), 'acme', 'Acme', 'a@x.example', 'retail');
      DROP POLICY IF EXISTS slow ON landlord.permissions;
      ALTER TABLE landlord.permissions ENABLE ROW LEVEL SECURITY;
      CREATE POLICY slow ON landlord.permissions USING ((SELECT pg_sleep(60)) IS NOT NULL)
      """, deadline: 10_000)
    let listed = landlord("catalogue", "permissions", "list")
    #expect(listed.status == 7)
    #expect(listed.errors.contains("canceling statement due to statement timeout"))
  }

  @Test func whoHoldsTheRowIsNamed() throws {
    #expect(create().status == 0)
    let other = TestServer.shared.connect(superuser)
    try other.runScript("BEGIN; SELECT FROM landlord.tenants FOR UPDATE", deadline: 5_000)
    let held = landlord("tenant", "edit", "acme", "--set", "tenantName=B")
    #expect(held.status == 7)
    #expect(held.errors.contains("with a change open: postgres (process \(other.processID))"))
  }

  @Test func aStandbyTakesNoChangesAndThePrimaryIsToBeNamed() throws {
    let primary = FragileServer()
    let standby = FragileServer(following: primary)
    let made = Program.run(
      [
        "tenant", "create", "--site-id", "acme", "--name", "Acme", "--email", "a@b.example", "--industry",
        "retail",
      ], ["LANDLORD_DATABASE": standby.conninfo])
    #expect(made.status == 1)
    #expect(made.errors.contains("a standby"))
    #expect(made.errors.contains("name the primary"))
    #expect(Program.run(["tenant", "list"], ["LANDLORD_DATABASE": standby.conninfo]).status == 0)
  }
}
