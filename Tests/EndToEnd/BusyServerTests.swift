import Postgres
import TestServer
import Testing

/// The server is there and does not do what it is asked: it waits, breaks off, or has no room. Keys are answered all the while,
/// the screen says why, nothing typed is lost, and the change can be made once the way is free.
@Suite(.serialized) struct BusyServerTests {
  private let landlord = Landlord()

  private func behind() -> Connection {
    TestServer.shared.connect(TestServer.shared.conninfo(landlord.conninfo, as: .superuser))
  }

  /// The console with a change of acme's name before its saving.
  private func review(_ conninfo: String, once isShown: () throws -> Void = {}) throws -> Program {
    let console = try landlord.open(environment: ["LANDLORD_DATABASE": conninfo], columns: 200)
    try console.wait(for: "> acme")
    try isShown()
    console.type("e")
    try console.wait(for: "Edit acme")
    console.type("<End> mine<C-o>")
    try console.wait(for: "+ Acme GmbH mine")
    return console
  }

  private func expectKeysToBeAnswered(_ console: Program) throws {
    console.type("<C-c>")
    try console.wait(for: "a change cannot be called back")
  }

  /// From the form, in which everything still stands.
  private func saveAgain(_ console: Program, _ server: Connection) throws {
    if !console.screen.text.contains("y saves, n goes back") {
      console.type("<C-o>")
      try console.wait(for: "y saves, n goes back")
    }
    console.answer("y")
    try console.wait(for: "version 1 -> 2")
    try expectSaved(console, server)
  }

  /// On the server, for a lock.
  private func waitForOneThatWaits(_ console: Program) throws {
    // Not on the connection with the transaction: what is seen of others' activity stays the same in one.
    let looking = behind()
    try console.wait(
      until: { _ in
        let waiting: Statement =
          "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return (try? looking.run(waiting, deadline: 5_000).isEmpty) == false
      }, what: "one who waits")
  }

  private func expectSaved(_ console: Program, _ server: Connection) throws {
    let found = try server.run(
      """
      SELECT tenant_name, version::text,
        (SELECT count(*)::text FROM landlord.audit_entries e WHERE e.tenant_id = t.tenant_id),
        (SELECT count(*)::text FROM pg_stat_activity
          WHERE state LIKE 'idle in transaction%' AND datname = current_database())
      FROM landlord.tenants t WHERE site_id = 'acme'
      """, deadline: 10_000
    ).exactlyOne
    #expect((0..<4).map { found.optionalString($0) } == ["Acme GmbH mine", "2", "2", "0"])
    console.type("<Enter>q")
    #expect(try console.waitForEnd() == .exit(0))
    #expect(console.lineModesAreRestored)
    #expect(console.screen.modes == VirtualTerminal.Modes())
  }

  @Test func whoHoldsTheRowIsNamedAndTheChangeCanBeMadeAfterwards() throws {
    try landlord.onboard("acme", name: "Acme GmbH")
    let console = try review(landlord.conninfo)
    let other = behind()
    try other.runScript("BEGIN; SELECT FROM landlord.tenants FOR UPDATE", deadline: 5_000)
    console.answer("y")
    try console.wait(for: "Saving")
    try expectKeysToBeAnswered(console)
    try console.wait(for: "with a change open: postgres (process \(other.processID))")
    #expect(try landlord.look("SELECT tenant_name FROM landlord.tenants") == "Acme GmbH")
    try other.runScript("ROLLBACK", deadline: 5_000)
    try saveAgain(console, other)
  }

  @Test func aChangeWhoseServerProcessIsEndedDidNotCommitAndCanBeMadeAfterwards() throws {
    try landlord.onboard("acme", name: "Acme GmbH")
    let console = try review(landlord.conninfo)
    let other = behind()
    try other.runScript("BEGIN; SELECT FROM landlord.tenants FOR UPDATE", deadline: 5_000)
    console.answer("y")
    try waitForOneThatWaits(console)
    _ = try behind().run(
      """
      SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'
      """, deadline: 10_000)
    try console.wait(for: "did not commit, and will not")
    try other.runScript("ROLLBACK", deadline: 5_000)
    try saveAgain(console, other)
  }

  @Test func whoLeavesBeforeTheOutcomeIsKnownIsToldWhatToLookAt() throws {
    try landlord.onboard("acme", name: "Acme GmbH")
    let proxy = CuttingProxy(to: .shared)
    let console = try review(landlord.conninfo + " host='\(proxy.directory)'")
    proxy.isFrozen = true
    defer { proxy.isFrozen = false }
    console.answer("y")
    try console.wait(for: "Saving")
    try expectKeysToBeAnswered(console)
    console.type("<C-c>")
    #expect(try console.waitForEnd() == .exit(6))
    #expect(console.lineModesAreRestored)
    #expect(console.screen.modes == VirtualTerminal.Modes())
    #expect(console.screen.text.contains("is unknown. Its request id is"))
  }

  @Test func ofADeadlockTheFormIsToldAndTheChangeCanBeMadeAfterwards() throws {
    try landlord.onboard("acme", name: "Acme GmbH")
    // Time for the other lock to come in between, and less than a lock is waited for.
    TestServer.shared.set("deadlock_timeout = '3s'", in: landlord.conninfo)
    let console = try review(landlord.conninfo)
    let other = behind()
    // It looks for a deadlock after an hour, the console's server process after three seconds: the console is the victim.
    try other.runScript(
      "SET deadlock_timeout = '1h'; BEGIN; SELECT FROM landlord.audit_heads FOR UPDATE", deadline: 5_000)
    console.answer("y")
    try waitForOneThatWaits(console)
    try other.runScript("SELECT FROM landlord.tenants FOR UPDATE", deadline: 20_000)
    try console.wait(for: "nothing was changed: deadlock detected; try again")
    try other.runScript("ROLLBACK", deadline: 5_000)
    try saveAgain(console, other)
  }

