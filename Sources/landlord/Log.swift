import Glibc
import Logging
import TenantStore

/// What the program did, a JSON object a line, for whoever looks after it. Never a parameter's value: requests go in by
/// their name, errors by their kind. What is done inside a tenant's context names the tenant.
struct Log {
  private let logger: Logger?

  /// To this file, made for its owner alone where it is absent; nil: nowhere.
  init(path: String?) throws(Failure) {
    guard let path else {
      logger = nil
      return
    }
    let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .system("cannot open the log \(path)") }
    logger = Logger(label: "landlord") { _ in LogFile(file: file) }
  }

  func info(_ message: String, _ facts: [String: String] = [:]) {
    logger?.info("\(message)", metadata: facts.mapValues { .string($0) })
  }

  func warning(_ message: String, _ facts: [String: String] = [:]) {
    logger?.warning("\(message)", metadata: facts.mapValues { .string($0) })
  }
}

/// Each entry is one `write` to a file opened for appending, so that several processes may share it.
private struct LogFile: LogHandler {
  let file: Int32
  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]

  init(file: Int32) { self.file = file }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let now = Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    var members: [(key: String, value: JSON)] = [
      ("at", .string(now.rfc3339)), ("level", .string(event.level.rawValue)),
      ("pid", .number(Int64(getpid()))),
      ("message", .string(event.message.description)),
    ]
    if let tenant = TenantContext.current { members.append(("tenant", .string(tenant.description))) }
    for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }).sorted(by: {
      $0.key < $1.key
    }) {
      members.append((key, .string(value.description)))
    }
    let line = Array((JSON.object(members).text + "\n").utf8)
    // A log that cannot be written must not stop the work.
    _ = write(file, line, line.count)
  }
}
