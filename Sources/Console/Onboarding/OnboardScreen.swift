import TenantStore
import Terminal

/// A new tenant, filled in on three pages of one form: Tab walks through all of them, Ctrl-o reviews from any. What is typed is
/// kept as a draft until the tenant is made.
struct OnboardScreen: FormScreen {
  var form: Form
  var requestID: RequestID
  var draft: DraftKeeper
  private var tenantID: TenantID
  /// Made with the form and kept through every attempt, so that whichever arrives holds the verifier of the secret shown. In no
  /// draft: a request that had arrived before the line dropped has another, and then none is shown.
  private let secret: TenantSecret
  private let started: Instant
  private var isSiteIDOurs = true
  /// The site id that was last asked after, and the number of the pause in typing before it.
  private var askedSiteID = ""
  private var pause = 0
  private var asking: Ticket?
  /// The tenant that was selected where this was opened: what can be copied.
  private let neighbour: Tenant?
  private var askingUsual: Ticket?

  var reading: [Ticket] { [asking, askingUsual, verifying?.ticket].compactMap { $0 } }

  init(beside neighbour: Tenant? = nil, _ turn: inout Turn) {
    requestID = turn.seeds.requestID()
    tenantID = turn.seeds.tenantID()
    secret = turn.seeds.secret()
    started = turn.now
    self.neighbour = neighbour
    draft = DraftKeeper(.onboard, turn.session)
    let pages: [(SafeText, [Form.Row])] = [
      ("1 Name", [Self.row(.name, .text(TextField())), Self.row(.siteID, .text(TextField()))]),
      (
        "2 Contact",
        [
          Self.row(.contactEmail, .text(TextField())), Self.row(.websiteURL, .text(TextField())),
          Self.row(.industry, .choice("")),
        ]
      ),
      (
        "3 Origins",
        [
          Self.row(.allowedOrigins, .lines(LinesField())), Self.row(.permissions, .choices([])),
          Form.Row(.save, "", .button("[ Review and save ]")),
        ]
      ),
    ]
    form = Form(pages: pages, judgesUntouched: true)
  }

  private static func row(_ field: TenantField, _ editor: Form.Editor) -> Form.Row {
    Form.Row(.tenant(field), Words.name(of: field), editor)
  }

  mutating func edited(_ turn: inout Turn) {
    switch form.focused.key {
    case .tenant(.siteID): isSiteIDOurs = typedSiteID.isEmpty
    case .tenant(.name) where isSiteIDOurs:
      guard case .text(let name) = form.focused.editor else { return }
      let suggestion = TenantRules.suggestedSiteID(from: name.text)
      form.change(.tenant(.siteID)) {
        $0.editor = .text(TextField(suggestion))
        $0.problem = nil
      }
    case .tenant, .file, .reason, .save: return
    }
    askSoon(&turn)
  }

