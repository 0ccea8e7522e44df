import Glibc
import Postgres

/// A program run to its end, or to the end of patience.
enum Subprocess {
  struct Ended {
    var output: String
    var errors: String
    /// The exit code, 128 and the number of the signal that ended it; nil: it took too long and was killed.
    var status: Int32?
  }

  /// The most that is kept of what it prints.
  private static let mostBytes = 1 << 20

  /// Nil: it cannot be started. In a process group of its own, which is killed whole.
  static func run(_ arguments: [String], _ variables: [String], patience: Int) -> Ended? {
    guard let output = pipe(), let errors = pipe() else { return nil }
    defer {
      close(output.read)
      close(errors.read)
    }
    let child = spawn(arguments, variables, output: output.write, errors: errors.write)
    close(output.write)
    close(errors.write)
    guard let child else { return nil }
    let end = Monotonic.milliseconds + patience
    let printed = read([output.read, errors.read], until: end)
    // Whoever of its own still holds its output goes with it: what was printed so far is not all.
    if printed == nil { kill(-child, SIGKILL) }
    let status = printed == nil ? killed(child) : wait(for: child, until: end)
    return Ended(
      output: String(decoding: printed?[0] ?? [], as: UTF8.self),
      errors: String(decoding: printed?[1] ?? [], as: UTF8.self), status: status)
  }

  private static func pipe() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [0, 0]
    guard Glibc.pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func spawn(
    _ arguments: [String], _ variables: [String], output: Int32, errors: Int32
  ) -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var all = sigset_t()
    var none = sigset_t()
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    let words = arguments.map { strdup($0) } + [nil]
    let settings = variables.map { strdup($0) } + [nil]
    defer { for text in words + settings { free(text) } }
    var child: pid_t = 0
    return posix_spawn(&child, arguments[0], &actions, &attributes, words, settings) == 0 ? child : nil
  }

  /// What comes from each, up to its end; nil: it did not end in time.
  private static func read(_ sources: [Int32], until end: Int) -> [[UInt8]]? {
    var collected = sources.map { _ in [UInt8]() }
    var open = Set(sources.indices)
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while !open.isEmpty {
      let order = open.sorted()
      var entries = order.map { pollfd(fd: sources[$0], events: Int16(POLLIN), revents: 0) }
      let left = end - Monotonic.milliseconds
      if left <= 0 { return nil }
      guard poll(&entries, nfds_t(entries.count), Int32(clamping: left)) > 0 else { continue }
      for (entry, place) in zip(entries, order) where entry.revents != 0 {
        let count = Glibc.read(entry.fd, &buffer, buffer.count)
        if count <= 0 {
          open.remove(place)
        } else if collected[place].count < mostBytes {
          collected[place] += buffer[..<count]
        }
      }
    }
    return collected
  }

  /// Its exit status; nil: it had to be killed.
  private static func wait(for child: pid_t, until end: Int) -> Int32? {
    var status: Int32 = 0
    while true {
      let ended = waitpid(child, &status, WNOHANG)
      if ended == child { return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F }
      if Monotonic.milliseconds >= end { break }
      usleep(2_000)
    }
    kill(-child, SIGKILL)
    return killed(child)
  }

  /// Nil, once it is gone.
  private static func killed(_ child: pid_t) -> Int32? {
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    return nil
  }
}
