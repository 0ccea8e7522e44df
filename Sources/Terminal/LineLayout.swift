/// A line as it stands on the screen: runs from the left edge, cut and padded to their columns, never wider than
/// the screen. The terminal, the pictures in tests and the overlay all lay out through this, so they cannot disagree.
struct LineLayout {
  /// Text in one role; `text.width` columns from `column` on.
  struct Run {
    var text: SafeText
    var role: Role
    var column: Int
  }

  private(set) var runs: [Run] = []
  /// The column after the last run; what is right of it is blank.
  private(set) var width = 0

  /// Lays `line` out on `columns` columns. A span across the right edge is cut with "…"; what lies beyond it is left out.
  init(_ line: Line, columns: Int) {
    for span in line.spans {
      let room = columns - width
      if room <= 0 { break }
      let text = span.columns.map { span.text.filling(max(0, $0)) } ?? span.text
      append(text.clipped(to: room), span.role)
    }
  }

  private init() {}

  /// The part from column `from` up to `to`, at its old place: a wide character across an edge becomes a blank.
  func part(from: Int, to: Int) -> LineLayout {
    var part = LineLayout()
    part.width = from
    for run in runs {
      let low = max(run.column, from)
      let high = min(run.column + run.text.width, to)
      if low >= high { continue }
      var text = run.text.dropping(columns: low - run.column).start(columns: high - low)
      if text.width < high - low { text = text + .blanks(high - low - text.width) }
      part.append(text, run.role)
    }
    return part
  }

  /// Blanks up to `column`, in the role of ordinary text; nothing where the line reaches it already.
  mutating func pad(to column: Int) {
    if width < column { append(.blanks(column - width), .text) }
  }

  mutating func append(_ other: LineLayout) {
    for run in other.runs { append(run.text, run.role) }
  }

  private mutating func append(_ text: SafeText, _ role: Role) {
    if text.width == 0 { return }
    runs.append(Run(text: text, role: role, column: width))
    width += text.width
  }

  /// How many blanks `text` begins with, the text between, and how many it ends with.
  static func trimmed(_ text: String) -> (before: Int, text: String, after: Int) {
    let bytes = text.utf8
    guard let first = bytes.firstIndex(where: { $0 != 0x20 }),
      let last = bytes.lastIndex(where: { $0 != 0x20 })
    else { return (bytes.count, "", 0) }
    let end = bytes.index(after: last)
    return (
      bytes.distance(from: bytes.startIndex, to: first), String(text[first..<end]),
      bytes.distance(from: end, to: bytes.endIndex)
    )
  }

  /// The same as a line again.
  var line: Line { Line(runs.map { Span($0.text, $0.role) }) }
}

extension Frame {
  /// Puts a box of `width` columns over the lines, its first line and column at `at`; each of `lines` is cut or padded
  /// to the width. What falls off the screen is left out; lines below the last one are made. The cursor stays where it is.
  public mutating func overlay(_ lines: [Line], at: Point, width: Int) {
    if width <= 0 { return }
    for (offset, line) in lines.enumerated() {
      let row = at.line + offset
      if row < 0 || row >= size.lines { continue }
      while self.lines.count <= row { self.lines.append(Line()) }
      let under = LineLayout(self.lines[row], columns: size.columns)
      var box = LineLayout(line, columns: width)
      box.pad(to: width)
      let from = max(0, at.column)
      let to = min(size.columns, at.column + width)
      if from >= to { continue }
      var over = under.part(from: 0, to: from)
      over.pad(to: from)
      over.append(box.part(from: from - at.column, to: to - at.column))
      over.append(under.part(from: to, to: size.columns))
      self.lines[row] = over.line
    }
  }
}
