import CLibPQ
import Glibc

/// A connection to PostgreSQL: one statement at a time. The only file that calls libpq.
///
/// Made and waited for on any thread, used by one at a time; it may be handed over, never shared. Everything is sent
/// without settings of the session, so that a pooler may stand between. Texts travel in UTF-8, whatever the environment
/// says. Notices are dropped.
public final class Connection {
  private let handle: OpaquePointer
  /// A statement was sent and its end has not been read.
  public private(set) var isBusy = false
  /// Something of the statement did not fit into the socket yet.
  public private(set) var wantsWrite = false
  /// The first error, else the last rows, of the statement in flight.
  private var outcome: Result<Rows, PostgresError>?
  /// Every statement is in a transaction that the server itself lets change nothing.
  public let isReadOnly: Bool
  /// What is left to be read of the statements around the one that was asked for.
  private var envelope: ReadOnlyEnvelope?

  private init(_ handle: OpaquePointer, readOnly: Bool) {
    self.handle = handle
    isReadOnly = readOnly
    PQsetnonblocking(handle, 1)
    if readOnly { PQenterPipelineMode(handle) }
  }

  deinit { PQfinish(handle) }

  /// A connection, once the server has accepted it. Blocks, also in the name's resolution, which knows no deadline.
  /// `deadline` is in milliseconds for the whole; with several hosts it is for each, in whole seconds, and so is a
  /// `connect_timeout` of the caller. `conninfo` is anything libpq takes; a plain word is a database's name.
  /// `readOnly`: whatever is sent goes out between BEGIN READ ONLY and COMMIT, in one flight, so that the server refuses
  /// every change (25006). A setting of the session would do the same until a pooler hands the next statement to another.
  public static func open(
    _ conninfo: String, deadline: Int, readOnly: Bool = false
  ) throws(PostgresError) -> Connection {
    if conninfo.utf8.contains(0) { throw .unsendable("the connection string holds a NUL byte") }
    let end = Monotonic.milliseconds + deadline
    var handle = start(conninfo, timeout: nil)
    let options = effectiveOptions(handle)
    if options["host"]?.contains(",") ?? options["hostaddr"]?.contains(",") ?? false {
      // Only libpq's own blocking way goes on to the next host when one does not answer.
      PQfinish(handle)
      handle = start(conninfo, timeout: options["connect_timeout"] ?? String(max(2, deadline / 1000)))
    } else {
      let timeout = options["connect_timeout"].flatMap { Int($0) } ?? 0
      let last = timeout > 0 ? min(end, Monotonic.milliseconds + timeout * 1000) : end
      try finishConnecting(handle, until: last)
    }
    guard PQstatus(handle) == CONNECTION_OK else {
      defer { PQfinish(handle) }
      throw .cannotConnect(message: failure(handle))
    }
    return Connection(handle, readOnly: readOnly)
  }

  /// Begins to connect, or with a timeout does so to the end.
  private static func start(_ conninfo: String, timeout: String?) -> OpaquePointer {
    // What stands after dbname wins over what is written in it.
    var pairs = [("dbname", conninfo), ("client_encoding", "UTF8")]
    if let timeout { pairs.append(("connect_timeout", timeout)) }
    let keywords = pairs.map { strdup($0.0) }
    let values = pairs.map { strdup($0.1) }
    defer { for text in keywords + values { free(text) } }
    let k = keywords.map { UnsafePointer($0) } + [nil]
    let v = values.map { UnsafePointer($0) } + [nil]
    guard let handle = timeout == nil ? PQconnectStartParams(k, v, 1) : PQconnectdbParams(k, v, 1) else {
      preconditionFailure("out of memory")
    }
    landlord_ignore_notices(handle)
    return handle
  }

  private static func finishConnecting(_ handle: OpaquePointer, until end: Int) throws(PostgresError) {
    var writing = true
    while PQstatus(handle) != CONNECTION_BAD {
      // The socket may be another after each step.
      guard Monotonic.wait(for: PQsocket(handle), writing: writing, until: end) else {
        defer { PQfinish(handle) }
        throw .cannotConnect(message: "the server did not answer in time")
      }
      let step = PQconnectPoll(handle)
      if step == PGRES_POLLING_OK || step == PGRES_POLLING_FAILED { return }
      writing = step == PGRES_POLLING_WRITING
    }
  }

  private static func failure(_ handle: OpaquePointer) -> String {
    let text = trimmed(PQerrorMessage(handle))
    return text.utf8.starts(with: "connection to server".utf8) ? text : Conninfo.complaint(text)
  }

