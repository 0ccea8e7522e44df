import Postgres

/// One of the store's two connections: opens it when something is asked, sends one question at a time, and knows what a
/// loss means for the request in flight. Never blocks: what does (opening, cancelling) has a thread of its own.
final class Line {
  struct Job {
    var ticket: Ticket
    var request: Request
    /// It was put once more after a lost line.
    var retried = false
  }
  private enum State {
    /// No connection; one may be tried from this moment on.
    case closed(until: Int)
    case opening(HelperThread<Result<Connection, PostgresError>>)
    case idle(Connection)
    /// `end`: when patience with the job is over.
    case running(Connection, Job, Query, end: Int)
    /// The job has its answer already. Nothing is sent before both the statement and the request to cancel have ended,
    /// or the cancel could hit the next statement. `thread` is nil once the request has ended; one that came before the
    /// statement had begun did nothing, so it is made again from `again` on.
    case cancelling(Connection, HelperThread<Bool>?, again: Int, end: Int)
  }
  typealias Finished = (Ticket, Result<Answer, StoreError>)

  private let conninfo: String
  private let isReadOnly: Bool
  private let wake: @Sendable () -> Void
  private var state = State.closed(until: 0)
  private var queue: [Job] = []
  private var finished: [Finished] = []
  /// How many attempts to connect failed in a row.
  private var failures = 0
  /// Why there is no connection, for people; empty while there is one, and before the first has been tried.
  private var trouble = ""
  /// It is opened again by itself when it is lost. Not before it has been open once: what a server refuses it refuses again, and
  /// some lock out who asks too often.
  private var returns = false
  private let mayReturn: Bool

  /// How long a connection may take to open, and how long a cancelled statement to end, in milliseconds.
  private static let openingPatience = 15_000
  private static let cancellingPatience = 5_000
  /// A statement that nobody waits for any more is let run for so long: most end sooner than a request to cancel, which is a
  /// connection of its own, would take.
  private static let grace = 8

  /// `returns`: a lost connection is opened again by itself; else when something is asked.
  init(conninfo: String, isReadOnly: Bool, returns: Bool, wake: @escaping @Sendable () -> Void) {
    self.conninfo = conninfo
    self.isReadOnly = isReadOnly
    mayReturn = returns
    self.wake = wake
  }

  func send(_ job: Job) { queue.append(job) }

  /// Begins to connect before anything is asked.
  func open() {
    let (conninfo, isReadOnly) = (conninfo, isReadOnly)
    let patience = Self.openingPatience
    state = .opening(
      HelperThread(
        {
          do throws(PostgresError) {
            return .success(try Connection.open(conninfo, deadline: patience, readOnly: isReadOnly))
          } catch { return .failure(error) }
        }, done: wake))
  }

  /// Begins to connect where nothing is open and nothing forbids it.
  func prepare() {
    if case .closed(let until) = state, Monotonic.milliseconds >= until { open() }
  }

  var link: Store.Link {
    switch state {
    case .closed, .opening: trouble.isEmpty ? .connecting : .down(trouble)
    case .idle, .running, .cancelling: .up
    }
  }

  var watch: Store.Watch? {
    switch state {
    case .closed, .opening: nil
    // Only the request to cancel is waited for: what the server sends meanwhile is not read, so it must not wake anyone.
    case .cancelling(let connection, _, _, _) where !connection.isBusy: nil
    case .idle(let connection), .running(let connection, _, _, _), .cancelling(let connection, _, _, _):
      connection.socket < 0
        ? nil : Store.Watch(descriptor: connection.socket, forWriting: connection.wantsWrite)
    }
  }

  /// The moment at which `advance` has something to do though nothing happens; nil where there is none.
  var end: Int? {
    switch state {
    case .closed(let until): queue.isEmpty && !returns ? nil : until
    case .opening: nil
    case .idle: queue.isEmpty ? nil : 0
    case .running(let connection, _, _, let end): connection.socket < 0 ? 0 : end
    case .cancelling(let connection, let thread, let again, let end):
      connection.socket < 0 ? 0 : thread == nil ? min(again, end) : end
    }
  }

  /// Does all that can be done now; what was finished on the way, in order.
  func advance() -> [Finished] {
    while step(now: Monotonic.milliseconds) {}
    defer { finished = [] }
    return finished
  }

  /// One step from state to state; false when there is nothing to do but wait.
  private func step(now: Int) -> Bool {
    switch state {
    case .closed(let until):
      guard !queue.isEmpty || returns, now >= until else { return false }
      open()
      return true
    case .opening(let thread):
      guard let result = thread.take() else { return false }
      opened(result, now: now)
      return true
    case .idle(let connection):
      return begin(on: connection, now: now)
    case .running(let connection, let job, let query, let end):
      if let result = connection.advance() {
        state = .idle(connection)
        concluded(job, query, result, connection, now: now)
        return true
      }
      if now < end { return false }
      giveUp(job, query, on: connection, now: now)
      return true
    case .cancelling(let connection, let thread, let again, let end):
      let waiting = thread?.take() == nil ? thread : nil
      return settleCancel(connection, waiting, again: again, end: end, now: now)
    }
  }

  private func opened(_ result: Result<Connection, PostgresError>, now: Int) {
    switch result {
    case .success(let connection):
      failures = 0
      trouble = ""
      returns = mayReturn
      state = .idle(connection)
    case .failure(let error):
      // A quarter of a second, then twice as long each time, at most eight seconds.
      state = .closed(until: now + 250 << min(failures, 5))
      failures += 1
      trouble = Self.text(error)
      for job in queue { finished.append((job.ticket, .failure(.unavailable(trouble)))) }
      queue = []
    }
  }

