import TenantStore
import Terminal

/// What a tenant has besides PostgreSQL, looked at by a thread while a person is asked about the tenant.
struct Elsewhere: Sendable {
  private let tenant: Tenant
  /// Nil: it is not looked at yet, or there is nothing to look at.
  private(set) var survey: Survey?
  private(set) var listing: Ticket?
  private var looking: Instant?

  init(_ tenant: Tenant) { self.tenant = tenant }

  mutating func look(_ turn: inout Turn) { turn.send(.run(.resources), insteadOf: &listing) }

  /// True when the answer was this one's. Without it the question is the same.
  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    guard ticket == listing else { return false }
    listing = nil
    if case .success(.run(.resources(let listed))) = result, listed.contains(where: \.isElsewhere) {
      looking = turn.now
      turn.effects.append(.resources(.survey(tenant)))
    }
    return true
  }

  mutating func reported(_ report: ResourceReport, _ turn: inout Turn) {
    switch report {
    case .surveyed(let found) where found.tenant.id == tenant.id: (survey, looking) = (found, nil)
    case .failed(.survey(let asked), let why) where asked.id == tenant.id:
      looking = nil
      turn.say(SafeText("not known what it has elsewhere: \(why)"), .warning)
    case .surveyed, .provisioned, .enforced, .carriedOut, .failed: break
    }
  }

  /// "Elsewhere: redis 14 keys; these are shut too." Nothing where it is nowhere else.
  func lines(_ become: String, columns: Int) -> [Line] {
    guard let survey else {
      return looking == nil ? [] : [Line("Looking what it has elsewhere...", .faint)]
    }
    let held = survey.elsewhere.map { "\($0.resource) \($0.held)" }
    return Box.paragraph("Elsewhere: \(held.joined(separator: "; ")). \(become)", columns: columns).map {
      Line($0, survey.unknown.isEmpty ? .text : .warning)
    }
  }
}
