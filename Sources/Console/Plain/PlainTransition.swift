import TenantStore
import Terminal

/// Changing a tenant's state: what it touches, reason and terms, then yes; or its site id typed out, where it goes out of service.
extension PlainConsole {
  /// The tenant as it is afterwards.
  func change(_ tenant: Tenant, _ change: StateChange) throws(Stop) -> Tenant {
    let action = LifecycleAction(change)
    if let refusal = LifecycleMenu.refusal(action, tenant, session, .standard) {
      refuse(.lifecycle(action), refusal, on: tenant)
      return tenant
    }
    let place = session.environment.map { " in \($0.uppercased())" } ?? ""
    let name = change.rawValue.prefix(1).uppercased() + change.rawValue.dropFirst()
    say("\(name) \(tenant.siteID)\(place): \(spoken(tenant.name)).")
    say(change.effect(on: tenant))
    let touched = sayTouched(by: tenant)
    var transition = Transition(
      tenantID: tenant.id, expectedVersion: tenant.version, reason: try askReason(), predicted: touched)
    try askTerms(change, &transition)
    if change == .deactivate {
      try demand(tenant.siteID)
    } else {
      guard try agree("\(name) \(tenant.siteID)?") else { throw .givenUp }
    }
    var requestID = RequestID.random()
    var blamed: TenantField?
    transition.requestID = requestID
    let doing = "\(change.doing) \(tenant.siteID)"
    guard let written = write(.lifecycle(.change(change, transition)), while: doing, &requestID, &blamed)
    else {
      return tenant
    }
    switch (written.outcome, written.tenant) {
    case (.saved, let after?):
      let undo = StateChange(undoing: tenant.state, after.state)?.rawValue
      say(Receipt(change.deed, before: tenant, after: after, written, session, undo: undo))
      sayDoors(of: after)
      enforce(after)
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

  /// The rows that are its own; nil where they could not be counted.
  private func sayTouched(by tenant: Tenant) -> [TouchedTable]? {
    guard
      case .lifecycle(.touched(let tables))? = answer(
        to: .lifecycle(.touched(tenant.id)), while: "counting its rows")
    else { return nil }
    for table in tables { say("Rows in \(table.table): \(table.words).") }
    return tables
  }

  /// Ticket, date and, of a suspension, what stays allowed.
  private func askTerms(_ change: StateChange, _ transition: inout Transition) throws(Stop) {
    let ticket = try ask("Ticket: (may be empty)")
    transition.ticket = ticket.isEmpty ? nil : ticket
    let what =
      switch change {
      case .suspend: "Resumed by itself when"
      case .resume, .reactivate: "Suspended by itself when"
      case .deactivate: "Purge date"
      }
    var question = "\(what): a day such as 2026-12-01, or 30d. (may be empty)"
    while true {
      let typed = try ask(question)
      transition.until = Instant(ahead: typed, now: .now())
      if typed.isEmpty || transition.until != nil { break }
      question = "\"\(typed)\" is no moment that lies ahead. Write 2026-12-01, or 30d for in thirty days."
    }
    if change == .suspend, try agree("May it still read?") { transition.access = .read }
  }

  /// Each door, tried once.
  private func sayDoors(of tenant: Tenant) {
    guard
      case .lifecycle(.doors(let doors))? = answer(
        to: .lifecycle(.doors(tenant.id)), while: "trying the doors")
    else { return }
    say("Doors: " + doors.map(\.words).joined(separator: ", "))
  }

  /// Carries the change to what the tenant has elsewhere.
  func enforce(_ tenant: Tenant) {
    guard
      case .run(.resources(let listed))? = answer(to: .run(.resources), while: "looking where else it is"),
      !listed.isEmpty
    else { return }
    say("Carrying it to \(listed.map(\.name).joined(separator: ", ")).")
    lines.flush()
    resources(.enforce(tenant)) { report in
      switch report {
      case .enforced(_, let enforcement) where enforcement.isOver:
        if !enforcement.steps.isEmpty { say("Steps: \(enforcement.steps).") }
        let doors = enforcement.trial.doors
        if !doors.isEmpty { say("Doors elsewhere: \(doors.map(\.words).joined(separator: ", ")).") }
        if let obstacle = enforcement.obstacle { say("Not done: \(obstacle).") }
      case .failed(_, let why): say("Not carried there: \(why). landlord provision resume does it.")
      case .enforced, .surveyed, .provisioned, .carriedOut: break
      }
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
