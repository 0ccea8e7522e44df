import Terminal

/// Chooses the columns of the list, their order and their widths. The site id stays the first.
struct ColumnsDialog: Screen {
  private struct Choice: Equatable {
    var column: Arrangement.Column
    var isShown: Bool
  }

  private var choices: [Choice]
  private var selected = 0

  let place = Place.columns
  let isBox = true

  init(_ arrangement: Arrangement) { choices = Self.choices(arrangement) }

  /// Those that are shown in their order, then the others.
  private static func choices(_ arrangement: Arrangement) -> [Choice] {
    arrangement.columns.map { Choice(column: $0, isShown: true) }
      + TenantColumn.allCases.filter { !arrangement.shown.contains($0) }
      .map { Choice(column: Arrangement.Column(column: $0), isShown: false) }
  }

  private var arrangement: Arrangement { Arrangement(choices.filter(\.isShown).map(\.column)) }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .move(.up): selected = max(0, selected - 1)
    case .move(.down): selected = min(choices.count - 1, selected + 1)
    case .move(.first): selected = 0
    case .move(.last): selected = choices.count - 1
    case .list(.mark):
      guard selected > 0 else { return turn.say("the site id is always shown") }
      choices[selected].isShown.toggle()
    case .page(.earlier): move(by: -1, &turn)
    case .page(.later): move(by: 1, &turn)
    case .list(.columnsLeft): widen(by: -1)
    case .list(.columnsRight): widen(by: 1)
    case .list(.reverse):
      choices[selected].column.width = nil
      turn.say("as wide as there is room")
    case .page(.refresh):
      choices = Self.choices(.standard)
      selected = 0
      turn.say("as the program comes")
    case .dialog(.press): turn.pop(.list(.arrange(arrangement)))
    case .dialog(.back), .dialog(.leave): turn.pop()
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  private mutating func move(by step: Int, _ turn: inout Turn) {
    let target = selected + step
    guard selected > 0, target > 0, choices.indices.contains(target) else {
      return turn.say(selected == 0 || target == 0 ? "the site id stays the first" : "that is the last place")
    }
    choices.swapAt(selected, target)
    selected = target
  }

  private mutating func widen(by step: Int) {
    let column = choices[selected].column
    choices[selected].column.width = Arrangement.bounded((column.width ?? column.column.least) + step)
  }

  func view(_ look: Look) -> Body {
    let room = max(1, look.lines - 4)
    let top = max(0, min(selected - room / 2, choices.count - room))
    var lines = choices.enumerated().dropFirst(top).prefix(room).map { place, choice in
      let isFocused = place == selected
      let width: SafeText = choice.column.width.map { SafeText("\($0) wide") } ?? "as there is room"
      return Line([
        Span(isFocused ? "> " : "  ", .focus), Span(choice.isShown ? "[x] " : "[ ] "),
        Span(choice.column.column.title, isFocused ? .focus : .text, columns: 14), Span(width, .faint),
      ])
    }
    lines.append(Line("K J move   h l width   = no width", .faint))
    return Box.framed(
      lines, title: "COLUMNS", width: min(42, look.columns - 4),
      cursor: Point(line: selected - top, column: 0))
  }
}
