import Glibc

/// The terminals that the program was started on.
enum Terminals {
  static var areBoth: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

  /// Runs `body` with the echo of standard input off, where that is a terminal.
  static func withoutEcho<T>(_ body: () -> T) -> T {
    var saved = termios()
    guard tcgetattr(STDIN_FILENO, &saved) == 0 else { return body() }
    var silent = saved
    silent.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
    defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved) }
    return body()
  }
}
