import Glibc
import Postgres

/// A moment, in microseconds since 1970-01-01T00:00:00Z: how instants travel between us and the server.
public struct Instant: Hashable, Comparable, Sendable {
  public var microseconds: Int64

  public init(microseconds: Int64) { self.microseconds = microseconds }

  public static func < (a: Instant, b: Instant) -> Bool { a.microseconds < b.microseconds }

  /// The present moment by this machine's clock.
  public static func now() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
  }
}

extension Instant: CustomStringConvertible {
  /// RFC 3339 in UTC, such as `2026-11-23T17:12:00Z`; a fraction only where there is one, without zeros at its end.
  public var description: String {
    let (second, fraction) = microseconds.flooredDivision(by: 1_000_000)
    let (day, inDay) = second.flooredDivision(by: 86_400)
    let date = CivilDate(day: day)
    var text =
      "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T"
      + "\(padded(inDay / 3600, 2)):\(padded(inDay / 60 % 60, 2)):\(padded(inDay % 60, 2))"
    if fraction > 0 {
      text += "." + padded(fraction, 6)
      while text.hasSuffix("0") { text.removeLast() }
    }
    return text + "Z"
  }

  private func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(abs(number))
    return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// From RFC 3339 with any offset and at most six places of a second; nil for anything else.
  public init?(_ text: some StringProtocol) {
    var rest = Array(text.utf8)[...]
    guard let year = rest.number(4), rest.take("-"), let month = rest.number(2), rest.take("-"),
      let day = rest.number(2), rest.take("T") || rest.take("t"), let hour = rest.number(2), rest.take(":"),
      let minute = rest.number(2), rest.take(":"), let second = rest.number(2),
      let date = CivilDate(year: year, month: month, day: day), hour < 24, minute < 60, second < 60
    else { return nil }
    var fraction: Int64 = 0
    if rest.take(".") {
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard (1...6).contains(digits.count) else { return nil }
      var places = (digits + Array(repeating: UInt8(ascii: "0"), count: 6 - digits.count))[...]
      fraction = places.number(6)!
      rest = rest.dropFirst(digits.count)
    }
    var offset: Int64 = 0
    if !(rest.take("Z") || rest.take("z")) {
      let sign: Int64 = rest.first == UInt8(ascii: "-") ? -1 : 1
      guard rest.take("+") || rest.take("-"), let hours = rest.number(2), rest.take(":"),
        let minutes = rest.number(2), hours < 24, minutes < 60
      else { return nil }
      offset = sign * (hours * 3600 + minutes * 60)
    }
    guard rest.isEmpty else { return nil }
    let seconds = date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second - offset
    self.init(microseconds: seconds * 1_000_000 + fraction)
  }
}

extension Instant: Bindable {
  /// Microseconds, as a bigint.
  public var parameterText: String? { String(microseconds) }
}

/// A day of the Gregorian calendar. Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
private struct CivilDate {
  var year: Int64
  var month: Int64
  var day: Int64

  init(day number: Int64) {
    // Counted from 1 March of year 0, in eras of 400 years.
    let (era, inEra) = (number + 719_468).flooredDivision(by: 146_097)
    let yearOfEra = (inEra - inEra / 1460 + inEra / 36_524 - inEra / 146_096) / 365
    let dayOfYear = inEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shifted + 2) / 5 + 1
    month = shifted < 10 ? shifted + 3 : shifted - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Nil for a day that no calendar has.
  init?(year: Int64, month: Int64, day: Int64) {
    (self.year, self.month, self.day) = (year, month, day)
    guard (1...12).contains(month), day >= 1 else { return nil }
    let back = CivilDate(day: daysSince1970)
    guard back.year == year, back.month == month, back.day == day else { return nil }
  }

  var daysSince1970: Int64 {
    let (era, yearOfEra) = (month <= 2 ? year - 1 : year).flooredDivision(by: 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

extension Int64 {
  /// Quotient and remainder with a remainder that is never negative.
  fileprivate func flooredDivision(by divisor: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

extension ArraySlice<UInt8> {
  /// The number of exactly that many digits at the start.
  fileprivate mutating func number(_ width: Int) -> Int64? {
    guard count >= width, prefix(width).allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    defer { self = dropFirst(width) }
    return prefix(width).reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
  }

  fileprivate mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard let byte = first, UInt32(byte) == scalar.value else { return false }
    self = dropFirst()
    return true
  }
}
