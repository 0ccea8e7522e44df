import TenantStore
import Terminal

/// A new tenant's secret, shown once and covered after a minute. Left by a key of its own, so that no key pressed for something else
/// puts it away. The sheet to hand over beside it has everything but the secret.
struct SecretScreen: Screen {
  private let secret: TenantSecret
  private let receipt: ReceiptScreen
  private let tenant: Tenant
  private let sheet: HandOver
  private let took: SafeText
  private var gate = Gate()
  private var isCovered = false
  /// How many times it was shown: an earlier minute does not cover it.
  private var showing = 1

  let place = Place.secret
  /// What is covered is in no menu either.
  var clippings: [Clipping] {
    (isCovered ? [] : [Clipping(name: "secret", text: secret.text)]) + [
      Clipping(name: "sheet", text: sheet.text), Clipping(name: "sheet, Markdown", text: sheet.markdown),
    ]
  }

  init(
    _ secret: TenantSecret, _ receipt: ReceiptScreen, _ tenant: Tenant, started: Instant, _ turn: inout Turn
  ) {
    self.secret = secret
    self.receipt = receipt
    self.tenant = tenant
    sheet = HandOver(tenant, hint: secret.hint, turn.session)
    took = Progress(started: started).words(at: turn.now)
  }

  mutating func opened(_ turn: inout Turn) { turn.wake(after: 60_000, .cover(showing)) }

  mutating func painted() { gate.painted() }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .dialog(.stored):
      if gate.isOpen {
        turn.replace(receipt)
      } else {
        turn.say("not taken: it was typed before this was on the screen", .warning)
      }
    case .page(.uncover):
      isCovered = false
      showing += 1
      turn.wake(after: 60_000, .cover(showing))
    case .page(.writeSheet):
      turn.effects.append(.export(name: "\(tenant.siteID).md", text: sheet.markdown))
    case .dialog(.back), .dialog(.leave):
      turn.say("the secret is never shown again: press s when you have stored it", .warning)
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) {
    if alarm == .cover(showing) { isCovered = true }
  }

  mutating func exported(_ exported: Exported, _ turn: inout Turn) {
    switch exported {
    case .file(let path):
      turn.say(SafeText("the sheet to hand over, without the secret, is in \(path)"), .good)
    case .problem(let why): turn.say(SafeText("the sheet was not written: \(why)"), .bad)
    }
  }

  func view(_ look: Look) -> Body {
    var lines = [Line(SafeText(" \(tenant.siteID) is onboarded. This is its secret:"), .good), Line()]
    let at = lines.count
    if isCovered {
      lines.append(Line("  (covered after a minute: v shows it again)", .badge))
    } else {
      lines += Shown(secret.text, .focus).wrapped(columns: look.columns - 4).map { Line([Span("  ")] + $0) }
    }
    lines.append(Line())
    for text in Box.paragraph(
      "This is the only time it is shown: only its hash is kept. Store it now (y copies it), then press s.",
      columns: look.columns - 3)
    {
      lines.append(Line([Span(" "), Span(text, .warning)]))
    }
    lines.append(Line())
    lines.append(Line([Span(" Tenant id  ", .faint), Span(SafeText(tenant.id.description))]))
    lines.append(Line([Span(" It took    ", .faint), Span(took)]))
    return Body(lines, cursor: Point(line: at, column: 2))
  }
}
