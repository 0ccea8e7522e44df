import TenantStore
import Terminal

extension Form {
  private static let labelColumns = 18

  /// The rows under a title, scrolled so that the focus is in sight, and under them what is told of the focus; the open picker
  /// over them.
  func view(title: Line, foot: Line? = nil, _ look: Look) -> Body {
    var lines: [Line] = []
    var cursor = Point(line: 0, column: 0)
    for (place, row) in rows.enumerated() where row.page == focused.page {
      let start = lines.count
      let isFocused = place == focus
      let column = append(row, isFocused, look.columns, to: &lines)
      if isFocused {
        cursor = Point(line: start + column.line, column: column.column)
      }
      if let problem = row.problem {
        for (number, part) in Box.paragraph(problem.text, columns: look.columns - Self.labelColumns - 3)
          .enumerated()
        {
          lines.append(
            Line([
              Span("", columns: Self.labelColumns), Span(number == 0 ? "! " : "  ", .bad), Span(part, .bad),
            ]))
        }
      }
    }
    let room = max(1, look.lines - (foot == nil ? 2 : 3))
    // The focused line and the one under it, where its problem stands.
    let top = max(0, min(cursor.line - room + 2, lines.count - room))
    var body = Body(
      [title, Line()] + lines.dropFirst(top).prefix(room),
      cursor: Point(line: cursor.line - top + 2, column: cursor.column))
    if let foot {
      while body.lines.count < room + 2 { body.lines.append(Line()) }
      body.lines.append(foot)
    }
    if let picker { overlay(picker, on: &body, look) }
    return body
  }

  private func overlay(_ picker: Picker, on body: inout Body, _ look: Look) {
    let box = picker.view(title: focused.label, look)
    let width = box.lines.map(\.width).max() ?? 0
    let at = Point(
      line: max(0, min(2, look.lines - box.lines.count)),
      column: max(0, min(Self.labelColumns, look.columns - width)))
    var frame = Frame(size: Size(columns: look.columns, lines: look.lines), lines: body.lines)
    frame.overlay(box.lines, at: at, width: width)
    body = Body(
      frame.lines, cursor: box.cursor.map { Point(line: $0.line + at.line, column: $0.column + at.column) })
  }

  /// The names of the pages, the one that is seen by its colour and its mark; one with a problem says so.
  var pageTitles: [Span] {
    pages.enumerated().flatMap { place, name in
      let isSeen = place == focused.page
      let isWrong = rows.contains { $0.page == place && $0.problem != nil }
      return [
        Span(isSeen ? " >" : "  ", .focus), Span(name, isSeen ? .focus : .faint),
        Span(isWrong ? "!" : " ", .bad),
      ]
    }
  }

  /// Adds the row's lines; answers the cursor's place, counted from its first line.
  private func append(_ row: Row, _ isFocused: Bool, _ columns: Int, to lines: inout [Line]) -> Point {
    let label = [
      Span(isFocused ? "> " : "  ", .focus),
      Span(row.label, isFocused ? .focus : .heading, columns: Self.labelColumns - 2),
    ]
    let room = max(4, columns - Self.labelColumns - 2)
    switch row.editor {
    case .text(let text):
      let note = (row.note.map { [Span("  ")] + $0.spans } ?? []) + hidden(in: text)
      let (span, cursor) = text.view(columns: room - note.reduce(0) { $0 + $1.width }, focused: isFocused)
      lines.append(Line(label + [span] + note))
      return Point(line: 0, column: Self.labelColumns + cursor)
    case .lines(let list):
      var place = Point(line: 0, column: 0)
      for (number, text) in list.lines.enumerated() {
        let isCurrent = isFocused && number == list.current
        let badge = hidden(in: text)
        let (span, cursor) = text.view(columns: room - badge.reduce(0) { $0 + $1.width }, focused: isCurrent)
        lines.append(Line((number == 0 ? label : [Span("", columns: Self.labelColumns)]) + [span] + badge))
        if isCurrent { place = Point(line: number, column: Self.labelColumns + cursor) }
      }
      return place
    case .choice(let name):
      lines.append(Line(label + choice(name.isEmpty ? [] : [name], isFocused, room)))
    case .choices(let names):
      lines.append(Line(label + choice(names, isFocused, room)))
    case .fixed(let shown):
      lines.append(Line(label + shown.spans + [Span("  (cannot be changed)", .faint)]))
    case .button(let text):
      lines.append(Line())
      lines.append(Line([Span("", columns: Self.labelColumns), Span(text, isFocused ? .focus : .text)]))
      return Point(line: 1, column: Self.labelColumns)
    }
    return Point(line: 0, column: Self.labelColumns)
  }

  private func choice(_ names: [String], _ isFocused: Bool, _ room: Int) -> [Span] {
    let hint: SafeText = isFocused ? "  Enter chooses" : ""
    guard !names.isEmpty else { return [Span("(none)", .faint), Span(hint, .faint)] }
    let text = SafeText(names.joined(separator: ", "))
    return [Span(text, .text, columns: min(text.width, room - hint.width)), Span(hint, .faint)]
  }

  private func hidden(in text: TextField) -> [Span] {
    text.shown.hidden > 0 ? [Span(SafeText(" [\(text.shown.hidden) hidden]"), .badge)] : []
  }
}
