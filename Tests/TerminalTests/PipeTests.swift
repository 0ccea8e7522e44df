import Glibc
import Testing

@testable import Terminal

// One process, one set of signal handlers: these run one after the other.
@Suite(.serialized) struct PipeTests {
  @Test func signalsBecomeEventsInOrderAndOnce() throws {
    let signals = try SignalPipe()
    #expect(signals.events() == [])
    for signal in [SIGWINCH, SIGTERM, SIGWINCH, SIGHUP, SIGTSTP] { kill(getpid(), signal) }
    #expect(isReadable(signals.descriptor))
    var events: [SignalPipe.Event] = []
    // Another thread may be the one that is interrupted, a moment later.
    for _ in 0..<100 where events.count < 4 {
      for event in signals.events() where !events.contains(event) { events.append(event) }
      usleep(1_000)
    }
    #expect(Set(events) == [.resized, .terminate(SIGTERM), .hangup, .suspend])
    #expect(!isReadable(signals.descriptor))
  }

  @Test func aWakeFromAnotherThreadIsSeenOnceCleared() async throws {
    let wake = try WakePipe()
    #expect(!isReadable(wake.descriptor))
    await Task.detached { for _ in 0..<100_000 { wake.wake() } }.value
    #expect(isReadable(wake.descriptor))
    wake.clear()
    #expect(!isReadable(wake.descriptor))
  }

  private func isReadable(_ descriptor: Int32) -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, 20) == 1
  }
}
