import TenantStore
import Terminal

/// Offers the draft that lies there.
struct DraftDialog: Screen {
  private let draft: Draft
  private var gate = Gate()

  let place = Place.draft
  let isBox = true

  init(_ draft: Draft) { self.draft = draft }

  mutating func painted() { gate.painted() }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .dialog(.confirm), .dialog(.refuse):
      guard gate.isOpen else {
        return turn.say("not taken: it was typed before this was on the screen", .warning)
      }
      turn.pop(.draft(action == .dialog(.confirm) ? draft : nil))
    case .dialog(.back), .dialog(.leave): turn.pop(.draft(draft))
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  func view(_ look: Look) -> Body {
    let fields = draft.values.map(\.row).map { Words.name(ofRaw: $0).text }.joined(separator: ", ")
    let width = min(60, look.columns - 4)
    var lines = [Line(SafeText("You did not finish this form, at \(draft.saved.utc)."))]
    lines += Box.paragraph("It has: \(fields.isEmpty ? "nothing yet" : fields)", columns: width).map {
      Line($0)
    }
    lines.append(Line("y goes on with it   n throws it away   Default: yes", .faint))
    return Box.framed(
      lines, title: "A DRAFT OF YOURS", width: width, cursor: Point(line: lines.count - 1, column: 0))
  }
}
