import TenantStore
import Terminal

/// A file of tenants: looked over line by line, then made, and undone as a whole. The secrets are in the file of results and
/// never here.
struct IntakeScreen: Screen {
  private enum Phase: Equatable {
    /// A thread looks the file over.
    case looking(Ticket)
    /// A thread makes or undoes tenants.
    case working(Ticket)
    /// What is seen is how it is.
    case looked
    /// It could not be looked at, or what was begun did not come to its end.
    case failed(String)
  }

  private let path: String
  private let reason: String?
  private var phase = Phase.looked
  private var look: IntakeLook?
  private var counts: IntakeCounts?
  private var rows: [IntakeRow] = []
  private var selected = 0
  private var stage: IntakeProgress.Stage?
  private var progress = Progress(started: Instant(microseconds: 0))
  private var isStopping = false
  /// When the last work began, and how long it took.
  private var began = Instant(microseconds: 0)
  private var took: SafeText?
  private var isChanged = false

  let place = Place.intake
  var reading: [Ticket] { if case .looking(let ticket) = phase { [ticket] } else { [] } }
  var isWriting: Bool { if case .working = phase { true } else { false } }
  var parting: String? {
    guard isWriting, let look else { return nil }
    return
      "\(look.results) tells how far \(path) has come; the same file, once more, goes on and makes nothing twice"
  }
  var clippings: [Clipping] { look.map { [Clipping(name: "path of the results", text: $0.results)] } ?? [] }
  var explanation: Explanation? {
    Explanation(command: "landlord onboard --csv \(CommandText.quoted(path)) --dry-run", requests: [])
  }

  init(_ path: String, reason: String?) {
    self.path = path
    self.reason = reason
  }

  mutating func opened(_ turn: inout Turn) {
    phase = .looking(turn.intake(.look(path)))
    progress = Progress(started: turn.now)
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .move(let movement):
      selected = max(0, min(rows.count - 1, selected + movement.lines(ofPage: max(1, turn.bodyLines - 8))))
    case .dialog(.press): onboard(&turn)
    case .page(.takeBack): takeBack(&turn)
    case .page(.refresh):
      if phase == .looked || !isBusy { opened(&turn) } else { turn.say("it is on its way") }
    case .dialog(.back), .dialog(.leave): leave(&turn)
    case .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  private var isBusy: Bool {
    switch phase {
    case .looking, .working: true
    case .looked, .failed: false
    }
  }

  /// The file as it was seen, where that holds still.
  private func seen(_ turn: inout Turn) -> IntakeLook? {
    if phase == .looked, let look { return look }
    turn.say(isBusy ? "it is on its way" : "r looks the file over again", .warning)
    return nil
  }

  private func onboard(_ turn: inout Turn) {
    guard let look = seen(&turn) else { return }
    guard look.intake != nil, look.toMake > 0 || look.notInService > 0 else {
      return turn.say("there is nothing to be made of it", .warning)
    }
    turn.push(IntakeReview(look, reason: reason))
  }

  private func takeBack(_ turn: inout Turn) {
    guard let look = seen(&turn) else { return }
    guard look.made > 0 else { return turn.say("nothing was made of it that could be undone", .warning) }
    turn.push(IntakeUndo(look))
  }

  private mutating func leave(_ turn: inout Turn) {
    guard case .working(let ticket) = phase else {
      return turn.pop(isChanged ? .list(.done([])) : .nothing)
    }
    isStopping = true
    turn.effects.append(.cancel(ticket))
    turn.say("stopping when what is on its way is answered", .warning)
  }

  mutating func returned(_ news: News, _ turn: inout Turn) {
    guard case .intake(let task) = news else { return }
    phase = .working(turn.intake(task))
    (progress, began) = (Progress(started: turn.now), turn.now)
    (stage, isStopping, took, isChanged) = (nil, false, nil, true)
  }

  /// Only Ctrl-c answers by a ticket: all else comes by `told` and `reported`.
  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    guard phase == .looking(ticket) else { return false }
    phase = .failed("stopped")
    return true
  }

