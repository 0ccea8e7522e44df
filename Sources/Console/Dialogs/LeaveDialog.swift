import TenantStore
import Terminal

/// Asks before a form with changes is left.
struct LeaveDialog: Screen {
  /// There is a draft of it.
  let isKept: Bool
  private var gate = Gate()

  init(isKept: Bool) { self.isKept = isKept }

  let place = Place.leaving
  let isBox = true

  mutating func painted() { gate.painted() }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .dialog(.confirm):
      if gate.isOpen {
        turn.pop(.agreed)
      } else {
        turn.say("not taken: it was typed before this was on the screen", .warning)
      }
    case .dialog(.refuse), .dialog(.back), .dialog(.leave): turn.pop()
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  func view(_ look: Look) -> Body {
    Box.framed(
      [
        Line(isKept ? "What you typed is kept as a draft." : "What you typed is lost."),
        Line("y leaves   n stays   Default: No", .faint),
      ],
      title: "LEAVE WITHOUT SAVING?",
      width: min(36, look.columns - 4), cursor: Point(line: 1, column: 0))
  }
}
