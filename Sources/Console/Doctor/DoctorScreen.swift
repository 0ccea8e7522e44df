import TenantStore
import Terminal

/// Every way from one tenant's rows to another's that there is in this database: what the doctor found, the worst first.
struct DoctorScreen: Screen {
  private var run: DoctorRun
  /// The run that was kept last, and what is different now.
  private var kept: KeptExamination?
  private var new: Set<FindingKey> = []
  private var mended = 0
  private var reading1: Ticket?
  private var keeping: Write?
  private var onlyFailures = false
  /// What is shown, and the one that has the focus.
  private var shown: [Finding] = []
  private var menu = Menu(count: 0)

  let place = Place.doctor
  var write: Write? { keeping }
  var reading: [Ticket] { [run.ticket, reading1].compactMap { $0 } }
  var explanation: Explanation? {
    let group = CheckGroup.allCases.first { $0.checks.contains { $0 == selected?.check } }
    return Explanation(
      command: "landlord doctor" + (onlyFailures ? " --only-failures" : ""),
      requests: [.examine(group ?? .tables, table: nil)])
  }
  var clippings: [Clipping] { selected.map(FindingScreen.clippings) ?? [] }

  private var selected: Finding? { shown.indices.contains(menu.selected) ? shown[menu.selected] : nil }

  init(_ turn: inout Turn) { run = DoctorRun(&turn) }

  mutating func opened(_ turn: inout Turn) { turn.send(.lastExamination, insteadOf: &reading1) }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    if menu.act(action) { return }
    switch action {
    case .tenant(.open):
      if let selected { turn.push(FindingScreen(selected, isNew: new.contains(selected.key))) }
    case .page(.mend): mend(&turn)
    case .page(.failures):
      onlyFailures.toggle()
      show()
    case .page(.keep): keep(&turn)
    case .page(.refresh): look(&turn)
    case .dialog(.back), .dialog(.leave): turn.pop()
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  private func mend(_ turn: inout Turn) {
    guard let selected else { return turn.say("nothing is selected", .warning) }
    if let dialog = MendDialog(selected, &turn) { turn.push(dialog) }
  }

  /// Looks at everything anew.
  private mutating func look(_ turn: inout Turn) {
    var old = run.ticket
    turn.cancel(&old)
    run = DoctorRun(&turn)
    show()
    opened(&turn)
  }

  private mutating func keep(_ turn: inout Turn) {
    guard keeping == nil else { return turn.say("it is being kept", .warning) }
    guard run.isFinished else { return turn.say("this run has not come to its end", .warning) }
    keeping = Write(
      .keepExamination(
        ExaminationKeeping(
          requestID: turn.seeds.requestID(), findings: run.examination.findings.map(\.key))), &turn)
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    if ticket == reading1 {
      reading1 = nil
      if case .success(.lastExamination(let kept)) = result { self.kept = kept }
      show()
      return true
    }
    var ending: Write.Ending?
    if keeping?.answered(ticket, result, &turn, ending: &ending) == true {
      if let ending { wasKept(ending, &turn) }
      return true
    }
    guard run.answered(ticket, result, &turn) else { return false }
    show()
    return true
  }

  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) { keeping?.alarm(alarm, &turn) }

  private mutating func wasKept(_ ending: Write.Ending, _ turn: inout Turn) {
    keeping = nil
    switch ending {
    case .written(let written, _) where written.outcome == .saved:
      turn.say("this run is kept: the next ones are compared with it", .good)
      opened(&turn)
    case .written(let written, _): turn.say(SafeText("not kept: \(Words.refusal(written))"), .bad)
    case .problem(let problem): turn.say(.field(problem), while: "keeping this run")
    case .failed(let error): turn.say(Words.ofWrite(error, while: "keeping this run"), .bad)
    case .never(let sent): turn.say(Words.didNot(sent, "try again"), .warning)
    }
  }

