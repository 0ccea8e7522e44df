import Synchronization
import TenantStore
import Terminal

/// What is done about tenants' resources, each on a thread of its own; each end wakes the loop.
final class ResourceThreads: Sendable {
  private let carryOut: @Sendable (ResourceTask) -> ResourceReport
  private let wake: WakePipe
  private let finished = Mutex<[ResourceReport]>([])

  init(_ carryOut: @escaping @Sendable (ResourceTask) -> ResourceReport, _ wake: WakePipe) {
    self.carryOut = carryOut
    self.wake = wake
  }

  func start(_ task: ResourceTask) {
    if !DetachedThread.start({ [self] in end(carryOut(task)) }) {
      end(.failed(task.tenant.id, "no thread could be started"))
    }
  }

  private func end(_ report: ResourceReport) {
    finished.withLock { $0.append(report) }
    wake.wake()
  }

  /// What has ended since the last call, in order.
  func reports() -> [ResourceReport] {
    finished.withLock { finished in
      defer { finished = [] }
      return finished
    }
  }
}
