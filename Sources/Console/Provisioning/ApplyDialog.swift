import TenantStore
import Terminal

/// Asks before a tenant's resources are brought to what its state wants.
struct ApplyDialog: Screen {
  private let tenant: Tenant
  private var gate = Gate()

  let place = Place.applying
  let isBox = true

  init(_ tenant: Tenant) { self.tenant = tenant }

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
    let wanted = Condition(wantedBy: tenant.state)
    return Box.framed(
      [
        Line([Span("Every resource of it is made "), Span(SafeText(wanted.rawValue)), Span(".")]),
        Line("y goes on   n stays   Default: No", .faint),
      ], title: SafeText("PROVISION \(tenant.siteID)?"), width: min(44, look.columns - 4),
      cursor: Point(line: 1, column: 0))
  }
}