  /// True when the ticket is that of what it waits for.
  func waits(for ticket: Ticket) -> Bool { phase == .looking(ticket) || phase == .working(ticket) }

  mutating func told(_ now: IntakeProgress, _ turn: Turn) {
    // Each stage has a pace of its own.
    if stage != now.stage { (stage, progress) = (now.stage, Progress(started: turn.now)) }
    (progress.done, progress.total) = (now.done, now.total)
  }

  mutating func reported(_ report: IntakeReport, _ turn: inout Turn) {
    switch report {
    case .looked(let found): (look, phase, selected) = (found, .looked, 0)
    case .done(let found):
      (look, phase, selected) = (found, .looked, 0)
      took = Progress(started: began).words(at: turn.now)
    case .failed(let why):
      // What was known is no longer so where something was under way.
      if case .working = phase { look = nil }
      phase = .failed(why)
    }
    (counts, rows) = (look.map(IntakeCounts.init), look.map(IntakeRow.all) ?? [])
  }
}

extension IntakeScreen {
  func view(_ look: Look) -> Body {
    var lines = [Line([Span(" Onboard from ", .heading), Span(SafeText(path), .heading)])]
    lines += state(look)
    if isBusy { return Body(lines, cursor: Point(line: 0, column: 1)) }
    // Under the rows the whole of the selected one.
    var foot: [Line] = []
    if rows.indices.contains(selected) {
      foot = Box.paragraph(SafeText(rows[selected].words).text, columns: look.columns - 4).prefix(3).map {
        Line([Span("   "), Span($0, rows[selected].role)])
      }
    }
    lines.append(Line())
    let room = max(1, look.lines - lines.count - 4)
    let top = max(0, min(selected - room / 2, rows.count - room))
    let start = lines.count
    for place in top..<max(top, min(rows.count, top + room)) {
      lines.append(rows[place].line(isSelected: place == selected))
    }
    if !foot.isEmpty { lines += [Line()] + foot }
    return Body(lines, cursor: Point(line: rows.isEmpty ? 0 : start + selected - top, column: 1))
  }

  /// What is going on, or how it is: a few lines under the title.
  private func state(_ look: Look) -> [Line] {
    switch phase {
    case .looking(let ticket):
      let words: SafeText =
        look.isSlow(ticket) ? "looking it over...  Ctrl-c stops  " + look.waited(ticket) : ""
      return [Line(" " + words, .faint)]
    case .working:
      let words = isStopping ? "Stopping..." : "\(stage?.words ?? "Beginning")... Esc stops"
      return [Line(SafeText(" " + words)), Line(), Line([Span(" "), Span(progress.words(at: look.now))])]
    case .failed(let why):
      return Box.paragraph(SafeText(why).text, columns: look.columns - 2).map {
        Line([Span(" "), Span($0, .bad)])
      } + [Line(" r looks the file over again", .faint)]
    case .looked:
      guard let seen = self.look, let counts else { return [] }
      return found(seen, counts, look.columns)
    }
  }

  private func found(_ found: IntakeLook, _ counts: IntakeCounts, _ columns: Int) -> [Line] {
    guard !found.outcomes.isEmpty else { return [counts.file] }
    let words =
      "The secrets are in \(SafeText(found.results).text), for you alone: y copies its path. "
      + "Hand them over, then delete it."
    return [counts.file, counts.outcome(took: took)]
      + Box.paragraph(words, columns: columns - 2).map { Line([Span(" "), Span($0, .faint)]) }
  }
}

extension IntakeProgress.Stage {
  fileprivate var words: String {
    switch self {
    case .onboarding: "Onboarding"
    case .provisioning: "Bringing what they have elsewhere to their state"
    case .undoing: "Undoing"
    }
  }
}
