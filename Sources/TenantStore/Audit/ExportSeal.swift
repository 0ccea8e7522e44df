import Crypto

/// What closes an export: the hash of every byte before it, to be signed.
public struct ExportSeal {
  private var digest = SHA256()
  public private(set) var lines: Int64 = 0

  public init() {}

  /// The next line, without its end.
  public mutating func line(_ bytes: some Collection<UInt8>) {
    digest.update(data: Array(bytes) + [UInt8(ascii: "\n")])
    lines += 1
  }

  /// SHA-256 over the lines so far, each with its end, in hexadecimal digits.
  public var sha256: String {
    let digest = digest
    return Hexadecimal.text(digest.finalize())
  }

  /// The text that is signed.
  public var text: String { "landlord export 1\nlines \(lines)\nsha256 \(sha256)\n" }
}
