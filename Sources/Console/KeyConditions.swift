import TenantStore
import Terminal

/// Why an action is not possible now, in words that say what to do.
extension Keymap {
  /// What cannot be done on a screen that shows what was, and where it does not for another reason.
  static func past(
    _ refusal: @escaping @Sendable (Situation) -> Refusal? = { _ in nil }
  ) -> @Sendable (Situation) -> Refusal? {
    { $0.isPast ? "this is the past: Esc brings the present back" : refusal($0) }
  }

  static let noTenant: @Sendable (Situation) -> Refusal? = {
    $0.subject == nil ? "no tenant is selected" : nil
  }

  /// Whether the person and the server allow changes at all.
  static let mayNotChange: @Sendable (Situation) -> Refusal? = { situation in
    guard let session = situation.session else { return "not connected yet" }
    if session.schema != .current { return "the database has no schema this program knows" }
    if session.isStandby { return "this server is a standby: connect to the primary" }
    if session.readOnly { return "this connection is read-only: nothing can be changed over it" }
    if session.right < .admin {
      return .ofRole("\(session.user) may look but not change: that takes the role landlord_admin")
    }
    return nil
  }

  /// The same for what concerns all tenants, which is not for those who are limited to some.
  static let mayNotChangeForAll: @Sendable (Situation) -> Refusal? = { situation in
    if let refusal = mayNotChange(situation) { return refusal }
    guard let session = situation.session, session.isLimited else { return nil }
    return .ofRole("\(session.user) is limited to some tenants: that takes an admin without limits")
  }

  /// Looking at everybody is written down first.
  static let mayNotLookAtAll: @Sendable (Situation) -> Refusal? = { situation in
    guard let session = situation.session else { return "not connected yet" }
    if session.right == .none { return "\(session.user) has no landlord role in this database" }
    if session.isStandby || session.readOnly {
      return
        "looking at everybody is written down first, and this server takes no changes: connect to the primary"
    }
    return nil
  }

  static let mayNotEdit: @Sendable (Situation) -> Refusal? = { noTenant($0) ?? mayNotChange($0) }

  static let mayNotSuspend = mayNotChange(from: [.active, .suspended])
  static let mayNotResume = mayNotChange(from: [.suspended])
  static let mayNotDeactivate = mayNotChange(from: [.active, .suspended, .provisioning])
  static let mayNotReactivate = mayNotChange(from: [.deactivated])
  static let mayNotPurge = mayNotChange(from: [.deactivated])

  /// A change of state that starts from these states only; the first is named.
  private static func mayNotChange(from states: [TenantState]) -> @Sendable (Situation) -> Refusal? {
    { situation in
      if let refusal = mayNotEdit(situation) { return refusal }
      guard let tenant = situation.subject, !states.contains(tenant.state) else { return nil }
      return "\(tenant.siteID) is \(tenant.state.rawValue), not \(states[0].rawValue)"
    }
  }

  static let writing: @Sendable (Situation) -> Refusal? = {
    $0.isWriting ? "a change is on its way: wait for its outcome" : nil
  }
}