  private func begin(on connection: Connection, now: Int) -> Bool {
    guard connection.isAlive() else {
      lost("the server closed the connection", now: now)
      return true
    }
    if queue.isEmpty { return false }
    let job = queue.removeFirst()
    run(job, job.request.query, on: connection, now: now)
    return true
  }

  private func run(_ job: Job, _ query: Query, on connection: Connection, now: Int) {
    let end = now + (query.late?.after ?? job.request.patience)
    do throws(PostgresError) {
      try connection.start(query.statement)
      state = .running(connection, job, query, end: end)
    } catch {
      concluded(job, query, .failure(error), connection, now: now)
    }
  }

  /// The statement has ended, one way or another.
  private func concluded(
    _ job: Job, _ query: Query, _ result: Result<Rows, PostgresError>, _ connection: Connection, now: Int
  ) {
    switch result {
    case .success(let rows):
      switch query.decode(rows, connection) {
      case .answer(let answer): finished.append((job.ticket, .success(answer)))
      case .then(let next): run(job, next, on: connection, now: now)
      case .failure(let error): finished.append((job.ticket, .failure(error)))
      }
    case .failure(.server(let error)):
      if let next = query.recover(error) {
        run(job, next, on: connection, now: now)
      } else {
        finished.append((job.ticket, .failure(StoreError(error))))
      }
    case .failure(.lost(let message, let sent)):
      lost(message, now: now)
      lose(job, sent: sent)
    case .failure(.unsendable):
      finished.append((job.ticket, .failure(.field(.holdsNUL))))
    case .failure(.cannotConnect), .failure(.deadline):
      preconditionFailure("neither connecting nor waiting happens here")
    }
  }

  /// The line went while this job was on it.
  private func lose(_ job: Job, sent: Bool) {
    if let id = job.request.requestID, sent {
      finished.append((job.ticket, .failure(.unknown(id))))
    } else if !job.retried && (job.request.isRepeatable || !sent) {
      var again = job
      again.retried = true
      queue.insert(again, at: 0)
    } else {
      finished.append((job.ticket, .failure(.unavailable(trouble))))
    }
  }

  private func lost(_ message: String, now: Int) {
    trouble = message
    state = .closed(until: now)
  }

  /// Patience is over. A read is cancelled; a write is never, so its line is let go and it stays unknown.
  private func giveUp(_ job: Job, _ query: Query, on connection: Connection, now: Int) {
    if job.request.writes {
      lost("the server did not answer in time", now: now)
      finished.append((job.ticket, .failure(job.request.requestID.map(StoreError.unknown) ?? .timedOut)))
    } else {
      finished.append((job.ticket, query.late.map { .success($0.answer) } ?? .failure(.timedOut)))
      cancel(connection, end: now + Self.cancellingPatience, now: now)
    }
  }

  private func cancel(_ connection: Connection, end: Int, now: Int) {
    let canceller = connection.canceller
    let thread = HelperThread({ canceller.cancel() }, done: wake)
    state = .cancelling(connection, thread, again: now + 100, end: end)
  }

  private func settleCancel(
    _ connection: Connection, _ thread: HelperThread<Bool>?, again: Int, end: Int, now: Int
  ) -> Bool {
    if case .failure(.lost(let message, _)) = connection.advance() {
      lost(message, now: now)
    } else if thread == nil && !connection.isBusy {
      state = .idle(connection)
    } else if now >= end {
      lost("a cancelled statement did not end", now: now)
    } else if thread == nil && now >= again {
      cancel(connection, end: end, now: now)
    } else {
      state = .cancelling(connection, thread, again: again, end: end)
      return false
    }
    return true
  }

  /// Forgets a read: one that waits is dropped, one that runs is cancelled. Either answers `.cancelled`.
  func cancel(_ ticket: Ticket) {
    if let place = queue.firstIndex(where: { $0.ticket == ticket && !$0.request.writes }) {
      queue.remove(at: place)
      finished.append((ticket, .failure(.cancelled)))
    } else if case .running(let connection, let job, _, _) = state, job.ticket == ticket, !job.request.writes
    {
      finished.append((ticket, .failure(.cancelled)))
      let now = Monotonic.milliseconds
      state = .cancelling(connection, nil, again: now + Self.grace, end: now + Self.cancellingPatience)
    }
  }

  /// Takes a job back for good because its sender waits no longer: what is to be said of it.
  func abandon(_ ticket: Ticket) -> StoreError {
    if let place = queue.firstIndex(where: { $0.ticket == ticket }) {
      let job = queue.remove(at: place)
      return job.request.writes ? .unavailable("the server could not be reached in time") : .timedOut
    }
    if case .running(let connection, let job, var query, _) = state, job.ticket == ticket {
      query.late = nil
      giveUp(job, query, on: connection, now: Monotonic.milliseconds)
      if let last = finished.popLast(), case .failure(let error) = last.1 { return error }
    }
    return .timedOut
  }

  func close() {
    returns = false
    state = .closed(until: 0)
    queue = []
  }

  private static func text(_ error: PostgresError) -> String {
    switch error {
    case .cannotConnect(let message), .lost(let message, _), .unsendable(let message): message
    case .server(let error): error.message
    case .deadline: "the server did not answer in time"
    }
  }
}
