import TenantStore

extension Instant {
  /// "2026-11-23 17:05:09Z".
  var utc: String {
    let (date, second) = (days, secondOfDay)
    return
      "\(date.year)-\(two(date.month))-\(two(date.day)) \(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
  }

  /// "17:05:09Z".
  var time: String { String(utc.suffix(9)) }

  /// "2026-11-23 17:05Z".
  var minute: String { utc.prefix(16) + "Z" }

  /// "20261123T170509Z": no character that a shell would have to be told of.
  var fileName: String { String(utc.compactMap { $0 == " " ? "T" : $0 == "-" || $0 == ":" ? nil : $0 }) }

  /// How long it is since this moment, in one number and unit: "now", "2m", "4d", "3y". What lies ahead is "now".
  func age(at now: Instant) -> String {
    // Of whole seconds: those of any two moments can be subtracted, as a draft's file may claim any.
    let seconds = now.wholeSeconds - wholeSeconds
    switch seconds {
    case ..<60: return "now"
    case ..<3600: return "\(seconds / 60)m"
    case ..<86_400: return "\(seconds / 3600)h"
    case ..<31_536_000: return "\(seconds / 86_400)d"
    default: return "\(seconds / 31_536_000)y"
    }
  }

  /// Rounded down, also before 1970.
  private var wholeSeconds: Int {
    let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    return Int(rest < 0 ? seconds - 1 : seconds)
  }

  private var secondOfDay: Int {
    (wholeSeconds % 86_400 + 86_400) % 86_400
  }

  /// The civil date in UTC; source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
  private var days: (year: Int, month: Int, day: Int) {
    let z = (wholeSeconds - secondOfDay) / 86_400 + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let m = (5 * dayOfYear + 2) / 153
    let month = m < 10 ? m + 3 : m - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * m + 2) / 5 + 1)
  }

  private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
