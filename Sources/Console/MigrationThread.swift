import Synchronization
import Terminal

/// The migration on a thread of its own; its end wakes the loop.
final class MigrationThread: Sendable {
  struct Result: Sendable {
    var problem: String?
  }

  private let migrate: @Sendable () -> String?
  private let wake: WakePipe
  private let finished = Mutex<Result?>(nil)

  init(_ migrate: @escaping @Sendable () -> String?, _ wake: WakePipe) {
    self.migrate = migrate
    self.wake = wake
  }

  func start() {
    if !DetachedThread.start({ [self] in end(Result(problem: migrate())) }) {
      end(Result(problem: "no thread could be started"))
    }
  }

  /// Once, when it has ended.
  func result() -> Result? {
    finished.withLock { finished in
      defer { finished = nil }
      return finished
    }
  }

  private func end(_ result: Result) {
    finished.withLock { $0 = result }
    wake.wake()
  }
}
