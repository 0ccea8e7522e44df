import Glibc
import Postgres

/// A PostgreSQL for one test alone, which may stop it, crash it, fill its disk, and change who is let in. It has landlord's
/// schema, and `ana` is an admin there, with a password. Thrown away when the process ends.
public final class FragileServer: Sendable {
  /// Where its socket is: `host` in a connection string.
  public let directory: String
  private let server: ServerProcess
  private let settings: [String]
  private let smallDisk: Int?

  /// `smallDisk`: so many megabytes has the file system of the folder `small`, in which a tablespace can be.
  public convenience init(settings: [String] = [], smallDisk: Int? = nil) {
    self.init(settings, smallDisk) { $0.initialise() }
    Schema.install(superuser)
    run("CREATE ROLE ana LOGIN PASSWORD 'secret' IN ROLE landlord_admin")
  }

  /// One that follows `primary` and takes no changes until it is promoted.
  public convenience init(following primary: FragileServer) {
    self.init([], nil) { $0.follow(primary.directory) }
  }

  private init(_ settings: [String], _ smallDisk: Int?, make: (ServerProcess) -> Void) {
    var template = Array("/tmp/llf-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { TestServer.stop("cannot make a directory in /tmp") }
    directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    server = ServerProcess(directory: directory)
    // What was committed is to be there after a crash; the machine itself does not fall, so nothing is waited for on its disk.
    self.settings = ["synchronous_commit=on"] + settings
    self.smallDisk = smallDisk
    server.watch()
    make(server)
    start()
  }

  public var superuser: String { conninfo(as: "postgres") }
  public var conninfo: String { conninfo(as: "ana") }

  private func conninfo(as user: String) -> String {
    Conninfo.text([("host", directory), ("dbname", "postgres"), ("user", user), ("password", "secret")])
  }

  public func start() { server.start(log: directory + "/log", settings: settings, smallDisk: smallDisk) }
  /// As a fallen machine would; what was committed is there after `start`.
  public func fall() { server.fall() }
  public func promote() { server.promote() }

  /// Kills a server process without warning, upon which the server ends all others, recovers and goes on. It has, then.
  public func crash() {
    let victim = TestServer.shared.connect(superuser)
    kill(victim.processID, SIGKILL)
    while victim.isAlive() { usleep(2_000) }
    while (try? Connection.open(superuser, deadline: 5_000)) == nil { usleep(10_000) }
  }

  /// Who is let in from now on, in the words of `pg_hba.conf`; the superuser always is.
  public func letIn(_ rules: String) {
    func read() -> String? { try? value("SELECT pg_conf_load_time()::text") }
    let before = read()
    server.letIn("local all postgres trust\n" + rules)
    while read() == before { usleep(5_000) }
  }

  /// Ends every process that serves someone else.
  public func endSessions() {
    run(
      """
      SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
      WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
      """)
  }

  public func run(_ script: String) {
    do { try TestServer.shared.connect(superuser).runScript(script, deadline: 60_000) } catch {
      TestServer.stop("\(script): \(error)")
    }
  }

  /// As many connections of ana's, which take all that there is room for: those who had the room go first, in their own time.
  public func connections(_ count: Int) -> [Connection] {
    var held: [Connection] = []
    while held.count < count {
      if let one = try? Connection.open(conninfo, deadline: 60_000) {
        held.append(one)
      } else {
        usleep(10_000)
      }
    }
    return held
  }

  /// How many connections of a login there are.
  public func connected(as login: String) -> Int? {
    let count = try? value("SELECT count(*)::text FROM pg_stat_activity WHERE usename = \(login)")
    return count.flatMap { $0 }.flatMap { Int($0) }
  }

  /// The first column of the first row, as text.
  public func value(_ statement: Statement) throws(PostgresError) -> String? {
    try TestServer.shared.connect(superuser).run(statement, deadline: 60_000).first?.optionalString(0)
  }
}
