import Glibc
import Synchronization
import TenantStore
import Terminal

/// Verifications, each on a thread of its own: what they report waits here, and the wake-up makes the loop fetch it.
final class VerificationThread: Sendable {
  private struct State {
    /// The one that is waited for; another one gives up at its next word.
    var wanted: Ticket?
    /// The latest word of how far it is, then its end.
    var progress: AuditVerifier.Progress?
    var end: Verification?
    /// When the last word was passed on: a word for each thousand entries would be painted more often than anyone reads.
    var told: Int64 = 0
  }

  private let verify: Verify
  private let wake: WakePipe
  private let state = Mutex(State())

  init(_ verify: @escaping Verify, _ wake: WakePipe) { (self.verify, self.wake) = (verify, wake) }

  func start(_ ticket: Ticket, _ tenant: TenantID?) {
    state.withLock { $0 = State(wanted: ticket) }
    let isStarted = DetachedThread.start { [self] in
      let end = verify(tenant) { progress in self.go(on: ticket, progress) }
      tell(ticket, end)
    }
    if !isStarted { tell(ticket, .failed("no thread could be started")) }
  }

  func stop(_ ticket: Ticket) { state.withLock { if $0.wanted == ticket { $0 = State() } } }

  /// Nobody listens any more.
  func abandon() { state.withLock { $0 = State() } }

  /// What has come since the last call, in order.
  func events() -> [Event] {
    state.withLock { state in
      guard let ticket = state.wanted else { return [] }
      var events: [Event] = []
      if let progress = state.progress { events.append(.verifying(ticket, progress)) }
      if let end = state.end {
        events.append(.verified(ticket, end))
        state = State()
      }
      state.progress = nil
      return events
    }
  }

  private func go(on ticket: Ticket, _ progress: AuditVerifier.Progress) -> Bool {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let now = Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    let (isWanted, isNews) = state.withLock { state -> (Bool, Bool) in
      guard state.wanted == ticket else { return (false, false) }
      guard now - state.told >= 250 else { return (true, false) }
      (state.progress, state.told) = (progress, now)
      return (true, true)
    }
    if isNews { wake.wake() }
    return isWanted
  }

  private func tell(_ ticket: Ticket, _ end: Verification) {
    state.withLock { if $0.wanted == ticket { $0.end = end } }
    wake.wake()
  }
}

/// A thread that runs once beside the loop and is waited for by nobody.
public enum DetachedThread {
  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// False: there is no room for another thread.
  public static func start(_ run: @escaping @Sendable () -> Void) -> Bool {
    var thread = pthread_t()
    let body = Unmanaged.passRetained(Body(run))
    let failure = pthread_create(
      &thread, nil,
      { raw in
        guard let raw else { return nil }
        Unmanaged<Body>.fromOpaque(raw).takeRetainedValue().run()
        return nil
      }, body.toOpaque())
    guard failure == 0 else {
      body.release()
      return false
    }
    pthread_detach(thread)
    return true
  }
}
