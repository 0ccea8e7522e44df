import Glibc

/// Programs that landlord runs. They get nothing of ours but what is named: no descriptor, no terminal, no signals.
enum ChildProcess {
  /// What they see of the environment: enough to find themselves, nothing that would change what they do.
  private static var environment: [String] {
    let kept = Environment.all.filter { ["LD_LIBRARY_PATH", "TZ"].contains($0.key) }.map {
      "\($0.key)=\($0.value)"
    }
    return ["PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C"] + kept
  }

  /// Starts a program in a session of its own, in the folder "/", its output going to `output` (/dev/null where nil).
  /// - Parameter everything: pass on the whole environment: for landlord itself.
  static func start(_ arguments: [String], output: Int32?, everything: Bool = false) throws(Failure) -> pid_t
  {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    if let output {
      posix_spawn_file_actions_adddup2(&actions, output, 1)
    } else {
      posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // Also what a shell left open for us, such as the lock of someone's script.
    for descriptor in openDescriptors where descriptor > 2 && descriptor != output {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var all = sigset_t()
    var none = sigset_t()
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    // POSIX_SPAWN_SETSID, which the Glibc module lacks.
    let session: Int32 = 0x80
    posix_spawnattr_setflags(
      &attributes, Int16(session | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)))

    let words = arguments.map { strdup($0) } + [nil]
    let settings =
      (everything ? Environment.all.map { "\($0)=\($1)" } : environment).map { strdup($0) } + [nil]
    defer { for text in words + settings { free(text) } }
    // The child begins where we are; some folders may be closed to the user that it becomes.
    let here = open(".", O_RDONLY | O_CLOEXEC)
    chdir("/")
    var child: pid_t = 0
    let code = posix_spawnp(&child, arguments[0], &actions, &attributes, words, settings)
    if here >= 0 {
      fchdir(here)
      close(here)
    }
    guard code == 0 else { throw .system("cannot run \(arguments[0])", code) }
    return child
  }

  /// The status that `waitpid` gives, once the program has ended.
  static func wait(for child: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    return status
  }

  /// The first line that a program prints; nil where it cannot be run or fails.
  static func output(of arguments: [String]) -> String? {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    let child = try? start(arguments, output: ends[1])
    close(ends[1])
    guard let child else { return nil }
    let text = TextFile.read(ends[0])
    guard wait(for: child) == 0 else { return nil }
    return text.split(separator: "\n").first.map(String.init)
  }

  /// What is open in this process that an exec would leave open.
  private static var openDescriptors: [Int32] {
    guard let folder = opendir("/proc/self/fd") else { return [] }
    defer { closedir(folder) }
    var found: [Int32] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let descriptor = Int32(name) else { continue }
      let flags = fcntl(descriptor, F_GETFD)
      if flags >= 0 && flags & FD_CLOEXEC == 0 { found.append(descriptor) }
    }
    return found
  }
}
