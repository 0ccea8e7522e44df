import TenantStore
import Terminal

/// The form for a new tenant.
struct OnboardScreen: FormScreen {
  var form: Form
  var requestID: RequestID
  private let tenantID: TenantID
  /// Made with the form and kept through every attempt, so that whichever arrives holds the verifier of the secret shown.
  private let secret: TenantSecret
  private var isSiteIDOurs = true
  /// The site id that was last asked after, and the number of the pause in typing before it.
  private var askedSiteID = ""
  private var pause = 0
  private var asking: Ticket?

  var reading: [Ticket] { asking.map { [$0] } ?? [] }

  init(_ turn: inout Turn) {
    requestID = turn.seeds.requestID()
    tenantID = turn.seeds.tenantID()
    secret = turn.seeds.secret()
    form = Form(
      [
        Form.Row(.tenant(.name), Words.name(of: .name), .text(TextField())),
        Form.Row(.tenant(.siteID), Words.name(of: .siteID), .text(TextField())),
        Form.Row(.tenant(.contactEmail), Words.name(of: .contactEmail), .text(TextField())),
        Form.Row(.tenant(.websiteURL), Words.name(of: .websiteURL), .text(TextField())),
        Form.Row(.tenant(.industry), Words.name(of: .industry), .choice("")),
        Form.Row(.tenant(.allowedOrigins), Words.name(of: .allowedOrigins), .lines(LinesField())),
        Form.Row(.tenant(.permissions), Words.name(of: .permissions), .choices([])),
        Form.Row(.save, "", .button("[ Review and save ]")),
      ], judgesUntouched: true)
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
    case .tenant, .reason, .save: return
    }
    guard typedSiteID != askedSiteID else { return }
    askedSiteID = typedSiteID
    form.change(.tenant(.siteID)) { $0.note = nil }
    turn.cancel(&asking)
    pause += 1
    turn.wake(after: 150, .availability(pause))
  }

  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) {
    guard alarm == .availability(pause), asking == nil, case .text(let siteID)? = form.value(.siteID),
      TenantRules.problem(in: .siteID, .text(siteID)) == nil
    else { return }
    asking = turn.send(.availability(siteID: siteID))
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
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
        touches: [], reason: nil, request: request))
  }

  mutating func returned(_ news: News, _ turn: inout Turn) {
    switch news {
    case .agreed: turn.pop()
    case .ended(let ending):
      guard let written = ended(ending, "onboarding", &turn) else { return }
      guard written.outcome == .saved, let tenant = written.tenant else {
        turn.say(SafeText("not onboarded: \(Words.refusal(written))"), .bad)
        return
      }
      // Goes on beside everything else; p shows how far it is.
      if tenant.state == .provisioning { turn.effects.append(.resources(.provision(tenant))) }
      let receipt = Receipt(.onboarded, before: nil, after: tenant, written, turn.session)
      turn.replace(SecretScreen(secret, ReceiptScreen(receipt, .changed(tenant)), tenant))
    case .nothing, .changed, .merged, .chosen, .list, .mended: break
    }
  }

  func view(_ look: Look) -> Body { form.view(title: Line(" Onboard a tenant", .heading), look) }

  private var typedSiteID: String {
    guard case .text(let text)? = form.row(.tenant(.siteID))?.editor else { return "" }
    return text.text
  }
}
