import Terminal

/// What to copy, and in which form.
struct CopyMenu: Screen {
  private let choices: [Clipping]
  private var menu: Menu

  let place = Place.menu
  let isBox = true

  init(_ choices: [Clipping]) {
    self.choices = choices
    menu = Menu(count: choices.count)
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    if menu.act(action) { return }
    switch action {
    case .press: turn.finish(.copy(choices[menu.selected]))
    case .back, .leave: turn.pop()
    case .up, .down, .pageUp, .pageDown, .halfUp, .halfDown, .first, .last, .columnsLeft, .columnsRight,
      .open, .filter, .onboard, .edit, .lifecycle, .deactivate, .reactivate, .overview, .doors, .history,
      .refresh, .nextField, .previousField, .review, .confirm, .refuse, .switchSide, .stored, .help, .repaint,
      .suspend, .interrupt:
      break
    case .sort, .reverse, .mark, .markRange, .markAll, .bulk, .columns, .earlier, .later, .views, .saveView,
      .removeView, .autoRefresh, .older, .newer, .putBack, .doctor, .mend, .failures, .keep:
      break
    }
  }

  mutating func clicked(_ line: Int, isDouble: Bool, _ turn: inout Turn) {
    guard menu.select(line + visible(turn.bodyLines).lowerBound), isDouble else { return }
    act(.press, &turn)
  }

  private func visible(_ lines: Int) -> Range<Int> { menu.visible(max(1, lines - 3)) }

  func view(_ look: Look) -> Body {
    let width = min(70, look.columns - 4)
    let visible = visible(look.lines)
    let lines = visible.map { place in
      let clipping = choices[place]
      return menu.line(
        place, [Span(SafeText(clipping.name), columns: 16), Span(SafeText(clipping.text), .faint)])
    }
    return Box.framed(
      lines, title: "COPY", width: width,
      cursor: Point(line: menu.selected - visible.lowerBound, column: 0))
  }
}