  private static func trimmed(_ text: UnsafePointer<CChar>?) -> String {
    var text = text.map { String(cString: $0) } ?? ""
    while text.unicodeScalars.last?.properties.isWhitespace ?? false { text.unicodeScalars.removeLast() }
    return text
  }
}

// MARK: - A statement

extension Connection {
  /// The socket to poll; −1 once the line is gone. It stays the same from `open` on.
  public var socket: Int32 { PQsocket(handle) }

  /// Sends a statement without waiting; `advance()` brings what becomes of it. Precondition: not busy.
  /// Throws `.unsendable`, or `.lost(sent: false)` when the line is known to be gone: nothing was sent then.
  public func start(_ statement: Statement) throws(PostgresError) {
    if statement.holdsNUL { throw .unsendable("a value holds a NUL byte") }
    try send {
      var text: [CChar] = []
      let starts: [Int?] = statement.parameters.map { parameter in
        guard let parameter else { return nil }
        defer {
          text += parameter.utf8.lazy.map { CChar(bitPattern: $0) }
          text.append(0)
        }
        return text.count
      }
      return text.withUnsafeBufferPointer { buffer in
        let values = starts.map { start in start.map { buffer.baseAddress! + $0 } }
        func put(_ sql: String) -> Bool { PQsendQueryParams(handle, sql, 0, nil, nil, nil, nil, 0) == 1 }
        guard !isReadOnly || put("BEGIN READ ONLY") else { return 0 }
        let sent = PQsendQueryParams(handle, statement.sql, Int32(values.count), nil, values, nil, nil, 0)
        guard isReadOnly, sent == 1 else { return sent }
        // An error skips what follows up to the first mark; the end of the transaction stands behind it.
        return PQpipelineSync(handle) == 1 && put("COMMIT") ? PQpipelineSync(handle) : 0
      }
    }
    if isReadOnly { envelope = ReadOnlyEnvelope() }
  }

  private func send(_ body: () -> Int32) throws(PostgresError) {
    precondition(!isBusy, "one statement at a time")
    guard isAlive() else { throw .lost(message: Self.trimmed(PQerrorMessage(handle)), sent: false) }
    guard body() == 1 else {
      // libpq tells no difference between a part that left and nothing that did.
      throw .lost(message: Self.trimmed(PQerrorMessage(handle)), sent: true)
    }
    isBusy = true
    outcome = nil
    flush()
  }

  private func flush() { wantsWrite = PQflush(handle) == 1 }

  /// Whether the line is still there, as far as can be known without sending: reads what came unasked.
  public func isAlive() -> Bool {
    // A server that goes sends a farewell first; the end of the line comes with a later read.
    while PQstatus(handle) == CONNECTION_OK {
      var entry = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
      guard poll(&entry, 1, 0) > 0 else { return true }
      if PQconsumeInput(handle) == 0 { return false }
      if isBusy { return true }
    }
    return false
  }

  /// Reads and writes what can be without waiting. The result once the statement has ended, nil before: wait for the
  /// socket (for writing too while `wantsWrite`) and ask again. After `.lost` the connection is of no more use; after
  /// `.server` it is as before.
  public func advance() -> Result<Rows, PostgresError>? {
    guard isBusy else { return nil }
    if wantsWrite { flush() }
    // A failed read leaves its error as the next result, so what it returns is not looked at.
    _ = PQconsumeInput(handle)
    if wantsWrite { flush() }
    while PQisBusy(handle) == 0 {
      guard let result = PQgetResult(handle) else {
        // Between the statements of a flight; a line that is gone says so for ever.
        guard envelope != nil, PQstatus(handle) == CONNECTION_OK else { return finish() }
        envelope?.ended += 1
        continue
      }
      defer { PQclear(result) }
      guard envelope != nil else {
        collect(result)
        continue
      }
      if PQresultStatus(result) == PGRES_PIPELINE_SYNC {
        envelope?.marks -= 1
        if envelope?.marks == 0 { return finish() }
      } else if envelope?.isInside == true || PQresultStatus(result) == PGRES_FATAL_ERROR {
        collect(result)
      }
    }
    return nil
  }

  private func finish() -> Result<Rows, PostgresError> {
    isBusy = false
    wantsWrite = false
    envelope = nil
    if PQstatus(handle) != CONNECTION_OK {
      return .failure(.lost(message: Self.trimmed(PQerrorMessage(handle)), sent: true))
    }
    return outcome ?? .failure(.lost(message: "the server answered nothing", sent: true))
  }

