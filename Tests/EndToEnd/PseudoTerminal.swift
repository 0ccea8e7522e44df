import Glibc

/// The two ends of a pseudo-terminal, and a program on its far end.
///
/// `posix_spawn`, not `fork`: the tests have threads. The program leads a session of its own, so that the terminal it opens
/// as its standard input becomes its controlling terminal.
final class PseudoTerminal {
  /// Our end: what the program writes comes out, what is typed goes in.
  let near: Int32
  private(set) var process: pid_t = 0
  private var isGone = false
  /// Held open: the terminal's modes can then be looked at when the program has gone.
  private let far: Int32
  /// The path of the far end.
  let name: String

  init(lines: Int, columns: Int) throws(Failure) {
    var ends: (near: Int32, far: Int32) = (-1, -1)
    var path = [CChar](repeating: 0, count: 128)
    guard openpty(&ends.near, &ends.far, &path, nil, nil) == 0 else {
      throw Failure("no pseudo-terminal: errno \(errno)")
    }
    (near, far) = ends
    name = path.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    for end in [near, far] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(near, F_SETFL, O_NONBLOCK)
    resize(lines: lines, columns: columns)
  }

  deinit {
    if process > 0 && !hasEnded {
      kill(process, SIGKILL)
      _ = wait(seconds: 5)
    }
    hangUp()
  }

  /// The terminal goes away, as when a window is closed or a line is lost.
  func hangUp() {
    if isGone { return }
    isGone = true
    close(near)
    close(far)
  }

  /// Starts `arguments` (the first is a path) with exactly this environment.
  func start(_ arguments: [String], environment: [String: String]) throws(Failure) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Signals as a shell would leave them; 0x80 is POSIX_SPAWN_SETSID, which Glibc's module does not show.
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | 0x80))
    let words = arguments.map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    let code = posix_spawn(&process, arguments[0], &actions, &attributes, words, variables)
    if code != 0 { throw Failure("cannot run \(arguments[0]): errno \(code)") }
  }

  func resize(lines: Int, columns: Int) {
    var window = winsize()
    window.ws_row = UInt16(lines)
    window.ws_col = UInt16(columns)
    _ = ioctl(near, UInt(TIOCSWINSZ), &window)
  }

  /// Waits until the program has written something, at most that long; answers it, empty when nothing came.
  func read(milliseconds: Int, atMost most: Int = 65_536) -> [UInt8] {
    var waiting = pollfd(fd: near, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, Int32(max(0, milliseconds))) == 1 else { return [] }
    var buffer = [UInt8](repeating: 0, count: most)
    let count = Glibc.read(near, &buffer, buffer.count)
    return count > 0 ? Array(buffer.prefix(count)) : []
  }

  func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(near, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else {
        var waiting = pollfd(fd: near, events: Int16(POLLOUT), revents: 0)
        if poll(&waiting, 1, 30_000) != 1 { return }
      }
    }
  }

  /// The program has read all that was typed, and waits, or is gone.
  var isAtRest: Bool {
    if isGone || hasEnded { return true }
    var unread: Int32 = 0
    if ioctl(far, UInt(FIONREAD), &unread) == 0 && unread > 0 { return false }
    guard let file = fopen("/proc/\(process)/stat", "r") else { return true }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 512)
    guard fgets(&line, 512, file) != nil else { return true }
    // The state's letter comes behind the name, which is in parentheses: running, or waiting for the disk.
    let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let state = text.split(separator: ")").last?.first { $0 != " " }
    return state != "R" && state != "D"
  }

  /// The modes of the line: echo, signals, translation. Two of these can be compared.
  var modes: [UInt32] {
    var modes = termios()
    tcgetattr(far, &modes)
    let characters = withUnsafeBytes(of: modes.c_cc) { Array($0) }.map { UInt32($0) }
    return [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag] + characters
  }

  private(set) var hasEnded = false
  private var status: Int32 = 0
  /// The system says that it left its memory in a file.
  var hasDumpedCore: Bool { status & 0x80 != 0 }

  /// Waits for the program's end. Nil when it still runs after that time.
  func wait(seconds: Double) -> Ending? {
    let deadline = Self.now + seconds
    while !hasEnded {
      if waitpid(process, &status, WNOHANG) == process {
        hasEnded = true
      } else if Self.now > deadline {
        return nil
      } else {
        usleep(2_000)
      }
    }
    let signal = status & 0x7F
    return signal == 0 ? .exit((status >> 8) & 0xFF) : .signal(signal)
  }

  /// Seconds of a clock that never jumps.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// How a program ended.
enum Ending: Equatable {
  case exit(Int32)
  case signal(Int32)
}

/// Why a test cannot go on; holds what was on the screen.
struct Failure: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
