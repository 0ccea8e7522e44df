import TenantStore
import Terminal

/// A bulk on its way: sent in parts, one after the other. A part whose line was lost is sent again until its answer comes:
/// each tenant's request id follows from the bulk's, so nothing is done twice, and nothing is reported that is not known.
struct BulkRun: Sendable {
  enum Phase: Equatable, Sendable {
    /// A part is on its way.
    case sent(Ticket)
    /// The line was lost; the part is sent again after a pause.
    case pausing
    /// Nothing is on its way, and not all is done.
    case stopped
    case finished
  }

  let bulk: Bulk
  private let parts: [Bulk]
  /// The part that is on its way, or the next.
  private var next = 0
  private(set) var phase: Phase
  private(set) var outcomes: [TenantID: Written] = [:]
  /// Nobody knows what became of the part that was sent last.
  private(set) var isUnknown = false
  /// Stop when the part that is on its way has been answered.
  private(set) var isStopping = false
  /// Why it stopped.
  private(set) var problem: SafeText?
  private(set) var progress: Progress

  init(_ bulk: Bulk, partsOf size: Int = 100, _ turn: inout Turn) {
    self.bulk = bulk
    parts = bulk.parts(of: size)
    progress = Progress(started: turn.now, total: bulk.tenants.count)
    phase = .sent(turn.send(.bulk(parts[0])))
  }

  var isOnItsWay: Bool {
    switch phase {
    case .sent, .pausing: true
    case .stopped, .finished: false
    }
  }

  /// The tenants of whom nobody knows whether it was done to them.
  var unknown: [TenantID] { isUnknown ? parts[next].tenants : [] }

  mutating func stop() { isStopping = true }

  /// Goes on with what was not done.
  mutating func resume(_ turn: inout Turn) {
    guard phase == .stopped else { return }
    (isStopping, problem) = (false, nil)
    phase = .sent(turn.send(.bulk(parts[next])))
  }

  /// True when the answer was this run's.
  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    guard phase == .sent(ticket) else { return false }
    switch result {
    case .success(.bulk(let rows)):
      for row in rows { outcomes[row.tenantID] = row.written }
      progress.done = outcomes.count
      isUnknown = false
      next += 1
      if next == parts.count {
        phase = .finished
      } else if isStopping {
        phase = .stopped
      } else {
        phase = .sent(turn.send(.bulk(parts[next])))
      }
    case .success: preconditionFailure("a bulk is answered by .bulk")
    // No answer in time is no answer. Once it is unknown, whatever keeps the question from being answered leaves it so.
    case .failure(.unknown), .failure(.timedOut): pause(&turn)
    case .failure where isUnknown: pause(&turn)
    case .failure(let error):
      if case .notPermitted(let what) = error {
        _ = turn.send(.noteRefusal(action: "bulk", tenant: nil, what: what))
      }
      problem = Words.ofWrite(error, while: "the bulk")
      phase = .stopped
    }
    return true
  }

  /// The pause is over.
  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) {
    guard alarm == .settle(bulk.id), phase == .pausing else { return }
    phase = .sent(turn.send(.bulk(parts[next])))
  }

  private mutating func pause(_ turn: inout Turn) {
    isUnknown = true
    phase = .pausing
    turn.wake(after: 2000, .settle(bulk.id))
  }
}
