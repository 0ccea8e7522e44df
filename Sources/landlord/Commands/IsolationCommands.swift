import ArgumentParser
import Postgres
import TenantStore

struct IsolationCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "isolation", abstract: "Protect the platform's own tables by row-level security.",
    subcommands: [ProtectTables.self, UnprotectTable.self, ListProtected.self])
}

/// The connection of the tables' owner, where the admin is not a member of that role.
struct OwnerOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Connect to the same database as the tables' owner by this; else the login itself must be a member of that role.",
      valueName: "conninfo"))
  var ownerDatabase: String?
}

struct ProtectTables: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "protect", abstract: "Let the platform's code see a table's rows of its tenant alone.",
    discussion: """
      Each step waits two seconds for its lock and is a transaction of its own; indexes are built with writers let in. \
      Whatever ends the command, run it again: it looks first and goes on. What cannot be made safe is refused (5), with \
      the statement that would mend it.
      """)
  @Argument(help: ArgumentHelp("The tables, as SQL names them.", valueName: "table"))
  var tables: [String]
  @Option(help: "The column that says whose a row is: a uuid.")
  var column = "tenant_id"
  @Flag(help: "For a table distributed by Citus: compare with the bare setting.")
  var citus = false
  @Flag(help: "Print the SQL that would run; change nothing.")
  var dryRun = false
  @Option(help: "Why, for the audit.")
  var reason: String?
  @OptionGroup var owner: OwnerOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let desk = try IsolationDesk(shared, ownerDatabase: owner.ownerDatabase, changing: !dryRun)
    for table in tables {
      let target = ProtectTarget(table: table, column: column, citus: citus)
      if dryRun { try desk.printPlan(for: target) } else { try desk.protect(target, reason) }
    }
    try desk.output.finish()
  }
}

struct UnprotectTable: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unprotect",
    abstract: "Take a table's protection away: the platform's code sees all tenants' rows again.")
  @Argument(help: "The table, as SQL names it.")
  var table: String
  @Option(help: "Why, for the audit.")
  var reason: String
  @Option(help: ArgumentHelp("The table, again: that this one is meant.", valueName: "table"))
  var yes: String
  @OptionGroup var owner: OwnerOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    guard table.utf8.elementsEqual(yes.utf8) else {
      throw Failure(.usage, "--yes must repeat the table, which is \(table); nothing was changed")
    }
    let desk = try IsolationDesk(shared, ownerDatabase: owner.ownerDatabase, changing: true)
    let count = try desk.unprotect(ProtectTarget(table: table), reason)
    try desk.output.line(
      "\(desk.output.shown(table)) is open to all tenants again" + (count > 1 ? " (\(count) tables)" : ""))
    try desk.output.finish()
  }
}

struct ListProtected: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the tables that are protected.")
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let desk = try IsolationDesk(shared, ownerDatabase: nil, changing: false)
    let tables = try desk.protectedTables()
    if format.json {
      let list = tables.map { table in
        JSON.object([
          ("table", .string(table.name)), ("column", .string(table.column)),
          ("form", .string(table.form.rawValue)),
          ("holds", .bool(table.holds)),
        ])
      }
      try desk.output.line(JSON.array(list).text)
    } else {
      for table in tables {
        try desk.output.line(
          [
            desk.output.shown(table.name), desk.output.shown(table.column), table.form.rawValue,
            table.holds ? "holds" : "DOES NOT HOLD: row-level security is not enabled and forced",
          ].joined(separator: "\t"))
      }
    }
    try desk.output.finish()
  }
}

/// What the commands share: the two connections, the log, and the words for what goes wrong.
private final class IsolationDesk {
  let output = StandardOutput()
  private let log: Log
  private let admin: Connection
  private let protector: Protector

  init(_ shared: SharedOptions, ownerDatabase: String?, changing: Bool) throws(Failure) {
    log = try Log(path: shared.logFile?.path)
    let resolved = try ResolvedConnection.resolve(shared.choice())
    // Its steps are transactions of their own, which a connection that is read-only cannot carry: so it is asked here.
    if changing { try resolved.demandChanges(for: "isolation") }
    do throws(PostgresError) {
      admin = try Connection.open(resolved.conninfo, deadline: 30_000)
      var owner = admin
      if let ownerDatabase { owner = try Connection.open(ownerDatabase, deadline: 30_000) }
      protector = Protector(admin: admin, owner: owner)
    } catch { throw Failure(resolved.explained(error.words)) }
  }

  func printPlan(for target: ProtectTarget) throws(Failure) {
    let steps = try sorted { () throws(ProtectError) in try protector.plan(for: target) }
    if steps.contains(where: \.isRefusal) { throw ProtectError.refused(steps).failure }
    if steps.isEmpty { return try output.line("-- \(output.shown(target.table)) is protected already") }
    for step in steps {
      try output.line("-- \(output.shown(step.table)): \(step.what) (lock: \(step.lock ?? "none"))")
      let sql = (step.sql ?? "").split(separator: "\n").map { output.shown(String($0)) }.joined(
        separator: "\n")
      try output.line(
        step.inTransaction ? "BEGIN;\nSET LOCAL lock_timeout = '2s';\n\(sql);\nCOMMIT;\n" : "\(sql);\n")
    }
  }

  func protect(_ target: ProtectTarget, _ reason: String?) throws(Failure) {
    let steps = try sorted { () throws(ProtectError) in
      try protector.protect(target, reason: reason) { StandardError.say("\($0.table): \($0.what)") }
    }
    log.info("protected", ["steps": String(steps)])
    try output.line(
      "\(output.shown(target.table)) is protected"
        + (steps == 0 ? " already" : " (\(steps) step\(steps == 1 ? "" : "s"))"))
  }

  func unprotect(_ target: ProtectTarget, _ reason: String) throws(Failure) -> Int {
    let count = try sorted { () throws(ProtectError) in try protector.unprotect(target, reason: reason) }
    log.warning("unprotected", ["tables": String(count)])
    return count
  }

  func protectedTables() throws(Failure) -> [ProtectedTable] {
    try sorted { () throws(ProtectError) in try Protector.protectedTables(admin) }
  }

  private func sorted<T>(_ body: () throws(ProtectError) -> T) throws(Failure) -> T {
    do { return try body() } catch {
      log.warning("isolation failed", ["error": error.kind])
      throw error.failure
    }
  }
}

extension ProtectError {
  fileprivate var failure: Failure {
    switch self {
    case .refused: Failure(.conflict, description)
    case .noSuchTable, .notProtected: Failure(.notFound, description)
    case .notOwner, .notPermitted: Failure(.notPermitted, description)
    case .busy: Failure(.timedOut, description)
    case .failed, .noSchema, .server, .connection: Failure(description)
    }
  }

  /// For the log: what kind of error, without a value.
  fileprivate var kind: String {
    switch self {
    case .refused: "refused"
    case .noSuchTable: "no such table"
    case .notProtected: "not protected"
    case .notOwner: "not owner"
    case .busy: "busy"
    case .failed(_, let error): "step \(error.sqlState)"
    case .notPermitted: "not permitted"
    case .noSchema: "no schema"
    case .server(let error): "server \(error.sqlState)"
    case .connection: "connection"
    }
  }
}
