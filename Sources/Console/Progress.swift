import TenantStore
import Terminal

/// How far something is that takes longer than a second: a bar, how long it has taken, and how long it will yet.
public struct Progress: Equatable, Sendable {
  let started: Instant
  public var done = 0
  /// Nil where nobody knows how much there is.
  public var total: Int?

  public init(started: Instant, total: Int? = nil) {
    self.started = started
    self.total = total
  }

  private static let columns = 20

  /// "[########............] 80 of 200  0:04, about 0:06 to go"; without a total only the time.
  public func words(at now: Instant) -> SafeText {
    let elapsed = max(0, Int((now.microseconds - started.microseconds) / 1_000_000))
    guard let total, total > 0 else { return SafeText(Self.clock(elapsed)) }
    let done = min(max(0, self.done), total)
    let filled = Self.columns * done / total
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.columns - filled)
    var words = "[\(bar)] \(done) of \(total)  \(Self.clock(elapsed))"
    // From nothing done nothing follows.
    if done > 0, done < total { words += ", about \(Self.clock(elapsed * (total - done) / done)) to go" }
    return SafeText(words)
  }

  /// "0:04", "12:30", "1:02:03".
  private static func clock(_ seconds: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
    return hours > 0
      ? "\(hours):\(two(minutes)):\(two(seconds % 60))" : "\(minutes):\(two(seconds % 60))"
  }
}
