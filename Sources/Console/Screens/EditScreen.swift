import TenantStore
import Terminal

/// The form for a tenant that exists. Only what was touched is written.
struct EditScreen: FormScreen {
  var form: Form
  /// The tenant as it was when the form was filled: what others do since makes a conflict.
  private var base: Tenant
  var requestID: RequestID
  var draft: DraftKeeper
  /// Begins with its review.
  private var isReviewed = false

  private var lastChanges = LastChanges()

  var subject: Tenant? { base }
  var reading: [Ticket] { [lastChanges.reading].compactMap { $0 } }

  init(_ tenant: Tenant, _ turn: inout Turn) {
    base = tenant
    requestID = turn.seeds.requestID()
    form = Self.form(tenant)
    draft = DraftKeeper(.edit(tenant.id), turn.session)
  }

  /// The form with these values in it, and its review at once: to put back what was. `base` is what they go on top of; where
  /// the tenant is at another version by now, that makes a conflict like any other.
  init(_ base: Tenant, putting values: [TenantField: FieldValue], reason: String, _ turn: inout Turn) {
    self.init(base, &turn)
    for (field, value) in values { form.change(.tenant(field)) { $0.editor = Self.editor(field, value) } }
    form.change(.reason) { $0.editor = .text(TextField(reason)) }
    isReviewed = true
    // What is put back is made anew from the audit; a draft would be asked about over the review.
    draft = DraftKeeper(nil, nil)
  }

  mutating func opened(_ turn: inout Turn) {
    turn.wantsCatalogues = true
    lastChanges.load(base.id, &turn)
    draft.open(&turn)
    if isReviewed { act(.dialog(.review), &turn) }
  }

  mutating func edited(_ turn: inout Turn) {}

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    lastChanges.answered(ticket, result)
  }

  /// What was touched and differs from what is stored.
  var changes: [TenantField: FieldValue] {
    var changes: [TenantField: FieldValue] = [:]
    for row in form.rows where row.isTouched {
      guard case .tenant(let field) = row.key, let value = form.value(field),
        !value.sameBytes(as: base[field])
      else {
        continue
      }
      changes[field] = value
    }
    return changes
  }

  mutating func review(_ turn: inout Turn) {
    let changes = changes
    guard !changes.isEmpty else {
      turn.say("nothing was changed")
      return
    }
    let touches = Touches.of(changes, on: base)
    let reason = form.reason
    if !touches.isEmpty, reason.isEmpty {
      form.change(.reason) { $0.problem = "say why: origins or permissions change" }
      form.focus(on: .reason)
      turn.say("not saved: a reason is needed", .bad)
      return
    }
    let update = Update(
      requestID: requestID, tenantID: base.id, expectedVersion: base.version, changes: changes,
      reason: reason.isEmpty ? nil : reason)
    turn.push(
      ReviewScreen(
        title: SafeText("Save these changes of \(base.siteID)?"),
        changes: TenantField.allCases.compactMap { field in
          changes[field].map { Change(field, from: base[field], to: $0) }
        },
        touches: touches, reason: update.reason, request: .update(update)))
  }

  mutating func returned(_ news: News, _ turn: inout Turn) {
    switch news {
    case .agreed: turn.pop()
    case .merged(let theirs, let mine): merge(theirs, mine, &turn)
    case .draft(let found): goOn(found, &turn)
    case .ended(let ending):
      guard let written = ended(ending, "editing \(base.siteID)", &turn) else { return }
      switch (written.outcome, written.tenant) {
      case (.saved, let tenant?):
        draft.settled()
        let receipt = Receipt(.edited, before: base, after: tenant, written, turn.session)
        turn.replace(ReceiptScreen(receipt, .changed(tenant)))
      case (.stale, let theirs?): turn.push(ConflictScreen(base: base, theirs: theirs, mine: changes))
      case (.saved, nil), (.stale, nil), (.gone, _), (.refused, _):
        turn.say(SafeText("not saved: \(Words.refusal(written))"), .bad)
      }
    case .nothing, .changed, .chosen, .list, .mended, .template, .intake: break
    }
  }

  var drafted: Draft? {
    Draft(
      saved: draft.edited, requestID: requestID, tenantID: base.id, version: base.version,
      values: form.drafted)
  }

  /// Takes what was kept, on top of the tenant as it is now. Nil: it is thrown away.
  private mutating func goOn(_ found: Draft?, _ turn: inout Turn) {
    draft.decided(found != nil, &turn)
    guard let found else { return }
    form.fill(found.values)
    if found.version != base.version {
      turn.say(
        SafeText(
          "it was typed over version \(found.version), and this is \(base.version): look at the review with care"
        ),
        .warning)
    }
  }

  func view(_ look: Look) -> Body {
    let title = Line([
      Span(" Edit ", .heading), Span(SafeText(base.siteID), .heading),
      Span(SafeText("  version \(base.version)"), .faint),
    ])
    guard case .tenant(let field) = form.focused.key else { return form.view(title: title, look) }
    return form.view(title: title, foot: lastChanges.line(of: field.rawValue, columns: look.columns), look)
  }

  /// Goes on from what others saved, with the person's values on top.
  private mutating func merge(_ theirs: Tenant, _ mine: [TenantField: FieldValue], _ turn: inout Turn) {
    let reason = form.row(.reason)?.editor
    base = theirs
    form = Self.form(theirs)
    for (field, value) in mine { form.change(.tenant(field)) { $0.editor = Self.editor(field, value) } }
    if let reason { form.change(.reason) { $0.editor = reason } }
    if changes.isEmpty {
      turn.say("merged: nothing of yours is left to save")
    } else {
      act(.dialog(.review), &turn)
    }
  }

  private static func form(_ tenant: Tenant) -> Form {
    var rows = TenantField.allCases.map { field in
      Form.Row(.tenant(field), Words.name(of: field), editor(field, tenant[field]))
    }
    rows.append(Form.Row(.reason, "Reason", .text(TextField())))
    rows.append(Form.Row(.save, "", .button("[ Review and save ]")))
    return Form(rows, judgesUntouched: false)
  }

  private static func editor(_ field: TenantField, _ value: FieldValue) -> Form.Editor {
    switch (field, value) {
    case (.siteID, .text(let text)): .fixed(Shown(text))
    case (.industry, .text(let text)): .choice(text)
    case (.permissions, .list(let list)): .choices(list)
    case (_, .list(let list)): .lines(LinesField(list))
    case (_, .text(let text)): .text(TextField(text))
    case (_, .absent): .text(TextField())
    }
  }
}
