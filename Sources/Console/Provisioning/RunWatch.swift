import TenantStore
import Terminal

/// A tenant's newest run as it moves: read again while somebody is at it, and with it, once it is over, the tenant.
struct RunWatch: Sendable {
  private(set) var tenant: Tenant
  private(set) var run: Run?
  /// It is known whether there is one.
  private(set) var isRead = false
  /// A thread of this console carries it out, since then.
  private(set) var working: Instant?
  private var readingRun: Ticket?
  private var readingTenant: Ticket?

  var reading: [Ticket] { [readingRun, readingTenant].compactMap { $0 } }
  /// It may move by itself.
  var isMoving: Bool { working != nil || run?.isHeld ?? false }

  init(_ tenant: Tenant) { self.tenant = tenant }

  mutating func read(_ turn: inout Turn) { turn.send(.run(.newest(tenant.id)), insteadOf: &readingRun) }

  /// Has a thread bring the tenant's resources to what its state wants.
  mutating func carryOut(_ turn: inout Turn) {
    working = turn.now
    turn.effects.append(.resources(.provision(tenant)))
    follow(&turn)
  }

  /// Looks again soon, for as long as something may move.
  private func follow(_ turn: inout Turn) {
    if isMoving { turn.wake(after: 500, .run(tenant.id)) }
  }

  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) {
    guard alarm == .run(tenant.id), readingRun == nil else { return }
    read(&turn)
  }

  /// True when the answer was this watch's; `found` is set to the tenant as it is now.
  mutating func answered(
    _ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn, found: inout Tenant?
  ) -> Bool {
    switch ticket {
    case readingRun:
      readingRun = nil
      let wasMoving = isMoving
      switch result {
      case .success(.run(.newest(let newest))): (run, isRead) = (newest, true)
      case .success: preconditionFailure("a question for a run is answered by .newest")
      case .failure(let error): turn.say(error, while: "reading the run of \(tenant.siteID)")
      }
      follow(&turn)
      // Somebody else's, that has just ended.
      if wasMoving, !isMoving, readingTenant == nil { readTenant(&turn) }
    case readingTenant:
      readingTenant = nil
      if case .success(.tenant(let now?)) = result { (tenant, found) = (now, now) }
    default: return false
    }
    return true
  }

  /// What became of what a thread was to do.
  mutating func reported(_ report: ResourceReport, _ turn: inout Turn) {
    guard report.tenantID == tenant.id else { return }
    switch report {
    case .surveyed, .enforced, .carriedOut: break
    case .provisioned:
      working = nil
      read(&turn)
      readTenant(&turn)
    case .failed(.provision, _): working = nil
    // The survey's, or another screen's.
    case .failed: break
    }
  }

  private mutating func readTenant(_ turn: inout Turn) {
    turn.send(.tenant(.id(tenant.id)), insteadOf: &readingTenant)
  }
}
