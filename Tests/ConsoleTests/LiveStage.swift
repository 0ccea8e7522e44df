import Glibc
import Postgres
import TenantStore
import Terminal

@testable import Console

/// Plays the console over a real store: what `EventLoop` does, without a terminal, and without waiting for the times that the
/// console asks for.
final class LiveStage {
  private var app: App
  private let store: Store
  private let size = Size(columns: 160, lines: 40)
  private var now = LiveStage.clock
  /// Requests that have no answer yet.
  private var open: Set<Ticket> = []
  private var timers: [(due: Instant, alarm: Alarm)] = []
  private var link: Store.Link?

  init(conninfo: String) {
    store = Store(conninfo: conninfo, wake: {})
    app = App(seeds: SystemSeeds(), size: size)
    perform(app.update(.clock(now)))
    perform(app.start())
  }

  deinit { store.close() }

  var picture: String { app.view(size).picture }

  /// Presses keys one after the other, painting in between as someone sees who types slowly.
  func press(_ script: String) {
    for key in keys(script) {
      take(.painted)
      take(.key(key))
      if app.top.leadsToAChange { store.prepareToWrite() }
    }
  }

  /// Lets come what comes until the picture is as it should be; false when nothing more comes by itself.
  func comes(_ isThere: (String) -> Bool) -> Bool {
    let end = Monotonic.milliseconds + 60_000
    var quietSince = Monotonic.milliseconds
    while Monotonic.milliseconds < end {
      if takeStore() { quietSince = Monotonic.milliseconds }
      if isThere(picture) { return true }
      if open.isEmpty, fireNext() {
        quietSince = Monotonic.milliseconds
      } else if open.isEmpty, store.deadline == nil, Monotonic.milliseconds > quietSince + 2_000 {
        // Longer than a connection takes to open, which is all that may come without being asked for.
        return false
      } else {
        wait()
      }
    }
    return false
  }

  private func take(_ event: Event) { perform(app.update(event)) }

  /// True when something came.
  private func takeStore() -> Bool {
    let answers = store.advance()
    let hasChanged = store.link != link
    if hasChanged {
      link = store.link
      take(.link(store.link))
    }
    for (ticket, result) in answers {
      open.remove(ticket)
      take(.answered(ticket, result))
    }
    return hasChanged || !answers.isEmpty
  }

  /// The next time that was asked for has come; false where there is none.
  private func fireNext() -> Bool {
    guard let next = timers.indices.min(by: { timers[$0].due < timers[$1].due }) else { return false }
    let timer = timers.remove(at: next)
    now = max(now, timer.due)
    take(.clock(now))
    take(.alarm(timer.alarm))
    return true
  }

  /// A little, and less when something comes: nobody wakes this stage.
  private func wait() {
    var entries = store.watched.map {
      pollfd(fd: $0.descriptor, events: Int16($0.forWriting ? POLLOUT : POLLIN), revents: 0)
    }
    poll(&entries, nfds_t(entries.count), Int32(min(store.deadline ?? 2, 2)))
  }

  /// Of what the console wants done, what concerns the store and the times that something hangs on.
  private func perform(_ effects: [Effect]) {
    for effect in effects {
      if case .send(let request, let ticket) = effect {
        open.insert(ticket)
        store.send(request, ticket: ticket)
      } else if case .cancel(let ticket) = effect {
        open.remove(ticket)
        store.cancel(ticket)
      } else if case .wakeAfter(let milliseconds, let alarm) = effect, Self.isAwaited(alarm) {
        timers.append((Instant(microseconds: now.microseconds + Int64(milliseconds) * 1000), alarm))
      }
    }
  }

  private static func isAwaited(_ alarm: Alarm) -> Bool {
    switch alarm {
    case .settle, .typed, .availability: true
    default: false
    }
  }

  private static var clock: Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
  }
}
