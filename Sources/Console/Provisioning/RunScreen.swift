import TenantStore
import Terminal

/// A tenant's newest run, step by step while somebody is at it, and how its resources are beside what its state wants.
struct RunScreen: Screen {
  private var tenant: Tenant
  private var run: Run?
  private var isRead = false
  private var survey: Survey?
  /// This console carries it out, or looks at the resources, since then.
  private var working: Instant?
  private var surveying: Instant?
  private var reading1: Ticket?
  private var readingTenant: Ticket?
  private var isChanged = false
  private var scroll = 0

  let place = Place.run
  var subject: Tenant? { tenant }
  var reading: [Ticket] { [reading1, readingTenant].compactMap { $0 } }
  var explanation: Explanation? {
    Explanation(
      command: "landlord provision plan --tenant \(tenant.siteID)", requests: [.run(.newest(tenant.id))])
  }

  init(_ tenant: Tenant) { self.tenant = tenant }

  mutating func opened(_ turn: inout Turn) {
    turn.send(.run(.newest(tenant.id)), insteadOf: &reading1)
    look(&turn)
  }

  private mutating func look(_ turn: inout Turn) {
    guard surveying == nil, working == nil else { return }
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
    guard case .agreed = news else { return }
    working = turn.now
    turn.effects.append(.resources(.provision(tenant)))
    follow(&turn)
  }

  /// Looks again soon, for as long as something may move.
  private func follow(_ turn: inout Turn) {
    if working != nil || run?.isHeld ?? false { turn.wake(after: 500, .run(tenant.id)) }
  }

  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) {
    guard alarm == .run(tenant.id), reading1 == nil else { return }
    turn.send(.run(.newest(tenant.id)), insteadOf: &reading1)
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    switch ticket {
    case reading1:
      reading1 = nil
      switch result {
      case .success(.run(.newest(let found))): (run, isRead) = (found, true)
      case .success: preconditionFailure("a question for a run is answered by .newest")
      case .failure(let error): turn.say(error, while: "reading the run of \(tenant.siteID)")
      }
      follow(&turn)
    case readingTenant:
      readingTenant = nil
      if case .success(.tenant(let found?)) = result {
        isChanged = isChanged || !(found == tenant)
        tenant = found
      }
      look(&turn)
    default: return false
    }
    return true
  }

  /// What became of what this screen had a thread do.
  mutating func reported(_ report: ResourceReport, _ turn: inout Turn) {
    guard report.tenantID == tenant.id else { return }
    switch report {
    case .surveyed(let found):
      surveying = nil
      survey = found
    case .provisioned:
      working = nil
      turn.send(.run(.newest(tenant.id)), insteadOf: &reading1)
      turn.send(.tenant(.id(tenant.id)), insteadOf: &readingTenant)
    // Another screen's.
    case .enforced, .carriedOut: break
    case .failed(_, let why):
      (working, surveying) = (nil, nil)
      turn.say(SafeText(why), .bad)
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
    guard let run else {
      return [Line([Span("  Its run", .heading)]), Line(isRead ? "    (it never had one)" : "", .faint)]
    }
    var lines = [
      Line([
        Span(SafeText("  Run \(run.id) of \(run.begunAt.utc) by "), .heading),
        Span(SafeText(run.begunBy), .heading),
        Span("  "),
        Span(SafeText(run.state.rawValue.uppercased()), Self.role(of: run.state)),
        Span(run.isHeld ? "  somebody is at it" : "", .faint),
      ])
    ]
    for step in run.steps {
      lines.append(
        Line([
          Span(SafeText("    \(step.place)  ")), Span(SafeText(step.name), columns: 16),
          Span(SafeText(step.state.rawValue), Self.role(of: step.state), columns: 14),
          Span(SafeText(step.milliseconds.map(Self.seconds) ?? ""), columns: 10),
          Span(SafeText(step.note ?? ""), .warning),
        ]))
    }
    if let obstacle = run.obstacle { lines.append(Line([Span("    "), Span(SafeText(obstacle), .warning)])) }
    return lines
  }

  private func surveyLines(at now: Instant) -> [Line] {
    var title = [Span("  What it should have, and has", .heading)]
    if let since = surveying ?? working {
      title.append(Span(working == nil ? "  looking... " : "  at work... ", .faint))
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

  /// "0.3 s".
  private static func seconds(_ milliseconds: Int64) -> String {
    "\(milliseconds / 1000).\(milliseconds / 100 % 10) s"
  }

  private static func role(of state: Run.State) -> Role {
    switch state {
    case .done: .good
    case .running, .compensating: .text
    case .failed, .stuck: .bad
    }
  }

  private static func role(of state: RunStep.State) -> Role {
    switch state {
    case .done: .good
    case .pending, .running, .skipped: .text
    case .failed, .compensating, .compensated: .warning
    }
  }
}
