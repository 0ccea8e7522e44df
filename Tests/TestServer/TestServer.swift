import Glibc
import Postgres
import Synchronization

/// A PostgreSQL of this process's own, thrown away when the process ends, however it ends.
///
/// No TCP, no fsync, everyone trusted; its directory is short, for the socket's path. One server serves all suites of a
/// run; each test takes databases of its own. A machine without a server ends the run: nothing is skipped in silence.
public final class TestServer: Sendable {
  /// Started by whoever asks first.
  public static let shared = TestServer()

  /// Who logs in. Each is a role of the server, by its raw value.
  public enum Login: String, CaseIterable, Sendable {
    case superuser = "postgres"
    /// May make databases and roles, owns every database made here, and is no superuser.
    case installer
    /// Members of the role of that name.
    case admin, support, auditor
    /// The same for people with limits; without one, as in every new database, they reach nothing.
    case limitedAdmin = "admin_limited"
    case limitedSupport = "support_limited"
    case limitedAuditor = "auditor_limited"
    /// A member of nothing.
    case stranger
    /// Owns the tables of the sample platform.
    case platformOwner = "platform_owner"
    /// An admin who is also a member of that owner.
    case platformAdmin = "platform_admin"
    /// The sample platform's own code: a member of `landlord_tenant`.
    case platform = "platform_code"
    /// A service of the platform's that hears of tenants: a member of `landlord_events`.
    case listener

    /// Those who are in one of landlord's groups.
    public static let people: [Login] = [
      .admin, .support, .auditor, .limitedAdmin, .limitedSupport, .limitedAuditor,
    ]
  }
  /// What a new database holds.
  public enum Contents: Hashable, Sendable {
    /// Nothing at all.
    case empty
    /// The schema, all migrations applied.
    case schema
    /// That and the sample platform.
    case platform
  }

  /// Where the server's socket is: `host` in a connection string.
  public let directory: String
  private let state = Mutex(State())

  private struct State {
    var made = 0
    var hasLogins = false
    var templates: Set<Contents> = []
  }

  private init() {
    var template = Array("/tmp/llt-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { Self.stop("cannot make a directory in /tmp") }
    directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    let server = ServerProcess(directory: directory)
    server.watch()
    server.initialise()
    server.start(log: directory + "/log")
  }

  /// A fresh database and how to reach it as `login`.
  public func database(_ contents: Contents = .schema, as login: Login = .admin) -> String {
    conninfo(database: name(of: contents), as: login)
  }

  /// How to reach a database of this server.
  public func conninfo(database: String, as login: Login = .admin) -> String {
    Conninfo.text([("host", directory), ("dbname", database), ("user", login.rawValue)])
  }

  /// The same database for another login.
  public func conninfo(_ other: String, as login: Login) -> String { "\(other) user='\(login.rawValue)'" }

  /// A connection for a test that wants to look behind the program's back.
  public func connect(_ conninfo: String) -> Connection {
    do { return try Connection.open(conninfo, deadline: 60_000) } catch {
      Self.stop("cannot connect: \(error)")
    }
  }

  private func name(of contents: Contents) -> String {
    state.withLock { state in
      if !state.hasLogins {
        makeLogins()
        state.hasLogins = true
      }
      if contents != .empty && state.templates.insert(.schema).inserted { makeTemplate() }
      if contents == .platform && state.templates.insert(.platform).inserted { makePlatform() }
      state.made += 1
      let name = "test\(state.made)"
      script("CREATE DATABASE \(name) OWNER installer TEMPLATE \(Self.template(of: contents))")
      return name
    }
  }

  private static func template(of contents: Contents) -> String {
    switch contents {
    case .empty: "template0"
    case .schema: "landlord_template"
    case .platform: "platform_template"
    }
  }

  private func makeLogins() {
    for login in Login.allCases where login != .superuser {
      script("CREATE ROLE \(login.rawValue) LOGIN\(login == .installer ? " CREATEROLE CREATEDB" : "")")
    }
  }

  private func makeTemplate() {
    script("CREATE DATABASE landlord_template OWNER installer TEMPLATE template0")
    Schema.install(conninfo(database: "landlord_template", as: .superuser))
    for login in Login.people {
      script("GRANT landlord_\(login.rawValue) TO \(login.rawValue)")
    }
    script(
      "GRANT landlord_events TO listener; GRANT landlord_tenant TO platform_code; GRANT landlord_admin, platform_owner TO platform_admin"
    )
  }

  private func makePlatform() {
    script("CREATE DATABASE platform_template OWNER installer TEMPLATE landlord_template")
    do {
      try SamplePlatform.install(connect(conninfo(database: "platform_template", as: .superuser)))
    } catch { Self.stop("the sample platform could not be made: \(error)") }
  }

  private func script(_ text: String) {
    do {
      try connect(conninfo(database: "postgres", as: .superuser)).runScript(text, deadline: 60_000)
    } catch { Self.stop("\(text): \(error)") }
  }

  static func stop(_ message: String) -> Never {
    fatalError("the tests need a PostgreSQL server (Debian's package \"postgresql\"): \(message)")
  }
}

extension TestServer {
  /// Ends a server process as an administrator would, and waits until it is gone.
  public func kill(_ processID: Int32) throws {
    let connection = connect(conninfo(database: "postgres", as: .superuser))
    try connection.run("SELECT pg_terminate_backend(\(Int(processID))::int, 60000)", deadline: 120_000)
  }

  /// Waits until whatever transaction is under way has ended, in whichever suite's database; two minutes at most.
  ///
  /// What was committed before is then sealed, and told as events, at once. Without this wait it is kept back for a moment where
  /// another database's transaction ends just then: it is in the snapshot, and nobody holds its lock any more that would tell
  /// whose it was. Not for a test that holds a transaction open itself.
  public func awaitTransactions() {
    let looking = connect(conninfo(database: "postgres", as: .superuser))
    func ask(_ query: Statement) -> String {
      do { return try looking.run(query, deadline: 60_000).exactlyOne.string(0) } catch {
        Self.stop("the open transactions cannot be asked for: \(error)")
      }
    }
    let next = ask("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
    for _ in 0..<24_000 {
      if ask("SELECT (pg_snapshot_xmin(pg_current_snapshot()) >= \(next)::xid8)::text") == "true" { return }
      usleep(5_000)
    }
  }

  /// A setting of one database, as "name = value", for those who connect to it from now on.
  public func set(_ setting: String, in conninfo: String) {
    do {
      let connection = connect(self.conninfo(conninfo, as: .superuser))
      let name = try connection.run("SELECT quote_ident(current_database())", deadline: 60_000).exactlyOne
        .string(0)
      try connection.runScript("ALTER DATABASE \(name) SET \(setting)", deadline: 60_000)
    } catch { Self.stop("\(setting): \(error)") }
  }

  /// Where this day of UTC is nearly over, waits for the next: for a test that counts by days.
  public static func awaitQuietDay() {
    let day = 86_400
    let left = day - time(nil) % day
    if left < 120 { sleep(UInt32(left)) }
  }

  /// Runs something that blocks beside everything else.
  public static func thread(_ body: @escaping @Sendable () -> Void) {
    final class Start {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let start = Unmanaged.passRetained(Start(body))
    let failure = pthread_create(
      &thread, nil,
      { start in
        Unmanaged<Start>.fromOpaque(start!).takeRetainedValue().body()
        return nil
      }, start.toOpaque())
    precondition(failure == 0, "no thread could be made")
    pthread_detach(thread)
  }
}
