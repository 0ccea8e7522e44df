import TenantStore
import Terminal

/// A new tenant's secret, shown once and covered after a minute. Left by a key of its own, so that no key pressed for something else
/// puts it away. The sheet to hand over beside it has everything but the secret. Under it the run goes on step by step, where the
/// tenant needs more than its row: however that ends, the secret is there.
struct SecretScreen: Screen {
  private let secret: TenantSecret
  private let receipt: Receipt
  private let sheet: HandOver
  private let took: SafeText
  private var watch: RunWatch
  private var tenant: Tenant { watch.tenant }
  /// The tenant was made in provisioning: it comes into service by its run.
  private let hasRun: Bool
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

  var reading: [Ticket] { watch.reading }

  init(
    _ secret: TenantSecret, _ receipt: Receipt, _ tenant: Tenant, started: Instant, _ turn: inout Turn
  ) {
    self.secret = secret
    self.receipt = receipt
    watch = RunWatch(tenant)
    hasRun = tenant.state == .provisioning
    sheet = HandOver(tenant, hint: secret.hint, turn.session)
    took = Progress(started: started).words(at: turn.now)
  }

  mutating func opened(_ turn: inout Turn) {
    turn.wake(after: 60_000, .cover(showing))
    guard hasRun else { return }
    watch.carryOut(&turn)
    watch.read(&turn)
  }

  mutating func painted() { gate.painted() }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .dialog(.stored):
      guard gate.isOpen else {
        return turn.say("not taken: it was typed before this was on the screen", .warning)
      }
      turn.replace(ReceiptScreen(receipt, .changed(tenant)))
      if watch.isMoving { turn.say("its run goes on; p on the tenant shows how far it is") }
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
    watch.alarm(alarm, &turn)
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    var found: Tenant?
    return watch.answered(ticket, result, &turn, found: &found)
  }

  mutating func reported(_ report: ResourceReport, _ turn: inout Turn) { watch.reported(report, &turn) }

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
    if hasRun { lines += [Line()] + runLines(look) }
    return Body(lines, cursor: Point(line: at, column: 2))
  }

  private func runLines(_ look: Look) -> [Line] {
    guard let run = watch.run else { return [Line(" Not in service yet: its run begins...", .faint)] }
    var title = [Span(" In service ", .faint)]
    switch (tenant.state, watch.working) {
    case (.active, _): title.append(Span("yes", .good))
    case (_, let since?):
      title += [Span("not yet  ", .warning), Span(Progress(started: since).words(at: look.now), .faint)]
    case (_, nil):
      title.append(Span(run.isHeld ? "not yet: somebody is at it" : "NO: p on the tenant, then F", .warning))
    }
    return [Line(title)] + run.steps.map(\.line)
      + (run.obstacle.map { obstacle in
        Box.paragraph(obstacle, columns: look.columns - 3).map { Line([Span("  "), Span($0, .warning)]) }
      } ?? [])
  }
}
