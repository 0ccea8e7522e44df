import Postgres

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
  public init?(_ text: some StringProtocol) { self.init(utf8: text.utf8) }

  /// The same from the text's bytes.
  init?(utf8: some Collection<UInt8>) {
    guard utf8.count == 36 else { return nil }
    var (high, low, place): (UInt64, UInt64, Int) = (0, 0, 0)
    for byte in utf8 {
      if place == 8 || place == 13 || place == 18 || place == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
      } else {
        guard let digit = Self.digit(byte) else { return nil }
        high = high << 4 | low >> 60
        low = low << 4 | digit
      }
      place += 1
    }
    self.init(high: high, low: low)
  }

  private static func digit(_ byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  /// The least and the greatest that begin with these hexadecimal digits, hyphens where they belong; nil for anything else.
  public static func range(beginning text: some StringProtocol) -> ClosedRange<Identifier>? {
    let zeros = "00000000-0000-0000-0000-000000000000"
    let ends = "ffffffff-ffff-ffff-ffff-ffffffffffff"
    let count = text.utf8.count
    guard (1...36).contains(count), let low = Identifier(String(text) + zeros.dropFirst(count)),
      let high = Identifier(String(text) + ends.dropFirst(count))
    else { return nil }
    return low...high
  }

  /// From 16 bytes; nil for another number of them.
  init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    func half(_ bytes: some Sequence<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
    self.init(high: half(bytes.prefix(8)), low: half(bytes.dropFirst(8)))
  }

  /// All 16, as in the UUID's text.
  var bytes: [UInt8] {
    [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> UInt64(56 - $0 * 8)) } }
  }

  /// Lower-case, 8-4-4-4-12.
  public var description: String {
    String(unsafeUninitializedCapacity: 36) { buffer in
      var place = 0
      for digit in 0..<32 {
        if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
          buffer[place] = UInt8(ascii: "-")
          place += 1
        }
        let value = UInt8((digit < 16 ? high : low) >> UInt64((15 - digit % 16) * 4) & 0xF)
        buffer[place] = value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
        place += 1
      }
      return place
    }
  }

  public static func < (a: Identifier, b: Identifier) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

extension Identifier: Bindable {
  public var parameterText: String? { description }
}

extension Row {
  /// A UUID. Precondition: the column is one and not NULL.
  func identifier<Owner>(_ column: Int) -> Identifier<Owner> { Identifier(utf8: text(column))! }

  func optionalIdentifier<Owner>(_ column: Int) -> Identifier<Owner>? {
    isNull(column) ? nil : identifier(column)
  }

  /// Microseconds since 1970.
  func instant(_ column: Int) -> Instant { Instant(microseconds: int64(column)) }
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
