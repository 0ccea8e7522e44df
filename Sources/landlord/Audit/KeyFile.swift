import Glibc
import TenantStore

/// The key that signs checkpoints, in the state directory.
struct KeyFile {
  let state: StateDirectory

  /// Nil: there is none yet. One that others may read is refused, as it may no longer be its owner's alone.
  func key() throws(Failure) -> CheckpointKey? {
    var facts = stat()
    guard stat(state.key, &facts) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw .system("cannot look at \(state.key)")
    }
    if facts.st_mode & 0o077 != 0 {
      throw Failure(
        "\(state.key) may be read by others, so it may be theirs too; landlord audit key rotate, or chmod 600"
      )
    }
    guard let text = try TextFile.ordinary(state.key),
      let key = text.split(separator: "\n").last.flatMap({ CheckpointKey(secret: String($0)) })
    else { throw Failure("\(state.key) holds no key of landlord's") }
    return key
  }

  /// Makes one where there is none; answers the key and whether it was made now. Of several at once one makes it.
  func keyOrNew() throws(Failure) -> (key: CheckpointKey, isNew: Bool) {
    if let key = try key() { return (key, false) }
    try state.prepare()
    let draft = try write(CheckpointKey())
    defer { unlink(draft) }
    let isNew = link(draft, state.key) == 0
    if !isNew && errno != EEXIST { throw .system("cannot make \(state.key)") }
    guard let key = try key() else { throw Failure("\(state.key) was taken away just now") }
    return (key, isNew)
  }

  /// Puts a new key in the place of the one that is there, which vouches for it. The former one is forgotten but for its public
  /// half.
  func rotate() throws(Failure) -> (old: CheckpointKey, new: CheckpointKey) {
    guard let old = try key() else {
      throw Failure(.notFound, "there is no key yet; landlord audit key create")
    }
    let new = CheckpointKey()
    let line = JSON.object([
      ("key", .string(old.publicText)), ("next", .string(new.publicText)),
      ("at", .string(Instant.now().rfc3339)),
      (
        "signature",
        .string(Hexadecimal.text(old.sign(Self.text(old: old.publicText, new: new.publicText))))
      ),
    ])
    // The word of the old key first: without it nobody here would know the new one's past.
    try TextFile.write(line.text + "\n", to: state.formerKeys, adding: true)
    let draft = try write(new)
    guard rename(draft, state.key) == 0 else { throw .system("cannot replace \(state.key)") }
    return (old, new)
  }

  /// The public keys that are known here: the present one, and those before it as far as each vouched for the next.
  func known() throws(Failure) -> [String] {
    guard let present = try key()?.publicText else { return [] }
    var known = [present]
    for line in (try TextFile.ordinary(state.formerKeys) ?? "").split(separator: "\n").reversed() {
      guard let json = JSON(reading: String(line)), let old = json["key"]?.string,
        let new = json["next"]?.string,
        new == known.last, let signature = json["signature"]?.string.flatMap(Hexadecimal.bytes),
        CheckpointKey.isGenuine(signature, of: Self.text(old: old, new: new), by: old)
      else { continue }
      known.append(old)
    }
    return known
  }

  private static func text(old: String, new: String) -> String { "landlord key rotation 1\n\(old)\n\(new)\n" }

  /// Under a name of this process's own; answers it.
  private func write(_ key: CheckpointKey) throws(Failure) -> String {
    let draft = "\(state.key).\(getpid())"
    unlink(draft)
    try TextFile.write(
      "# Signs the checkpoints of landlord's audit. Whoever has it can sign in your place.\n\(key.secret)\n",
      to: draft)
    return draft
  }
}
