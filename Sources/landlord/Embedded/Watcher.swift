import Glibc

/// The process that stops the embedded server when nobody uses it: this program itself, under a hidden command.
/// It sleeps in the kernel until the last user is gone; while the server is used it does nothing at all.
struct Watcher {
  static let command = "watch-embedded-server"

  let places: EmbeddedPlaces
  /// Seconds.
  let idle: Int

  /// Starts one in the background. If there is one already, the new one ends at once.
  static func start(_ places: EmbeddedPlaces, idle: Int) throws(Failure) {
    // Named through /proc, so that it is this very program even when the file has been replaced since.
    _ = try ChildProcess.start(
      ["/proc/self/exe", command, places.base, String(idle)], output: nil, everything: true)
  }

  /// Ends the one that there is and waits until it is gone. The lock tells its number, so it is no one else's.
  static func end(_ places: EmbeddedPlaces) throws(Failure) {
    let watch = try FileLock(places.watchLock)
    while let process = watch.holder(against: .exclusive) {
      kill(process, SIGTERM)
      usleep(5000)
    }
  }

  /// The hidden command's work, with the arguments that `start` gives.
  static func run(_ arguments: [String]) -> ExitStatus {
    guard arguments.count == 2, arguments[0].hasPrefix("/"), let idle = Int(arguments[1]), idle >= 0,
      let server = Account.current.isRoot ? Account(named: "postgres") : Account.current
    else { return .usage }
    let places = EmbeddedPlaces(base: arguments[0], person: Account.current, server: server)
    return (try? Watcher(places: places, idle: idle).watch()) == nil ? .failed : .done
  }

  private func watch() throws(Failure) {
    let watch = try FileLock(places.watchLock)
    guard watch.takeAtOnce(.exclusive) else { return }
    let use = try FileLock(places.useLock)
    let server = ServerProcess(places: places)
    while server.processID != nil {
      // Granted when the last user is gone, and given back at once: nobody is kept waiting while we do.
      try use.take(.exclusive)
      var seen = time(of: use)
      use.giveUp()
      var end = Self.now() + idle * 1000
      while Self.now() < end {
        sleepUntil(end)
        // Who came and went in the meantime has set the file's time; who is still there holds the lock.
        if time(of: use) != seen {
          seen = time(of: use)
          end = seen + idle * 1000
        }
      }
      guard use.takeAtOnce(.exclusive) else { continue }
      if time(of: use) == seen {
        // Those who come now wait at the lock and then start it anew.
        _ = server.stop()
        watch.giveUp()
        return
      }
      use.giveUp()
    }
  }

  /// When the lock was last asked for, in milliseconds of the system's clock.
  private func time(of lock: borrowing FileLock) -> Int {
    var status = stat()
    fstat(lock.descriptor, &status)
    return status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1_000_000
  }

  private static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  /// Never longer than the idle time, so that a clock that was set back cannot keep the server up for ever.
  private func sleepUntil(_ end: Int) {
    usleep(UInt32(clamping: max(0, min(end - Self.now(), idle * 1000)) * 1000))
  }
}