  /// Keeps the first error, else the last rows.
  private func collect(_ result: OpaquePointer) {
    if case .failure = outcome { return }
    switch PQresultStatus(result) {
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: outcome = .success(Self.rows(result))
    case PGRES_FATAL_ERROR, PGRES_NONFATAL_ERROR, PGRES_BAD_RESPONSE: outcome = .failure(Self.error(result))
    // Skipped after an error, which has been collected.
    case PGRES_PIPELINE_ABORTED: break
    default: preconditionFailure("COPY is not used here")
    }
  }

  private static func error(_ result: OpaquePointer) -> PostgresError {
    func field(_ text: UnsafePointer<CChar>?) -> String? { text.map { String(cString: $0) } }
    guard let state = field(landlord_sqlstate(result)) else {
      // No SQLSTATE: libpq itself speaks, and the line is gone.
      return .lost(message: trimmed(PQresultErrorMessage(result)), sent: true)
    }
    return .server(
      ServerError(
        sqlState: state, message: field(landlord_message(result)) ?? "",
        constraint: field(landlord_constraint(result)), column: field(landlord_column(result)),
        hint: field(landlord_hint(result))))
  }

  private static func rows(_ result: OpaquePointer) -> Rows {
    let width = PQnfields(result)
    let height = PQntuples(result)
    var bytes: [UInt8] = []
    var ends: [Int] = []
    ends.reserveCapacity(Int(width) * Int(height))
    for row in 0..<height {
      for column in 0..<width {
        if PQgetisnull(result, row, column) == 1 {
          ends.append(~bytes.count)
          continue
        }
        let length = Int(PQgetlength(result, row, column))
        bytes.append(
          contentsOf: UnsafeRawBufferPointer(start: PQgetvalue(result, row, column), count: length))
        ends.append(bytes.count)
      }
    }
    return Rows(
      columns: (0..<width).map { String(cString: PQfname(result, $0)) },
      affected: Int64(String(cString: PQcmdTuples(result))) ?? 0, bytes: bytes, ends: ends)
  }

  /// The statement's rows. Blocks for `deadline` milliseconds at most; on `.deadline` the statement still runs: cancel
  /// it or let the connection go.
  @discardableResult
  public func run(_ statement: Statement, deadline: Int) throws(PostgresError) -> Rows {
    try start(statement)
    return try wait(deadline: deadline)
  }

  /// Carries out a script: several statements in one text, without parameters, one transaction unless they say
  /// otherwise. Blocks as `run` does. Precondition: the connection may write.
  public func runScript(_ script: String, deadline: Int) throws(PostgresError) {
    precondition(!isReadOnly, "a script brings its own transactions")
    if script.utf8.contains(0) { throw .unsendable("the script holds a NUL byte") }
    try send { PQsendQuery(handle, script) }
    _ = try wait(deadline: deadline)
  }

  /// Waits for the end of what was started.
  public func wait(deadline: Int) throws(PostgresError) -> Rows {
    let end = Monotonic.milliseconds + deadline
    while true {
      if let result = advance() { return try result.get() }
      guard Monotonic.wait(for: socket, writing: wantsWrite, until: end) else { throw .deadline }
    }
  }
}

extension Connection {
  /// Whether a NOTIFY came on a channel that is listened to; waits for one so many milliseconds. Those that came are forgotten.
  /// Throws `.lost`. Precondition: not busy.
  public func notified(within milliseconds: Int) throws(PostgresError) -> Bool {
    let end = Monotonic.milliseconds + milliseconds
    var came = false
    repeat {
      guard isAlive() else { throw .lost(message: Self.trimmed(PQerrorMessage(handle)), sent: true) }
      while let notice = PQnotifies(handle) {
        came = true
        PQfreemem(notice)
      }
    } while !came && Monotonic.wait(for: socket, writing: false, until: end)
    return came
  }
}

/// Where in a flight of BEGIN, statement, mark, COMMIT, mark the reading stands.
/// Source: PostgreSQL manual, 34.5 (pipeline mode): a NULL ends each statement, a mark has a result of its own.
private struct ReadOnlyEnvelope {
  /// Marks to come.
  var marks = 2
  /// Statements whose results have all been read.
  var ended = 0
  /// At the results of the statement that was asked for.
  var isInside: Bool { ended == 1 }
}

// MARK: - Cancelling

