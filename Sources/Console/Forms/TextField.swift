import Terminal

/// A line of text being typed. Keeps the exact characters; what is drawn of them is cleaned.
struct TextField: Equatable, Sendable {
  /// More than any field may hold, so a rule speaks before this limit cuts.
  static let limit = 4096

  private(set) var scalars: [Unicode.Scalar] = []
  /// Counted in scalars; always between two whole characters.
  private(set) var cursor = 0
  /// The text as it is drawn, and the column of the cursor in it.
  private(set) var shown: SafeText = ""
  private(set) var column = 0

  init(_ text: String = "") { replace(with: text) }

  var text: String { Self.string(scalars) }
  var isEmpty: Bool { scalars.isEmpty }

  static func == (a: TextField, b: TextField) -> Bool { a.scalars == b.scalars && a.cursor == b.cursor }

  /// Puts `text` in, with the cursor after it.
  mutating func replace(with text: String) {
    scalars = Array(text.unicodeScalars.prefix(Self.limit))
    cursor = scalars.count
    refresh()
  }

  mutating func moveToStart() {
    cursor = 0
    refresh()
  }

  mutating func moveToEnd() {
    cursor = scalars.count
    refresh()
  }

  /// Edits or moves. False: not a key of a text field.
  mutating func take(_ key: Key) -> Bool {
    switch key {
    case .character(let scalar): insert([scalar])
    case .paste(let raw): insert(Self.oneLine(raw))
    case .left: cursor = boundary(before: cursor)
    case .right: cursor = boundary(after: cursor)
    case .home: cursor = 0
    case .end: cursor = scalars.count
    case .backspace: remove(from: boundary(before: cursor), to: cursor)
    case .delete: remove(from: cursor, to: boundary(after: cursor))
    case .control("u"): remove(from: 0, to: cursor)
    case .control("w"): remove(from: startOfWord, to: cursor)
    case .control, .enter, .tab, .backTab, .escape, .insert, .up, .down, .pageUp, .pageDown, .function,
      .focusGained,
      .focusLost, .mouse, .unknown:
      return false
    }
    refresh()
    return true
  }

  mutating func insert(_ new: [Unicode.Scalar]) {
    let new = new.prefix(max(0, Self.limit - scalars.count))
    scalars.insert(contentsOf: new, at: cursor)
    cursor += new.count
    refresh()
  }

  /// Cuts the text at the cursor and answers what was behind it.
  mutating func split() -> TextField {
    var rest = TextField(Self.string(scalars[cursor...]))
    rest.moveToStart()
    scalars.removeSubrange(cursor...)
    refresh()
    return rest
  }

  /// The text in exactly `columns`, scrolled so that the cursor is in sight, and the cursor's column therein.
  func view(columns: Int, focused: Bool) -> (span: Span, cursor: Int) {
    let room = max(1, columns)
    let scroll = focused ? max(0, column - room + 1) : 0
    let part = scroll == 0 ? shown : shown.dropping(columns: scroll)
    return (Span(part, .field, columns: room), min(column - scroll, room - 1))
  }

  private mutating func remove(from start: Int, to end: Int) {
    scalars.removeSubrange(start..<end)
    cursor = start
  }

  private mutating func refresh() {
    shown = SafeText(text)
    column = cursor == scalars.count ? shown.width : SafeText(Self.string(scalars[..<cursor])).width
  }

  private func boundary(before place: Int) -> Int {
    var end = 0
    for character in text {
      let next = end + character.unicodeScalars.count
      if next >= place { return end }
      end = next
    }
    return end
  }

  private func boundary(after place: Int) -> Int {
    var end = 0
    for character in text {
      end += character.unicodeScalars.count
      if end > place { return end }
    }
    return end
  }

  private var startOfWord: Int {
    var place = cursor
    while place > 0, scalars[place - 1].properties.isWhitespace { place -= 1 }
    while place > 0, !scalars[place - 1].properties.isWhitespace { place -= 1 }
    return place
  }

  private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  /// A paste for one line: line ends and tabs become blanks, those at its end go. Everything else stays for the rules to judge.
  private static func oneLine(_ raw: String) -> [Unicode.Scalar] {
    var scalars: [Unicode.Scalar] = []
    for scalar in raw.unicodeScalars {
      switch scalar {
      case "\n" where scalars.last == "\r": continue
      case "\n", "\t": scalars.append(" ")
      default: scalars.append(scalar)
      }
    }
    scalars = scalars.map { $0 == "\r" ? " " : $0 }
    while scalars.last == " " { scalars.removeLast() }
    return scalars
  }
}
