import TenantStore

/// An export as a file: lines, and a last one that seals those before it, signed where there is a key.
enum ExportFile {
  /// The last line.
  static func seal(_ seal: ExportSeal, _ key: CheckpointKey?) -> String {
    sealLine(seal, key: key?.publicText, signature: key.map { Hexadecimal.text($0.sign(seal.text)) })
  }

  private static func sealLine(_ seal: ExportSeal, key: String?, signature: String?) -> String {
    JSON.object([
      ("seal", .string(seal.sha256)), ("lines", .number(seal.lines)), ("key", .optional(key)),
      ("signature", .optional(signature)),
    ]).text
  }

  /// What a file was found to be.
  struct Reading {
    var outcome = AuditVerifier.Outcome()
    /// Who sealed it; nil: nobody signed.
    var key: String?
  }

  /// Reads a whole export. Throws `.checkFailed` for one that is not, byte for byte, as it was written.
  static func read(_ path: String) throws(Failure) -> Reading {
    guard var lines = try LineReader(path) else { throw Failure(.notFound, "there is no file \(path)") }
    var check = ExportCheck()
    var seal = ExportSeal()
    var sealed: (key: String?, signature: String?)?
    while let bytes = try lines.nextBytes() {
      func broken(_ what: String) -> Failure {
        Failure(.checkFailed, "\(path), line \(seal.lines + 1): \(what)")
      }
      if sealed != nil { throw broken("something stands behind the seal") }
      // Repaired text would not have the same bytes, and the hash is over the bytes.
      guard let json = JSON(reading: String(decoding: bytes, as: UTF8.self)) else {
        throw broken("this is no line of an export")
      }
      if json["seal"] != nil {
        let signer = (json["key"]?.string, json["signature"]?.string)
        guard bytes.elementsEqual(sealLine(seal, key: signer.0, signature: signer.1).utf8), !lines.isBrokenOff
        else {
          throw broken("the seal is not that of the lines before it: the file was changed or cut")
        }
        sealed = signer
      } else {
        guard let item = AuditExport.Item(json) else { throw broken("this is no line of an export") }
        check.item(item)
        seal.line(bytes)
      }
    }
    guard let sealed else {
      throw Failure(.checkFailed, "\(path) ends without a seal: it was cut or not finished")
    }
    if let key = sealed.key {
      guard let signature = sealed.signature.flatMap(Hexadecimal.bytes),
        CheckpointKey.isGenuine(signature, of: seal.text, by: key)
      else { throw Failure(.checkFailed, "\(path): the seal was not signed by the key that it names") }
    }
    return Reading(outcome: check.outcome(), key: sealed.key)
  }
}