/// Asks the server to stop the statement that a connection runs. Opens a connection of its own and blocks: for a helper
/// thread. Nothing new may be sent on the connection until `cancel` has returned, or the new statement may be hit.
public final class Canceller: @unchecked Sendable {
  // Safe to share: libpq reads it only, and one thread at a time cancels.
  private let handle: UnsafeMutableRawPointer?

  fileprivate init(_ handle: UnsafeMutableRawPointer?) { self.handle = handle }
  deinit { if let handle { landlord_cancel_free(handle) } }

  /// Whether the server took the request. It may still come too late, which is no error.
  @discardableResult
  public func cancel() -> Bool { handle.map { landlord_cancel_send($0) == 1 } ?? false }
}

extension Connection {
  /// For this connection; made without blocking.
  public var canceller: Canceller { Canceller(landlord_cancel_make(handle)) }
}

// MARK: - What the server and libpq say

extension Connection {
  public var transactionStatus: TransactionStatus {
    switch PQtransactionStatus(handle) {
    case PQTRANS_IDLE: .idle
    case PQTRANS_ACTIVE: .active
    case PQTRANS_INTRANS: .open
    case PQTRANS_INERROR: .failed
    default: .unknown
    }
  }

  /// The server process, as `pg_stat_activity` names it (behind a pooler, the pooler's word).
  public var processID: Int32 { PQbackendPID(handle) }
  /// The server's version as one number: 150020 is 15.20.
  public var serverVersion: Int { Int(PQserverVersion(handle)) }
  public var user: String { String(cString: PQuser(handle)) }
  public var database: String { String(cString: PQdb(handle)) }

  /// The host's name or address as it was asked for, or "local" for a socket.
  public var host: String {
    let host = PQhost(handle).map { String(cString: $0) } ?? ""
    return host.isEmpty || host.hasPrefix("/") || host.hasPrefix("@") ? "local" : host
  }

  /// What the server reports of itself unasked, such as `server_version`, `server_encoding`, `in_hot_standby` (from
  /// version 14), `is_superuser`; nil for what it does not report.
  public func parameterStatus(_ name: String) -> String? {
    PQparameterStatus(handle, name).map { String(cString: $0) }
  }

  /// What a connection string says, in libpq's order, without what it leaves to defaults. A plain word is a database's
  /// name. Throws `.cannotConnect` when libpq cannot read it.
  public static func parameters(
    in conninfo: String
  ) throws(PostgresError) -> [(keyword: String, value: String)] {
    if Conninfo.isDatabaseName(conninfo) { return conninfo.isEmpty ? [] : [("dbname", conninfo)] }
    var complaint: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(conninfo, &complaint) else {
      defer { PQfreemem(complaint) }
      throw .cannotConnect(message: Conninfo.complaint(trimmed(complaint)))
    }
    return pairs(options)
  }

  /// The names of the parameters that this libpq knows.
  public static var knownParameters: [String] { keywords(PQconndefaults()) }

  /// Where parameters that are not given come from: libpq's variables, a service file, its own defaults.
  public static var defaultParameters: [(keyword: String, value: String)] { pairs(PQconndefaults()) }

  private static func effectiveOptions(_ handle: OpaquePointer) -> [String: String] {
    pairs(PQconninfo(handle)).reduce(into: [:]) { $0[$1.keyword] = $1.value }
  }

  /// What is set in a list of libpq's, which is freed.
  private static func pairs(
    _ options: UnsafeMutablePointer<PQconninfoOption>?
  ) -> [(keyword: String, value: String)] {
    defer { PQconninfoFree(options) }
    var pairs: [(keyword: String, value: String)] = []
    each(options) { option in
      if let value = option.val { pairs.append((String(cString: option.keyword), String(cString: value))) }
    }
    return pairs
  }

  private static func keywords(_ options: UnsafeMutablePointer<PQconninfoOption>?) -> [String] {
    defer { PQconninfoFree(options) }
    var keywords: [String] = []
    each(options) { keywords.append(String(cString: $0.keyword)) }
    return keywords
  }

  /// Up to the one without a keyword, which ends the list. Not a chain of lazy sequences: the types of one cost more of a
  /// start than all else that is done with the string.
  private static func each(
    _ options: UnsafeMutablePointer<PQconninfoOption>?, _ body: (PQconninfoOption) -> Void
  ) {
    guard var option = options else { return }
    while option.pointee.keyword != nil {
      body(option.pointee)
      option += 1
    }
  }
}
