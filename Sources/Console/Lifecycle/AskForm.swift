import TenantStore
import Terminal

/// The fields that a change of state asks for, and the button under them. Nothing but the button, focused and painted, agrees.
struct AskForm: Sendable {
  enum Field: Sendable { case reason, ticket, until, access, siteID, button }

  private let fields: [Field]
  private let siteID: String
  private let what: String
  private(set) var focus = Field.reason
  private var texts: [Field: TextField] = [:]
  private(set) var access = SuspendedAccess.none
  private var problem: SafeText?
  private var gate = Gate()

  /// Without the button, which comes last. What has to be typed is the site id, or is `called` something else.
  init(_ fields: [Field], siteID: String, called what: String = "site id") {
    self.fields = fields + [.button]
    self.siteID = siteID
    self.what = what
  }

  /// What was asked for, once it is agreed to.
  struct Agreed {
    var reason: String
    var ticket: String?
    var until: Instant?
  }

  var hasReason: Bool { !text(.reason).isEmpty }

  private func text(_ field: Field) -> String { Form.trimmed(texts[field]?.text ?? "") }

  mutating func painted() { gate.painted() }

  mutating func closeGate() { gate.close() }

  /// Asks from the start, with the reason kept.
  mutating func askAgain() {
    texts[.siteID] = TextField()
    focus = .reason
    gate.close()
  }

  mutating func type(_ key: Key, _ turn: inout Turn) -> Bool {
    switch focus {
    case .button: return false
    case .access:
      guard [.character(" "), .left, .right].contains(key) else { return false }
      access = access == .none ? .read : .none
    case .siteID:
      if case .paste = key {
        turn.say(SafeText("paste is off here: type the \(what)"), .warning)
        return true
      }
      guard texts[focus, default: TextField()].take(key) else { return false }
    case .reason, .ticket, .until: guard texts[focus, default: TextField()].take(key) else { return false }
    }
    problem = nil
    return true
  }

  mutating func move(by step: Int) {
    let place = fields.firstIndex(of: focus) ?? 0
    focus = fields[(place + step + fields.count) % fields.count]
    // Pressing the button is a question of its own: only once it is seen to have the focus.
    if focus == .button { gate.close() }
  }

  /// Enter goes on from field to field, but never onto the button: a key held down cannot get there. Answers what was agreed to.
  mutating func press(_ turn: inout Turn) -> Agreed? {
    let place = fields.firstIndex(of: focus) ?? 0
    if focus == .button { return confirm(&turn) }
    if fields[place + 1] == .button { turn.say("Tab goes to the button") } else { focus = fields[place + 1] }
    return nil
  }

  private mutating func confirm(_ turn: inout Turn) -> Agreed? {
    guard gate.isOpen else {
      turn.say("not taken: it was typed before this was on the screen", .warning)
      return nil
    }
    if text(.reason).isEmpty { return refuse("say why first", .reason) }
    let until = text(.until).isEmpty ? nil : Instant(ahead: text(.until), now: turn.now)
    if until == nil, !text(.until).isEmpty {
      return refuse("write a day that lies ahead, 2026-12-01, or 30d", .until)
    }
    if fields.contains(.siteID), !(texts[.siteID]?.text ?? "").utf8.elementsEqual(siteID.utf8) {
      return refuse(SafeText("type the \(what) exactly as it is in the title"), .siteID)
    }
    return Agreed(reason: text(.reason), ticket: text(.ticket).isEmpty ? nil : text(.ticket), until: until)
  }

  private mutating func refuse(_ why: SafeText, _ place: Field) -> Agreed? {
    problem = why
    focus = place
    return nil
  }
}

extension AskForm {
  private func title(_ field: Field) -> SafeText {
    switch field {
    case .reason: "Reason"
    case .ticket: "Ticket"
    case .until: "Until"
    case .access: "Access"
    case .siteID: SafeText("Type the \(what)")
    case .button: ""
    }
  }

  /// Its lines, to come after `lines`, and where the cursor is in all of them. `state` stands below the button: what is going on;
  /// without it what is wrong, or how to go on.
  func view(after lines: inout [Line], columns: Int, button: String, state: Status?) -> Point {
    let label = min(19, columns / 2)
    var cursor = Point(line: 0, column: 0)
    for field in fields where field != .button {
      var column = 0
      var value = Span(SafeText(access.rawValue + "  (Space changes it)"), focus == field ? .focus : .text)
      if field != .access {
        (value, column) = (texts[field] ?? TextField()).view(
          columns: columns - label - 2, focused: focus == field)
      }
      lines.append(Line([Span(title(field), .heading, columns: label), Span("["), value, Span("]")]))
      if focus == field { cursor = Point(line: lines.count - 1, column: label + 1 + column) }
    }
    if focus == .button { cursor = Point(line: lines.count, column: 2) }
    lines.append(
      Line([
        Span("  "), Span(SafeText("[ \(button) ]"), focus == .button ? .focus : .faint),
        Span("   Esc cancels. Default: No", .faint),
      ]))
    if let state {
      lines += Box.paragraph(state.text.text, columns: columns).map { Line($0, state.role) }
    } else if let problem {
      lines.append(Line([Span("! ", .bad), Span(problem, .bad)]))
    } else {
      lines.append(Line("Tab goes to the button; Enter there does it.", .faint))
    }
    return cursor
  }
}
