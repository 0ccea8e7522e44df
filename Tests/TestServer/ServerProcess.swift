import Glibc

/// The server's programs, run in a directory of their own.
struct ServerProcess {
  let directory: String
  private var data: String { directory + "/data" }
  private let binaries: String
  /// A server refuses to run as root: then it runs as `postgres`.
  private let prefix: [String]

  init(directory: String) {
    self.directory = directory
    guard let binaries = Self.findBinaries() else {
      TestServer.stop("no initdb in /usr/lib/postgresql/*/bin")
    }
    self.binaries = binaries
    prefix = Self.unprivileged(directory)
    chmod(directory, 0o711)
  }

  /// What to put before a program that refuses to run as root; the directory becomes that user's.
  private static func unprivileged(_ directory: String) -> [String] {
    if geteuid() != 0 { return [] }
    guard let user = getpwnam("postgres") else {
      TestServer.stop("root cannot run one, and no user \"postgres\"")
    }
    chown(directory, user.pointee.pw_uid, user.pointee.pw_gid)
    return ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
  }

  /// The newest installed version's.
  private static func findBinaries() -> String? {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob("/usr/lib/postgresql/*/bin/initdb", 0, nil, &found) == 0 else { return nil }
    let paths = (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
    func version(_ path: String) -> Int { Int(path.split(separator: "/")[3].prefix { $0.isNumber }) ?? 0 }
    return paths.max { version($0) < version($1) }.map { String($0.dropLast("/initdb".count)) }
  }

  /// Starts the one who outlives us, then stops the server and removes the directory.
  func watch() {
    Self.outlive(
      """
      read -r nothing
      \(prefix.joined(separator: " ")) \(binaries)/pg_ctl -D \(data) -m immediate stop >/dev/null 2>&1
      rm -rf \(directory)
      """)
  }

  /// Runs a program beside this process until our end; its directory goes with it. Killed, because it has from whoever spawns
  /// it which signals are blocked: a thread of a pool blocks them all.
  static func companion(_ program: String, in directory: String) {
    outlive(
      """
      PATH=$PATH:/usr/sbin
      \(unprivileged(directory).joined(separator: " ")) \(program) >/dev/null 2>&1 &
      read -r nothing
      kill -KILL $!
      rm -rf \(directory)
      """)
  }

  /// Runs a script whose `read` waits for the end of a pipe that only this process holds open: it comes with our end, however
  /// we end.
  private static func outlive(_ script: String) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { TestServer.stop("no pipe") }
    _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
    _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
    _ = spawn(["/bin/sh", "-c", script], input: ends[0], output: "/dev/null")
    close(ends[0])
  }

  func initialise() {
    let arguments = [
      "--pgdata=\(data)", "-N", "--auth=trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8",
    ]
    run([binaries + "/initdb"] + arguments)
  }

  /// `more` settings go before those that every server of the tests has. With `smallDisk` the folder `small` is a file system
  /// of so many megabytes, for this server alone.
  func start(log: String, settings more: [String] = [], smallDisk: Int? = nil) {
    let settings =
      [
        "listen_addresses=''", "unix_socket_directories=\(directory)", "fsync=off", "synchronous_commit=off",
        "full_page_writes=off", "max_connections=200", "lc_messages=C", "autovacuum=off",
      ] + more
    let options = settings.map { "-c \($0)" }.joined(separator: " ")
    run(
      [binaries + "/pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "-t", "60", "start"],
      behind: smallDisk.map(ownDisk) ?? [])
  }

  private func ownDisk(megabytes: Int) -> [String] {
    let folder = directory + "/small"
    mkdir(folder, 0o700)
    return OwnMounts.prefix(
      "mount -t tmpfs -o size=\(megabytes)m,mode=700,uid=$(stat -c %u \(directory)) small \(folder)")
  }

  /// Stops it as a fallen machine would: nothing is written back, nobody is waited for.
  func fall() { run([binaries + "/pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"]) }

  /// In place of `initialise`: a copy of the server whose socket is there, which follows it.
  func follow(_ primary: String) {
    run([binaries + "/pg_basebackup", "-h", primary, "-U", "postgres", "-D", data, "-R", "-c", "fast"])
  }

  /// A follower becomes a server of its own.
  func promote() { run([binaries + "/pg_ctl", "-D", data, "-w", "-t", "60", "promote"]) }

  /// Who is let in from now on, in the words of `pg_hba.conf`.
  func letIn(_ rules: String) {
    guard let file = fopen(data + "/pg_hba.conf", "w") else { TestServer.stop("no pg_hba.conf") }
    fputs(rules + "\n", file)
    fclose(file)
    reload()
  }

  /// Reads its settings, and its certificate, once more.
  func reload() { run([binaries + "/pg_ctl", "-D", data, "reload"]) }

  /// Runs a program to its end, put behind `before`; what it says goes to a file that is shown if it fails.
  func run(_ arguments: [String], behind before: [String] = []) {
    let output = directory + "/output"
    let child = Self.spawn(before + prefix + arguments, input: nil, output: output)
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    if status != 0 { TestServer.stop("\(arguments[0]) failed:\n\(text(of: output))") }
  }

  private func text(of path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 4000)
    let count = fread(&buffer, 1, buffer.count, file)
    return String(decoding: buffer[..<count], as: UTF8.self)
  }

  private static func spawn(_ arguments: [String], input: Int32?, output: String) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o666)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A session of its own (POSIX_SPAWN_SETSID, which the Glibc module lacks): Ctrl-C at the tests is not for it.
    posix_spawnattr_setflags(&attributes, 0x80)
    let strings = arguments.map { strdup($0) } + [nil]
    defer { for text in strings { free(text) } }
    var child: pid_t = 0
    guard posix_spawn(&child, arguments[0], &actions, &attributes, strings, environ) == 0 else {
      TestServer.stop("cannot run \(arguments[0])")
    }
    return child
  }
}
