import Glibc
import TenantStore

/// What was signed of an installation, kept outside of its database: a line of JSON for each signature. It only grows.
struct CheckpointFile {
  let path: String

  init(_ state: StateDirectory, installation: String) throws(Failure) {
    // The name comes from the database and becomes part of a path.
    guard let id = TenantID(installation) else {
      throw Failure("this database does not say which installation it is; run: landlord migrate")
    }
    path = "\(state.checkpoints)/\(id).jsonl"
  }

  /// In the order in which they were written; empty where there is no file.
  func checkpoints() throws(Failure) -> [KeptCheckpoint] {
    var kept: [KeptCheckpoint] = []
    guard var lines = try LineReader(path) else { return [] }
    while let line = try lines.next() {
      guard let json = JSON(reading: line), let checkpoint = KeptCheckpoint(json) else {
        throw Failure("\(path): line \(kept.count + 1) is no checkpoint; it was written to by something else")
      }
      kept.append(checkpoint)
    }
    return kept
  }

  /// Adds those that are not there yet. Of several at once each is written once.
  func add(_ new: [KeptCheckpoint]) throws(Failure) {
    let lock = try FileLock(path + ".lock")
    try lock.take(.exclusive)
    let known = try checkpoints()
    let text = new.filter { checkpoint in
      !known.contains {
        $0.checkpoint.block == checkpoint.checkpoint.block && $0.checkpoint.key == checkpoint.checkpoint.key
      }
    }.map { $0.json.text + "\n" }.joined()
    if !text.isEmpty { try TextFile.write(text, to: path, adding: true) }
  }
}

extension KeptCheckpoint {
  var json: JSON {
    .object([
      ("block", .number(checkpoint.block)), ("hash", .string(Hexadecimal.text(hash))),
      ("lastEntry", .number(lastEntry)),
      ("key", .string(checkpoint.key)), ("signature", .string(Hexadecimal.text(checkpoint.signature))),
    ])
  }

  init?(_ json: JSON) {
    guard let checkpoint = Checkpoint(json), let hash = json["hash"]?.string.flatMap(Hexadecimal.bytes),
      let lastEntry = json["lastEntry"]?.number
    else { return nil }
    self.init(checkpoint, hash: hash, lastEntry: lastEntry)
  }
}

extension Checkpoint {
  init?(_ json: JSON) {
    guard let block = json["block"]?.number, let key = json["key"]?.string,
      let signature = json["signature"]?.string.flatMap(Hexadecimal.bytes)
    else { return nil }
    self.init(block: block, key: key, signature: signature)
  }
}
