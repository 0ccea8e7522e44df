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
    case .move(let movement): move(by: movement.lines(ofPage: page), turn)
    case .dialog(.back), .dialog(.leave): turn.pop()
    case .dialog, .list, .tenant, .lifecycle, .page: break
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
