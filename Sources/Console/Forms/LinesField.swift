import Terminal

/// A list being typed, an entry a line.
struct LinesField: Equatable, Sendable {
  static let limit = 200

  private(set) var lines: [TextField]
  private(set) var current = 0

  init(_ entries: [String] = []) { lines = entries.isEmpty ? [TextField()] : entries.map { TextField($0) } }

  /// The entries that are not empty, in order.
  var entries: [String] { lines.filter { !$0.isEmpty }.map(\.text) }

  /// Edits or moves inside the list. False: not its key, or a move that leaves it.
  mutating func take(_ key: Key) -> Bool {
    switch key {
    case .enter:
      guard lines.count < Self.limit else { return true }
      lines.insert(lines[current].split(), at: current + 1)
      current += 1
      return true
    case .backspace where lines[current].cursor == 0 && current > 0:
      let rest = lines.remove(at: current)
      current -= 1
      lines[current].append(rest)
      return true
    case .up where current > 0:
      current -= 1
      return true
    case .down where current < lines.count - 1:
      current += 1
      return true
    case .paste(let raw):
      paste(raw)
      return true
    case .character, .control, .tab, .backTab, .escape, .backspace, .delete, .insert, .up, .down, .left,
      .right, .home,
      .end, .pageUp, .pageDown, .function, .focusGained, .focusLost, .mouse, .unknown:
      return lines[current].take(key)
    }
  }

  /// Entering from below starts at the last line, from above at the first.
  mutating func enter(fromBelow: Bool) { current = fromBelow ? lines.count - 1 : 0 }

  /// Each line of a paste is an entry of its own.
  private mutating func paste(_ raw: String) {
    let pieces = raw.unicodeScalars.split(omittingEmptySubsequences: true) { $0 == "\n" || $0 == "\r" }
    for (place, piece) in pieces.prefix(Self.limit).enumerated() {
      if place > 0 { _ = take(.enter) }
      _ = lines[current].take(.paste(String(String.UnicodeScalarView(piece))))
    }
  }
}

extension TextField {
  /// Adds the other's text behind this one's; the cursor stays between them.
  fileprivate mutating func append(_ other: TextField) {
    moveToEnd()
    let place = scalars.count
    insert(other.scalars)
    moveToStart()
    while cursor < place { _ = take(.right) }
  }
}
