import Glibc
import Postgres
import TestServer
import Testing

/// The server goes away under the console, or does not let it in, in the ways in which servers do. Keys are answered all the
/// while, the screen says what is the matter, and it goes on by itself once the server does.
@Suite(.serialized) struct DeadServerTests {
  /// Wide enough for a whole message on one line.
  private func open(_ conninfo: String, behind before: [String] = []) throws -> Program {
    try Program(before + [Landlord.path], environment: ["LANDLORD_DATABASE": conninfo], columns: 300)
  }

  private func onboard(_ siteID: String, on server: FragileServer) {
    server.run(
      """
      SELECT landlord.register_tenant(gen_random_uuid(), gen_random_uuid(),
        '{"siteId":"\(siteID)","tenantName":"Tenant \(siteID)","contactEmail":"a@b.example","businessIndustry":"retail"}',
        sha256('x'), 'abcd', NULL)
      """)
  }

  private func expectKeysToBeAnswered(_ console: Program) throws {
    console.type("?")
    try console.wait(for: "Keys here")
    console.type("<Esc>")
    try console.wait(without: "Keys here")
  }

  /// It is left at once, whatever the server does, and leaves nothing behind.
  private func leave(_ console: Program, _ server: FragileServer? = nil) throws {
    console.type("q")
    #expect(try console.waitForEnd() == .exit(0))
    #expect(console.lineModesAreRestored)
    #expect(console.screen.modes == VirtualTerminal.Modes())
    let open = try server?.value(
      "SELECT count(*)::text FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")
    #expect(server == nil || open == "0")
  }

  // MARK: It falls

  @Test func aCrashIsRecoveredFrom() throws {
    let server = FragileServer()
    let console = try open(server.conninfo)
    try console.wait(for: "0 tenants")
    server.crash()
    onboard("late", on: server)
    // Without a key.
    try console.wait(for: "Tenant late")
    try console.wait(without: "no connection")
    try leave(console, server)
  }

  @Test func aServerThatFellIsSaidAndComeBackTo() throws {
    let server = FragileServer()
    let console = try open(server.conninfo)
    try console.wait(for: "0 tenants")
    onboard("late", on: server)
    server.fall()
    try console.wait(for: "what is shown is from before")
    #expect(console.screen.text.contains("no connection since"))
    try expectKeysToBeAnswered(console)
    server.start()
    // Without a key.
    try console.wait(for: "Tenant late")
    #expect(!console.screen.text.contains("no connection"))
    try leave(console, server)
  }

  @Test func aFallenServerIsLeftAtOnce() throws {
    let server = FragileServer()
    let console = try open(server.conninfo)
    try console.wait(for: "0 tenants")
    server.fall()
    try console.wait(for: "no connection since")
    try leave(console)
  }

  @Test func whenThePrimaryFallsTheStandbyThatWasPromotedIsUsed() throws {
    let primary = FragileServer()
    let standby = FragileServer(following: primary)
    onboard("acme", on: primary)
    let both = Conninfo.text([
      ("host", primary.directory + "," + standby.directory), ("dbname", "postgres"), ("user", "ana"),
      ("password", "secret"), ("target_session_attrs", "read-write"),
    ])
    let console = try open(both)
    try console.wait(for: "Tenant acme")
    try console.wait(
      until: { _ in (try? standby.value("SELECT site_id FROM landlord.tenants")) == "acme" }, what: "the copy"
    )
    primary.fall()
    try console.wait(for: "no connection since")
    try expectKeysToBeAnswered(console)
    standby.promote()
    // Without a key.
    try console.wait(without: "no connection")
    #expect(console.screen.text.contains("primary"))
    onboard("after", on: standby)
    console.type("r")
    try console.wait(for: "Tenant after")
    try leave(console, standby)
  }

  @Test func aStandbySaysSoAndTakesNoChange() throws {
    let primary = FragileServer()
    onboard("acme", on: primary)
    let standby = FragileServer(following: primary)
    let console = try open(standby.conninfo)
    try console.wait(for: "Tenant acme")
    #expect(console.screen.text.contains("standby"))
    console.type("e")
    try console.wait(for: "this server is a standby: connect to the primary")
    try leave(console, standby)
  }

  // MARK: It lets nobody in

