import TenantStore
import Terminal

/// A bulk that changed states, carried to the tenants' resources by a thread.
struct BulkCarrying: Sendable {
  private(set) var listing: Ticket?
  private var since: Instant?
  private var left: [Run]?
  private var problem: String?

  mutating func look(_ turn: inout Turn) { turn.send(.run(.resources), insteadOf: &listing) }

  /// True when the answer was this one's.
  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    guard ticket == listing else { return false }
    listing = nil
    if case .success(.run(.resources(let listed))) = result, !listed.isEmpty {
      since = turn.now
      turn.effects.append(.resources(.carryOutAll))
    }
    if case .failure(let error) = result { turn.say(error, while: "looking which resources are listed") }
    return true
  }

  mutating func reported(_ report: ResourceReport) {
    switch report {
    case .carriedOut(let runs): left = runs
    case .failed(nil, let why): problem = why
    case .surveyed, .provisioned, .enforced, .failed: break
    }
  }

  /// How far it is; nil: nothing is to be carried.
  func words(at now: Instant) -> Status? {
    if let problem {
      return Status(
        text: SafeText("not carried to their resources: \(problem); landlord provision resume does it"),
        role: .bad)
    }
    guard let left else {
      return since.map {
        Status(
          text: SafeText("being carried to their resources... \(Progress(started: $0).words(at: now).text)"),
          role: .faint)
      }
    }
    let open = left.filter { $0.obstacle != nil }
    guard let first = open.first else {
      return Status(
        text: SafeText("carried to the resources of \(Words.count(left.count, "tenant"))"), role: .good)
    }
    return Status(
      text: SafeText("\(open.count) of \(left.count) not carried; \(first.siteID): \(first.obstacle ?? "")"),
      role: .bad)
  }
}

extension Bulk.Change {
  /// Whether it changes states, which a tenant's resources follow.
  var isOfState: Bool {
    switch self {
    case .deactivate, .reactivate: true
    case .addOrigin, .removeOrigin, .addPermission, .removePermission, .setIndustry: false
    }
  }
}
