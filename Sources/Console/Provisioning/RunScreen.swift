import TenantStore
import Terminal

/// A tenant's newest run, step by step while somebody is at it, and how its resources are beside what its state wants.
struct RunScreen: Screen {
  private var watch: RunWatch
  private var survey: Survey?
  /// This console looks at the resources, since then.
  private var surveying: Instant?
  private var isChanged = false
  private var scroll = 0

  private var tenant: Tenant { watch.tenant }

  let place = Place.run
  var subject: Tenant? { tenant }
  var reading: [Ticket] { watch.reading }
  var explanation: Explanation? {
    Explanation(
      command: "landlord provision plan --tenant \(tenant.siteID)", requests: [.run(.newest(tenant.id))])
  }

  init(_ tenant: Tenant) { watch = RunWatch(tenant) }

  mutating func opened(_ turn: inout Turn) {
    watch.read(&turn)
    look(&turn)
  }

  private mutating func look(_ turn: inout Turn) {
    guard surveying == nil, watch.working == nil else { return }
    surveying = turn.now
    turn.effects.append(.resources(.survey(tenant)))
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .move(let movement):
      scroll = max(
        0,
        min(
          lines(at: turn.now).count - turn.bodyLines + 2, scroll + movement.lines(ofPage: turn.bodyLines - 2))
      )
    case .page(.refresh): opened(&turn)
    case .page(.apply): turn.push(ApplyDialog(tenant))
    case .dialog(.back), .dialog(.leave): turn.pop(isChanged ? .changed(tenant) : .nothing)
    case .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  mutating func returned(_ news: News, _ turn: inout Turn) {
    if case .agreed = news { watch.carryOut(&turn) }
  }

  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) { watch.alarm(alarm, &turn) }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    let before = tenant
    var found: Tenant?
    guard watch.answered(ticket, result, &turn, found: &found) else { return false }
    if let found {
      isChanged = isChanged || !(found == before)
      look(&turn)
    }
    return true
  }

  /// What became of what this screen had a thread do.
  mutating func reported(_ report: ResourceReport, _ turn: inout Turn) {
    guard report.tenantID == tenant.id else { return }
    watch.reported(report, &turn)
    switch report {
    case .surveyed(let found): (surveying, survey) = (nil, found)
    // The watch's, or another screen's.
    case .provisioned, .enforced, .carriedOut: break
    case .failed(.survey, _): surveying = nil
    case .failed: break
    }
  }

  func view(_ look: Look) -> Body {
    let state = tenant.state == .active ? tenant.state.rawValue : tenant.state.rawValue.uppercased()
    let title = Line([
      Span(" Resources of ", .heading), Span(SafeText(tenant.siteID), .heading), Span("  "),
      Span(SafeText(state), Words.role(of: tenant.state)),
    ])
    let all = lines(at: look.now)
    let room = max(1, look.lines - 2)
    let top = max(0, min(scroll, all.count - room))
    return Body([title, Line()] + all.dropFirst(top).prefix(room), cursor: Point(line: 0, column: 0))
  }

  private func lines(at now: Instant) -> [Line] { runLines() + [Line()] + surveyLines(at: now) }

  private func runLines() -> [Line] {
    guard let run = watch.run else {
      return [
        Line([Span("  Its run", .heading)]), Line(watch.isRead ? "    (it never had one)" : "", .faint),
      ]
    }
    let title = Line([
      Span(SafeText("  Run \(run.id) of \(run.begunAt.utc) by "), .heading),
      Span(SafeText(run.begunBy), .heading), Span("  "), run.word,
      Span(run.isHeld ? "  somebody is at it" : "", .faint),
    ])
    return [title] + run.lines
  }

  private func surveyLines(at now: Instant) -> [Line] {
    var title = [Span("  What it should have, and has", .heading)]
    if let since = surveying ?? watch.working {
      title.append(Span(watch.working == nil ? "  looking... " : "  at work... ", .faint))
      title.append(Span(Progress(started: since).words(at: now), .faint))
    }
    guard let survey else { return [Line(title)] }
    if survey.lines.isEmpty {
      return [Line(title), Line("    (nothing is listed: landlord resource add)", .faint)]
    }
    let drifted = Set(survey.drifted)
    return [Line(title)]
      + survey.lines.map { line in
        let isDrifted = drifted.contains(line.resource)
        let has = line.footprint.map { "\(Words.grouped($0.count)) \($0.name)" }.joined(separator: ", ")
        let word: SafeText = line.found == nil ? "UNKNOWN" : isDrifted ? "DRIFTED" : "as wanted"
        return Line([
          Span("       "), Span(SafeText(line.resource), columns: 16),
          Span(SafeText("\(line.found?.rawValue ?? "?") / \(survey.wanted.rawValue)"), columns: 22),
          Span(word, line.found == nil || isDrifted ? .warning : .good, columns: 11),
          Span(SafeText(line.problem ?? has)),
        ])
      }
  }
}
