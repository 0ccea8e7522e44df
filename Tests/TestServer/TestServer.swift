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
    /// A member of nothing.
    case stranger
  }
  /// What a new database holds.
  public enum Contents: Hashable, Sendable {
    /// Nothing at all.
    case empty
    /// The schema, all migrations applied.
    case schema
  }

  /// Where the server's socket is: `host` in a connection string.
  public let directory: String
  private let state = Mutex(State())

  private struct State {
    var made = 0
    var hasLogins = false
    var hasTemplate = false
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
    do { return try Connection.open(conninfo, deadline: 10_000) } catch {
      Self.stop("cannot connect: \(error)")
    }
  }

  private func name(of contents: Contents) -> String {
    state.withLock { state in
      if !state.hasLogins {
        makeLogins()
        state.hasLogins = true
      }
      if contents == .schema && !state.hasTemplate {
        makeTemplate()
        state.hasTemplate = true
      }
      state.made += 1
      let name = "test\(state.made)"
      script(
        "CREATE DATABASE \(name) OWNER installer TEMPLATE \(contents == .empty ? "template0" : "landlord_template")"
      )
      return name
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
    for login in [Login.admin, .support, .auditor] {
      script("GRANT landlord_\(login.rawValue) TO \(login.rawValue)")
    }
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
    try connection.run("SELECT pg_terminate_backend(\(Int(processID))::int, 5000)", deadline: 10_000)
  }
}
