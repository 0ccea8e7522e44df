import TenantStore
import Terminal

/// Onboarding and editing: the fields, then what will be written, then yes.
extension PlainConsole {
  func onboard() throws(Stop) {
    guard var form = form(nil) else { return }
    say("Onboard a tenant. Its fields one after the other; each can be mended before it is saved.")
    for field in [TenantField.name] + TenantField.allCases.filter({ $0 != .name }) {
      try fill(field, &form)
    }
    let secret = TenantSecret.random()
    let tenantID = TenantID.random()
    var requestID = RequestID.random()
    while true {
      sayPlan()
      guard try reviewed(&form, "Onboard this tenant?") else { continue }
      let onboarding = Onboarding(
        requestID: requestID, tenantID: tenantID, fields: form.values, verifier: secret.verifier,
        hint: secret.hint)
      guard let written = try save(.onboard(onboarding), while: "onboarding", &requestID, &form) else {
        continue
      }
      guard written.outcome == .saved, let tenant = written.tenant else {
        say("Not onboarded: \(Words.refusal(written)).")
        continue
      }
      say("\(tenant.siteID) is onboarded. This is its secret, shown this once; store it now:")
      say(secret.text)
      say(
        Receipt(
          .onboarded, before: nil, after: tenant, written, session,
          undo: "deactivate (its site id is never given again)"))
      return bringIntoService(tenant)
    }
  }

  /// What is made besides its row, where anything is.
  private func sayPlan() {
    if case .run(.resources(let listed))? = answer(to: .run(.resources), while: "looking what is listed"),
      !listed.isEmpty
    {
      say("This makes its row, its secret; \(OnboardPlan.words(listed)).")
    }
  }

  /// Carries its run out, where it takes one. The secret was shown before.
  private func bringIntoService(_ tenant: Tenant) {
    guard tenant.state == .provisioning else { return }
    enforce(tenant)
    guard let now = fresh(tenant) else { return }
    say("\(now.siteID) is \(now.state == .active ? "in service" : "not in service: \(now.state.rawValue)").")
  }

  /// The tenant as it is afterwards.
  func edit(_ tenant: Tenant) throws(Stop) -> Tenant {
    guard let now = fresh(tenant), var form = form(now) else { return tenant }
    say("Edit \(now.siteID), version \(now.version).")
    try mend(&form)
    var requestID = RequestID.random()
    while let base = form.base {
      if form.changes.isEmpty {
        say("Nothing was changed.")
        return base
      }
      guard try reviewed(&form, "Save these changes of \(base.siteID)?") else { continue }
      let reason = try reason(of: form, base)
      let update = Update(
        requestID: requestID, tenantID: base.id, expectedVersion: base.version, changes: form.changes,
        reason: reason)
      let doing = "editing \(base.siteID)"
      guard let written = try save(.update(update), while: doing, &requestID, &form) else { continue }
      switch (written.outcome, written.tenant) {
      case (.saved, let after?):
        say(
          Receipt(
            .edited, before: base, after: after, written, session,
            undo: "edit and put the old values back"))
        return after
      case (.stale, let theirs?): rebase(&form, base, theirs)
      case (.saved, nil), (.stale, nil), (.gone, _), (.refused, _):
        say("Not saved: \(Words.refusal(written)).")
        return base
      }
    }
    return tenant
  }

  /// Origins and permissions take a reason, as on the screen; the rest may have one.
  private func reason(of form: PlainForm, _ base: Tenant) throws(Stop) -> String? {
    if !Touches.of(form.changes, on: base).isEmpty { return try askReason() }
    let reason = try ask("Reason, for the audit: (may be empty)")
    return reason.isEmpty ? nil : reason
  }

  /// Says what will be written and asks. False: a field is to be mended first, and was.
  private func reviewed(_ form: inout PlainForm, _ question: String) throws(Stop) -> Bool {
    for field in TenantField.allCases {
      guard let new = form.changes[field] else { continue }
      guard form.base != nil else {
        say(field, new)
        continue
      }
      let change = Change(field, from: form.base?[field], to: new)
      say("\(Words.name(of: field).text):")
      for value in change.gone { say("  no longer: \(spoken(value))") }
      for value in change.new { say("  new: \(spoken(value))") }
    }
    if let base = form.base {
      for touch in Touches.of(form.changes, on: base) { lines.say(touch) }
    }
    if try agree(question) { return true }
    say("Not saved yet.")
    try mend(&form)
    return false
  }

  /// Lets the person choose fields to fill in anew, until an empty line.
  private func mend(_ form: inout PlainForm) throws(Stop) {
    let fields = TenantField.allCases.filter { form.values[$0] != nil }
    for (place, field) in fields.enumerated() {
      if let value = form.values[field] { say("\(place + 1) \(Words.name(of: field).text): \(brief(value))") }
    }
    while true {
      let typed = try ask("Which field? Its number or name; an empty line goes on to saving; a dot gives up.")
      if typed.isEmpty { return }
      let number = Int(typed).map { $0 - 1 }
      let place = number ?? fields.firstIndex { Words.name(of: $0).text.lowercased() == typed.lowercased() }
      if let place, fields.indices.contains(place) {
        try fill(fields[place], &form)
      } else {
        say("\"\(typed)\" is no field here.")
      }
    }
  }

  private func brief(_ value: FieldValue) -> String {
    switch value {
    case .text(let text): spoken(text)
    case .list(let list): list.isEmpty ? "none" : list.map { spoken($0) }.joined(separator: ", ")
    case .absent: spoken(nil as String?)
    }
  }

  /// What the write did; nil where it did nothing: then the field that is to blame has been asked for again.
  private func save(
    _ request: Request, while doing: String, _ requestID: inout RequestID, _ form: inout PlainForm
  ) throws(Stop) -> Written? {
    var blamed: TenantField?
    let written = write(request, while: doing, &requestID, &blamed)
    if let blamed, form.values[blamed] != nil { try fill(blamed, &form) }
    return written
  }

  /// Goes on from what others saved, with this person's values on top.
  private func rebase(_ form: inout PlainForm, _ base: Tenant, _ theirs: Tenant) {
    say(
      "Changed by someone else meanwhile: it is at version \(theirs.version), \(theirs.state.rawValue), now.")
    let mine = form.changes
    for field in TenantField.allCases where !base[field].sameBytes(as: theirs[field]) {
      say("\(Words.name(of: field).text): theirs is \(brief(theirs[field])).")
      if let value = mine[field] { say("  Yours is \(brief(value)), and saving writes yours.") }
    }
    form.base = theirs
    for field in form.values.keys where mine[field] == nil { form.values[field] = theirs[field] }
    say("Nothing was saved. Look again.")
  }
}
