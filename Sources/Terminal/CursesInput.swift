import Glibc

/// Keys come from the terminal itself, not from ncurses.
extension Curses {
  /// What a read of the keyboard found.
  public enum Input: Equatable {
    /// Keys in the order typed; none when only the beginning of a sequence has come.
    case keys([Key])
    /// The terminal is gone: end, or `poll` will spin.
    case hungUp
  }

  /// What was typed since the last read. Does not wait.
  public func read() -> Input {
    guard let bytes = device.receive() else { return .hungUp }
    let keys = decoder.feed(bytes)
    pace.answered(decoder.takeAnswers())
    return .keys(keys)
  }

  /// Takes the answers that are on their way, for at most a second: later they would be typed into the shell. A terminal that
  /// has not even taken the question gives none.
  func awaitAnswers() {
    for _ in 0..<10 where pace.isAwaiting && !device.isBehind {
      var waiting = pollfd(fd: device.descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&waiting, 1, 100) > 0, read() == .hungUp { return }
    }
  }

  /// A sequence has begun: if nothing comes within `KeyDecoder.patience` milliseconds, call `timeout`.
  public var isWaiting: Bool { decoder.isWaiting }

  /// The keys that result when nothing more has come.
  public func timeout() -> [Key] { decoder.timeout() }
}
