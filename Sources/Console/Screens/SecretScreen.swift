import TenantStore
import Terminal

/// A new tenant's secret, shown once. Left by a key of its own, so that no key pressed for something else puts it away.
struct SecretScreen: Screen {
  private let secret: Shown
  private let receipt: ReceiptScreen
  private let tenant: Tenant
  private let title: SafeText
  private var gate = Gate()

  let place = Place.secret

  init(_ secret: TenantSecret, _ receipt: ReceiptScreen, _ tenant: Tenant) {
    self.secret = Shown(secret.text, .focus)
    self.receipt = receipt
    self.tenant = tenant
    title = SafeText(" \(tenant.siteID) is onboarded. This is its secret:")
  }

  mutating func painted() { gate.painted() }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .dialog(.stored):
      if gate.isOpen {
        turn.replace(receipt)
      } else {
        turn.say("not taken: it was typed before this was on the screen", .warning)
      }
    case .dialog(.back), .dialog(.leave):
      turn.say("the secret is never shown again: press s when you have stored it", .warning)
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  func view(_ look: Look) -> Body {
    var lines = [Line(title, .good), Line()]
    let at = lines.count
    lines += secret.wrapped(columns: look.columns - 4).map { Line([Span("  ")] + $0) }
    lines.append(Line())
    for text in Box.paragraph(
      "This is the only time it is shown: only its hash is kept. Store it now, then press s.",
      columns: look.columns - 3)
    {
      lines.append(Line([Span(" "), Span(text, .warning)]))
    }
    lines.append(Line())
    lines.append(Line([Span(" Tenant id  ", .faint), Span(SafeText(tenant.id.description))]))
    return Body(lines, cursor: Point(line: at, column: 2))
  }
}
