import Terminal

/// A page to be read and copied from: what is behind a screen, hidden characters spelled out.
struct PageScreen: Screen {
  private let paragraphs: [Line]
  private var scroll = 0
  let clippings: [Clipping]

  let place = Place.page

  init(_ paragraphs: [Line], clippings: [Clipping]) {
    self.paragraphs = paragraphs
    self.clippings = clippings
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
    scroll = max(0, min(lines(turn.size.columns).count - turn.bodyLines, scroll + step))
  }

  func view(_ look: Look) -> Body {
    let lines = lines(look.columns)
    let top = max(0, min(scroll, lines.count - look.lines))
    return Body(Array(lines.dropFirst(top).prefix(look.lines)), cursor: Point(line: 0, column: 0))
  }

  /// Lines too long for the screen go on below, a little further in.
  private func lines(_ columns: Int) -> [Line] {
    paragraphs.flatMap { line -> [Line] in
      guard line.width > columns else { return [line] }
      var lines = [Line()]
      var room = columns
      for span in line.spans {
        var rest = span.text
        while rest.width > room {
          let piece = Self.piece(of: rest, room)
          lines[lines.count - 1].spans.append(Span(piece, span.role))
          lines.append(Line([Span(Self.indent)]))
          rest = rest.dropping(columns: piece.width)
          room = columns - Self.indent.width
        }
        lines[lines.count - 1].spans.append(Span(rest, span.role))
        room -= rest.width
      }
      return lines
    }
  }

  private static let indent: SafeText = "      "

  /// As much as fits, up to a blank where there is one in the second half; nothing where there is no room for a character.
  private static func piece(of text: SafeText, _ room: Int) -> SafeText {
    // One column wider, for what is cut off in exchange for a sign that something was.
    let cut = text.clipped(to: room + 1).text.unicodeScalars.dropLast()
    if let blank = cut.lastIndex(of: " "), cut.distance(from: cut.startIndex, to: blank) > room / 2 {
      return SafeText(String(cut[...blank]))
    }
    return SafeText(String(cut))
  }
}
