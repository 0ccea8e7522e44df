import TenantStore
import Terminal

/// The saved views: the person's own, and those that everyone who uses this database shares. Shows one, keeps the
/// present one under a name, removes a shared one.
struct ViewsDialog: Screen {
  private enum Mode {
    case choosing
    /// A name is typed for the present view.
    case naming
    /// A shared view is about to be removed.
    case removing
  }
  private struct Choice {
    var view: SavedView
    var isShared: Bool
  }

  /// As the list is now, without a name.
  private let present: SavedView
  private let own: [SavedView]
  private var shared: [SavedView] = []
  private var menu: Menu
  private var mode = Mode.choosing
  private var name = TextField()
  private var listing: Ticket?
  private(set) var write: Write?
  private var gate = Gate()

  let isBox = true
  var reading: [Ticket] { listing.map { [$0] } ?? [] }
  var place: Place {
    switch mode {
    case .choosing: .views
    case .naming: .viewName
    case .removing: .viewRemoval
    }
  }

  init(_ present: SavedView, own: [SavedView]) {
    self.present = present
    self.own = own
    menu = Menu(count: own.count)
  }

  private var choices: [Choice] {
    own.map { Choice(view: $0, isShared: false) } + shared.map { Choice(view: $0, isShared: true) }
  }

  private var chosen: Choice? { choices.indices.contains(menu.selected) ? choices[menu.selected] : nil }

  mutating func opened(_ turn: inout Turn) { turn.send(.views, insteadOf: &listing) }

  mutating func painted() { gate.painted() }

  mutating func type(_ key: Key, _ turn: inout Turn) -> Bool {
    mode == .naming && !isWriting && name.take(key)
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    if mode == .choosing, menu.act(action) { return }
    switch action {
    case .dialog(.press): if mode == .naming { save(&turn) } else { show(&turn) }
    case .page(.saveView):
      name.replace(with: chosen.flatMap { $0.isShared ? $0.view.name : nil } ?? "")
      mode = .naming
      gate.close()
    case .page(.removeView): askToRemove(&turn)
    case .dialog(.confirm): remove(&turn)
    case .dialog(.back), .dialog(.leave), .dialog(.refuse):
      guard !isWriting else { return turn.say("a change is on its way: wait for its outcome", .warning) }
      if mode == .choosing { turn.pop() } else { mode = .choosing }
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  private func show(_ turn: inout Turn) {
    guard let chosen else { return turn.say("there is no view to show: s keeps the present one") }
    turn.pop(.list(.view(chosen.view)))
  }

  private mutating func save(_ turn: inout Turn) {
    let wanted = Form.trimmed(name.text)
    guard !wanted.isEmpty else { return turn.say("give it a name first", .warning) }
    guard !isWriting else { return }
    // It may take the place of one that everyone uses.
    guard gate.isOpen else {
      return turn.say("not taken: it was typed before this was on the screen", .warning)
    }
    var view = present
    view.name = wanted
    write = Write(.changeView(ViewChange(requestID: turn.seeds.requestID(), .save(view))), &turn)
  }

  private mutating func askToRemove(_ turn: inout Turn) {
    guard let chosen else { return turn.say("there is no view to remove") }
    guard chosen.isShared else { return turn.say("it stands in your config.toml: take it out there") }
    mode = .removing
    gate.close()
  }

  private mutating func remove(_ turn: inout Turn) {
    guard mode == .removing, !isWriting, let chosen else { return }
    guard gate.isOpen else {
      return turn.say("not taken: it was typed before this was on the screen", .warning)
    }
    write = Write(
      .changeView(ViewChange(requestID: turn.seeds.requestID(), .remove(name: chosen.view.name))), &turn)
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    if ticket == listing {
      listing = nil
      switch result {
      case .success(.views(let views)):
        shared = views
        menu = Menu(count: choices.count, selected: menu.selected)
      case .success: preconditionFailure("views are answered by .views")
      case .failure(let error): turn.say(error, while: "reading the views")
      }
      return true
    }
    var ending: Write.Ending?
    guard write?.answered(ticket, result, &turn, ending: &ending) == true else { return false }
    if let ending { ended(ending, &turn) }
    return true
  }

  private mutating func ended(_ ending: Write.Ending, _ turn: inout Turn) {
    write = nil
    let doing = mode == .removing ? "removing the view" : "keeping the view"
    switch ending {
    case .written(let written, _):
      guard written.outcome == .saved else {
        return turn.say(SafeText("\(doing): \(Words.refusal(written))"), .bad)
      }
      turn.say(mode == .removing ? "the view is removed, for everyone" : "kept, for everyone here", .good)
      mode = .choosing
      turn.send(.views, insteadOf: &listing)
    case .problem(let problem): turn.say(.field(problem), while: doing)
    case .failed(let error): turn.say(Words.ofWrite(error, while: doing), .bad)
    case .never(let sent): turn.say(Words.didNot(sent, "try again"), .warning)
    }
  }

  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) { write?.alarm(alarm, &turn) }

  func view(_ look: Look) -> Body {
    let width = min(66, look.columns - 4)
    let choices = choices
    let visible = menu.visible(max(1, look.lines - 5))
    var lines = visible.map { place in
      let choice = choices[place]
      var about = choice.view.filter.isEmpty ? "all tenants" : choice.view.filter
      if choice.view.sort != Sort() { about += ", by \(Words.name(of: choice.view.sort.column))" }
      return menu.line(
        place,
        [
          Span(SafeText(choice.view.name), columns: 24), Span(" "),
          Span(choice.isShared ? "shared " : "mine   ", .faint), Span(SafeText(about), .faint),
        ])
    }
    if choices.isEmpty {
      let words = look.isSlow(listing) ? "  reading the views... " + look.waited(listing) : "  No views yet."
      lines.append(Line(words, .faint))
    }
    var cursor = Point(line: max(0, menu.selected - visible.lowerBound), column: 0)
    if let words = write?.words(at: look.now) {
      lines.append(Line(words.text, words.role))
      return Box.framed(lines, title: "VIEWS", width: width, cursor: cursor)
    }
    switch mode {
    case .choosing: break
    case .naming:
      let (field, column) = name.view(columns: width - 30, focused: true)
      cursor = Point(line: lines.count, column: 28 + column)
      lines.append(
        Line([Span("Keep the present view as", .heading, columns: 27), Span("["), field, Span("]")]))
    case .removing:
      let name = chosen?.view.name ?? ""
      lines.append(Line(SafeText("Remove \(name) for everyone? y removes it. Default: No"), .warning))
      cursor = Point(line: lines.count - 1, column: 0)
    }
    return Box.framed(lines, title: "VIEWS", width: width, cursor: cursor)
  }
}
