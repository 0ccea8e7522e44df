import Glibc
import Postgres

/// Names a request in flight, so that its answer finds the screen that waits for it. Unique within a process.
public struct Ticket: Hashable, Sendable {
  public var number: UInt64
  public init(_ number: UInt64) { self.number = number }
}

/// Requests in, answers out. Two connections: one reads and may be cancelled, one writes and never is. Never blocks:
/// its owner polls `watched`, calls `advance()`, and hands what comes back to the screens.
///
/// The reading connection opens at once, the writing one with the first write or when one is prepared. A lost reading
/// line is opened again by itself, a lost writing one when something is asked, after a pause that grows with each failure. A read that was on a lost line is asked once more; a
/// write is not, unless nothing of it had left us.
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

  private let reading: Line
  private let writing: Line
  private let bell: Bell
  /// Answers that came while `answer` waited for another.
  private var held: [(Ticket, Result<Answer, StoreError>)] = []
  /// Tickets of `answer`, counted down from the top so that they meet no one else's.
  private var ownTickets = UInt64.max

  /// `wake` is called from helper threads when `advance()` has something to do (write a byte into a pipe).
  /// `isReadOnly`: the server itself refuses every change that comes from here (`.readOnly`).
  public init(conninfo: String, isReadOnly: Bool = false, wake: @escaping @Sendable () -> Void) {
    let bell = Bell()
    let ring: @Sendable () -> Void = {
      bell.ring()
      wake()
    }
    self.bell = bell
    reading = Line(conninfo: conninfo, isReadOnly: isReadOnly, returns: true, wake: ring)
    writing = Line(conninfo: conninfo, isReadOnly: isReadOnly, returns: false, wake: ring)
    reading.open()
  }

  /// Starts the request or queues it. Its answer comes out of `advance()` under the same ticket.
  public func send(_ request: Request, ticket: Ticket) {
    let line = request.writes ? writing : reading
    line.send(Line.Job(ticket: ticket, request: request))
    held += line.advance()
  }

  /// A write is likely to follow: its connection opens now, so that the person need not wait for it then.
  public func prepareToWrite() { writing.prepare() }

  /// Gives up on a read: its answer will be `.cancelled` or never come. Writes are not cancelled.
  public func cancel(_ ticket: Ticket) { reading.cancel(ticket) }

  /// What to poll for reading, and for writing where it says so. It changes with every call of ours.
  public var watched: [Watch] { [reading.watch, writing.watch].compactMap { $0 } }

  /// How the reading line is.
  public var link: Link { reading.link }

  /// Milliseconds until `advance()` must be called even if nothing happens on a descriptor; nil: no such time.
  public var deadline: Int? {
    if !held.isEmpty { return 0 }
    guard let end = [reading.end, writing.end].compactMap({ $0 }).min() else { return nil }
    return max(0, end - Monotonic.milliseconds)
  }

  /// Does what can be done without waiting; answers what is finished, in order.
  public func advance() -> [(Ticket, Result<Answer, StoreError>)] {
    defer { held = [] }
    return held + reading.advance() + writing.advance()
  }

  /// Waits until it is known whether there is a line, at most so many milliseconds; answers how it is then.
  public func link(within milliseconds: Int) -> Link {
    let end = Monotonic.milliseconds + milliseconds
    while true {
      held = advance()
      let left = end - Monotonic.milliseconds
      if link != .connecting || left <= 0 { return link }
      wait(left)
    }
  }

  /// The same for a caller who wants to wait: sends, polls, answers. `deadline` in milliseconds; when it has passed a
  /// read is `.timedOut`, a write that left us `.unknown`, one that did not `.unavailable`.
  public func answer(to request: Request, deadline: Int = 30_000) throws(StoreError) -> Answer {
    let ticket = Ticket(ownTickets)
    ownTickets -= 1
    let end = Monotonic.milliseconds + deadline
    send(request, ticket: ticket)
    while true {
      let finished = advance()
      held = finished.filter { $0.0 != ticket }
      if let mine = finished.first(where: { $0.0 == ticket }) { return try mine.1.get() }
      let left = end - Monotonic.milliseconds
      if left <= 0 { throw (request.writes ? writing : reading).abandon(ticket) }
      wait(
        [reading.end, writing.end].compactMap { $0 }.reduce(left) {
          min($0, max(0, $1 - Monotonic.milliseconds))
        })
    }
  }

  /// Until something happens on a line or a helper thread has ended, or the time is over.
  private func wait(_ milliseconds: Int) {
    var entries = watched.map {
      pollfd(fd: $0.descriptor, events: Int16(POLLIN | ($0.forWriting ? POLLOUT : 0)), revents: 0)
    }
    entries.append(pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0))
    poll(&entries, nfds_t(entries.count), Int32(clamping: milliseconds))
    bell.silence()
  }

  /// Lets both lines go. What is in flight gets no answer.
  public func close() {
    reading.close()
    writing.close()
  }
}

/// A pipe through which helper threads end the waiting of `Store.answer`.
private final class Bell: Sendable {
  let descriptor: Int32
  private let input: Int32

  init() {
    var ends: [Int32] = [0, 0]
    precondition(pipe(&ends) == 0, "no descriptors left")
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    descriptor = ends[0]
    input = ends[1]
  }

  deinit {
    Glibc.close(descriptor)
    Glibc.close(input)
  }

  func ring() {
    // A full pipe rings already.
    _ = write(input, "!", 1)
  }

  func silence() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(descriptor, &bytes, bytes.count) > 0 {}
  }
}
