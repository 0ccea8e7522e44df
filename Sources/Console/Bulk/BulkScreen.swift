import TenantStore
import Terminal

/// A bulk while it is carried out, and then what became of each tenant.
struct BulkScreen: Screen {
  private let tenants: BulkTenants
  private var run: BulkRun
  private var results: [BulkResult] = []
  private var scroll = 0
  private var carrying: BulkCarrying?

  let place = Place.bulk
  var isWriting: Bool { run.isOnItsWay }

  init(_ bulk: Bulk, _ tenants: BulkTenants, _ turn: inout Turn) {
    self.tenants = tenants
    run = BulkRun(bulk, &turn)
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    let page = max(1, turn.bodyLines - 9)
    switch action {
    case .move(let movement): move(by: movement.lines(ofPage: page), turn)
    case .page(.refresh): resume(&turn)
    case .dialog(.back), .dialog(.leave): leave(&turn)
    case .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  private mutating func resume(_ turn: inout Turn) {
    switch run.phase {
    case .stopped:
      results = []
      scroll = 0
      run.resume(&turn)
    case .finished: turn.say("every tenant has its outcome: Esc goes back")
    case .sent, .pausing: turn.say("it is on its way")
    }
  }

  private mutating func leave(_ turn: inout Turn) {
    switch run.phase {
    case .sent, .pausing:
      run.stop()
      turn.say(
        run.isUnknown
          ? "not before it is known what became of the part on its way"
          : "stopping when the part on its way is answered", .warning)
    case .stopped, .finished:
      turn.pop(.list(.done(run.outcomes.filter { $0.value.outcome == .saved }.map(\.key))))
    }
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    guard run.answered(ticket, result, &turn) else { return false }
    if !run.isOnItsWay { results = BulkResult.all(of: run, tenants) }
    let saved = run.outcomes.filter { $0.value.outcome == .saved }.map(\.key).sorted()
    if !run.isOnItsWay, run.bulk.change.isOfState, !saved.isEmpty { carrying = BulkCarrying(saved, &turn) }
    return true
  }

  mutating func reported(_ report: ResourceReport, _ turn: inout Turn) { carrying?.reported(report) }

  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) { run.alarm(alarm, &turn) }

  private mutating func move(by step: Int, _ turn: Turn) {
    scroll = max(0, min(results.count - (turn.bodyLines - 9), scroll + step))
  }

  var clippings: [Clipping] {
    results.isEmpty
      ? []
      : [
        Clipping(
          name: "results", text: results.map { "\($0.siteID)\t\($0.words)" }.joined(separator: "\n"))
      ]
  }
}

extension BulkScreen {
  func view(_ look: Look) -> Body {
    var lines = [
      Line([Span(" "), Span(SafeText("\(run.bulk.change.words): \(tenants.words)"), .heading)]),
      Line([Span(" "), Span(state.text, state.role)]), Line(),
    ]
    if run.isOnItsWay {
      lines.append(Line([Span(" "), Span(run.progress.words(at: look.now))]))
      return Body(lines, cursor: Point(line: 0, column: 1))
    }
    for (title, text) in receipt(look.session) {
      lines.append(Line([Span(" "), Span(title, .heading, columns: 10), Span(SafeText(text))]))
    }
    if let words = carrying?.words(at: look.now) {
      lines.append(Line([Span(" "), Span("Elsewhere", .heading, columns: 10), Span(words.text, words.role)]))
    }
    lines.append(Line())
    let room = max(1, look.lines - lines.count)
    let top = max(0, min(scroll, results.count - room))
    lines += results.dropFirst(top).prefix(room).map { result in
      Line([
        Span("  "), Span(SafeText(result.siteID), columns: 26), Span(SafeText(result.words), result.role),
      ])
    }
    return Body(lines, cursor: Point(line: 0, column: 1))
  }

  private var state: Status {
    switch run.phase {
    case .sent where run.isUnknown, .pausing:
      Status(
        text: SafeText(
          "The line was lost: \(Words.count(run.unknown.count, "outcome")) UNKNOWN. Asking again; nothing is done twice."
        ), role: .warning)
    case .sent:
      Status(
        text: run.isStopping
          ? "Stopping when this part is answered..." : "Working... Esc stops after the part on its way",
        role: .text)
    case .stopped:
      Status(
        text: SafeText((run.problem?.text ?? "Stopped") + ": r goes on with the rest, Esc goes back"),
        role: .warning)
    case .finished: Status(text: "Done. Every tenant has its outcome; Esc goes back.", role: .good)
    }
  }

  /// The five lines that can be pasted into a ticket.
  private func receipt(_ session: Session?) -> [(SafeText, String)] {
    let count = { (class: BulkResult.Class) in results.filter { $0.class == `class` }.count }
    let all = run.bulk.tenants.count
    let others = [
      (count(.unchanged), "were so already"), (count(.refused), "refused"), (count(.notDone), "not done yet"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    let entries = run.outcomes.values.compactMap(\.entryID)
    let place = session.map { "\($0.user) on \($0.host)/\($0.database)" } ?? ""
    let when = run.outcomes.values.compactMap(\.tenant?.updatedAt).max().map(\.utc) ?? "-"
    let audit =
      entries.isEmpty
      ? "no entry"
      : "\(entries.count) \(entries.count == 1 ? "entry" : "entries"), \(entries.min()!) to \(entries.max()!)"
    return [
      ("What", "\(run.bulk.change.words): \(count(.changed)) of \(Words.count(all, "tenant")) changed"),
      ("Others", others.isEmpty ? "none" : others.joined(separator: ", ")),
      ("Who", place + (session?.environment.map { " (\($0))" } ?? "")),
      ("When", when),
      ("Audit", "\(audit); bulk \(run.bulk.id)"),
    ]
  }
}
