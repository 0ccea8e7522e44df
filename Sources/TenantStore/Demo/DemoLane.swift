import Glibc
import Postgres

/// Statements to be carried out one after the other on a connection that no one else uses meanwhile.
final class DemoLane {
  let connection: Connection
  private let steps: [Step]
  private var next = 0

  struct Step {
    var statement: Statement
    /// What is reached when it is done.
    var reaches: DemoProgress
  }

  init(_ connection: Connection, _ steps: [Step]) {
    self.connection = connection
    self.steps = steps
  }

  /// Carries all lanes out side by side. `progress` is told what the first of them reaches. On an error every lane is
  /// left between two statements, its transaction open or failed.
  static func run(_ lanes: [DemoLane], progress: (DemoProgress) -> Void) throws(PostgresError) {
    do {
      for lane in lanes { try lane.startNext() }
      while case let busy = lanes.filter(\.connection.isBusy), !busy.isEmpty {
        wait(for: busy.map(\.connection))
        for (place, lane) in lanes.enumerated() {
          guard let result = lane.connection.advance() else { continue }
          _ = try result.get()
          if place == 0 { progress(lane.steps[lane.next].reaches) }
          lane.next += 1
          try lane.startNext()
        }
      }
    } catch {
      for lane in lanes { lane.stop() }
      throw error
    }
  }

  private func startNext() throws(PostgresError) {
    if next < steps.count { try connection.start(steps[next].statement) }
  }

  /// Nothing is cut off but the statement: what it did goes with the transaction.
  private func stop() {
    guard connection.isBusy else { return }
    connection.canceller.cancel()
    _ = try? connection.wait(deadline: 60_000)
  }

  /// A signal may end the wait early, which only means one more look.
  private static func wait(for connections: [Connection]) {
    // A socket that is gone is −1, which `poll` would ignore: then there is something to find out.
    if connections.contains(where: { $0.socket < 0 }) { return }
    var entries = connections.map {
      pollfd(fd: $0.socket, events: Int16(POLLIN | ($0.wantsWrite ? POLLOUT : 0)), revents: 0)
    }
    _ = poll(&entries, nfds_t(entries.count), -1)
  }
}
