import TenantStore
import Terminal

/// What can become of a tenant. Chooses; the dialogs that follow ask.
struct LifecycleMenu: Screen {
  private static let actions = LifecycleAction.allCases
  private let tenant: Tenant
  private var selected = 0

  let place = Place.lifecycle
  let isBox = true
  var subject: Tenant? { tenant }

  init(_ tenant: Tenant) {
    self.tenant = tenant
    let likely: LifecycleAction =
      switch tenant.state {
      case .active: .suspend
      case .suspended: .resume
      case .provisioning: .deactivate
      case .deactivated, .purged: .reactivate
      }
    selected = Self.actions.firstIndex(of: likely) ?? 0
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .move(.up): selected = max(0, selected - 1)
    case .move(.down): selected = min(Self.actions.count - 1, selected + 1)
    case .dialog(.press): choose(Self.actions[selected], &turn)
    case .lifecycle(let action): choose(action, &turn)
    case .dialog(.back), .dialog(.leave), .dialog(.refuse): turn.pop()
    case .move, .dialog, .list, .tenant, .page: break
    }
  }

  private func choose(_ action: LifecycleAction, _ turn: inout Turn) {
    if let refusal = Self.refusal(action, tenant, turn.session, turn.keymap) {
      turn.refuse(.screen(.lifecycle(action)), refusal, on: tenant)
    } else {
      turn.pop(.chosen(action))
    }
  }

  /// Why it is not possible for that tenant; nil: it is.
  static func refusal(_ action: LifecycleAction, _ tenant: Tenant, _ session: Session?, _ keymap: Keymap)
    -> Keymap.Refusal?
  {
    let binding = keymap.table.first {
      $0.meaning == .screen(.lifecycle(action)) && $0.places.contains(.lifecycle)
    }
    return binding?.refusal(Keymap.Situation(session: session, subject: tenant, isWriting: false))
  }

  private static func letter(_ action: LifecycleAction) -> String {
    switch action {
    case .suspend: "s"
    case .resume: "e"
    case .deactivate: "d"
    case .reactivate: "r"
    case .purge: "p"
    }
  }

  func view(_ look: Look) -> Body {
    let width = min(66, look.columns - 4)
    let lines = Self.actions.enumerated().map { place, action in
      let refusal = Self.refusal(action, tenant, look.session, look.keymap)
      let text = SafeText("\(Self.letter(action))  \(action.rawValue)")
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
