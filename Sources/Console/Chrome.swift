import TenantStore
import Terminal

/// What is around every screen: header, status line, footer; and how the boxes lie over it.
enum Chrome {
  /// The smallest screen that is drawn; below it only these words are.
  static let smallest = Size(columns: 40, lines: 10)

  static func isTooSmall(_ size: Size) -> Bool {
    size.columns < smallest.columns || size.lines < smallest.lines
  }

  static func bodyLines(_ size: Size) -> Int { max(1, size.lines - 3) }

  /// The bar at the top: what the server says about itself and the person.
  static func header(_ session: Session?, _ link: Store.Link, overdue: Int64, columns: Int) -> Line {
    guard let session else { return Line([Span(" landlord", .header, columns: columns)]) }
    let role: Role = session.isProduction ? .production : .header
    var left: [SafeText] = [" landlord"]
    if let environment = session.environment {
      // Upper case and marks, so that production looks different where there is no colour.
      left.append(SafeText(session.isProduction ? "!! \(environment.uppercased()) !!" : environment))
    }
    left.append(SafeText("\(session.host)/\(session.database)"))
    left.append(SafeText("as \(session.user) (\(session.role))"))
    var spans = [Span(left.dropFirst().reduce(left[0]) { $0 + "  " + $1 }, role)]
    if session.bypassesPolicies { spans.append(Span("  ! bypasses policies", .warning)) }
    if overdue > 0 { spans.append(Span(SafeText("  ! \(Words.grouped(overdue)) OVERDUE"), .warning)) }
    let right: SafeText
    switch link {
    case .up: right = session.isStandby ? "standby " : session.readOnly ? "READ-ONLY " : "primary "
    case .connecting: right = "connecting "
    case .down: right = "OFFLINE "
    }
    let used = spans.reduce(0) { $0 + $1.width }
    let room = columns - right.width
    if used > room, let first = spans.first {
      // The words about the person's place give way, the state of the server does not.
      let rest = spans.dropFirst().reduce(0) { $0 + $1.width }
      if room - rest > 12 {
        spans[0] = Span(first.text, role, columns: room - rest)
      } else {
        spans = [Span(first.text, role, columns: max(1, room))]
      }
    } else {
      spans.append(Span("", role, columns: room - used))
    }
    spans.append(Span(right, role))
    return Line(spans)
  }

  /// The line above the footer; more than one where what must be read is longer than that.
  static func status(_ status: Status?, columns: Int) -> [Line] {
    guard let status else { return [Line()] }
    guard status.text.width > columns - 2 else { return [Line([Span(" "), Span(status.text, status.role)])] }
    return Box.paragraph(status.text.text, columns: columns - 2).prefix(4).map {
      Line([Span(" "), Span($0, status.role)])
    }
  }

  /// The keys of a place, as many as fit; help is always among them.
  static func footer(_ place: Place, _ keymap: Keymap, columns: Int) -> Line {
    guard let items = keymap.footers[place] else { return Line() }
    var line = Line([Span(" ", .footer)])
    var room = columns - 1 - (items.last.map(\.width) ?? 0)
    for item in items.dropLast() where item.width <= room {
      line.spans += item.spans
      room -= item.width
    }
    if let last = items.last { line.spans += last.spans }
    let rest = columns - line.width
    if rest > 0 { line.spans.append(Span("", .footer, columns: rest)) }
    return line
  }

  /// The only thing on a screen that is too small for anything else.
  static func tooSmall(_ size: Size, _ status: Status?) -> Frame {
    let words = ["Too small:", "\(size.columns)x\(size.lines),", "needs 40x10"]
    let lines = size.columns >= 28 ? [words.joined(separator: " ")] : words
    return Frame(
      size: size,
      lines: lines.map { Line([Span(SafeText($0), .warning, columns: size.columns)]) }
        + (status.map { [Line([Span($0.text, $0.role, columns: size.columns)])] } ?? []),
      cursor: Point(line: 0, column: 0))
  }
}
