/// Site ids that are easily taken for one another.
public enum Twins {
  /// Whether they differ in one character, in what looks alike (`0` and `o`, `1`, `i` and `l`), in hyphens, or by a part that one
  /// has more. The same site id is no twin of itself.
  public static func areTwins(_ a: String, _ b: String) -> Bool {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    if a == b { return false }
    let (short, long) = a.count <= b.count ? (a, b) : (b, a)
    return long.starts(with: short + [UInt8(ascii: "-")]) || folded(a) == folded(b)
      || differInOne(short, long)
  }

  private static func folded(_ id: [UInt8]) -> [UInt8] {
    id.compactMap { byte in
      switch byte {
      case UInt8(ascii: "-"): nil
      case UInt8(ascii: "0"): UInt8(ascii: "o")
      case UInt8(ascii: "1"), UInt8(ascii: "i"): UInt8(ascii: "l")
      default: byte
      }
    }
  }

  /// One character put in, left out or replaced.
  private static func differInOne(_ short: [UInt8], _ long: [UInt8]) -> Bool {
    guard long.count - short.count <= 1 else { return false }
    let same = zip(short, long).prefix { $0 == $1 }.count
    return short.dropFirst(short.count == long.count ? same + 1 : same).elementsEqual(
      long.dropFirst(same + 1))
  }
}
