import ArgumentParser
import CPages
import Console
import Glibc
import Postgres
import TenantStore
import Terminal

struct ConsoleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "console", abstract: "The console, on a terminal (what runs without a command).")
  @Option(help: ArgumentHelp("Colours; without it NO_COLOR is heeded.", valueName: "when"))
  var color: ColourMode?
  @Flag(help: "Lines of text and a numbered menu, for screen readers, pipes and simple terminals.")
  var plain = false
  @OptionGroup var shared: SharedOptions

  func run() throws {
    if plain { return try shared.open().converse() }
    try Self.start(try shared.choice(), SharedOptions.logFile(shared.log)?.path, color)
  }

  /// The console as it runs without any argument. Apart from `run`, because the parser of arguments takes longer than
  /// everything else that has to be done before the first question to the server.
  static func startWithoutArguments() throws(Failure) -> Never {
    let choice = try ConnectionChoice(database: nil, connection: nil, environment: Environment.all)
    try start(choice, SharedOptions.logFile(nil)?.path, nil)
  }

  private static func start(
    _ choice: ConnectionChoice, _ log: String?, _ color: ColourMode?
  ) throws(Failure) -> Never {
    // What only the dynamic linker had to read is more than a third of all that the console would hold while it runs.
    landlord_release_pages()
    try Terminals.demandBoth()
    let log = try Log(path: log)
    try show(try ResolvedConnection.resolve(choice), log, color)
  }

  /// The console until the person leaves it; then this process ends. On another connection it begins anew; where that
  /// cannot be, on the one before, and says why.
  static func show(_ first: ResolvedConnection, _ log: Log, _ color: ColourMode?) throws(Failure) -> Never {
    if first.securedByDefault { try first.tryOnce() }
    var resolved = first
    let configuration = Configuration.current()
    var options = ConsoleOptions(
      themes: configuration.themes, theme: configuration.theme, bindings: configuration.keys,
      tenantForms: Tenant.forms, eventLines: AuditEvent.lines,
      connections: EmbeddedDatabase.allCases.map(\.rawValue) + configuration.connections.map(\.name),
      views: configuration.views, problems: configuration.problems,
      drafts: StateDirectory.current().drafts)
    while true {
      log.info("console", ["source": resolved.choice.source.words])
      options.environment = resolved.choice.named?.environment
      options.theme = resolved.choice.named?.theme ?? configuration.theme
      switch try once(resolved, log, options, color) {
      case .quit(let code, let parting):
        if let parting { StandardError.say(parting) }
        log.info("left", ["code": String(code)])
        Glibc.exit(code)
      case .connect(let name):
        do {
          var choice = try ConnectionChoice(database: nil, connection: name, environment: Environment.all)
          // Who asked for a session that changes nothing has asked for all of it.
          if first.choice.isReadOnly, first.choice.named?.isReadOnly != true { choice.isReadOnly = true }
          let next = try ResolvedConnection.resolve(choice)
          if next.securedByDefault { try next.tryOnce() }
          (resolved, options.problems) = (next, [])
        } catch {
          options.problems = ["connection \(name): \(error.message)"]
        }
      }
    }
  }

  private static func once(
    _ resolved: ResolvedConnection, _ log: Log, _ options: ConsoleOptions, _ color: ColourMode?
  ) throws(Failure) -> ConsoleEnd {
    let colour = ColourMode.chosen(flag: color, environment: Environment.all)
    do {
      return try runConsole(
        conninfo: resolved.conninfo, isReadOnly: resolved.choice.isReadOnly, colour: colour, options: options,
        migrate: { migrate(resolved) }, verify: { Errand(resolved, log).verification(of: $0, $1) },
        resources: { resolved.carryOut($0, report: $1) },
        intake: { IntakeDesk(Errand(resolved, log), $1).carryOut($0) })
    } catch {
      switch error {
      case .noTerminalType, .unknownTerminalType, .tooSimple:
        throw Failure("\(error)\nor talk with it in lines of text: landlord --plain")
      case .notATerminal, .system: throw Failure("\(error)")
      }
    }
  }

  /// Brings the database's schema up to date; answers why it could not, or nil.
  private static func migrate(_ resolved: ResolvedConnection) -> String? {
    do {
      try resolved.demandChanges(for: "migrating")
      _ = try Migrator(try Connection.open(resolved.installer, deadline: 30_000)).migrate()
      return nil
    } catch let failure as Failure {
      return failure.message
    } catch let error as PostgresError {
      return error.words
    } catch let error as MigrationError {
      return error.description
    } catch {
      preconditionFailure("an error of a fourth kind: \(error)")
    }
  }
}

extension ColourMode: ExpressibleByArgument {}

extension Terminals {
  static func demandBoth() throws(Failure) {
    if areBoth { return }
    throw Failure(
      .usage,
      "the console needs a terminal for input and output; in a pipe there is landlord --plain, and for scripts there are commands: landlord --help"
    )
  }
}

extension ResolvedConnection {
  /// Connects before the screen is up, because only here is room to say how to choose another protection.
  /// On a thread of the store's, because a name's resolution knows no deadline; Ctrl-c ends the process as ever.
  fileprivate func tryOnce() throws(Failure) {
    let store = Store(conninfo: conninfo, isReadOnly: choice.isReadOnly, wake: {})
    defer { store.close() }
    var link = store.link(within: 1_000)
    if link == .connecting {
      StandardError.say("connecting to \(hosts)... Ctrl-c gives up")
      link = store.link(within: 15_000)
    }
    switch link {
    case .up: return
    case .connecting: throw Failure(explained("\(hosts) did not answer in time"))
    case .down(let why): throw Failure(explained(why))
    }
  }

  private var hosts: String {
    let given = (try? Connection.parameters(in: conninfo)) ?? []
    return (Connection.defaultParameters + given).last { $0.keyword == "host" }?.value ?? "the server"
  }
}