  @Test func ofAFullDiskTheFormIsToldAndTheChangeCanBeMadeOnceThereIsRoom() throws {
    let server = FragileServer(smallDisk: 16)
    server.run("CREATE TABLESPACE small LOCATION '\(server.directory)/small'")
    server.run(
      """
      SELECT landlord.register_tenant(gen_random_uuid(), gen_random_uuid(), jsonb_build_object('siteId', site_id,
        'tenantName', 'Acme GmbH', 'contactEmail', 'a@b.example', 'businessIndustry', 'retail'), sha256('x'), 'abcd', NULL)
      FROM unnest(ARRAY['acme', 'bolt']) site_id;
      ALTER TABLE landlord.audit_entries SET TABLESPACE small;
      CREATE UNLOGGED TABLE filler (x text) TABLESPACE small;
      ALTER TABLE filler ALTER x SET STORAGE PLAIN
      """)
    let console = try review(server.conninfo)
    // Block by block to the last, and then what is left in the last block of the audit.
    server.run(
      """
      DO $$ BEGIN
        LOOP INSERT INTO filler VALUES (repeat('x', 5000)); END LOOP;
      EXCEPTION WHEN disk_full THEN NULL;
      END $$;
      DO $$ BEGIN
        FOR i IN 1..1000 LOOP
          BEGIN
            PERFORM landlord.update_tenant(gen_random_uuid(), tenant_id, NULL, jsonb_build_object('tenantName', i::text), NULL)
            FROM landlord.tenants WHERE site_id = 'bolt';
          EXCEPTION WHEN disk_full THEN EXIT;
          END;
        END LOOP;
      END $$
      """)
    console.answer("y")
    try console.wait(for: "No space left on device")
    #expect(console.screen.text.contains("nothing was changed"))
    server.run("DROP TABLE filler")
    try saveAgain(console, TestServer.shared.connect(server.superuser))
  }

  /// Reading goes on over the connection that is there; the one that writes cannot be opened.
  @Test func whereNoConnectionIsLeftToWriteOnNothingIsChangedAndTheChangeCanBeMadeAfterwards() throws {
    let server = FragileServer(settings: ["max_connections=7", "superuser_reserved_connections=3"])
    server.run(
      """
      SELECT landlord.register_tenant(gen_random_uuid(), gen_random_uuid(),
        '{"siteId":"acme","tenantName":"Acme GmbH","contactEmail":"a@b.example","businessIndustry":"retail"}',
        sha256('x'), 'abcd', NULL)
      """)
    var held: [Connection] = []
    let console = try review(server.conninfo) { held = server.connections(3) }
    #expect(held.count == 3)
    console.answer("y")
    try console.wait(for: "no connection: connection to server")
    #expect(console.screen.text.contains("remaining connection slots are reserved"))
    #expect(try server.value("SELECT tenant_name FROM landlord.tenants") == "Acme GmbH")
    held = []
    try console.wait(until: { _ in server.connected(as: "ana").map { $0 <= 2 } == true }, what: "free slots")
    try saveAgain(console, TestServer.shared.connect(server.superuser))
  }

  @Test func aPausedPoolerIsWaitedForAndNothingIsDoneTwice() throws {
    try landlord.onboard("acme", name: "Acme GmbH")
    let server = behind()
    let pooler = Pooler(to: .shared)
    let console = try review(pooler.conninfo(database: server.database, as: .admin))
    pooler.pause()
    console.answer("y")
    try console.wait(for: "Saving")
    try expectKeysToBeAnswered(console)
    #expect(try landlord.look("SELECT tenant_name FROM landlord.tenants") == "Acme GmbH")
    pooler.resume()
    try console.wait(for: "version 1 -> 2")
    try expectSaved(console, server)
  }

  @Test func whatIsReadThroughAPausedPoolerCanBeGivenUp() throws {
    try landlord.onboard("acme", name: "Acme GmbH")
    let pooler = Pooler(to: .shared)
    let conninfo = pooler.conninfo(database: behind().database, as: .admin)
    let console = try landlord.open(environment: ["LANDLORD_DATABASE": conninfo])
    try console.wait(for: "> acme")
    pooler.pause()
    try landlord.onboard("late", name: "Late GmbH")
    console.type("r?")
    try console.wait(for: "Keys here")
    console.type("<Esc>")
    try console.wait(without: "Keys here")
    console.type("<C-c>")
    try console.wait(for: "cancelled")
    pooler.resume()
    console.settle()
    console.type("r")
    try console.wait(for: "Late GmbH")
    console.type("q")
    #expect(try console.waitForEnd() == .exit(0))
  }

  @Test func aTimeOutOfTheServersIsSaid() throws {
    try landlord.onboard("acme", name: "Acme GmbH")
    // Enough for all that is asked before.
    TestServer.shared.set("statement_timeout = '3s'", in: landlord.conninfo)
    try behind().runScript(
      """
      ALTER TABLE landlord.permissions ENABLE ROW LEVEL SECURITY;
      CREATE POLICY slow ON landlord.permissions USING ((SELECT pg_sleep(60)) IS NOT NULL)
      """, deadline: 5_000)
    let console = try landlord.open(columns: 200)
    try console.wait(for: "> acme")
    console.type("/permission:billing")
    try console.wait(for: "canceling statement due to statement timeout; try again")
    console.type("<Esc>")
    try console.wait(without: "permission:billing")
    console.type("q")
    #expect(try console.waitForEnd() == .exit(0))
  }
}
