import Synchronization
import TenantStore
import Terminal

/// Carries a task out and reports on it, at least once, at its end.
public typealias ResourceWork =
  @Sendable (ResourceTask, _ report: @escaping @Sendable (ResourceReport) -> Void) -> Void

/// What is done about tenants' resources, each on a thread of its own; each report wakes the loop.
final class ResourceThreads: Sendable {
  private let carryOut: ResourceWork
  private let wake: WakePipe
  private let waiting = Mutex<[ResourceReport]>([])

  init(_ carryOut: @escaping ResourceWork, _ wake: WakePipe) {
    self.carryOut = carryOut
    self.wake = wake
  }

  func start(_ task: ResourceTask) {
    if !DetachedThread.start({ [self] in carryOut(task) { self.take($0) } }) {
      take(.failed(task, "no thread could be started"))
    }
  }

  private func take(_ report: ResourceReport) {
    waiting.withLock { $0.append(report) }
    wake.wake()
  }

  /// What was reported since the last call, in order.
  func reports() -> [ResourceReport] {
    waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
  }
}
