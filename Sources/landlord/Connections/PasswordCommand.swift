import Glibc

/// The password that another program hands out: a password manager, a vault's client. Kept in memory only.
enum PasswordCommand {
  /// Runs a line of shell with this process's terminal and environment, because such programs ask people things, and answers
  /// the first line it prints. Blocks until the program ends; Ctrl-c ends both.
  static func password(from line: String, for name: String) throws(Failure) -> String {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw .system("no pipe for the password of \(name)") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    let arguments = ["/bin/sh", "-c", line].map { $0.withCString { strdup($0) } } + [nil]
    defer { for text in arguments { free(text) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, "/bin/sh", &actions, nil, arguments, environ)
    close(ends[1])
    let printed = code == 0 ? TextFile.read(ends[0]) : ""
    // Before the wait: who prints without end must not be waited for.
    close(ends[0])
    guard code == 0 else { throw .system("cannot run the password_command of \(name)", code) }
    let status = ChildProcess.wait(for: child)
    guard status == 0 else {
      throw Failure(
        "the password_command of connection \(name) failed: \(words(of: status)); nothing was tried")
    }
    let password = printed.unicodeScalars.prefix { $0 != "\n" && $0 != "\r" }
    guard !password.isEmpty else {
      throw Failure("the password_command of connection \(name) printed no password; nothing was tried")
    }
    return String(password)
  }

  private static func words(of status: Int32) -> String {
    status & 0x7F == 0 ? "exit code \(status >> 8 & 0xFF)" : "ended by signal \(status & 0x7F)"
  }
}
