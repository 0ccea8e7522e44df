extension Frame {
  /// The screen as text, as the terminal would draw it: one line each, blanks at the end of a line and empty lines at
  /// the end of the screen left out. For tests.
  public var picture: String { Self.joined(laidOut.map { $0.runs.map(\.text.text).joined() }) }

  /// The same, with "▮" in place of what stands under the cursor.
  public var pictureWithCursor: String {
    guard let cursor else { return picture }
    var marked = self
    marked.overlay([Line("▮")], at: cursor, width: 1)
    return marked.picture
  }

  /// A letter for the role of each column, ordinary text as blanks: see `Role.letter`. For tests.
  public var rolePicture: String {
    Self.joined(
      laidOut.map { layout in
        layout.runs.map { String(repeating: $0.role.letter, count: $0.text.width) }.joined()
      })
  }

  private var laidOut: [LineLayout] { lines.map { LineLayout($0, columns: size.columns) } }

  private static func joined(_ lines: [String]) -> String {
    var trimmed = lines.map { line in
      String(line.unicodeScalars.reversed().drop { $0 == " " }.reversed().map(Character.init))
    }
    while trimmed.last?.isEmpty == true { trimmed.removeLast() }
    return trimmed.joined(separator: "\n")
  }
}

extension Role {
  /// The letter that stands for the role in a picture of roles.
  public var letter: Character {
    switch self {
    case .text: " "
    case .header: "H"
    case .production: "P"
    case .heading: "T"
    case .focus: "F"
    case .faint: "."
    case .good: "G"
    case .warning: "W"
    case .bad: "B"
    case .field: "_"
    case .badge: "?"
    case .added: "+"
    case .removed: "-"
    case .border: "#"
    case .footer: "f"
    case .key: "k"
    }
  }
}
