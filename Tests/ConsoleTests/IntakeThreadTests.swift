import Glibc
import Synchronization
import TenantStore
import Terminal
import Testing

@testable import Console

/// What a task tells on its way to the loop.
@Suite struct IntakeThreadTests {
  private func wait(for thread: IntakeThread, until isThere: (Event) -> Bool) -> [Event] {
    var events: [Event] = []
    while !events.contains(where: isThere) {
      usleep(1000)
      events += thread.events()
    }
    return events
  }

  private func isReport(_ event: Event) -> Bool {
    if case .intakeReported = event { true } else { false }
  }

  @Test func itTellsHowFarItIsUntilItIsToldToLeaveOff() throws {
    let thread = IntakeThread(
      { _, tell in
        var done = 0
        while tell(IntakeProgress(.onboarding, done, of: 9)) {
          done = 1
          usleep(1000)
        }
        return .failed("left off")
      }, try WakePipe())
    thread.start(Ticket(1), .look("x"))
    let first = wait(for: thread) { if case .intakeProgress = $0 { true } else { false } }
    #expect(!first.contains(where: isReport))
    // Another's ticket stops nothing.
    thread.stop(Ticket(2))
    _ = wait(for: thread) { if case .intakeProgress = $0 { true } else { false } }
    thread.stop(Ticket(1))
    guard case .intakeReported(Ticket(1), .failed("left off"))? = wait(for: thread, until: isReport).last
    else {
      Issue.record("it reports at its end")
      return
    }
  }

  @Test func aTaskThatIsNotListenedToAnyMoreIsNotHeard() throws {
    let goesOn = Atomic(false)
    let thread = IntakeThread(
      { task, tell in
        guard task == .look("first") else { return .failed("second") }
        while !goesOn.load(ordering: .acquiring) { usleep(1000) }
        return .failed(tell(IntakeProgress(.onboarding, 0, of: 1)) ? "heard" : "first")
      }, try WakePipe())
    thread.start(Ticket(1), .look("first"))
    thread.start(Ticket(2), .look("second"))
    goesOn.store(true, ordering: .releasing)
    let events = wait(for: thread, until: isReport)
    #expect(events.count == 1)
    guard case .intakeReported(Ticket(2), .failed("second"))? = events.last else {
      Issue.record("only the second is heard")
      return
    }
  }
}
