import Terminal

/// The frame of a dialog. Drawn with ASCII, so that it looks the same in every locale.
enum Box {
  /// `lines` inside a frame `width` columns wide within it. The cursor is given inside and answered outside.
  static func framed(_ lines: [Line], title: SafeText, width: Int, cursor: Point?, role: Role = .border)
    -> Body
  {
    let width = max(8, width)
    let name = title.clipped(to: width - 4)
    let dashes = SafeText(String(repeating: "-", count: max(0, width - 2 - name.width)))
    let floor = SafeText(String(repeating: "-", count: width + 2))
    var framed = [
      Line([
        Span("+--", role), Span(" ", role), Span(name, .heading), Span(" ", role), Span(dashes, role),
        Span("+", role),
      ])
    ]
    framed[0] = fitted(framed[0], columns: width + 4)
    for line in lines {
      framed.append(
        Line([Span("| ", role)] + fitted(line, columns: width).spans + [Span(" |", role)]))
    }
    framed.append(Line([Span("+", role), Span(floor, role), Span("+", role)]))
    return Body(framed, cursor: cursor.map { Point(line: $0.line + 1, column: min($0.column, width) + 2) })
  }

  /// The line in exactly `columns`.
  static func fitted(_ line: Line, columns: Int) -> Line {
    var fitted = Line()
    var room = columns
    for span in line.spans where room > 0 {
      if span.width > room {
        fitted.spans.append(Span(span.text, span.role, columns: room))
        room = 0
      } else {
        fitted.spans.append(span)
        room -= span.width
      }
    }
    if room > 0 { fitted.spans.append(Span("", .text, columns: room)) }
    return fitted
  }
}

extension Box {
  /// Words of ours on lines of at most `columns`; a word longer than that is cut into pieces.
  static func paragraph(_ text: String, columns: Int) -> [SafeText] {
    let room = max(4, columns)
    var lines: [SafeText] = []
    var line: SafeText = ""
    for word in text.split(separator: " ") {
      var word = SafeText(String(word))
      if line.width > 0, line.width + 1 + word.width > room {
        lines.append(line)
        line = ""
      }
      while word.width > room {
        lines.append(word.clipped(to: room))
        word = word.dropping(columns: room - 1)
      }
      line = line.width == 0 ? word : line + " " + word
    }
    return line.width > 0 || lines.isEmpty ? lines + [line] : lines
  }
}

extension Box {
  /// Lays the box over the middle of the lines 1 to `lines`; a box that is higher is scrolled to its cursor.
  /// Answers where it lies, counted from line 1.
  static func lay(_ box: Body, over frame: inout Frame, lines room: Int) -> Body {
    let (placed, at, _) = place(box, columns: frame.size.columns, lines: room)
    frame.overlay(
      placed.lines, at: Point(line: at.line + 1, column: at.column),
      width: placed.lines.map(\.width).max() ?? 0)
    return Body(
      placed.lines,
      cursor: placed.cursor.map { Point(line: $0.line + at.line, column: $0.column + at.column) })
  }

  /// The part of the box that fits on so many lines, where its corner is, and how many lines below its title are left out.
  static func place(_ box: Body, columns: Int, lines room: Int) -> (box: Body, at: Point, skipped: Int) {
    var skipped = 0
    var (lines, cursor) = (box.lines, box.cursor)
    if lines.count > room, let title = lines.first {
      let rest = max(1, room - 1)
      let top = max(0, min((cursor?.line ?? 1) - 1 - rest / 2, lines.count - 1 - rest))
      lines = [title] + lines.dropFirst(1 + top).prefix(rest)
      cursor?.line -= top
      skipped = top
    }
    let width = lines.map(\.width).max() ?? 0
    let at = Point(line: max(0, (room - lines.count) / 3), column: max(0, (columns - width) / 2))
    return (Body(lines, cursor: cursor), at, skipped)
  }
}
