import TenantStore
import Terminal

/// The last look before a tenant's fields are written: the diff, what it touches, the reason; then `y`.
struct ReviewScreen: Screen {
  private let title: SafeText
  private let changes: [Change]
  private let touches: [SafeText]
  private let reason: Shown?
  private let request: Request
  /// What else is made; nil: nothing but the change.
  private var plan: OnboardPlan?
  private var gate = Gate()
  private(set) var write: Write?
  private var scroll = 0

  let place = Place.review
  var reading: [Ticket] { plan?.reading.map { [$0] } ?? [] }

  init(
    title: SafeText, changes: [Change], touches: [SafeText], reason: String?, request: Request,
    plan: OnboardPlan? = nil
  ) {
    self.plan = plan
    self.title = title
    self.changes = changes
    self.touches = touches
    self.reason = reason.map { Shown($0) }
    self.request = request
  }

  mutating func opened(_ turn: inout Turn) { plan?.read(&turn) }

  mutating func painted() { gate.painted() }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    let page = max(1, turn.bodyLines - 3)
    switch action {
    case .move(let movement): move(by: movement.lines(ofPage: page), turn)
    case .dialog(.confirm):
      guard gate.isOpen else {
        turn.say("not taken: it was typed before this was on the screen", .warning)
        return
      }
      write = Write(request, &turn)
    case .dialog(.back), .dialog(.leave), .dialog(.refuse):
      if isWriting { turn.say("a change is on its way: wait for its outcome", .warning) } else { turn.pop() }
    case .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    if plan?.answered(ticket, result) == true {
      // What is seen now was not seen when a key was pressed before.
      gate.close()
      return true
    }
    var ending: Write.Ending?
    guard write?.answered(ticket, result, &turn, ending: &ending) == true else { return false }
    if let ending { turn.pop(.ended(ending)) }
    return true
  }

  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) { write?.alarm(alarm, &turn) }

  private mutating func move(by lines: Int, _ turn: Turn) {
    let most = self.lines(columns: turn.size.columns).count - (turn.bodyLines - 2)
    scroll = max(0, min(most, scroll + lines))
  }

  private func lines(columns: Int) -> [Line] {
    var lines = plan.map { $0.lines(columns: columns) + [Line()] } ?? []
    lines += changes.flatMap { $0.lines(columns: columns) }
    if !touches.isEmpty || reason != nil { lines.append(Line()) }
    for touch in touches {
      lines += Shown(touch.text, .warning).wrapped(columns: columns - 4).map { Line([Span("  ")] + $0) }
    }
    if let reason {
      for (place, spans) in reason.wrapped(columns: columns - 12).enumerated() {
        lines.append(Line([Span(place == 0 ? "  Reason: " : "", .heading, columns: 10)] + spans))
      }
    }
    return lines
  }

  func view(_ look: Look) -> Body {
    let all = lines(columns: look.columns)
    let room = max(1, look.lines - 2)
    let top = max(0, min(scroll, all.count - room))
    var question = [Span(" "), Span(title, .heading)]
    if let words = write?.words(at: look.now) {
      question = [Span(" "), Span(words.text, words.role)]
    } else {
      question.append(Span("  y saves, n goes back. Default: no", .faint))
      if all.count > room {
        question.append(
          Span(SafeText("  (lines \(top + 1)-\(min(all.count, top + room)) of \(all.count))"), .badge))
      }
    }
    return Body(
      [Line(question), Line()] + all.dropFirst(top).prefix(room), cursor: Point(line: 0, column: 1))
  }
}
