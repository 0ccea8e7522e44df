import CSignals
import Glibc

/// Signals as events of the loop: a pipe to poll, whose bytes are the signals' numbers. One in a process at a time.
public final class SignalPipe {
  public enum Event: Hashable, Sendable {
    /// The terminal's window has another size.
    case resized
    /// The process is asked to end by this signal (SIGTERM, SIGINT, SIGQUIT).
    case terminate(Int32)
    /// The terminal is gone.
    case hangup
    /// The process was stopped and goes on; the terminal's modes may have changed meanwhile.
    case continued
    /// The process is asked to stop (SIGTSTP sent by someone; Ctrl-z arrives as a key).
    case suspend
  }

  /// Readable when a signal has come.
  public var descriptor: Int32 { pipe.reading }
  private let pipe: NonblockingPipe

  /// From now on signals become events instead of ending the process. A signal that was ignored stays so.
  public init() throws(TerminalError) {
    pipe = try NonblockingPipe()
    if landlord_signals_to(pipe.writing) != 0 { throw .system(call: "sigaction", code: errno) }
  }

  deinit { landlord_signals_restore() }

  /// What has come since the last call, in order, each event at most once; empty when nothing has.
  public func events() -> [Event] {
    var events: [Event] = []
    for byte in pipe.drain() {
      let event = Self.event(of: Int32(byte))
      if !events.contains(event) { events.append(event) }
    }
    return events
  }

  static func event(of signal: Int32) -> Event {
    switch signal {
    case SIGWINCH: .resized
    case SIGHUP: .hangup
    case SIGCONT: .continued
    case SIGTSTP: .suspend
    default: .terminate(signal)
    }
  }

  /// Ends the process by `signal`, so that whoever started it sees what it died of. The terminal must be restored before.
  public static func die(of signal: Int32) -> Never { landlord_die_of(signal) }
}
