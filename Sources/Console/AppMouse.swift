import TenantStore
import Terminal

/// Whether the mouse is on, and where it was pressed last.
struct MouseState: Sendable {
  var isOn = false
  var last: (line: Int, at: Instant)?

  /// A second press on the same line within this time is a double click.
  static let patience: Int64 = 500_000
}

/// What the mouse does: the wheel moves as the arrows do, a click puts the focus there, a double click opens.
extension App {
  /// Lines of one turn of the wheel.
  private static let step = 3

  mutating func take(_ report: Mouse) -> [Effect] {
    guard mouse.isOn, !Chrome.isTooSmall(size) else { return [] }
    switch report.kind {
    case .wheelUp: return turnWheel(.up)
    case .wheelDown: return turnWheel(.down)
    case .press: return press(report.at)
    case .release: return []
    }
  }

  private mutating func turnWheel(_ movement: Movement) -> [Effect] {
    // In a form the arrows go from field to field: nobody means that by the wheel.
    guard ![.form, .transition].contains(top),
      keymap.bindings(in: top).contains(where: { $0.meaning == .screen(.move(movement)) })
    else { return [] }
    return (0..<Self.step).reduce(into: []) { effects, _ in
      effects += turn(at: stack.count - 1) { $0.act(.move(movement), &$1) }
    }
  }

  private mutating func press(_ at: Point) -> [Effect] {
    status = nil
    let isDouble =
      mouse.last.map {
        $0.line == at.line && now.microseconds - $0.at.microseconds < MouseState.patience
      } ?? false
    // A third press is a first one again.
    mouse.last = isDouble ? nil : (at.line, now)
    guard let line = bodyLine(at) else { return [] }
    return turn(at: stack.count - 1) { $0.clicked(line, isDouble: isDouble, &$1) }
  }

  /// The line of the top screen's body that lies there; nil for what is around it.
  private func bodyLine(_ at: Point) -> Int? {
    let line = at.line - 1
    let screen = stack[stack.count - 1]
    guard line >= 0, line < Chrome.bodyLines(size) else { return nil }
    guard screen.isBox else { return line }
    let (box, corner, skipped) = Box.place(
      screen.view(look(size)), columns: size.columns, lines: Chrome.bodyLines(size))
    let inside = line - corner.line
    // The frame's own lines are no lines of the box.
    guard inside > 0, inside < box.lines.count - 1, at.column > corner.column,
      at.column < corner.column + (box.lines.first?.width ?? 0) - 1
    else { return nil }
    return inside - 1 + skipped
  }
}
