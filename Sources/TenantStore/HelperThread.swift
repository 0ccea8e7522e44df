import Glibc
import Postgres
import Synchronization

/// What a thread of its own is doing because it would block: opening a connection, or cancelling a statement. The loop
/// asks for the outcome when it is woken.
final class HelperThread<Outcome>: @unchecked Sendable {
  // The outcome is made on the helper and taken once by the loop, never held by both: that is what `unchecked` answers for.
  private let outcome = Mutex<Box?>(nil)
  private struct Box: @unchecked Sendable { let value: Outcome }

  /// Starts the thread. `done` is called on it at the end.
  init(_ body: @escaping @Sendable () -> Outcome, done: @escaping @Sendable () -> Void) {
    startThread {
      let box = Box(value: body())
      self.outcome.withLock { $0 = box }
      done()
    }
  }

  /// The outcome, once, when there is one.
  func take() -> Outcome? {
    outcome.withLock { box in
      defer { box = nil }
      return box
    }?.value
  }
}

/// Runs `body` on a detached thread. The pool of Swift's own concurrency is too small to block in.
private func startThread(_ body: @escaping @Sendable () -> Void) {
  final class Start {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  defer { pthread_attr_destroy(&attributes) }
  var thread = pthread_t()
  let start = Unmanaged.passRetained(Start(body))
  let failure = pthread_create(
    &thread, &attributes,
    { start in
      Unmanaged<Start>.fromOpaque(start!).takeRetainedValue().body()
      return nil
    }, start.toOpaque())
  precondition(failure == 0, "no thread could be made")
}
