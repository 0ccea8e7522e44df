import Glibc
import Testing

@testable import Terminal

// One process, one set of signal handlers: these run one after the other.
@Suite(.serialized) struct PipeTests {
  @Test func signalsBecomeEventsInOrderAndOnce() throws {
    let signals = try SignalPipe()
    #expect(signals.events() == [])
    for signal in [SIGWINCH, SIGTERM, SIGWINCH, SIGHUP] { kill(getpid(), signal) }
    #expect(isReadable(signals.descriptor, within: 10_000))
    var events: [SignalPipe.Event] = []
    // Another thread may be the one that is interrupted, a while later; then the second change of size comes last of all.
    let end = ContinuousClock.now + .seconds(10)
    while events.count < 3 || isReadable(signals.descriptor), ContinuousClock.now < end {
      for event in signals.events() where !events.contains(event) { events.append(event) }
    }
    #expect(Set(events) == [.resized, .terminate(SIGTERM), .hangup])
    #expect(!isReadable(signals.descriptor))
  }

  // Not sent: what becomes of SIGTSTP is also ncurses' business, which other tests start meanwhile.
  @Test func everySignalHasItsEvent() {
    #expect(SignalPipe.event(of: SIGTSTP) == .suspend)
    #expect(SignalPipe.event(of: SIGCONT) == .continued)
    for signal in [SIGINT, SIGQUIT] { #expect(SignalPipe.event(of: signal) == .terminate(signal)) }
  }

  @Test func aWakeFromAnotherThreadIsSeenOnceCleared() async throws {
    let wake = try WakePipe()
    #expect(!isReadable(wake.descriptor))
    await Task.detached { for _ in 0..<100_000 { wake.wake() } }.value
    #expect(isReadable(wake.descriptor))
    wake.clear()
    #expect(!isReadable(wake.descriptor))
  }

  private func isReadable(_ descriptor: Int32, within milliseconds: Int32 = 20) -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, milliseconds) == 1
  }
}
