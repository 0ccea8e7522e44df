import Glibc
import Testing

@testable import landlord

/// The embedded server's life, with real processes in a folder of their own. In one place and one after the other: each
/// makes a whole server.
@Suite(.serialized) struct EmbeddedServerTests {
  /// `landlord` with an embedded server of its own, which is stopped and removed at the end.
  private final class Home {
    let folder: String
    let environment: [String: String]
    var base: String { folder + "/landlord" }

    /// - Parameter made: with a server that was made and stopped before, which is quicker than to make one.
    init(made: Bool = true) throws {
      folder = try withFolder { $0 }
      mkdir(folder, 0o755)
      chmod(folder, 0o755)
      environment = ["XDG_DATA_HOME": folder, "TERM": "xterm"]
      if made { #expect(Program.shell("cp -a \(Model.shared.folder)/landlord \(folder)/").status == 0) }
    }

    deinit {
      _ = self("server", "stop", "--force")
      _ = Program.shell("rm -rf -- \(folder)")
    }

    func callAsFunction(_ arguments: String...) -> Program.Outcome { Program.run(arguments, environment) }

    func start(_ arguments: String...) -> Program.Running {
      Program.start([Program.folder + "/landlord"] + arguments, environment, input: "")
    }

    /// A process of `server status`; nil where there is none.
    func process(_ name: String) -> pid_t? {
      let status = self("server", "status", "--json").output
      let value = status.split(separator: "\"\(name)\":", maxSplits: 1).last?.prefix { $0 != "," }
      return value.flatMap { pid_t($0) }
    }

    /// Whether `condition` comes true within a minute.
    func soon(_ condition: () -> Bool) -> Bool {
      for _ in 0..<600 {
        if condition() { return true }
        usleep(100_000)
      }
      return condition()
    }

    /// The console in a terminal of its own, held by script(1). Nobody types: its input is a pipe without an end.
    func console() -> Program.Running {
      let line =
        "mkfifo \(folder)/keys; exec script -qfec '\(Program.folder)/landlord' /dev/null <>\(folder)/keys"
      return Program.start(["/bin/bash", "-c", line], environment, input: "")
    }
  }

  /// The server that the others begin as copies of; its folder goes with this process.
  private final class Model: Sendable {
    static let shared = Model()
    let folder: String

    private init() {
      do {
        let home = try Home(made: false)
        #expect(home("tenant", "list").status == 0)
        #expect(home("server", "stop", "--force").status == 0)
        folder = "\(home.folder)-model"
        #expect(Program.shell("mv \(home.folder) \(folder)").status == 0)
      } catch { fatalError("no embedded server could be made: \(error)") }
      atexit { _ = Program.shell("rm -rf -- \(Model.shared.folder)") }
    }
  }

  @Test func twoThatStartAtOnceMakeOneServerBetweenThem() throws {
    let home = try Home(made: false)
    let both = [home.start("tenant", "list", "--json"), home.start("tenant", "list", "--json")]
    for running in both {
      let outcome = Program.finish(running)
      #expect(outcome.output == "[]\n")
      #expect(outcome.status == 0)
    }
    let server = try #require(home.process("process"))
    #expect(home("tenant", "list", "--json").errors == "")
    #expect(home.process("process") == server)
  }

  @Test func thePersonIsAnAdministratorAndNoSuperuser() throws {
    let home = try Home()
    let info = home("info").output.split(separator: "\n").map(String.init)
    func value(_ name: String) -> String? {
      info.first { $0.hasPrefix(name + " ") }.map {
        String($0.split(separator: " ").dropFirst().joined(separator: " "))
      }
    }
    #expect(value("server.user") == Account.current.name)
    #expect(value("server.right") == "admin")
    #expect(value("server.bypassesPolicies") == "no")
    #expect(value("server.host") == "local")
    var facts = stat()
    #expect(stat(home.base + "/run", &facts) == 0 && facts.st_mode & 0o777 == 0o700)
    #expect(stat(home.base + "/postgres", &facts) == 0 && facts.st_mode & 0o777 == 0o700)
  }

