import Glibc

/// Where landlord keeps what must outlive a run and stay out of the database: `$XDG_STATE_HOME/landlord`, else
/// `~/.local/state/landlord`.
///
///     audit.key                  the key that signs checkpoints; only for its owner
///     audit.keys                 the keys that it took the place of, a line each
///     drafts/UUID.draft          forms that were not finished, and a lock beside each
///     checkpoints/UUID.jsonl     what was signed of that installation, a line each
///     crash.txt                  where the last crash was; see CrashNote
struct StateDirectory {
  let path: String

  static func current() -> StateDirectory {
    let named = Environment.all["XDG_STATE_HOME"] ?? ""
    // A relative path is invalid and ignored. Source: XDG Base Directory Specification.
    return StateDirectory(
      path: (named.hasPrefix("/") ? named : Account.current.home + "/.local/state") + "/landlord")
  }

  var key: String { path + "/audit.key" }
  var formerKeys: String { path + "/audit.keys" }
  var drafts: String { path + "/drafts" }
  var checkpoints: String { path + "/checkpoints" }
  var crashNote: String { path + "/crash.txt" }

  /// Makes the folders that are not there.
  func prepare() throws(Failure) {
    var folder = ""
    for part in checkpoints.split(separator: "/") {
      folder += "/" + part
      // Those above are whatever they are; ours are for their owner alone.
      let mode: mode_t = folder.hasPrefix(path) ? 0o700 : 0o755
      if mkdir(folder, mode) != 0 && errno != EEXIST { throw .system("cannot make \(folder)") }
    }
  }
}
