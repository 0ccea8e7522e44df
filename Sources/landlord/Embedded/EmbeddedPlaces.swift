import Glibc

/// Where the embedded server keeps its things, and as whom it runs.
///
///     base/postgres      the data directory; only the server's user may look into it
///     base/run           its socket, where that path is short enough
///     base/postgres.log  what the server says
///     base/*.lock        who uses it (use), starts it (start), watches it (watch)
///     base/NAME.made     that database has been made and migrated once
struct EmbeddedPlaces: Equatable {
  /// Absolute.
  let base: String
  /// Who runs landlord: the person.
  let person: Account
  /// Who runs the server: the person, or `postgres` for root, as whom no server runs.
  let server: Account
  /// Holds the socket; mode 0700 of the server's user.
  let socketDirectory: String

  var data: String { base + "/postgres" }
  var log: String { base + "/postgres.log" }
  var useLock: String { base + "/use.lock" }
  var startLock: String { base + "/start.lock" }
  var watchLock: String { base + "/watch.lock" }
  func made(_ database: EmbeddedDatabase) -> String { "\(base)/\(database.name).made" }
  var socket: String { socketDirectory + EmbeddedPlaces.socketName }

  private static let socketName = "/.s.PGSQL.5432"
  /// What fits into the system's address of a socket (108 bytes with its NUL).
  private static let longestSocket = 107

  /// This process's: `$XDG_DATA_HOME/landlord`, else `~/.local/share/landlord`. For root `/var/lib/landlord`, because
  /// the server's user may not enter root's home, unless XDG_DATA_HOME names a place of root's that it may enter.
  static func current() throws(Failure) -> EmbeddedPlaces {
    let person = Account.current
    let named = getenv("XDG_DATA_HOME").map { String(cString: $0) } ?? ""
    // A relative path is invalid and ignored. Source: XDG Base Directory Specification.
    let data = named.hasPrefix("/") ? named : nil
    if !person.isRoot {
      return EmbeddedPlaces(
        base: (data ?? person.home + "/.local/share") + "/landlord", person: person, server: person)
    }
    guard let server = Account(named: "postgres") else {
      throw Failure(
        "root cannot run a PostgreSQL server, and there is no user \"postgres\"; install the package postgresql"
      )
    }
    let base = data.map { $0 + "/landlord" }
    return EmbeddedPlaces(
      base: base.flatMap { canServe($0) ? $0 : nil } ?? "/var/lib/landlord", person: person, server: server)
  }

  init(base: String, person: Account, server: Account) {
    self.base = base
    self.person = person
    self.server = server
    let near = base + "/run"
    if near.utf8.count + Self.socketName.utf8.count <= Self.longestSocket {
      socketDirectory = near
    } else {
      let runtime = person.isRoot ? "/run" : "/run/user/\(person.id)"
      let root = access(runtime, W_OK) == 0 ? runtime : "/tmp"
      socketDirectory = "\(root)/landlord-\(person.id)-\(Self.digest(base))"
    }
  }

  /// Whether everyone may enter the folders above, and the place is root's or nobody's yet.
  private static func canServe(_ base: String) -> Bool {
    var status = stat()
    if lstat(base, &status) == 0 { guard status.st_uid == 0 else { return false } }
    var parent = ""
    for part in base.split(separator: "/").dropLast() {
      parent += "/" + part
      if stat(parent, &status) != 0 { return errno == ENOENT }
      if status.st_mode & 0o001 == 0 { return false }
    }
    return true
  }

  /// A short name for a long path (FNV-1a); a clash is caught by the checks on the directory's owner and the lock.
  private static func digest(_ text: String) -> String {
    String(
      text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 36)
  }

  /// Makes the folders that are not there and refuses those that are not ours: a folder in a place like /tmp may have
  /// been put there by someone else.
  func prepare() throws(Failure) {
    var path = ""
    for part in base.split(separator: "/").dropLast() {
      path += "/" + part
      if mkdir(path, 0o755) != 0 && errno != EEXIST { throw .system("cannot make \(path)") }
    }
    // The server's user must be able to go through to its own folders.
    try own(base, person, mode: person == server ? 0o700 : 0o711, forbidden: 0o022)
    try own(socketDirectory, server, mode: 0o700, forbidden: 0o077)
  }

  /// Makes a folder of `owner`'s, or makes sure that it is one and grants nobody what is `forbidden`.
  func own(_ path: String, _ owner: Account, mode: mode_t, forbidden: mode_t) throws(Failure) {
    if access(path, F_OK) != 0 { try make(path, owner, mode: mode) }
    var status = stat()
    guard lstat(path, &status) == 0 else { throw .system("cannot look at \(path)") }
    guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == owner.id, status.st_mode & forbidden == 0
    else {
      throw Failure(
        "\(path) must be a folder of \(owner.name)'s with mode \(String(mode, radix: 8)), and is not; look what it is, and move it away"
      )
    }
  }

  /// Makes it under another name first, so that whoever starts at the same time meets either nothing or the whole.
  private func make(_ path: String, _ owner: Account, mode: mode_t) throws(Failure) {
    let draft = "\(path).\(getpid())"
    guard mkdir(draft, mode) == 0 else { throw .system("cannot make \(draft)") }
    // As root, for another; the mode again, because the umask took from it.
    if owner.id != geteuid(), chown(draft, owner.id, owner.group) != 0 {
      throw .system("cannot give away \(draft)")
    }
    chmod(draft, mode)
    // Takes the place of an empty folder. One with something in it, or a file, was made by another meanwhile: it is looked at.
    if rename(draft, path) != 0 {
      let code = errno
      rmdir(draft)
      guard [ENOTEMPTY, EEXIST, ENOTDIR].contains(code) else { throw .system("cannot make \(path)", code) }
    }
  }
}
