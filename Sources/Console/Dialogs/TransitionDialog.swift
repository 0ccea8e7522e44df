import TenantStore
import Terminal

/// Asks before a tenant is taken out of service (reason, and its site id typed out) or brought back (reason).
/// Nothing but its own button, focused and painted, does it.
struct TransitionDialog: Screen {
  private enum Focus: Int { case reason, siteID, button }

  private let isDeactivation: Bool
  private var tenant: Tenant
  private var requestID: RequestID
  private var reason = TextField()
  private var typedSiteID = TextField()
  private var focus = Focus.reason
  private var problem: SafeText?
  private var gate = Gate()
  private var write: Write?

  let place = Place.transition
  let isBox = true
  var isWriting: Bool { write != nil }
  var subject: Tenant? { tenant }
  var hasChanges: Bool { !reason.isEmpty }

  /// Nil for an action that is no change of state.
  init?(_ action: LifecycleAction, _ tenant: Tenant, _ turn: inout Turn) {
    guard action == .deactivate || action == .reactivate else { return nil }
    isDeactivation = action == .deactivate
    self.tenant = tenant
    requestID = turn.seeds.requestID()
  }

  mutating func painted() { gate.painted() }

  mutating func type(_ key: Key, _ turn: inout Turn) -> Bool {
    guard !isWriting else { return false }
    switch focus {
    case .reason:
      guard reason.take(key) else { return false }
    case .siteID:
      if case .paste = key {
        turn.say("paste is off here: type the site id", .warning)
        return true
      }
      guard typedSiteID.take(key) else { return false }
    case .button: return false
    }
    problem = nil
    return true
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    guard !isWriting else {
      turn.say("a change is on its way: wait for its outcome", .warning)
      return
    }
    switch action {
    case .dialog(.nextField), .move(.down): move(by: 1)
    case .dialog(.previousField), .move(.up): move(by: -1)
    case .dialog(.press): press(&turn)
    case .dialog(.back), .dialog(.refuse): turn.pop()
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  /// Enter goes on from field to field, but never onto the button: a key held down cannot get there.
  private mutating func press(_ turn: inout Turn) {
    switch focus {
    case .reason where isDeactivation: focus = .siteID
    case .reason, .siteID: turn.say("Tab goes to the button")
    case .button: confirm(&turn)
    }
  }

  private mutating func move(by step: Int) {
    let order: [Focus] = isDeactivation ? [.reason, .siteID, .button] : [.reason, .button]
    let place = order.firstIndex(of: focus) ?? 0
    focus = order[(place + step + order.count) % order.count]
    // Pressing the button is a question of its own: only once it is seen to have the focus.
    if focus == .button { gate.close() }
  }

  private mutating func confirm(_ turn: inout Turn) {
    guard gate.isOpen else {
      turn.say("not taken: it was typed before this was on the screen", .warning)
      return
    }
    let why = Form.trimmed(reason.text)
    guard !why.isEmpty else { return refuse("say why first", .reason) }
    guard !isDeactivation || typedSiteID.text.utf8.elementsEqual(tenant.siteID.utf8) else {
      return refuse("type the site id exactly as it is in the title", .siteID)
    }
    let transition = Transition(
      requestID: requestID, tenantID: tenant.id, expectedVersion: tenant.version, reason: why)
    write = Write(isDeactivation ? .deactivate(transition) : .reactivate(transition), &turn)
  }

  private mutating func refuse(_ why: SafeText, _ place: Focus) {
    problem = why
    focus = place
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    var ending: Write.Ending?
    guard write?.answered(ticket, result, &turn, ending: &ending) == true else { return false }
    guard let ending else { return true }
    write = nil
    gate.close()
    switch ending {
    case .written(let written, let wasUnknown): self.written(written, wasUnknown, &turn)
    case .problem(let problem): turn.say(.field(problem), while: doing)
    case .failed(let error):
      if error == .requestReused { requestID = turn.seeds.requestID() }
      turn.say(Words.ofWrite(error, while: doing), .bad)
    case .never:
      requestID = turn.seeds.requestID()
      turn.say("it never arrived and nothing was changed: press the button again", .warning)
    }
    return true
  }

  private mutating func written(_ written: Written, _ wasUnknown: Bool, _ turn: inout Turn) {
    switch (written.outcome, written.tenant) {
    case (.saved, let after?):
      if wasUnknown { turn.say("the line was lost, but it was carried out", .good) }
      let receipt = Receipt(
        isDeactivation ? .deactivated : .reactivated, before: tenant, after: after, written, turn.session)
      turn.replace(ReceiptScreen(receipt, .changed(after)))
    case (.stale, let now?):
      // What the person agreed to is no longer what is there: ask again from the start.
      requestID = turn.seeds.requestID()
      tenant = now
      typedSiteID.replace(with: "")
      focus = .reason
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

  private var doing: String { (isDeactivation ? "deactivating " : "reactivating ") + tenant.siteID }
}

extension TransitionDialog {
  func view(_ look: Look) -> Body {
    let width = min(70, look.columns - 4)
    var lines = [Line(Shown(tenant.name).spans)]
    let effect = Self.effect(of: isDeactivation ? .deactivate : .reactivate, on: tenant)
    lines += Box.paragraph("\(effect) Undo: x \(isDeactivation ? "r" : "d").", columns: width).map {
      Line($0, .warning)
    }
    let label = min(19, width / 2)
    var cursor = Point(line: 0, column: 0)
    let field = { (title: SafeText, field: TextField, isFocused: Bool, lines: inout [Line]) in
      let (span, column) = field.view(columns: width - label - 2, focused: isFocused)
      lines.append(Line([Span(title, .heading, columns: label), Span("["), span, Span("]")]))
      if isFocused { cursor = Point(line: lines.count - 1, column: label + 1 + column) }
    }
    field("Reason", reason, focus == .reason, &lines)
    if isDeactivation { field("Type the site id", typedSiteID, focus == .siteID, &lines) }
    if focus == .button { cursor = Point(line: lines.count, column: 2) }
    lines.append(
      Line([
        Span("  "),
        Span(isDeactivation ? "[ deactivate ]" : "[ reactivate ]", focus == .button ? .focus : .faint),
        Span("   Esc cancels. Default: No", .faint),
      ]))
    if let words = write?.words(at: look.now) {
      lines += Box.paragraph(words.text.text, columns: width).map { Line($0, words.role) }
    } else if let problem {
      lines.append(Line([Span("! ", .bad), Span(problem, .bad)]))
    } else {
      lines.append(Line("Tab goes to the button; Enter there does it.", .faint))
    }
    let name = isDeactivation ? "DEACTIVATE" : "REACTIVATE"
    let place = look.session?.environment.map { " in \($0.uppercased())" } ?? ""
    return Box.framed(
      lines, title: SafeText("\(name) \(tenant.siteID)\(place)"), width: width, cursor: cursor)
  }

  /// What it touches, in numbers. `action` is one of the two.
  static func effect(of action: LifecycleAction, on tenant: Tenant) -> String {
    let origins = Words.count(tenant.allowedOrigins.count, "origin")
    let permissions = Words.count(tenant.permissions.count, "permission")
    return action == .deactivate
      ? "\(origins) and \(permissions) stop being accepted, and so does its secret. Nothing is deleted."
      : "\(origins) and \(permissions) are accepted again, and so is its secret."
  }
}
