import TenantStore
import Terminal

/// The last look before the tenants of a file are made; then `y`.
struct IntakeReview: Screen {
  private let seen: IntakeLook
  private let wrong: Int
  private let reason: String?
  private var gate = Gate()

  let place = Place.review

  init(_ look: IntakeLook, reason: String?) {
    seen = look
    wrong = look.intake?.wrong.count ?? 0
    self.reason = reason
  }

  mutating func painted() { gate.painted() }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .dialog(.confirm):
      guard gate.isOpen else {
        return turn.say("not taken: it was typed before this was on the screen", .warning)
      }
      turn.pop(.intake(.onboard(seen, reason: reason)))
    case .dialog(.back), .dialog(.leave), .dialog(.refuse): turn.pop()
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  private var question: String {
    seen.toMake > 0
      ? "Onboard \(Words.count(seen.toMake, "tenant"))"
      : "Go on with \(Words.count(seen.notInService, "tenant")) not in service"
  }

  func view(_ look: Look) -> Body {
    let place = look.session?.environment.map { " in \($0.uppercased())" } ?? ""
    var lines = [
      Line([
        Span(SafeText(" \(question)\(place)?"), .heading),
        Span("  y does it, n goes back. Default: no", .faint),
      ]), Line(),
    ]
    func add(_ text: String, _ role: Role = .text) {
      lines += Box.paragraph(text, columns: look.columns - 4).map { Line([Span("  "), Span($0, role)]) }
    }
    if wrong > 0 {
      add("\(Words.count(wrong, "line")) that \(wrong == 1 ? "is" : "are") wrong: left out.", .warning)
    }
    if seen.made > 0 { add("\(Words.count(seen.made, "tenant")) made before: not made twice.") }
    add(
      "Each gets a request of its own; where resources are listed each is brought into service, one after the other."
    )
    add(
      "The secrets go to \(SafeText(seen.results).text), for you alone, before the first is made; none is shown here."
    )
    lines += [Line(), Line([Span("  Reason: ", .heading)] + Shown(reason).spans)]
    return Body(lines, cursor: Point(line: 0, column: 1))
  }
}

/// Asks before all that was made of a file is deactivated: why, and how many that is.
struct IntakeUndo: Screen {
  private let seen: IntakeLook
  private var ask: AskForm

  let place = Place.transition

  init(_ look: IntakeLook) {
    seen = look
    ask = AskForm([.reason, .siteID], siteID: String(look.made), called: "number")
  }

  mutating func painted() { ask.painted() }

  mutating func type(_ key: Key, _ turn: inout Turn) -> Bool { ask.type(key, &turn) }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .dialog(.nextField), .move(.down): ask.move(by: 1)
    case .dialog(.previousField), .move(.up): ask.move(by: -1)
    case .dialog(.press):
      if let agreed = ask.press(&turn) { turn.pop(.intake(.undo(seen, reason: agreed.reason))) }
    case .dialog(.back), .dialog(.leave), .dialog(.refuse): turn.pop()
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  func view(_ look: Look) -> Body {
    let place = look.session?.environment.map { " in \($0.uppercased())" } ?? ""
    var lines = [
      Line([Span(SafeText(" Undo: deactivate \(Words.count(seen.made, "tenant"))\(place)"), .heading)]),
      Line(),
    ]
    let words =
      "All that were made of \(SafeText(seen.path).text) are deactivated: nothing is deleted, "
      + "and their site ids are never given again."
    lines += Box.paragraph(words, columns: look.columns - 4).map { Line([Span("  "), Span($0, .warning)]) }
    lines.append(Line())
    let cursor = ask.view(after: &lines, columns: look.columns - 2, button: "undo", state: nil)
    return Body(lines, cursor: cursor)
  }
}
