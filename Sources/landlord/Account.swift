import Glibc

/// A user of the operating system.
struct Account: Equatable, Sendable {
  var id: uid_t
  var group: gid_t
  var name: String
  var home: String

  var isRoot: Bool { id == 0 }

  /// Who runs this process. Its home is HOME where that is set.
  static var current: Account {
    let id = geteuid()
    let environment = getenv("HOME").map { String(cString: $0) } ?? ""
    guard let entry = getpwuid(id) else {
      // A container may run a user that nobody wrote down.
      return Account(
        id: id, group: getegid(), name: "uid\(id)", home: environment.isEmpty ? "/" : environment)
    }
    var account = Account(entry.pointee)
    if !environment.isEmpty { account.home = environment }
    return account
  }

  /// Nil where there is no such user.
  init?(named name: String) {
    guard let entry = getpwnam(name) else { return nil }
    self.init(entry.pointee)
  }

  init(id: uid_t, group: gid_t, name: String, home: String) {
    self.id = id
    self.group = group
    self.name = name
    self.home = home
  }

  private init(_ entry: passwd) {
    self.init(
      id: entry.pw_uid, group: entry.pw_gid, name: String(cString: entry.pw_name),
      home: String(cString: entry.pw_dir))
  }
}
