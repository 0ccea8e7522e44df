import TenantStore
import Terminal

/// A bulk that changed states, carried to the tenants' resources by a thread.
struct BulkCarrying: Sendable {
  private let tenants: [TenantID]
  private let since: Instant
  private var left: [Run]?
  private var isOver = false
  private var problem: String?

  init(_ tenants: [TenantID], _ turn: inout Turn) {
    (self.tenants, since) = (tenants, turn.now)
    turn.effects.append(.resources(.carryOut(tenants)))
  }

  /// What became of these tenants, and no others: an earlier part may still be under way.
  mutating func reported(_ report: ResourceReport) {
    switch report {
    case .carriedOut(tenants, let runs): (left, isOver) = (runs, true)
    case .failed(.carryOut(tenants), let why): problem = why
    case .surveyed, .provisioned, .enforced, .carriedOut, .failed: break
    }
  }

  /// How far it is; nil: nothing is to be carried.
  func words(at now: Instant) -> Status? {
    if let problem {
      return Status(
        text: SafeText("not carried to their resources: \(problem); landlord provision resume does it"),
        role: .bad)
    }
    guard isOver else {
      // Where nothing is listed it is over before that.
      guard now.microseconds - since.microseconds > 1_000_000 else { return nil }
      return Status(
        text: SafeText("being carried to their resources... \(Progress(started: since).words(at: now).text)"),
        role: .faint)
    }
    guard let left else { return nil }
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
