import ArgumentParser
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
  @OptionGroup var shared: SharedOptions

  func run() throws {
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
    try Terminals.demandBoth()
    let log = try Log(path: log)
    try show(try ResolvedConnection.resolve(choice), log, color)
  }

  /// The console until the person leaves it; then this process ends.
  static func show(_ resolved: ResolvedConnection, _ log: Log, _ color: ColourMode?) throws(Failure) -> Never
  {
    if resolved.securedByDefault { try resolved.tryOnce() }
    log.info("console", ["source": resolved.choice.source.words])
    let installer = resolved.installer
    let colour = ColourMode.chosen(flag: color, environment: Environment.all)
    let code: Int32
    do {
      code = try runConsole(
        conninfo: resolved.conninfo, colour: colour, options: ConsoleOptions(tenantForms: Tenant.forms)
      ) {
        migrate(installer)
      }
    } catch {
      throw Failure("\(error)")
    }
    log.info("left", ["code": String(code)])
    Glibc.exit(code)
  }

  /// Brings the database's schema up to date; answers why it could not, or nil.
  private static func migrate(_ installer: String) -> String? {
    do {
      _ = try Migrator(try Connection.open(installer, deadline: 30_000)).migrate()
      return nil
    } catch let error as PostgresError {
      return error.words
    } catch let error as MigrationError {
      return error.description
    } catch {
      preconditionFailure("an error of a third kind: \(error)")
    }
  }
}

extension ColourMode: ExpressibleByArgument {}

extension Terminals {
  static func demandBoth() throws(Failure) {
    if areBoth { return }
    throw Failure(
      .usage,
      "the console needs a terminal for input and output; for scripts there are commands: landlord tenant list, landlord --help"
    )
  }
}

extension ResolvedConnection {
  /// Connects before the screen is up, because only here is room to say how to choose another protection.
  fileprivate func tryOnce() throws(Failure) {
    do { _ = try Connection.open(conninfo, deadline: 15_000) } catch { throw Failure(explained(error.words)) }
  }
}