  mutating func returned(_ news: News, _ turn: inout Turn) {
    switch news {
    // One mend can change what other checks find.
    case .mended: look(&turn)
    case .nothing, .changed, .ended, .merged, .chosen, .agreed, .list, .draft, .template, .intake: break
    }
  }

  mutating func clicked(_ line: Int, isDouble: Bool, _ turn: inout Turn) {
    let row = menu.visible(turn.bodyLines - Self.head).lowerBound + line - Self.head
    guard line >= Self.head, menu.select(row) else { return }
    if isDouble { act(.tenant(.open), &turn) }
  }

  /// What is to be seen has changed; the one that had the focus keeps it.
  private mutating func show() {
    let focus = selected?.key
    let all = run.examination.findings
    shown = onlyFailures ? all.filter { $0.severity == .fail } : all
    let place = menu.selected == 0 ? nil : shown.firstIndex { $0.key == focus }
    menu = Menu(count: shown.count, selected: place ?? 0)
    let difference = kept.map(run.examination.difference(since:))
    new = difference?.new ?? []
    // What is not looked at yet is not mended.
    mended = run.isFinished ? difference?.mended.count ?? 0 : 0
  }
}

extension DoctorScreen {
  /// Lines above the findings.
  private static let head = 3

  func view(_ look: Look) -> Body {
    var lines = [
      Line([Span(" "), Span("Isolation doctor", .heading), Span("  "), Span(counts)]), second(look),
    ]
    lines.append(
      Line([
        Span("  "), Span(SafeText("      NEW CHECK"), .faint, columns: 32),
        Span("OF", .faint, columns: 28), Span("WHAT", .faint),
      ]))
    let room = max(1, look.lines - lines.count)
    let visible = menu.visible(room)
    if shown.isEmpty, run.isFinished {
      lines.append(
        Line(onlyFailures ? "  No check failed: f shows the rest." : "  Nothing was found.", .good))
    }
    for place in visible { lines.append(row(place, columns: look.columns)) }
    return Body(lines, cursor: Point(line: Self.head + menu.selected - visible.lowerBound, column: 0))
  }

  private func row(_ place: Int, columns: Int) -> Line {
    let finding = shown[place]
    var spans = [
      Span(SafeText(finding.severity.rawValue.uppercased()), finding.severity.role, columns: 6),
      Span(new.contains(finding.key) ? "new" : "", .warning, columns: 4),
      Span(SafeText(finding.check.name), columns: 22),
    ]
    Shown(finding.object).append(to: &spans, columns: 27)
    spans.append(Span(" "))
    Shown(finding.what).append(to: &spans, columns: max(1, columns - 62))
    return menu.line(place, spans)
  }

  private var counts: SafeText {
    let examination = run.examination
    var words = [Words.count(examination.tables, "table")]
    for (severity, word) in [(Severity.fail, "failure"), (.warn, "warning"), (.note, "note")] {
      words.append(Words.count(examination.count(severity), word))
    }
    return SafeText(
      words[0] + ": " + words[1...].joined(separator: ", ") + (onlyFailures ? "  (only failures)" : ""))
  }

  /// How far it is, else what is different from the run that was kept.
  private func second(_ look: Look) -> Line {
    if let status = keeping?.words(at: look.now) ?? run.words(at: look.now) {
      return Line([Span(" "), Span(status.text, status.role)])
    }
    guard let kept else { return Line(" no run was kept to compare with: s keeps this one", .faint) }
    return Line([
      Span(" "),
      Span(
        SafeText("\(new.count) new, \(mended) mended since \(kept.at.utc)"), new.isEmpty ? .faint : .warning),
      Span("  "), Span(SafeText("(\(kept.actor))"), .faint),
    ])
  }
}

extension Severity {
  var role: Role {
    switch self {
    case .note: .faint
    case .warn: .warning
    case .fail: .bad
    }
  }
}
