import TenantStore
import Terminal

/// Asks before a form with changes is left.
struct LeaveDialog: Screen {
  private var gate = Gate()

  let place = Place.leaving
  let isBox = true

  mutating func painted() { gate.painted() }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .confirm:
      if gate.isOpen {
        turn.pop(.agreed)
      } else {
        turn.say("not taken: it was typed before this was on the screen", .warning)
      }
    case .refuse, .back, .leave: turn.pop()
    case .up, .down, .pageUp, .pageDown, .halfUp, .halfDown, .first, .last, .columnsLeft, .columnsRight,
      .open,
      .filter, .onboard, .edit, .lifecycle, .deactivate, .reactivate, .overview, .doors, .history, .refresh,
      .nextField, .previousField, .press, .review, .switchSide, .stored, .help, .repaint, .suspend,
      .interrupt:
      break
    case .sort, .reverse, .mark, .markRange, .markAll, .bulk, .columns, .earlier, .later, .views, .saveView,
      .removeView, .autoRefresh, .older, .newer, .putBack, .doctor, .mend, .failures, .keep:
      break
    }
  }

  func view(_ look: Look) -> Body {
    Box.framed(
      [Line("What you typed is lost."), Line("y leaves   n stays   Default: No", .faint)],
      title: "LEAVE WITHOUT SAVING?",
      width: min(36, look.columns - 4), cursor: Point(line: 1, column: 0))
  }
}
