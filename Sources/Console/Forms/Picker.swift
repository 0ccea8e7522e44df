import TenantStore
import Terminal

/// A list to choose from, filtered by typing. For one choice or for several.
struct Picker: Equatable, Sendable {
  private(set) var filter = TextField()
  private let items: [Catalogues.Item]
  private let several: Bool
  /// The chosen names. With one choice: what was chosen when it was opened.
  private(set) var chosen: Set<String>
  private(set) var selected = 0

  /// Retired items are offered only where they are chosen already.
  init(_ items: [Catalogues.Item], chosen: Set<String>, several: Bool) {
    self.items = items.filter { !$0.retired || chosen.contains($0.name) }
    self.several = several
    self.chosen = chosen
    selected = several ? 0 : shown.firstIndex { chosen.contains($0.name) } ?? 0
  }

  /// The items whose name holds what was typed.
  var shown: [Catalogues.Item] {
    let wanted = filter.text.lowercased()
    return wanted.isEmpty ? items : items.filter { $0.name.lowercased().contains(wanted) }
  }

  /// The name under the cursor.
  var current: String? { shown.indices.contains(selected) ? shown[selected].name : nil }

  mutating func type(_ key: Key) -> Bool {
    if several, key == .character(" ") { return false }
    let before = filter.text
    guard filter.take(key) else { return false }
    if filter.text != before { selected = 0 }
    return true
  }

  mutating func move(by lines: Int) { selected = max(0, min(shown.count - 1, selected + lines)) }

  /// Chooses or drops the item under the cursor. False with one choice only: there Enter chooses.
  mutating func toggle() -> Bool {
    guard several, let current else { return false }
    if chosen.remove(current) == nil { chosen.insert(current) }
    return true
  }

  func view(title: SafeText, _ look: Look) -> Body {
    let width = min(44, look.columns - 4)
    let (typed, cursor) = filter.view(columns: width - 10, focused: true)
    var lines = [Line([Span("Filter: ", .heading), typed])]
    let room = max(1, min(10, look.lines - 5))
    let list = shown
    let top = max(0, min(selected - room / 2, list.count - room))
    for (place, item) in list.enumerated().dropFirst(top).prefix(room) {
      let mark: SafeText = several ? (chosen.contains(item.name) ? "[x] " : "[ ] ") : ""
      var spans = [Span(place == selected ? "> " : "  ", .focus), Span(mark)]
      spans += Shown(item.name, place == selected ? .focus : .text).spans
      if item.retired { spans.append(Span(" (retired)", .warning)) }
      lines.append(Line(spans))
    }
    if list.isEmpty {
      lines.append(Line(items.isEmpty ? "  (the catalogue is empty)" : "  (nothing matches)", .faint))
    }
    let keys: SafeText = several ? "Space toggles  Enter done  Esc cancels" : "Enter chooses  Esc cancels"
    lines.append(Line(keys, .faint))
    return Box.framed(lines, title: title, width: width, cursor: Point(line: 0, column: 8 + cursor))
  }
}
