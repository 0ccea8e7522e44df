import Glibc

/// The server's process: whether it runs, how it starts and stops. Nothing here knows of landlord's databases.
struct ServerProcess {
  let places: EmbeddedPlaces

  /// Whether it takes connections. Its file and its process say so without troubling it; only where they do not is the
  /// socket tried, for which the server makes a process.
  var answers: Bool {
    let lines = statusFile
    return processID != nil && lines.count >= 8 && lines[7].hasPrefix("ready") || listens
  }

  private var listens: Bool {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array(places.socket.utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
  }

  /// The server's process by its file, if it is one of this data directory; a pid alone may be anybody's by now.
  var processID: pid_t? {
    guard let line = statusFile.first, let process = pid_t(line), process > 1, works(process) else {
      return nil
    }
    return process
  }

  /// The lines of postmaster.pid; none where there is no such file.
  private var statusFile: [Substring] {
    TextFile.contents(of: places.data + "/postmaster.pid")?.split(
      separator: "\n", omittingEmptySubsequences: false) ?? []
  }

  /// Whether a process works in the data directory, as every process of a server does.
  private func works(_ process: pid_t) -> Bool {
    var there = stat()
    var data = stat()
    return stat("/proc/\(process)/cwd", &there) == 0 && stat(places.data, &data) == 0
      && there.st_ino == data.st_ino && there.st_dev == data.st_dev
  }

  /// The major version that made the data directory; nil where there is none.
  var dataVersion: Int? {
    TextFile.contents(of: places.data + "/PG_VERSION").flatMap { Int($0.prefix { $0.isNumber }) }
  }

  /// As whom the server's programs run.
  var prefix: [String] {
    guard places.server.id != places.person.id else { return [] }
    return [
      "setpriv", "--reuid=\(places.server.id)", "--regid=\(places.server.group)", "--clear-groups", "--",
    ]
  }

  /// Starts it and waits until it takes connections; a recovery after a crash is waited for. Call under the start lock.
  func start() throws(Failure) {
    let installation = try Installation.chosen(for: dataVersion)
    forgetTheDead()
    let log = try openLog()
    defer { close(log) }
    let child = try ChildProcess.start(
      prefix + [
        installation.binaries + "/postgres", "-D", places.data, "-c", "listen_addresses=",
        "-c", "unix_socket_directories=\(Self.quoted(places.socketDirectory))",
        "-c", "unix_socket_permissions=0700", "-p", "5432",
      ], output: log)
    var waited = 0
    while !isReady(child) {
      var status: Int32 = 0
      if waitpid(child, &status, WNOHANG) == child {
        throw Failure(
          "the embedded PostgreSQL did not start. The end of \(places.log):\n\(TextFile.tail(of: places.log))"
        )
      }
      usleep(3000)
      waited += 3
      if waited == 3000 { StandardError.say("waiting for the embedded PostgreSQL (see \(places.log))") }
      if waited > 300_000 {
        throw Failure(
          "the embedded PostgreSQL is still not ready after five minutes; look into \(places.log)")
      }
    }
  }

  /// Source: PostgreSQL's miscadmin.h, the lines of postmaster.pid: the first is the pid, the eighth the status.
  private func isReady(_ child: pid_t) -> Bool {
    let lines = statusFile
    return lines.count >= 8 && pid_t(lines[0]) == child && lines[7].hasPrefix("ready")
  }

  /// Asks it to end, its sessions too, and waits until it has. Call under the exclusive use lock, or when the person
  /// insists. True if it is down.
  func stop() -> Bool {
    guard let process = processID else { return true }
    kill(process, SIGINT)
    for _ in 0..<12_000 {
      // Removed as its last act. Its process may stay as a zombie of the console that started it.
      if access(places.data + "/postmaster.pid", F_OK) != 0 || !works(process) { return true }
      usleep(5000)
    }
    return false
  }

  /// After a crash the files that name the dead server stay, and when another process has its number by now, PostgreSQL
  /// refuses to start. They are removed only when no process at all works in the data directory.
  private func forgetTheDead() {
    guard !statusFile.isEmpty, processID == nil, let folder = opendir("/proc") else { return }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let process = pid_t(name), works(process) { return }
    }
    unlink(places.data + "/postmaster.pid")
    unlink(places.socket)
    unlink(places.socket + ".lock")
  }

  /// At most two megabytes of log are kept.
  private func openLog() throws(Failure) -> Int32 {
    var status = stat()
    if stat(places.log, &status) == 0 && status.st_size > 1 << 20 { rename(places.log, places.log + ".1") }
    let log = open(places.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard log >= 0 else { throw .system("cannot open \(places.log)") }
    return log
  }

  /// An element of a list of folders in PostgreSQL's settings.
  private static func quoted(_ path: String) -> String {
    "\"" + path.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
