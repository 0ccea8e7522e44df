import Glibc
import TenantStore

/// A second signature under a checkpoint, by a key of SSH that an agent holds: someone else's word, made and checked by
/// ssh-keygen (`-Y`, namespace `landlord`).
enum Witness {
  /// Signs with the key whose public half is in a file. Answers the checkpoint.
  static func sign(_ block: Int64, _ text: String, with publicKey: String, _ state: StateDirectory)
    throws(Failure)
    -> Checkpoint
  {
    guard let words = try TextFile.ordinary(publicKey)?.split(whereSeparator: { " \n".contains($0) }),
      words.count >= 2
    else { throw Failure("\(publicKey) is no public key of SSH") }
    // Whoever we start begins in another folder.
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    guard realpath(publicKey, &path) != nil else { throw .system("cannot find \(publicKey)") }
    let keyFile = String(decoding: path.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let draft = "\(state.path)/witness.\(getpid())"
    defer { for ending in ["", ".sig"] { unlink(draft + ending) } }
    try TextFile.write(text, to: draft)
    // The agent is found by a variable.
    let child = try ChildProcess.start(
      ["ssh-keygen", "-q", "-Y", "sign", "-n", "landlord", "-f", keyFile, draft], output: nil,
      everything: true)
    guard ChildProcess.wait(for: child) == 0, let signature = TextFile.contents(of: draft + ".sig") else {
      throw Failure("ssh-keygen did not sign with \(publicKey): is the key in your agent (ssh-add -l)?")
    }
    return Checkpoint(block: block, key: "\(words[0]) \(words[1])", signature: Array(signature.utf8))
  }

  /// Whether the signature is the key's, of this text; nil where ssh-keygen cannot be run.
  static func isGenuine(_ checkpoint: Checkpoint, of text: String) -> Bool? {
    var template = Array("/tmp/landlord-witness-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return nil }
    let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    let files = ["allowed", "signature", "text"].map { "\(folder)/\($0)" }
    defer {
      for file in files { unlink(file) }
      rmdir(folder)
    }
    let contents = [
      "witness namespaces=\"landlord\" \(checkpoint.key)\n",
      String(decoding: checkpoint.signature, as: UTF8.self), text,
    ]
    for (file, content) in zip(files, contents) {
      guard (try? TextFile.write(content, to: file)) != nil else { return nil }
    }
    let script = #"exec ssh-keygen -Y verify -f "$1" -I witness -n landlord -s "$2" < "$3""#
    guard let child = try? ChildProcess.start(["/bin/sh", "-c", script, "sh"] + files, output: nil) else {
      return nil
    }
    let status = ChildProcess.wait(for: child)
    // 127 is the shell's word for a program that is not there.
    return status == 127 << 8 ? nil : status == 0
  }
}
