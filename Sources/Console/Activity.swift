import TenantStore
import Terminal

/// How much happened to a tenant, week by week, in a line of blocks.
struct Activity: Sendable {
  /// Half a year.
  private static let weeks = 26
  private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  private(set) var reading: Ticket?
  /// Ready to be drawn; nil while nothing has come.
  private(set) var shown: Shown?

  mutating func load(_ id: TenantID, _ turn: inout Turn) {
    turn.send(.activity(id, weeks: Self.weeks), insteadOf: &reading)
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    guard ticket == reading else { return false }
    reading = nil
    switch result {
    case .success(.activity(let counts)): shown = Shown(Self.words(counts))
    case .success: preconditionFailure("an activity is answered by .activity")
    // The tenant is there without it: no reason to trouble anyone.
    case .failure: shown = Shown(mark: "(not known)")
    }
    return true
  }

  /// "..▁....█  9 changes in 8 weeks": a dot is a week in which nothing happened, the last one is the present week.
  static func words(_ counts: [Int]) -> String {
    let most = max(1, counts.max() ?? 1)
    let line = counts.map { count in
      count <= 0 ? "." : blocks[(count * blocks.count - 1) / most]
    }
    let total = counts.reduce(0, +)
    return "\(String(line))  \(Words.count(total, "change")) in \(Words.count(counts.count, "week"))"
  }
}
