/// Names a request in flight, so that its answer finds the screen that waits for it. Unique within a process.
public struct Ticket: Hashable, Sendable {
  public var number: UInt64
  public init(_ number: UInt64) { self.number = number }
}

/// Requests in, answers out. Two connections: one reads and may be cancelled, one writes and never is. Never blocks:
/// its owner polls `watched`, calls `advance()`, and hands what comes back to the screens.
public final class Store {
  /// A descriptor to poll.
  public struct Watch: Equatable, Sendable {
    public var descriptor: Int32
    public var forWriting: Bool
  }
  /// How the line to the server is.
  public enum Link: Equatable, Sendable {
    case connecting
    case up
    /// The text says why and what to do.
    case down(String)
  }

  /// `wake` is called from helper threads when `advance()` has something to do (write a byte into a pipe).
  public init(conninfo: String, wake: @escaping @Sendable () -> Void) {}

  /// Starts the request or queues it. Its answer comes out of `advance()` under the same ticket.
  public func send(_ request: Request, ticket: Ticket) {}

  /// Gives up on a read: its answer will be `.cancelled` or never come. Writes are not cancelled.
  public func cancel(_ ticket: Ticket) {}

  public var watched: [Watch] { [] }
  public var link: Link { .down("") }

  /// Milliseconds until `advance()` must be called even if nothing happens on a descriptor; nil: no such time.
  public var deadline: Int? { nil }

  /// Does what can be done without waiting; answers what is finished, in order.
  public func advance() -> [(Ticket, Result<Answer, StoreError>)] { [] }

  /// The same for a caller who wants to wait: sends, polls, answers. `deadline` in milliseconds.
  public func answer(to request: Request, deadline: Int = 30_000) throws(StoreError) -> Answer { .noted }

  public func close() {}
}
