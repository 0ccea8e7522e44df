import TenantStore
import Terminal

extension StateChange {
  /// What leads from `now` back to the state before; nil where nothing does.
  init?(undoing then: TenantState, _ now: TenantState) {
    switch (now, then) {
    case (.suspended, .active): self = .resume
    case (.deactivated, .active): self = .reactivate
    case (.active, .suspended): self = .suspend
    case (.active, .deactivated): self = .deactivate
    default: return nil
    }
  }

  /// The tenant gets in nowhere afterwards, or not everywhere.
  var isShutting: Bool { self == .suspend || self == .deactivate }

  var deed: Receipt.Deed {
    switch self {
    case .suspend: .suspended
    case .resume: .resumed
    case .deactivate: .deactivated
    case .reactivate: .reactivated
    }
  }

  /// "suspending".
  var doing: String {
    switch self {
    case .suspend: "suspending"
    case .resume: "resuming"
    case .deactivate: "deactivating"
    case .reactivate: "reactivating"
    }
  }

  /// What it touches of the tenant itself, in numbers.
  func effect(on tenant: Tenant) -> String {
    let origins = Words.count(tenant.allowedOrigins.count, "origin")
    let permissions = Words.count(tenant.permissions.count, "permission")
    return isShutting
      ? "\(origins) and \(permissions) stop being accepted, and so does its secret. Nothing is deleted."
      : "\(origins) and \(permissions) are accepted again, and so is its secret."
  }
}

extension LifecycleAction {
  init(_ change: StateChange) {
    switch change {
    case .suspend: self = .suspend
    case .resume: self = .resume
    case .deactivate: self = .deactivate
    case .reactivate: self = .reactivate
    }
  }

  /// Nil for what asks in a way of its own.
  var change: StateChange? {
    switch self {
    case .suspend: .suspend
    case .resume: .resume
    case .deactivate: .deactivate
    case .reactivate: .reactivate
    case .purge: nil
    }
  }

  /// What asks before it is done.
  func dialog(_ tenant: Tenant, _ turn: inout Turn) -> any Screen {
    if let change { TransitionDialog(change, tenant, &turn) } else { PurgeDialog(tenant, &turn) }
  }
}

extension Words {
  /// "14,203 rows in 6 tables"; with ~ where some were estimated, and how many tables could not be counted.
  static func rows(_ tables: [TouchedTable]) -> String {
    let number = grouped(tables.compactMap(\.rows).reduce(0, +))
    let uncounted = tables.count { $0.rows == nil }
    return (tables.contains(where: \.isEstimated) ? "~" : "") + number + " rows in "
      + count(tables.count, "table")
      + (uncounted > 0 ? " (\(uncounted) not counted)" : "")
  }

  /// A warning of tenants with much the same name; nothing where there are none.
  static func twins(_ siteIDs: [String], columns: Int) -> [Line] {
    guard !siteIDs.isEmpty else { return [] }
    let names = siteIDs.prefix(5).joined(separator: ", ") + (siteIDs.count > 5 ? " and others" : "")
    return Box.paragraph("Not to be taken for \(names).", columns: columns).map { Line($0, .bad) }
  }
}
