import Glibc

/// PostgreSQL's server programs as they are installed on this machine.
struct Installation: Equatable {
  /// The folder with `initdb` and `postgres`.
  var binaries: String
  /// The major version, such as 15.
  var major: Int

  /// The versions that landlord's schema is made for.
  static let supported = 15...18

  /// All that are here, newest first: where `pg_config` says, then Debian's places.
  static func all() -> [Installation] {
    var folders: [String] = []
    if let folder = ChildProcess.output(of: ["pg_config", "--bindir"]) { folders.append(folder) }
    var found = glob_t()
    defer { globfree(&found) }
    if glob("/usr/lib/postgresql/*/bin", 0, nil, &found) == 0 {
      for place in 0..<Int(found.gl_pathc) {
        found.gl_pathv[place].map { folders.append(String(cString: $0)) }
      }
    }
    var installations: [Installation] = []
    for folder in folders where access(folder + "/initdb", X_OK) == 0 {
      // "postgres (PostgreSQL) 15.18 (Debian …)", "postgres (PostgreSQL) 18beta1"
      guard let words = ChildProcess.output(of: [folder + "/postgres", "--version"])?.split(separator: " "),
        words.count > 2, let major = Int(words[2].prefix { $0.isNumber }),
        !installations.contains(where: { $0.major == major })
      else { continue }
      installations.append(Installation(binaries: folder, major: major))
    }
    return installations.sorted { $0.major > $1.major }
  }

  /// The one for a data directory of version `major`, or for a new one where that is nil.
  static func chosen(for major: Int?, of installed: [Installation] = all()) throws(Failure) -> Installation {
    let here = installed.map { String($0.major) }.joined(separator: ", ")
    if let major {
      if let same = installed.first(where: { $0.major == major }) { return same }
      throw Failure(
        """
        the embedded database was made by PostgreSQL \(major), whose server is not installed here \
        (installed: \(here.isEmpty ? "none" : here)). Install it (postgresql-\(major)), or move the data to a newer \
        one with pg_upgrade.
        """)
    }
    if let best = installed.first(where: { supported.contains($0.major) }) { return best }
    throw Failure(
      """
      no PostgreSQL server from \(supported.lowerBound) to \(supported.upperBound) is installed \
      (\(here.isEmpty ? "none at all" : "only \(here)")), so there is no embedded database. Install one (apt-get \
      install postgresql), or name a database with --database or LANDLORD_DATABASE.
      """)
  }
}