  /// Asks whether the site id is free once the typing stops.
  private mutating func askSoon(_ turn: inout Turn) {
    guard typedSiteID != askedSiteID else { return }
    askedSiteID = typedSiteID
    form.change(.tenant(.siteID)) { $0.note = nil }
    turn.cancel(&asking)
    pause += 1
    turn.wake(after: 150, .availability(pause))
  }

  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) {
    keepDraft(alarm, &turn)
    guard alarm == .availability(pause), asking == nil, case .text(let siteID)? = form.value(.siteID),
      TenantRules.problem(in: .siteID, .text(siteID)) == nil
    else { return }
    asking = turn.send(.availability(siteID: siteID))
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    if ticket == askingUsual {
      askingUsual = nil
      switch result {
      case .success(.usual(let usual)): take(.usual(usual), &turn)
      case .success: preconditionFailure("a question for what is usual is answered by .usual")
      case .failure(let error): turn.say(error, while: "looking for what is usual")
      }
      return true
    }
    if let verifying, ticket == verifying.ticket {
      self.verifying = nil
      show(verifying.written, verifying.tenant, isOurs: result != .success(.secret(matches: false)), &turn)
      if case .failure(let error) = result { turn.say(error, while: "asking whether the secret is this one") }
      return true
    }
    guard ticket == asking else { return false }
    asking = nil
    // Only a hint: where it cannot be had, saving will tell.
    guard case .success(.availability(let availability)) = result else { return true }
    form.change(.tenant(.siteID)) { row in
      switch availability {
      case .free: row.note = Shown("free", .good)
      case .taken: row.note = Shown("taken", .bad)
      case .used: row.note = Shown("used before, never given again", .bad)
      }
    }
    return true
  }

  func offerTemplates(_ turn: inout Turn) {
    var industry = ""
    if case .text(let name)? = form.value(.industry) { industry = name }
    turn.push(TemplateMenu(industry: industry, neighbour))
  }

  private mutating func take(_ template: Template, _ turn: inout Turn) {
    if case .industry(let name) = template {
      turn.send(.usual(industry: name), insteadOf: &askingUsual)
      return
    }
    turn.say(template.fill(&form, turn.catalogues))
    draft.edited(&turn)
  }

  mutating func review(_ turn: inout Turn) {
    var fields: [TenantField: FieldValue] = [:]
    for field in TenantField.allCases { fields[field] = form.value(field) }
    let request = Request.onboard(
      Onboarding(
        requestID: requestID, tenantID: tenantID, fields: fields, verifier: secret.verifier, hint: secret.hint
      ))
    turn.push(
      ReviewScreen(
        title: "Onboard this tenant?",
        changes: TenantField.allCases.compactMap { field in
          fields[field].map { Change(field, from: nil, to: $0) }
        },
        touches: [], reason: nil, request: request, plan: OnboardPlan()))
  }

  mutating func returned(_ news: News, _ turn: inout Turn) {
    switch news {
    case .agreed: turn.pop()
    case .template(let template): take(template, &turn)
    case .draft(let found): goOn(found, &turn)
    case .ended(let ending):
      guard let written = ended(ending, "onboarding", &turn) else { return }
      guard written.outcome == .saved, let tenant = written.tenant else {
        turn.say(SafeText("not onboarded: \(Words.refusal(written))"), .bad)
        return
      }
      draft.settled()
      guard isGoneOn else { return show(written, tenant, isOurs: true, &turn) }
      verifying = (
        turn.send(.verifySecret(tenant.id, verifier: secret.verifier, whileShut: true)), written, tenant
      )
    case .nothing, .changed, .merged, .chosen, .list, .mended, .intake: break
    }
  }

  /// The ids are those of a draft, so the request of another console may be the one that arrived.
  private var isGoneOn = false
  /// Then the server is asked whether the tenant has the secret of this form, before one is shown that opens nothing.
  private var verifying: (ticket: Ticket, written: Written, tenant: Tenant)?

  private func show(_ written: Written, _ tenant: Tenant, isOurs: Bool, _ turn: inout Turn) {
    let receipt = Receipt(.onboarded, before: nil, after: tenant, written, turn.session)
    if isOurs {
      turn.replace(SecretScreen(secret, receipt, tenant, started: started, &turn))
    } else {
      // Whoever made it may have left it unfinished.
      if tenant.state == .provisioning { turn.effects.append(.resources(.provision(tenant))) }
      turn.replace(ReceiptScreen(receipt, .changed(tenant)))
      turn.say(
        "it had been made before this draft was gone on with, with the secret that was shown then", .warning)
    }
  }

  /// Takes what was kept, under its request's id: if that had arrived, nothing is made twice. Nil: it is thrown away.
  private mutating func goOn(_ found: Draft?, _ turn: inout Turn) {
    draft.decided(found != nil, &turn)
    guard let found else { return }
    form.fill(found.values)
    (requestID, tenantID, isGoneOn) = (found.requestID, found.tenantID, true)
    isSiteIDOurs = typedSiteID.isEmpty
    askSoon(&turn)
  }

  var drafted: Draft? {
    Draft(saved: draft.edited, requestID: requestID, tenantID: tenantID, values: form.drafted)
  }

  func view(_ look: Look) -> Body {
    var title = [Span(" Onboard a tenant ", .heading)] + form.pageTitles
    title.append(Span("  4 Review", .faint))
    var body = form.view(title: Line(title), look)
    if form.focused.page == 2, form.picker == nil, body.lines.count + 1 < look.lines {
      body.lines += [Line(), Line(Self.hint, .faint)]
    }
    return body
  }

  private static let hint: SafeText =
    " Ctrl-t fills in what is usual in the industry, or what another tenant has"

  private var typedSiteID: String {
    guard case .text(let text)? = form.row(.tenant(.siteID))?.editor else { return "" }
    return text.text
  }
}
