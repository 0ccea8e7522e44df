import TenantStore
import Terminal

/// One finding, whole: what is so, why it matters, and the statements that put it right.
struct FindingScreen: Screen {
  private let finding: Finding
  private var page: PageScreen

  let place = Place.finding
  var clippings: [Clipping] { Self.clippings(of: finding) }

  init(_ finding: Finding, isNew: Bool) {
    self.finding = finding
    page = PageScreen(Self.lines(finding, isNew: isNew), clippings: [])
  }

  /// The statements first.
  static func clippings(of finding: Finding) -> [Clipping] {
    let words = Clipping(
      name: "finding", text: "\(finding.check.name) of \(finding.object): \(finding.what)")
    return (finding.mend.map { [Clipping(name: "SQL", text: $0.sql)] } ?? []) + [words]
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    guard action == .page(.mend) else { return page.act(action, &turn) }
    if let dialog = MendDialog(finding, &turn) { turn.push(dialog) }
  }

  mutating func returned(_ news: News, _ turn: inout Turn) {
    switch news {
    case .mended: turn.pop(.mended)
    case .nothing, .changed, .ended, .merged, .chosen, .agreed, .list, .draft, .template, .intake: break
    }
  }

  func view(_ look: Look) -> Body { page.view(look) }

  private static func lines(_ finding: Finding, isNew: Bool) -> [Line] {
    var lines = [
      Line(
        [
          Span(" "), Span(SafeText(finding.severity.rawValue.uppercased()), finding.severity.role),
          Span("  "),
          Span(SafeText(finding.check.name), .heading), Span(" of "),
        ] + Shown(finding.object).spans + (isNew ? [Span("  new", .warning)] : [])),
      Line(), Line([Span(" ")] + Shown(finding.what).spans), Line(),
      Line(" Why", .heading), Line(SafeText("   " + finding.check.why)), Line(),
      Line(" What mends it", .heading),
    ]
    guard let mend = finding.mend else {
      return lines + [Line("   No single statement does: it takes a change of what is behind it.")]
    }
    lines += mend.statements.map { Line([Span("   ")] + Shown($0 + ";").spans) }
    lines += [
      Line(),
      Line([
        Span("   as     ", .heading),
        Span(SafeText(mend.runner)),
      ]),
      Line([Span("   locks  ", .heading), Span(SafeText(finding.check.locks))]), Line(),
      mend.isAllowed
        ? Line("   F runs it, y copies it.")
        : Line([Span("   y copies it. "), Span(MendDialog.refusal(mend), .warning)]),
    ]
    return lines
  }
}
