import TenantStore
import Terminal

/// Asks before a mend is run: the exact statements, as whom, what they lock, and why.
/// Nothing but its own button, focused and painted, does it.
struct MendDialog: Screen {
  private enum Focus { case reason, button }

  private let finding: Finding
  private let mend: Mend
  private var requestID: RequestID
  private var reason = TextField()
  private var focus = Focus.reason
  private var problem: SafeText?
  private var gate = Gate()
  private(set) var write: Write?

  let place = Place.transition
  let isBox = true
  var hasChanges: Bool { !reason.isEmpty }

  /// Nil where it cannot be run from here; the status line then says why.
  init?(_ finding: Finding, _ turn: inout Turn) {
    guard let mend = finding.mend else {
      turn.say("no single statement mends this", .warning)
      return nil
    }
    guard mend.isAllowed else {
      turn.say(Self.refusal(mend), .warning)
      return nil
    }
    self.finding = finding
    self.mend = mend
    requestID = turn.seeds.requestID()
  }

  /// Why this person may not.
  static func refusal(_ mend: Mend) -> SafeText {
    guard let role = mend.runsAs else {
      return "It takes a superuser, or whoever administers the roles: give them the SQL."
    }
    return SafeText("It takes a member of \(role), and you are none: give one the SQL.")
  }

  mutating func painted() { gate.painted() }

  mutating func type(_ key: Key, _ turn: inout Turn) -> Bool {
    guard !isWriting, focus == .reason, reason.take(key) else { return false }
    problem = nil
    return true
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    guard !isWriting else { return turn.say("a change is on its way: wait for its outcome", .warning) }
    switch action {
    case .dialog(.nextField), .dialog(.previousField), .move(.up), .move(.down):
      focus = focus == .reason ? .button : .reason
      // Pressing the button is a question of its own: only once it is seen to have the focus.
      if focus == .button { gate.close() }
    case .dialog(.press): if focus == .button { confirm(&turn) } else { turn.say("Tab goes to the button") }
    case .dialog(.back), .dialog(.refuse): turn.pop()
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  private mutating func confirm(_ turn: inout Turn) {
    guard gate.isOpen else {
      return turn.say("not taken: it was typed before this was on the screen", .warning)
    }
    let why = Form.trimmed(reason.text)
    guard !why.isEmpty else {
      problem = "say why first"
      focus = .reason
      return
    }
    write = Write(
      .mend(Mending(requestID: requestID, finding: finding.key, mend: mend, reason: why)), &turn)
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    var ending: Write.Ending?
    guard write?.answered(ticket, result, &turn, ending: &ending) == true else { return false }
    guard let ending else { return true }
    write = nil
    gate.close()
    let doing = "mending " + finding.object
    switch ending {
    case .written(let written, let lost) where written.outcome == .saved:
      if let lost { turn.say(Words.didCommit(lost, written), .good) }
      turn.replace(ReceiptScreen(Receipt(finding, mend, written, turn), .mended))
    case .written(let written, _): failed(SafeText("\(doing): \(Words.refusal(written))"), &turn)
    case .problem(let problem): failed(SafeText("\(doing): \(problem.message)"), &turn)
    case .failed(let error): failed(Words.ofWrite(error, while: doing), &turn)
    case .never(let sent): failed(Words.didNot(sent, "press the button again"), &turn)
    }
    return true
  }

  /// What failed left nothing behind; another try is another request.
  private mutating func failed(_ why: SafeText, _ turn: inout Turn) {
    requestID = turn.seeds.requestID()
    turn.say(why, .bad)
  }

  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) { write?.alarm(alarm, &turn) }
}

extension MendDialog {
  func view(_ look: Look) -> Body {
    let width = min(72, look.columns - 4)
    var lines: [Line] = []
    for statement in mend.statements {
      lines += Shown(statement + ";", .added).wrapped(columns: width).map { Line($0) }
    }
    lines.append(Line())
    lines += Box.paragraph("as \(mend.runner)", columns: width).map { Line($0) }
    lines += Box.paragraph("locks " + finding.check.locks, columns: width).map { Line($0, .warning) }
    let label = min(9, width / 2)
    let (field, column) = reason.view(columns: width - label - 2, focused: focus == .reason)
    var cursor = Point(line: lines.count, column: label + 1 + column)
    lines.append(Line([Span("Reason", .heading, columns: label), Span("["), field, Span("]")]))
    if focus == .button { cursor = Point(line: lines.count, column: 2) }
    lines.append(
      Line([
        Span("  "), Span("[ run it ]", focus == .button ? .focus : .faint),
        Span("   Esc cancels. Default: No", .faint),
      ]))
    if let words = write?.words(at: look.now) {
      lines += Box.paragraph(words.text.text, columns: width).map { Line($0, words.role) }
    } else if let problem {
      lines.append(Line([Span("! ", .bad), Span(problem, .bad)]))
    } else {
      lines.append(Line("Tab goes to the button; Enter there does it.", .faint))
    }
    let place = look.session?.environment.map { " in \($0.uppercased())" } ?? ""
    return Box.framed(lines, title: SafeText("MEND \(finding.object)\(place)"), width: width, cursor: cursor)
  }
}

extension Receipt {
  /// Of a mend that was run.
  fileprivate init(_ finding: Finding, _ mend: Mend, _ written: Written, _ turn: Turn) {
    let place = turn.session.map { "\($0.user) on \($0.host)/\($0.database)" } ?? ""
    let environment = turn.session?.environment.map { " (\($0))" } ?? ""
    self.init(lines: [
      ("What", SafeText("mended \(finding.check.name) of \(finding.object)")),
      ("From, to", SafeText("\(finding.what) -> " + mend.statements.map { $0 + ";" }.joined(separator: " "))),
      ("Who", SafeText(place + environment + (mend.runsAs.map { " as \($0)" } ?? ""))),
      ("When", SafeText(turn.now.utc)),
      (
        "Audit",
        SafeText((written.entryID.map { "entry \($0)" } ?? "no entry") + "; what it was before stands above")
      ),
    ])
  }
}
