/// A UUID that says whose it is, so that a request's can never be passed for a tenant's.
public struct Identifier<Owner>: Hashable, Comparable, Sendable, CustomStringConvertible {
  private let high: UInt64
  private let low: UInt64

  /// A random one (version 4), from the system's secure source.
  public static func random() -> Identifier {
    var source = SystemRandomNumberGenerator()
    return Identifier(
      high: source.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000,
      low: source.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
  }

  private init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// From its usual form, 8-4-4-4-12 hexadecimal digits in either case; nil for anything else.
  public init?(_ text: some StringProtocol) {
    var digits: (high: UInt64, low: UInt64) = (0, 0)
    var count = 0
    guard text.utf8.count == 36 else { return nil }
    for (place, byte) in text.utf8.enumerated() {
      if place == 8 || place == 13 || place == 18 || place == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      if count < 16 { digits.high = digits.high << 4 | UInt64(digit) } else { digits.low = digits.low << 4 | UInt64(digit) }
      count += 1
    }
    self.init(high: digits.high, low: digits.low)
  }

  /// Lower-case, 8-4-4-4-12.
  public var description: String {
    var text = ""
    text.reserveCapacity(36)
    for (place, shift) in (0..<32).map({ ($0, UInt64((15 - $0 % 16) * 4)) }) {
      if place == 8 || place == 12 || place == 16 || place == 20 { text += "-" }
      text += String((place < 16 ? high : low) >> shift & 0xF, radix: 16)
    }
    return text
  }

  public static func < (a: Identifier, b: Identifier) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

public enum TenantOwner {}
public enum RequestOwner {}

/// Which tenant.
public typealias TenantID = Identifier<TenantOwner>
/// Which request: makes a repeated write harmless and a lost one answerable.
public typealias RequestID = Identifier<RequestOwner>

/// How a person names a tenant.
public enum TenantReference: Hashable, Sendable {
  case id(TenantID)
  case siteID(String)

  /// An id where the text has the form of one, else a site id.
  public init(_ text: String) { self = TenantID(text).map(Self.id) ?? .siteID(text) }
}
