import Glibc
import Postgres

/// A PgBouncer in transaction mode before a test's database, with a pool of one: whoever comes gets the same server process.
/// It ends with this process.
public final class Pooler: Sendable {
  /// Where its socket is: `host` in a connection string.
  public let directory: String

  public init(to server: TestServer) {
    var template = Array("/tmp/llb-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { TestServer.stop("cannot make a directory in /tmp") }
    directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    chmod(directory, 0o777)
    let users = TestServer.Login.allCases.map { "\"\($0.rawValue)\" \"\"\n" }.joined()
    Self.write(users, to: directory + "/users")
    Self.write(
      """
      [databases]
      * = host=\(server.directory)
      [pgbouncer]
      listen_addr =
      listen_port = 5432
      unix_socket_dir = \(directory)
      auth_type = trust
      admin_users = postgres
      auth_file = \(directory)/users
      logfile = \(directory)/log
      pool_mode = transaction
      default_pool_size = 1
      max_client_conn = 100

      """, to: directory + "/pgbouncer.ini")
    ServerProcess.companion("pgbouncer -q \(directory)/pgbouncer.ini", in: directory)
  }

  /// How to reach a database through it, once it listens.
  public func conninfo(database: String, as login: TestServer.Login) -> String {
    let conninfo = Conninfo.text([("host", directory), ("dbname", database), ("user", login.rawValue)])
    for _ in 0..<1000 {
      if (try? Connection.open(conninfo, deadline: 60_000)) != nil { return conninfo }
      usleep(10_000)
    }
    TestServer.stop("PgBouncer (Debian's package \"pgbouncer\") does not answer; see \(directory)/log")
  }

  /// Lets what runs end and begins nothing more, until `resume`. Lines stay, and new ones are taken.
  public func pause() { command("PAUSE") }
  public func resume() { command("RESUME") }

  private func command(_ text: String) {
    do {
      try Connection.open(
        Conninfo.text([("host", directory), ("dbname", "pgbouncer"), ("user", "postgres")]), deadline: 60_000
      ).runScript(text, deadline: 60_000)
    } catch { TestServer.stop("PgBouncer does not \(text): \(error)") }
  }

  private static func write(_ text: String, to path: String) {
    guard let file = fopen(path, "w") else { TestServer.stop("cannot write \(path)") }
    defer { fclose(file) }
    fputs(text, file)
  }
}
