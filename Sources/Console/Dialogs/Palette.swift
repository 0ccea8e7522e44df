import TenantStore
import Terminal

/// Everything that can be chosen, found by a few of its letters: actions, themes, and the tenants the server finds.
struct Palette: Screen {
  /// So many tenants are asked for.
  private static let tenantLimit = 20

  private var fixed: [Choice]
  private var field = TextField()
  private var tenants: [Choice] = []
  private var choices: [Choice] = []
  private var menu = Menu(count: 0)
  private var searching: Ticket?
  /// The views that everyone shares.
  private var listing: Ticket?

  let place = Place.prompt
  let isBox = true
  var reading: [Ticket] { [searching, listing].compactMap { $0 } }

  init(_ fixed: [Choice]) {
    self.fixed = fixed
    renew()
  }

  mutating func opened(_ turn: inout Turn) {
    if turn.session?.schema == .current { turn.send(.views, insteadOf: &listing) }
  }

  mutating func type(_ key: Key, _ turn: inout Turn) -> Bool {
    let before = field.text
    guard field.take(key) else { return false }
    if field.text != before {
      tenants = []
      search(&turn)
      renew()
    }
    return true
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    if menu.act(action) { return }
    switch action {
    case .dialog(.press):
      guard choices.indices.contains(menu.selected) else {
        return turn.say(searching == nil ? "nothing matches" : "the tenants are still on their way", .warning)
      }
      let choice = choices[menu.selected]
      if let refusal = choice.refusal, case .meaning(let meaning) = choice.command {
        return turn.refuse(meaning, refusal, calledBy: choice.name, on: choice.subject)
      }
      turn.finish(choice.command)
    case .dialog(.back): turn.pop()
    case .dialog(.nextField): _ = menu.act(.move(.down))
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  mutating func clicked(_ line: Int, isDouble: Bool, _ turn: inout Turn) {
    guard line > 0, menu.select(line - 1 + visible(turn.bodyLines).lowerBound), isDouble else { return }
    act(.dialog(.press), &turn)
  }

  private func visible(_ lines: Int) -> Range<Int> { menu.visible(max(1, min(14, lines - 4))) }

  private mutating func search(_ turn: inout Turn) {
    let filter = Filter.parse(field.text)
    guard !filter.isEmpty, turn.session?.schema == .current else { return turn.cancel(&searching) }
    turn.send(.page(PageRequest(filter: filter, limit: Self.tenantLimit)), insteadOf: &searching)
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    if ticket == listing { return listed(result) }
    guard ticket == searching else { return false }
    searching = nil
    switch result {
    case .success(.page(let page)):
      tenants = page.rows.map(Choice.tenant)
      let selected = menu.selected
      renew()
      // The tenants come below what is there: the focus stays where it was.
      menu = Menu(count: choices.count, selected: selected)
    case .success: preconditionFailure("a page is answered by .page")
    case .failure(let error): turn.say(error, while: "searching tenants")
    }
    return true
  }

  /// Without the shared views the rest is there all the same.
  private mutating func listed(_ result: Result<Answer, StoreError>) -> Bool {
    listing = nil
    guard case .success(.views(let views)) = result, !views.isEmpty else { return true }
    fixed += views.map(Choice.view)
    let selected = menu.selected
    renew()
    menu = Menu(count: choices.count, selected: selected)
    return true
  }

  private mutating func renew() {
    let typed = field.text.lowercased()
    var scored: [(place: Int, score: Int)] = []
    for (place, choice) in fixed.enumerated() {
      // What a thing is called weighs more than what is said about it.
      let score = [
        Fuzzy.score(typed, in: choice.name).map { $0 * 2 },
        choice.words.lowercased().contains(typed) ? 1 : nil,
      ].compactMap { $0 }.max()
      if let score { scored.append((place, score)) }
    }
    scored.sort { ($1.score, $0.place) < ($0.score, $1.place) }
    choices = scored.map { fixed[$0.place] } + tenants
    menu.renew(count: choices.count)
  }

  func view(_ look: Look) -> Body {
    let width = min(70, look.columns - 4)
    let (typed, cursor) = field.view(columns: width - 6, focused: true)
    var lines = [Line([Span("Find: ", .heading), typed])]
    for place in visible(look.lines) {
      lines.append(menu.line(place, choices[place].spans(columns: width - 2)))
    }
    if look.isSlow(searching) {
      lines.append(Line("  searching tenants... " + look.waited(searching), .faint))
    } else if choices.isEmpty {
      lines.append(Line(searching == nil ? "  (nothing matches)" : "", .faint))
    }
    return Box.framed(
      lines, title: "actions, views, themes, connections, tenants", width: width,
      cursor: Point(line: 0, column: 6 + cursor))
  }
}
