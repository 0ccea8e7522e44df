import TenantStore
import Terminal

/// The keys of the place it was opened from, then those that work everywhere.
struct KeysScreen: Screen {
  private let lines: [Line]
  private var scroll = 0

  let place = Place.help

  init(_ from: Place, _ keymap: Keymap) {
    // A key that works in nearly every place is not this place's own.
    let isEverywhere = { (binding: Keymap.Binding) in binding.places.count >= Place.allCases.count - 2 }
    let own = keymap.bindings(in: from).filter { !isEverywhere($0) }
    lines =
      [Line(" Keys here", .heading)] + own.map(Self.line) + [Line(), Line(" Keys everywhere", .heading)]
      + keymap.table.filter(isEverywhere).map(Self.line)
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    let page = max(1, turn.bodyLines - 1)
    switch action {
    case .up: move(by: -1, turn)
    case .down: move(by: 1, turn)
    case .pageUp: move(by: -page, turn)
    case .pageDown: move(by: page, turn)
    case .halfUp: move(by: -max(1, page / 2), turn)
    case .halfDown: move(by: max(1, page / 2), turn)
    case .first: scroll = 0
    case .last: move(by: lines.count, turn)
    case .back, .leave: turn.pop()
    case .columnsLeft, .columnsRight, .open, .filter, .onboard, .edit, .lifecycle, .deactivate, .reactivate,
      .overview,
      .doors, .history, .refresh, .nextField, .previousField, .press, .review, .confirm, .refuse, .switchSide,
      .stored,
      .help, .repaint, .suspend, .interrupt:
      break
    case .sort, .reverse, .mark, .markRange, .markAll, .bulk, .columns, .earlier, .later, .views, .saveView,
      .removeView, .autoRefresh, .older, .newer, .putBack, .doctor, .mend, .failures, .keep:
      break
    }
  }

  private mutating func move(by step: Int, _ turn: Turn) {
    scroll = max(0, min(lines.count - turn.bodyLines, scroll + step))
  }

  func view(_ look: Look) -> Body {
    let top = max(0, min(scroll, lines.count - look.lines))
    return Body(Array(lines.dropFirst(top).prefix(look.lines)), cursor: Point(line: 0, column: 0))
  }

  private static func line(_ binding: Keymap.Binding) -> Line {
    let names = binding.keys.compactMap(\.name).joined(separator: " ")
    return Line([Span("   "), Span(SafeText(names), .key, columns: 16), Span(SafeText(binding.help))])
  }
}
