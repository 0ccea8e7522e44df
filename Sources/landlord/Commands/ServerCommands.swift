import ArgumentParser
import Glibc

struct ServerCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "server", abstract: "The embedded PostgreSQL: start, stop, status.",
    subcommands: [StartServer.self, StopServer.self, ServerStatus.self])
}

struct StartServer: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start", abstract: "Start it, and make it where it is not there yet.")
  @Option(help: ArgumentHelp("How long it stays up after its last use.", valueName: "seconds"))
  var idle = EmbeddedServer.idle

  func validate() throws {
    if !(0...1_000_000).contains(idle) { throw ValidationError("--idle is a number of seconds") }
  }

  func run() throws {
    let server = try EmbeddedServer(places: EmbeddedPlaces.current())
    let isNew = try server.start(idle: idle)
    let output = StandardOutput()
    try output.line(
      isNew
        ? "started; it stops \(idle) seconds after its last use"
        : "it runs already, and keeps its own idle time")
    try output.finish()
  }
}

struct StopServer: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop", abstract: "Stop it, if nobody uses it.")
  @Flag(help: "Stop it even if someone uses it; their work in progress is undone.")
  var force = false

  func run() throws {
    let places = try EmbeddedPlaces.current()
    let server = ServerProcess(places: places)
    let output = StandardOutput()
    if server.processID == nil {
      try output.line("it does not run")
    } else {
      let use = try FileLock(places.useLock)
      if !use.takeAtOnce(.exclusive) && !force {
        let user = use.holder(against: .exclusive).map { " (process \($0))" } ?? ""
        throw Failure(.conflict, "someone uses the embedded server\(user); --force stops it nevertheless")
      }
      guard server.stop() else {
        throw Failure("the server has not stopped within a minute; look into \(places.log)")
      }
      try Watcher.end(places)
      use.giveUp()
      try output.line("stopped")
    }
    try output.finish()
  }
}

struct ServerStatus: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "status", abstract: "Say whether it runs.")
  @OptionGroup var format: JSONOption

  func run() throws {
    let places = try EmbeddedPlaces.current()
    let server = ServerProcess(places: places)
    func holder(_ path: String) -> JSON {
      guard access(path, F_OK) == 0, let lock = try? FileLock(path) else { return .null }
      return lock.holder(against: .exclusive).map { .number(Int64($0)) } ?? .null
    }
    let process = server.processID
    let facts: [(key: String, value: JSON)] = [
      ("running", .bool(process != nil)), ("process", process.map { .number(Int64($0)) } ?? .null),
      ("usedBy", holder(places.useLock)), ("watcher", holder(places.watchLock)),
      ("major", server.dataVersion.map { .number(Int64($0)) } ?? .null), ("directory", .string(places.base)),
      ("socket", .string(places.socketDirectory)), ("log", .string(places.log)),
    ]
    let output = StandardOutput()
    try output.print(facts, json: format.json)
    try output.finish()
  }
}

extension StandardOutput {
  /// Facts, a line each, or as one JSON object.
  func print(_ facts: [(key: String, value: JSON)], json: Bool) throws(Failure) {
    if json { return try line(JSON.object(facts).text) }
    let width = (facts.map(\.key.utf8.count).max() ?? 0) + 2
    for (name, value) in facts {
      let text =
        switch value {
        case .string(let text): shown(text)
        case .null: "-"
        case .bool(let isTrue): isTrue ? "yes" : "no"
        case .array(let values):
          values.map { if case .string(let text) = $0 { shown(text) } else { $0.text } }.joined(
            separator: ", ")
        case .number, .object: value.text
        }
      try line(name + String(repeating: " ", count: width - name.utf8.count) + text)
    }
  }
}
