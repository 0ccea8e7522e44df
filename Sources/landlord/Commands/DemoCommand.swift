import ArgumentParser
import Postgres
import TenantStore

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Fill a database with made-up tenants and open the console on it.",
    discussion: """
      The database is the one that --database names, else the embedded server's demo database (--connection demo names \
      it for every other command); variables are not looked at. One that holds tenants of others, or that calls itself \
      production, is refused. Run again it adds up to --tenants and removes nothing.
      """)

  @Option(help: ArgumentHelp("How many there shall be.", valueName: "n"))
  var tenants: Int64 = 1000
  @Option(
    help: ArgumentHelp(
      "The database to fill: anything libpq takes, without a password.", valueName: "conninfo"))
  var database: String?
  @Flag(inversion: .prefixedNo, help: "Open the console afterwards, where there is a terminal.")
  var console = true
  @Option(help: ArgumentHelp("Write a log to this file (JSON lines; else LANDLORD_LOG).", valueName: "file"))
  var log: String?

  func validate() throws {
    if tenants < 0 { throw ValidationError("--tenants is a number of tenants") }
  }

  func run() throws {
    let log = try Log(path: SharedOptions.logFile(self.log)?.path)
    let connection = database == nil ? EmbeddedDatabase.demo.rawValue : nil
    let choice = try ConnectionChoice(database: database, connection: connection, environment: [:])
    let resolved = try ResolvedConnection.resolve(choice, making: true)
    let added = try fill(resolved)
    log.info("demo", ["added": String(added)])
    let output = StandardOutput()
    let place = database == nil ? " (landlord --connection demo)" : ""
    try output.line(
      added == 0 ? "there are \(tenants) or more already\(place)" : "added \(added) tenants\(place)")
    try output.finish()
    if console && Terminals.areBoth { try ConsoleCommand.show(resolved, log, nil) }
  }

  private func fill(_ resolved: ResolvedConnection) throws(Failure) -> Int64 {
    let bar = ProgressBar()
    defer { bar.clear() }
    do {
      let connection = try Connection.open(resolved.installer, deadline: 30_000)
      _ = try Migrator(connection).migrate()
      let second = try Connection.open(resolved.installer, deadline: 30_000)
      return try Demo.fill(connection, second: second, tenants: tenants) { progress in
        bar.show(progress.stage.words, progress.done, of: progress.total)
      }
    } catch let error as PostgresError {
      throw Failure(resolved.explained(error.words))
    } catch let error as MigrationError {
      throw error.failure
    } catch let error as DemoError {
      throw error.failure
    } catch {
      preconditionFailure("an error of a fourth kind: \(error)")
    }
  }
}

extension DemoProgress.Stage {
  fileprivate var words: String {
    switch self {
    case .tenants: "tenants"
    case .indexes: "indexes and audit"
    case .statistics: "statistics"
    }
  }
}

extension DemoError {
  fileprivate var failure: Failure {
    switch self {
    case .notPermitted: Failure(.notPermitted, description)
    case .busy: Failure(.timedOut, description)
    case .production, .tenantsOfOthers, .connection: Failure(description)
    }
  }
}
