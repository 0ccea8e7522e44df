import ArgumentParser
import Postgres
import TenantStore

struct MigrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate", abstract: "Bring the database to the schema that this program needs.",
    discussion:
      "The login needs CREATEROLE and CREATE on the database; for the embedded database nothing is needed.")

  @Flag(help: "Say what has been applied and what is missing; change nothing.")
  var status = false
  @Flag(help: "Print the SQL that would run; change nothing.")
  var dryRun = false
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if status && dryRun { throw ValidationError("--status and --dry-run exclude each other") }
  }

  func run() throws {
    let log = try Log(path: shared.logFile?.path)
    let resolved = try ResolvedConnection.resolve(shared.choice())
    if !status && !dryRun { try resolved.demandChanges(for: "migrate") }
    let migrator = try resolved.migrator()
    let output = StandardOutput()
    do {
      if status {
        try output.print(try migrator.applied(), try migrator.status())
      } else if dryRun {
        let sql = try migrator.dryRun()
        try output.write(sql.isEmpty ? "-- nothing to do\n" : sql + "\n")
      } else {
        let done = try migrator.migrate { StandardError.say("applying \($0.name)") }
        // Whom an older version admitted to their own database may lack what has come since.
        if case .embedded = resolved.choice.target, let user = resolved.user {
          try migrator.admit(administrator: user)
        }
        let mended = try migrator.mendTriggers()
        if !mended.isEmpty {
          StandardError.say("let these triggers fire always again: \(mended.joined(separator: ", "))")
        }
        if try migrator.mendOutbox() {
          StandardError.say("put the events of the server before in front of this one's")
        }
        log.info("migrated", ["applied": done.joined(separator: " ")])
        try output.line(
          done.isEmpty ? "nothing to do" : "applied \(done.count): \(done.joined(separator: ", "))")
      }
    } catch let error as MigrationError {
      log.warning("not migrated", ["error": error.kind])
      throw error.failure
    }
    try output.finish()
  }
}

extension ResolvedConnection {
  /// Who is to log in, as far as the connection string says.
  fileprivate var user: String? {
    (try? Connection.parameters(in: conninfo))?.first { $0.keyword == "user" }?.value
  }

  /// For the database's schema, as the login that may change it.
  func migrator() throws(Failure) -> Migrator {
    do { return Migrator(try Connection.open(installer, deadline: 30_000)) } catch {
      throw Failure(explained(error.words))
    }
  }
}

extension MigrationError {
  /// For the person who asked for the migration.
  var failure: Failure {
    switch self {
    case .notPermitted: Failure(.notPermitted, description)
    case .busy: Failure(.timedOut, description)
    case .encoding, .serverTooOld, .foreign, .schemaOwner, .failed, .connection: Failure(description)
    }
  }

  /// For the log: what kind of error, without a value.
  var kind: String {
    switch self {
    case .encoding: "encoding"
    case .serverTooOld: "server too old"
    case .foreign: "foreign"
    case .schemaOwner: "schema owner"
    case .notPermitted: "not permitted"
    case .busy: "busy"
    case .failed(let migration, let error): "\(migration) \(error.sqlState)"
    case .connection: "connection"
    }
  }
}

extension StandardOutput {
  fileprivate func print(_ applied: [Migrator.Applied], _ schema: Session.Schema) throws(Failure) {
    for migration in applied { try line("applied  \(shown(migration.name))  \(migration.at.rfc3339)") }
    switch schema {
    case .current: try line("the schema is what this program needs")
    case .absent: try line("there is no landlord schema here; run: landlord migrate")
    case .behind(let missing):
      for name in missing { try line("missing  \(name)") }
      try line("the schema is older than this program; run: landlord migrate")
    case .foreign(let why): try line(shown(why))
    }
  }
}
