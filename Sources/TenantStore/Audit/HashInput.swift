import Crypto

/// What a hash of the audit is taken over: parts, each with its length before it, so that no two inputs look the same.
struct HashInput {
  private var bytes: [UInt8]

  /// `format` names what is hashed and its version; `previous` is the hash before.
  init(_ format: StaticString, after previous: [UInt8]) {
    bytes = Array(format.description.utf8) + [0]
    bytes.reserveCapacity(1024)
    bytes += previous
  }

  /// Eight bytes, the most significant first.
  mutating func number(_ value: Int64) {
    let value = UInt64(bitPattern: value)
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  /// −1 and nothing for what is absent.
  mutating func sized(_ part: (some Collection<UInt8>)?) {
    guard let part else { return number(-1) }
    number(Int64(part.count))
    bytes += part
  }

  mutating func sized(_ text: String?) { sized(text?.utf8) }

  mutating func sized(_ value: Int64?) {
    guard let value else { return number(-1) }
    number(8)
    number(value)
  }

  var hash: [UInt8] { Array(SHA256.hash(data: bytes)) }

  /// The hash before the first.
  static let none = [UInt8](repeating: 0, count: 32)
}

/// Bytes as people write them down: hexadecimal digits, lower-case.
public enum Hexadecimal {
  public static func text(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Nil for anything but lower-case digits in pairs: one text for each value.
  public static func bytes(_ text: String) -> [UInt8]? {
    func digit(_ byte: UInt8) -> UInt8? {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
      default: nil
      }
    }
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for place in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digit(digits[place]), let low = digit(digits[place + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }
}