  @Test func aPasswordThatExpiresMidwayIsSaidUntilItIsGoodAgain() throws {
    let server = FragileServer()
    server.letIn("local all all scram-sha-256")
    let console = try open(server.conninfo)
    try console.wait(for: "0 tenants")
    server.run("ALTER ROLE ana VALID UNTIL '2001-01-01'")
    server.endSessions()
    try console.wait(for: "password authentication failed")
    #expect(console.screen.text.contains("no connection since"))
    try expectKeysToBeAnswered(console)
    server.run("ALTER ROLE ana VALID UNTIL 'infinity'")
    try console.wait(without: "no connection")
    #expect(!console.screen.text.contains("secret"))
    try leave(console, server)
  }

  @Test func aRefusalByTheServersRulesIsSaid() throws {
    let server = FragileServer()
    let console = try open(server.conninfo)
    try console.wait(for: "0 tenants")
    server.letIn("local all all reject")
    server.endSessions()
    try console.wait(for: "pg_hba.conf rejects connection")
    try expectKeysToBeAnswered(console)
    try leave(console, server)
  }

  @Test func tooManyConnectionsAreSaidAndTriedAgain() throws {
    let server = FragileServer(settings: ["max_connections=6", "superuser_reserved_connections=3"])
    var held = server.connections(3)
    #expect(held.count == 3)
    let console = try open(server.conninfo)
    try console.wait(for: "remaining connection slots are reserved")
    try console.wait(for: "r tries again")
    held = []
    try console.wait(until: { _ in server.connected(as: "ana").map { $0 <= 2 } == true }, what: "free slots")
    console.type("r")
    try console.wait(for: "0 tenants")
    try leave(console, server)
  }

  @Test func aCertificateOfAnotherAuthorityMidwayIsSaid() throws {
    let server = SecureServer()
    let console = try open(server.conninfo(as: "ana", certificateOf: "ana"))
    try console.wait(for: "0 tenants")
    server.becomeAnother()
    try console.wait(for: "certificate verify failed")
    try expectKeysToBeAnswered(console)
    try leave(console)
  }

  // MARK: It says nothing

  @Test func aServerThatSaysNothingIsWaitedForAndCanBeLeft() throws {
    let proxy = CuttingProxy(to: .shared)
    proxy.isFrozen = true
    defer { proxy.isFrozen = false }
    let console = try open("host='\(proxy.directory)' dbname=x user=y")
    try console.wait(for: "connecting...")
    try expectKeysToBeAnswered(console)
    try leave(console)
  }

  @Test func aLineThatFreezesCanBeGivenUpAndThaws() throws {
    let proxy = CuttingProxy(to: .shared)
    let landlord = Landlord()
    let console = try open(landlord.conninfo + " host='\(proxy.directory)'")
    try console.wait(for: "0 tenants")
    proxy.isFrozen = true
    defer { proxy.isFrozen = false }
    try landlord.onboard("late", name: "Late GmbH")
    console.type("r")
    try expectKeysToBeAnswered(console)
    console.type("<C-c>")
    try console.wait(for: "cancelled")
    proxy.isFrozen = false
    console.type("r")
    try console.wait(for: "Late GmbH")
    try leave(console)
  }

  @Test func aNameThatNobodyKnowsIsSaid() throws {
    let console = try open("host=no.such.host.invalid dbname=x user=y sslmode=disable")
    try console.wait(for: "could not translate host name", seconds: 120)
    try expectKeysToBeAnswered(console)
    try leave(console)
  }

  @Test func aNameThatTakesForEverIsWaitedForAndCanBeLeft() throws {
    let hosts = HangingHosts()
    let console = try open("host=db.example dbname=x user=y sslmode=disable", behind: hosts.prefix)
    try console.wait(for: "connecting...")
    try expectKeysToBeAnswered(console)
    try leave(console)
  }

  /// Where TLS is verified because nobody chose, one connection is tried before the screen is up.
  @Test func aNameThatTakesForEverIsSaidBeforeTheScreenIsUpAndCtrlCEndsIt() throws {
    let hosts = HangingHosts()
    let console = try open("host=db.example dbname=x user=y", behind: hosts.prefix)
    try console.wait(for: "connecting to db.example")
    console.type("<C-c>")
    #expect(try console.waitForEnd() == .signal(SIGINT))
    #expect(console.lineModesAreRestored)
  }
}
