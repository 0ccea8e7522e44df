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
    case .dialog(.press): turn.finish(.copy(choices[menu.selected]))
    case .dialog(.back), .dialog(.leave): turn.pop()
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  mutating func clicked(_ line: Int, isDouble: Bool, _ turn: inout Turn) {
    guard menu.select(line + visible(turn.bodyLines).lowerBound), isDouble else { return }
    act(.dialog(.press), &turn)
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
