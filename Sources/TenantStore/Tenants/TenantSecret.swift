import Crypto

/// What a tenant's servers prove themselves with. Its text is shown once and never leaves this process otherwise: the
/// server gets the verifier, everyone may see the hint.
public struct TenantSecret: Sendable, CustomStringConvertible, CustomReflectable {
  /// 32 bytes in base64url without padding: 43 characters.
  public let text: String
  /// SHA-256 of the 32 bytes.
  public let verifier: [UInt8]
  /// The text's last four characters.
  public var hint: String { String(text.suffix(4)) }

  /// Never the secret, whoever prints it.
  public var description: String { "secret …\(hint)" }
  public var customMirror: Mirror { Mirror(self, children: [:]) }

  /// A new one, from the system's secure source.
  public static func random() -> TenantSecret {
    var source = SystemRandomNumberGenerator()
    return TenantSecret(bytes: (0..<32).map { _ in source.next() })
  }

  /// From its text; nil for what is not one.
  public init?(_ text: String) {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for character in text.utf8 {
      guard let digit = Self.digits.firstIndex(of: character) else { return nil }
      bits = bits << 6 | UInt32(digit)
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    guard text.utf8.count == 43, bytes.count == 32, bits & 3 == 0 else { return nil }
    self.init(bytes: bytes)
  }

  private init(bytes: [UInt8]) {
    text = Self.base64URL(bytes)
    verifier = Array(SHA256.hash(data: bytes))
  }

  /// Source: RFC 4648, 5.
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  private static func base64URL(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(0 as UInt32) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
      for place in 0...group.count { text.append(digits[Int(bits >> UInt32(18 - 6 * place) & 63)]) }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
