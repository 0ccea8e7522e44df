import TenantStore
import Terminal

/// What can become of a tenant. Chooses; the dialogs that follow ask.
struct LifecycleMenu: Screen {
  private static let actions: [Action] = [.deactivate, .reactivate]
  private let tenant: Tenant
  private var selected = 0

  let place = Place.lifecycle
  let isBox = true
  var subject: Tenant? { tenant }

  init(_ tenant: Tenant) {
    self.tenant = tenant
    selected = tenant.state == .deactivated ? 1 : 0
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .up: selected = max(0, selected - 1)
    case .down: selected = min(Self.actions.count - 1, selected + 1)
    case .press: choose(Self.actions[selected], &turn)
    case .deactivate, .reactivate: choose(action, &turn)
    case .back, .leave, .refuse: turn.pop()
    case .pageUp, .pageDown, .halfUp, .halfDown, .first, .last, .columnsLeft, .columnsRight, .open, .filter,
      .onboard,
      .edit, .lifecycle, .overview, .doors, .history, .refresh, .nextField, .previousField, .review, .confirm,
      .switchSide, .stored, .help, .repaint, .suspend, .interrupt:
      break
    case .sort, .reverse, .mark, .markRange, .markAll, .bulk, .columns, .earlier, .later, .views, .saveView,
      .removeView, .autoRefresh, .older, .newer, .putBack, .doctor, .mend, .failures, .keep:
      break
    }
  }

  private func choose(_ action: Action, _ turn: inout Turn) {
    if let refusal = Self.refusal(action, tenant, turn.session, turn.keymap) {
      turn.refuse(.screen(action), refusal, on: tenant)
    } else {
      turn.pop(.chosen(action))
    }
  }

  /// Why it is not possible for that tenant; nil: it is.
  static func refusal(_ action: Action, _ tenant: Tenant, _ session: Session?, _ keymap: Keymap)
    -> Keymap.Refusal?
  {
    let binding = keymap.table.first { $0.meaning == .screen(action) && $0.places.contains(.lifecycle) }
    return binding?.refusal(Keymap.Situation(session: session, subject: tenant, isWriting: false))
  }

  func view(_ look: Look) -> Body {
    let width = min(66, look.columns - 4)
    let lines = Self.actions.enumerated().map { place, action in
      let refusal = Self.refusal(action, tenant, look.session, look.keymap)
      let text: SafeText = action == .deactivate ? "d  deactivate" : "r  reactivate"
      var spans = [
        Span(place == selected ? "> " : "  ", .focus),
        Span(text, refusal == nil ? .text : .faint, columns: 16),
      ]
      if let refusal { spans.append(Span(SafeText(refusal.words), .faint)) }
      return Line(spans)
    }
    return Box.framed(
      lines, title: SafeText("LIFECYCLE of \(tenant.siteID)"), width: width,
      cursor: Point(line: selected, column: 0))
  }
}
