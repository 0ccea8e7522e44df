import Terminal

/// A raw value made ready to be drawn: cleaned once, drawn often.
struct Shown: Equatable, Sendable {
  var text: SafeText
  var role: Role
  /// Says how much of the value cannot be seen.
  var badge: SafeText?

  /// Absent, empty and blank values look different from each other and from every text.
  init(_ raw: String?, _ role: Role = .text) {
    guard let raw, !Self.isBlank(raw) else {
      text =
        raw.map { $0.isEmpty ? "(empty)" : SafeText("(\($0.unicodeScalars.count) blank)") } ?? "(not set)"
      self.role = .faint
      return
    }
    text = SafeText(raw)
    self.role = role
    badge = text.hidden > 0 ? SafeText(" [\(text.hidden) hidden]") : nil
  }

  /// Nearly every text has a letter of ASCII, which needs no look into Unicode's tables.
  private static func isBlank(_ raw: String) -> Bool {
    !raw.utf8.contains { 0x21...0x7E ~= $0 }
      && !raw.unicodeScalars.contains { !$0.properties.isWhitespace }
  }

  /// A text of ours that stands for a value.
  init(mark: SafeText) {
    text = mark
    role = .faint
    badge = nil
  }

  /// At its own width.
  var spans: [Span] { badge.map { [Span(text, role), Span($0, .badge)] } ?? [Span(text, role)] }

  /// In exactly `columns`: the badge stays when the text is cut.
  func append(to spans: inout [Span], columns: Int) {
    if let badge, badge.width + 1 < columns {
      let room = columns - badge.width
      if text.width < room {
        spans.append(Span(text, role))
        spans.append(Span(badge, .badge, columns: columns - text.width))
      } else {
        spans.append(Span(text, role, columns: room))
        spans.append(Span(badge, .badge))
      }
    } else {
      spans.append(Span(text, role, columns: columns))
    }
  }

  /// On as many lines of at most `columns` as it takes, so that nothing of it is cut.
  func wrapped(columns: Int) -> [[Span]] {
    let room = max(4, columns)
    guard text.width > room else {
      if let badge, text.width + badge.width > room { return [[Span(text, role)], [Span(badge, .badge)]] }
      return [spans]
    }
    var lines: [[Span]] = []
    var piece = ""
    var width = 0
    for character in text.text {
      let own = SafeText(String(character)).width
      if width + own > room {
        lines.append([Span(SafeText(piece), role)])
        (piece, width) = ("", 0)
      }
      piece.append(character)
      width += own
    }
    lines.append([Span(SafeText(piece), role)])
    if let badge { lines.append([Span(badge, .badge)]) }
    return lines
  }
}
