import Crypto
import Postgres

/// A key that signs tenants' contexts. The platform's code holds it, the database keeps it where the platform's role cannot
/// read it. Its text is shown once.
public struct ContextKey: Sendable, CustomStringConvertible, CustomReflectable {
  /// The number under which the database knows it.
  public let number: Int
  private let bytes: [UInt8]

  /// Precondition: 32 bytes.
  public init(number: Int, bytes: [UInt8]) {
    precondition(bytes.count == 32, "a context key has 32 bytes")
    self.number = number
    self.bytes = bytes
  }

  /// From its text; nil for what is not one.
  public init?(_ text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].count == 64, let number = Int(String(decoding: parts[0], as: UTF8.self)),
      number > 0
    else { return nil }
    var bytes: [UInt8] = []
    var digits = parts[1]
    while !digits.isEmpty {
      guard let byte = UInt8(String(decoding: digits.prefix(2), as: UTF8.self), radix: 16) else { return nil }
      bytes.append(byte)
      digits = digits.dropFirst(2)
    }
    self.init(number: number, bytes: bytes)
  }

  /// 32 bytes for a new one, from the system's secure source.
  public static func randomBytes() -> [UInt8] {
    var source = SystemRandomNumberGenerator()
    return (0..<32).map { _ in source.next() }
  }

  /// The number, a point, and the bytes as 64 hexadecimal digits.
  public var text: String { "\(number).\(Self.hexadecimal(bytes))" }

  /// A signature for one tenant on one server process, good until `expiry` (seconds since 1970).
  public func signature(for tenant: TenantID, expiry: Int64, backend: Int32) -> String {
    let message = Array("landlord \(tenant) \(expiry) \(backend)".utf8)
    let code = HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: bytes))
    return "\(number).\(expiry).\(Self.hexadecimal(Array(code)))"
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    String(UInt8.parameterText(of: bytes).dropFirst(2))
  }

  /// Never the key, whoever prints it.
  public var description: String { "context key \(number)" }
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
