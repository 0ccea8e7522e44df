import TenantStore
import Terminal

/// Taking a tenant out of service and bringing it back: reason, then the site id typed out, or yes.
extension PlainConsole {
  /// The tenant as it is afterwards. `action` is one of the two.
  func change(_ tenant: Tenant, _ action: LifecycleAction) throws(Stop) -> Tenant {
    if let refusal = LifecycleMenu.refusal(action, tenant, session, .standard) {
      refuse(.lifecycle(action), refusal, on: tenant)
      return tenant
    }
    let isDeactivation = action == .deactivate
    let place = session.environment.map { " in \($0.uppercased())" } ?? ""
    say("\(isDeactivation ? "Deactivate" : "Reactivate") \(tenant.siteID)\(place): \(spoken(tenant.name)).")
    say(TransitionDialog.effect(of: action, on: tenant))
    let reason = try askReason()
    if isDeactivation {
      try demand(tenant.siteID)
    } else {
      guard try agree("Reactivate \(tenant.siteID)?") else { throw .givenUp }
    }
    var requestID = RequestID.random()
    var blamed: TenantField?
    let transition = Transition(
      requestID: requestID, tenantID: tenant.id, expectedVersion: tenant.version, reason: reason)
    let doing = (isDeactivation ? "deactivating " : "reactivating ") + tenant.siteID
    let request: Request = isDeactivation ? .deactivate(transition) : .reactivate(transition)
    guard let written = write(request, while: doing, &requestID, &blamed) else { return tenant }
    switch (written.outcome, written.tenant) {
    case (.saved, let after?):
      say(
        Receipt(
          isDeactivation ? .deactivated : .reactivated, before: tenant, after: after, written, session,
          undo: isDeactivation ? "reactivate" : "deactivate"))
      return after
    case (.stale, let now?):
      say(
        "Changed by someone else meanwhile, now version \(now.version), \(now.state.rawValue). "
          + "Nothing was changed: look again.")
      return now
    case (.saved, nil), (.stale, nil), (.gone, _), (.refused, _):
      say("Nothing was changed: \(Words.refusal(written)).")
      return tenant
    }
  }

  /// A reason that is not empty.
  func askReason() throws(Stop) -> String {
    while true {
      let reason = try ask("Reason, for the audit:")
      if !reason.isEmpty { return reason }
      say("Say why first, or give up with a dot.")
    }
  }

  private func demand(_ siteID: String) throws(Stop) {
    while true {
      let typed = try ask("Type the site id \(siteID) to do it, or a dot to give up.")
      if typed.utf8.elementsEqual(siteID.utf8) { return }
      say("That is not \(siteID). Nothing was changed yet.")
    }
  }
}
