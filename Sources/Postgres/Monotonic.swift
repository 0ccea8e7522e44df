import Glibc

/// The monotonic clock, in milliseconds, for deadlines: setting the machine's time does not move them.
public enum Monotonic {
  public static var milliseconds: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  /// Waits until the descriptor is ready or `end` has come. A signal does not end the wait; a descriptor that is gone
  /// (−1, which `poll` would ignore) counts as ready, so that its owner finds out.
  /// - Returns: false when `end` came first.
  static func wait(for descriptor: Int32, writing: Bool, until end: Int) -> Bool {
    if descriptor < 0 { return true }
    while true {
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN | (writing ? POLLOUT : 0)), revents: 0)
      let ready = poll(&entry, 1, Int32(clamping: max(0, end - milliseconds)))
      if ready > 0 { return true }
      if ready == 0 && milliseconds >= end { return false }
    }
  }
}
