import TenantStore
import Terminal

/// Asks before the state of a tenant is changed: why, on what terms, and for what cannot be undone for ever its site id typed out.
struct TransitionDialog: Screen {
  private let change: StateChange
  private var tenant: Tenant
  private var requestID: RequestID
  private var form: AskForm
  /// What it will touch; nil: not counted yet, or it could not be.
  private var touched: [TouchedTable]?
  private var counting: Ticket?
  private var twins: [String] = []
  private var comparing: Ticket?
  private var elsewhere: Elsewhere
  private(set) var write: Write?

  let place = Place.transition
  let isBox = true
  var subject: Tenant? { tenant }
  var hasChanges: Bool { form.hasReason }
  var reading: [Ticket] { [counting, comparing, elsewhere.listing].compactMap { $0 } }

  init(_ change: StateChange, _ tenant: Tenant, _ turn: inout Turn) {
    self.change = change
    self.tenant = tenant
    elsewhere = Elsewhere(tenant)
    requestID = turn.seeds.requestID()
    let fields: [AskForm.Field] =
      switch change {
      case .suspend: [.reason, .ticket, .until, .access]
      case .resume, .reactivate: [.reason, .ticket, .until]
      case .deactivate: [.reason, .ticket, .until, .siteID]
      }
    form = AskForm(fields, siteID: tenant.siteID)
  }

  mutating func opened(_ turn: inout Turn) {
    turn.send(.lifecycle(.touched(tenant.id)), insteadOf: &counting)
    elsewhere.look(&turn)
    if change == .deactivate { turn.send(.lifecycle(.twins(tenant.id)), insteadOf: &comparing) }
  }

  mutating func painted() { form.painted() }

  mutating func type(_ key: Key, _ turn: inout Turn) -> Bool {
    guard !isWriting else { return false }
    return form.type(key, &turn)
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    guard !isWriting else {
      turn.say("a change is on its way: wait for its outcome", .warning)
      return
    }
    switch action {
    case .dialog(.nextField), .move(.down): form.move(by: 1)
    case .dialog(.previousField), .move(.up): form.move(by: -1)
    case .dialog(.press): if let agreed = form.press(&turn) { send(agreed, &turn) }
    case .dialog(.back), .dialog(.refuse): turn.pop()
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  private mutating func send(_ agreed: AskForm.Agreed, _ turn: inout Turn) {
    let transition = Transition(
      requestID: requestID, tenantID: tenant.id, expectedVersion: tenant.version, reason: agreed.reason,
      ticket: agreed.ticket, until: agreed.until, access: form.access, predicted: touched)
    write = Write(.lifecycle(.change(change, transition)), &turn)
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    if ticket == counting {
      counting = nil
      // Without the numbers the question is the same.
      if case .success(.lifecycle(.touched(let tables))) = result { touched = tables }
      return true
    }
    if ticket == comparing {
      comparing = nil
      if case .success(.lifecycle(.twins(let found))) = result { twins = found }
      return true
    }
    if elsewhere.answered(ticket, result, &turn) { return true }
    var ending: Write.Ending?
    guard write?.answered(ticket, result, &turn, ending: &ending) == true else { return false }
    guard let ending else { return true }
    write = nil
    form.closeGate()
    switch ending {
    case .written(let written, let lost): self.written(written, lost, &turn)
    case .problem(let problem): turn.say(.field(problem), while: doing)
    case .failed(let error):
      if error == .requestReused { requestID = turn.seeds.requestID() }
      turn.say(Words.ofWrite(error, while: doing), .bad)
    case .never(let sent):
      requestID = turn.seeds.requestID()
      turn.say(Words.didNot(sent, "press the button again"), .warning)
    }
    return true
  }

  mutating func reported(_ report: ResourceReport, _ turn: inout Turn) {
    elsewhere.reported(report, &turn)
  }

  private mutating func written(_ written: Written, _ lost: Instant?, _ turn: inout Turn) {
    switch (written.outcome, written.tenant) {
    case (.saved, let after?):
      if let lost { turn.say(Words.didCommit(lost, written), .good) }
      let receipt = Receipt(change.deed, before: tenant, after: after, written, turn.session)
      turn.replace(
        TransitionReceipt(receipt, after, predicted: touched, elsewhere: elsewhere.survey, turn.now))
    case (.stale, let now?):
      // What the person agreed to is no longer what is there: ask again from the start.
      requestID = turn.seeds.requestID()
      tenant = now
      elsewhere = Elsewhere(now)
      form.askAgain()
      opened(&turn)
      turn.say(
        SafeText(
          "changed by someone else meanwhile, now version \(now.version), \(now.state.rawValue): look again"),
        .warning)
    case (.saved, nil), (.stale, nil), (.gone, _), (.refused, _):
      requestID = turn.seeds.requestID()
      turn.say(SafeText("\(doing): \(Words.refusal(written))"), .bad)
    }
  }

  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) { write?.alarm(alarm, &turn) }

  private var doing: String { "\(change.doing) \(tenant.siteID)" }

  func view(_ look: Look) -> Body {
    let width = min(70, look.columns - 4)
    var lines = [Line(Shown(tenant.name).spans)]
    let mayRead = change == .suspend && form.access == .read
    var effect =
      mayRead
      ? "Nothing can be written for it any more. It may read, and its origins and secret stay accepted."
      : change.effect(on: tenant)
    if let touched, !touched.isEmpty {
      let become = mayRead ? "can only be read" : change.isShutting ? "stay, hidden" : "are seen again"
      effect += " \(Words.rows(touched)) \(become)."
    }
    effect += " Undo: \(change.deed.undo)."
    lines += Box.paragraph(effect, columns: width).map { Line($0, .warning) }
    lines += elsewhere.lines(
      change.isShutting ? "All of it is shut too, and stays." : "All of it opens again too.", columns: width)
    lines += Words.twins(twins, columns: width)
    let cursor = form.view(
      after: &lines, columns: width, button: change.rawValue, state: write?.words(at: look.now))
    let place = look.session?.environment.map { " in \($0.uppercased())" } ?? ""
    return Box.framed(
      lines, title: SafeText("\(change.rawValue.uppercased()) \(tenant.siteID)\(place)"), width: width,
      cursor: cursor)
  }
}
