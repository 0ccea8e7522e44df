import Terminal

/// The themes there are. The one that has the focus is shown at once; Esc goes back to the one before.
struct ThemePicker: Screen {
  private let themes: [Theme]
  private let before: Theme
  private var menu: Menu

  let place = Place.menu
  let isBox = true

  init(_ themes: [Theme], now: Theme) {
    self.themes = themes
    before = now
    menu = Menu(count: themes.count, selected: themes.firstIndex { $0.name == now.name } ?? 0)
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    let was = menu.selected
    if menu.act(action) {
      if menu.selected != was { turn.effects.append(.useTheme(themes[menu.selected])) }
      return
    }
    switch action {
    case .dialog(.press): turn.finish(.theme(themes[menu.selected]))
    case .dialog(.back), .dialog(.leave):
      turn.effects.append(.useTheme(before))
      turn.pop()
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  mutating func clicked(_ line: Int, isDouble: Bool, _ turn: inout Turn) {
    guard menu.select(line + menu.visible(visibleLines(turn.bodyLines)).lowerBound) else { return }
    turn.effects.append(.useTheme(themes[menu.selected]))
    if isDouble { act(.dialog(.press), &turn) }
  }

  private func visibleLines(_ lines: Int) -> Int { max(1, lines - 5) }

  func view(_ look: Look) -> Body {
    let visible = menu.visible(visibleLines(look.lines))
    var lines = visible.map { menu.line($0, [Span(SafeText(themes[$0].name))]) }
    lines.append(
      Line([
        Span("active ", .good), Span("SUSPENDED ", .warning), Span("DEACTIVATED ", .bad),
        Span("hint ", .faint),
      ]))
    lines.append(
      Line([
        Span("Title ", .heading), Span("typed", .field), Span(" "), Span("+new ", .added),
        Span("-old ", .removed), Span("[1 hidden]", .badge),
      ]))
    return Box.framed(
      lines, title: "THEME", width: min(40, look.columns - 4),
      cursor: Point(line: menu.selected - visible.lowerBound, column: 0))
  }
}
