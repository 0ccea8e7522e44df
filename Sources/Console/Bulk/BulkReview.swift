import TenantStore
import Terminal

/// What a bulk would touch, in numbers, before it is done. Up to ten tenants take a `y`; more take their number typed out
/// and the button.
struct BulkReview: Screen {
  /// More than this many is a thing to be done deliberately.
  static let small = 10

  private enum Focus { case count, button }

  private let bulk: Bulk
  private let tenants: BulkTenants
  private var previewing: Ticket?
  private var preview: BulkPreview?
  private var typed = TextField()
  private var focus = Focus.count
  private var problem: SafeText?
  private var gate = Gate()

  private var isLarge: Bool { bulk.tenants.count > Self.small }
  var place: Place { isLarge ? .transition : .review }
  var reading: [Ticket] { previewing.map { [$0] } ?? [] }

  init(_ bulk: Bulk, _ tenants: BulkTenants) {
    self.bulk = bulk
    self.tenants = tenants
  }

  mutating func opened(_ turn: inout Turn) { turn.send(.bulkPreview(bulk), insteadOf: &previewing) }

  mutating func painted() { if preview != nil { gate.painted() } }

  mutating func type(_ key: Key, _ turn: inout Turn) -> Bool {
    guard isLarge, focus == .count else { return false }
    if case .paste = key {
      turn.say("paste is off here: type the number", .warning)
      return true
    }
    guard typed.take(key) else { return false }
    problem = nil
    return true
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .dialog(.confirm): if isLarge { turn.say("Tab goes to the button") } else { start(&turn) }
    case .dialog(.press):
      guard isLarge else { return }
      if focus == .button { start(&turn) } else { turn.say("Tab goes to the button") }
    case .dialog(.nextField), .dialog(.previousField), .move(.up), .move(.down): if isLarge { move() }
    case .dialog(.back), .dialog(.refuse), .dialog(.leave): turn.pop()
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  private mutating func move() {
    focus = focus == .count ? .button : .count
    // Pressing the button is a question of its own: only once it is seen to have the focus.
    if focus == .button { gate.close() }
  }

  private mutating func start(_ turn: inout Turn) {
    guard let preview else { return turn.say("what it would touch is not read yet", .warning) }
    guard preview.changing > 0 else { return turn.say("there is nothing to do: Esc goes back", .warning) }
    guard gate.isOpen else {
      return turn.say("not taken: it was typed before this was on the screen", .warning)
    }
    guard !isLarge || typed.text == String(preview.changing) else {
      problem = "type the number of tenants that would change, in digits"
      focus = .count
      return
    }
    turn.replace(BulkScreen(bulk, tenants, &turn))
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    guard ticket == previewing else { return false }
    previewing = nil
    switch result {
    case .success(.bulkPreview(let preview)):
      self.preview = preview
      gate.close()
      turn.say("")
    case .success: preconditionFailure("a preview is answered by .bulkPreview")
    case .failure(let error): turn.say(error, while: "looking at what it would touch")
    }
    return true
  }

  func view(_ look: Look) -> Body {
    let place = look.session?.environment.map { " in \($0.uppercased())" } ?? ""
    var title = [Span(" "), Span(SafeText("\(bulk.change.words): \(tenants.words)\(place)"), .heading)]
    if look.isSlow(previewing) {
      title.append(Span("  reading what it would touch... " + look.waited(previewing), .faint))
    }
    var lines = [Line(title), Line()]
    var cursor = Point(line: 0, column: 1)
    guard let preview else { return Body(lines, cursor: cursor) }
    lines += Self.numbers(preview)
    lines.append(Line())
    for text in Box.paragraph(bulk.change.effect, columns: look.columns - 3) {
      lines.append(Line([Span("  "), Span(text, .warning)]))
    }
    lines.append(Line([Span("  Reason: ", .heading)] + Shown(bulk.reason).spans))
    lines.append(Line())
    guard isLarge, preview.changing > 0 else {
      let words: SafeText =
        preview.changing == 0
        ? "  There is nothing to do. Esc goes back."
        : "  y does it, one tenant after the other; n goes back. Default: no"
      return Body(lines + [Line(words, .faint)], cursor: cursor)
    }
    let (field, column) = typed.view(columns: 12, focused: focus == .count)
    if focus == .count { cursor = Point(line: lines.count, column: 40 + column) }
    lines.append(
      Line([Span("  Type the number that would change", columns: 39), Span("["), field, Span("]")]))
    if focus == .button { cursor = Point(line: lines.count, column: 2) }
    lines.append(
      Line([
        Span("  "), Span("[ do it ]", focus == .button ? .focus : .faint),
        Span("   Esc cancels. Default: No", .faint),
      ]))
    if let problem {
      lines.append(Line([Span("  ! ", .bad), Span(problem, .bad)]))
    } else {
      lines.append(Line("  Tab goes to the button; Enter there does it.", .faint))
    }
    return Body(lines, cursor: cursor)
  }

  private static func numbers(_ preview: BulkPreview) -> [Line] {
    let rows: [(Int, SafeText, Role)] = [
      (preview.changing, "would change", .text), (preview.unchanged, "are so already", .faint),
      (preview.refused, "their state forbids it", .warning), (preview.gone, "are gone", .bad),
    ]
    return rows.filter { $0.0 > 0 || $0.1 == "would change" }.map { number, words, role in
      let text = Words.grouped(Int64(number))
      return Line([
        Span("", columns: max(0, 10 - text.utf8.count)), Span(SafeText(text), role), Span("  "),
        Span(words, role),
      ])
    }
  }
}