  @Test func itComesBackAfterACrashAndAStaleProcessFile() throws {
    let home = try Home()
    _ = home(
      "tenant", "create", "--site-id", "acme", "--name", "A", "--email", "a@b.example", "--industry", "retail"
    )
    let first = try #require(home.process("process"))
    kill(first, SIGKILL)
    #expect(home.soon { home.process("process") == nil })
    #expect(home("tenant", "show", "acme").status == 0)

    // A number that is another living process's by now.
    let second = try #require(home.process("process"))
    #expect(home("server", "stop", "--force").output == "stopped\n")
    #expect(second != first)
    let file = home.base + "/postgres/postmaster.pid"
    try TextFile.write(
      "\(getpid())\n\(home.base)/postgres\n1\n5432\n\(home.base)/run\n\n  1  2\nready   \n", to: file)
    #expect(home("tenant", "show", "acme").status == 0)
  }

  @Test func anUnfinishedAttemptIsCleanedAway() throws {
    let home = try Home(made: false)
    mkdir(home.base, 0o711)
    mkdir(home.base + "/postgres.unfinished", 0o700)
    try TextFile.write("x", to: home.base + "/postgres.unfinished/PG_VERSION")
    #expect(home("tenant", "list", "--json").output == "[]\n")
    #expect(access(home.base + "/postgres.unfinished", F_OK) != 0)
  }

  @Test func dataOfAnotherVersionAreLeftAloneAndSaid() throws {
    let home = try Home()
    #expect(home("server", "start").status == 0)
    #expect(home("server", "stop").status == 0)
    try TextFile.write("12\n", to: home.base + "/postgres/PG_VERSION")
    let outcome = home("tenant", "list")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("PostgreSQL 12"))
    #expect(outcome.errors.contains("postgresql-12"))
  }

  @Test func itStopsAWhileAfterItsLastUserWasKilled() throws {
    let home = try Home()
    _ = home("tenant", "list")
    #expect(home("server", "stop", "--force").status == 0)
    #expect(home.soon { home.process("watcher") == nil })
    #expect(home("server", "start", "--idle", "5").output.contains("5 seconds"))
    let console = home.console()
    #expect(home.soon { home.process("usedBy") != nil })
    // Longer than the idle time: who uses it keeps it up.
    usleep(6_500_000)
    #expect(home.process("process") != nil)
    let refused = home("server", "stop")
    #expect(refused.status == 5)
    #expect(refused.errors.contains("--force"))

    let user = try #require(home.process("usedBy"))
    kill(user, SIGKILL)
    #expect(home.soon { home.process("process") == nil })
    #expect(home.soon { home.process("watcher") == nil })
    kill(console.process, SIGKILL)
    _ = Program.finish(console)
    // And comes back for the next.
    #expect(home("tenant", "list", "--json").output == "[]\n")
  }

  @Test func aKilledWatcherIsReplacedByTheNextUser() throws {
    let home = try Home()
    _ = home("tenant", "list")
    // It is started, and not waited for.
    #expect(home.soon { home.process("watcher") != nil })
    let watcher = try #require(home.process("watcher"))
    kill(watcher, SIGKILL)
    #expect(home.soon { home.process("watcher") == nil })
    _ = home("tenant", "list")
    #expect(home.soon { home.process("watcher") != nil })
  }

  @Test func theDemoDatabaseIsMadeByDemoOnlyAndToppedUp() throws {
    let home = try Home()
    #expect(home("tenant", "list", "--connection", "demo").status == 3)
    #expect(home("demo", "--tenants", "200", "--no-console").output.hasPrefix("added 200 tenants"))
    func count() -> Int { home("tenant", "list", "--connection", "demo").output.split(separator: "\n").count }
    #expect(count() == 200)
    #expect(home("demo", "--tenants", "210").output.hasPrefix("added 10 tenants"))
    #expect(count() == 210)
    #expect(home("demo", "--tenants", "5").output.hasPrefix("there are 5 or more"))
    #expect(home("tenant", "list", "--json").output == "[]\n")
    #expect(home("settings", "set", "environment", "production", "--connection", "demo").status == 0)
    #expect(home("demo", "--tenants", "220").status == 1)
    #expect(count() == 210)
  }

  @Test func demoRefusesADatabaseWithTenantsOfOthers() throws {
    let home = try Home()
    _ = home(
      "tenant", "create", "--site-id", "acme", "--name", "A", "--email", "a@b.example", "--industry", "retail"
    )
    let conninfo = "host=\(home.base)/run dbname=landlord user=\(Cluster.superuser)"
    let refused = home("demo", "--database", conninfo, "--no-console")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("tenants"))
    #expect(home("tenant", "list").output.split(separator: "\n").count == 1)
  }
}
