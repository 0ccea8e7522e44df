import Glibc
import Synchronization
import TenantStore
import Terminal

/// Tasks with files of tenants, each on a thread of its own: what they tell waits here, and the wake-up makes the loop fetch it.
final class IntakeThread: Sendable {
  private struct State {
    /// The task that is listened to; what another one tells is not heard.
    var heard: Ticket?
    var isStopping = false
    var progress: IntakeProgress?
    var report: IntakeReport?
  }

  private let carryOut: CarryOutIntake
  private let wake: WakePipe
  private let state = Mutex(State())

  init(_ carryOut: @escaping CarryOutIntake, _ wake: WakePipe) {
    (self.carryOut, self.wake) = (carryOut, wake)
  }

  func start(_ ticket: Ticket, _ task: IntakeTask) {
    state.withLock { $0 = State(heard: ticket) }
    let isStarted = DetachedThread.start { [self] in
      end(ticket, carryOut(task) { self.tell(ticket, $0) })
    }
    if !isStarted { end(ticket, .failed("no thread could be started")) }
  }

  /// It leaves off as soon as what is under way is answered, and reports how far it came.
  func stop(_ ticket: Ticket) { state.withLock { if $0.heard == ticket { $0.isStopping = true } } }

  /// What has come since the last call, in order.
  func events() -> [Event] {
    state.withLock { state in
      guard let ticket = state.heard else { return [] }
      var events: [Event] = []
      if let progress = state.progress { events.append(.intakeProgress(ticket, progress)) }
      if let report = state.report {
        events.append(.intakeReported(ticket, report))
        state = State()
      }
      state.progress = nil
      return events
    }
  }

  private func tell(_ ticket: Ticket, _ progress: IntakeProgress) -> Bool {
    let goesOn = state.withLock { state in
      guard state.heard == ticket else { return false }
      state.progress = progress
      return !state.isStopping
    }
    wake.wake()
    return goesOn
  }

  private func end(_ ticket: Ticket, _ report: IntakeReport) {
    state.withLock { if $0.heard == ticket { $0.report = report } }
    wake.wake()
  }
}
