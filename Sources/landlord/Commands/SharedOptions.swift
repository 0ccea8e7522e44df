import ArgumentParser
import Glibc

/// What every command takes: which database, and where to log.
struct SharedOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The database: anything libpq takes, without a password.", valueName: "conninfo"))
  var database: String?

  @Option(
    help: ArgumentHelp("A database by name: embedded, demo, or one of your config.toml.", valueName: "name"),
    completion: .custom { _, _, _ in Configuration.connectionNames })
  var connection: String?

  @Flag(help: "Let the server refuse every change.")
  var readOnly = false

  @Option(help: ArgumentHelp("Write a log to this file (JSON lines; else LANDLORD_LOG).", valueName: "file"))
  var log: String?

  var logFile: (path: String, source: String)? { Self.logFile(log) }

  /// The log file's path and who named it: the option, else LANDLORD_LOG.
  static func logFile(_ option: String?) -> (path: String, source: String)? {
    if let option { return (option, "--log") }
    guard let path = getenv("LANDLORD_LOG").map({ String(cString: $0) }), !path.isEmpty else { return nil }
    return (path, "LANDLORD_LOG")
  }

  func choice() throws(Failure) -> ConnectionChoice {
    var choice = try ConnectionChoice(
      database: database, connection: connection, environment: Environment.all)
    if readOnly { choice.isReadOnly = true }
    return choice
  }

  /// The database and the log, ready to work with.
  func open() throws(Failure) -> Errand { try Errand(choice: choice(), log: Log(path: logFile?.path)) }
}

/// This process's environment.
enum Environment {
  static var all: [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      if let sign = strchr(text, Int32(UInt8(ascii: "="))) {
        let name = UnsafeRawBufferPointer(start: text, count: sign - text)
        variables[String(decoding: name, as: UTF8.self)] = String(cString: sign + 1)
      }
      entry += 1
    }
    return variables
  }
}

/// How results are printed.
struct JSONOption: ParsableArguments {
  @Flag(help: "Print JSON.")
  var json = false
}
