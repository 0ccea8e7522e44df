import TenantStore
import Terminal

/// Reads what the audit's filter shows, page by page, and has it written to a file: a line of JSON an event, the newest first.
struct EventExportScreen: Screen {
  private enum Phase: Equatable {
    /// The look is being written down.
    case opening(Ticket)
    case reading(Ticket)
    case writing
    case ended(Exported)
    /// A page could not be read: `r` goes on with it.
    case stopped
  }

  /// More than this is held in memory for no one: the command line streams.
  static let most = 50_000
  private static let limit = 1000

  private let tenant: AuditScreen.Subject?
  private let filter: AuditFilter
  /// The filter as it was typed.
  private let typed: String
  private var found: [AuditEvent] = []
  private var phase = Phase.stopped
  private var look: Int64?
  private var isCut = false
  private var progress = Progress(started: Instant(microseconds: 0))

  let place = Place.export
  var reading: [Ticket] {
    switch phase {
    case .opening(let ticket), .reading(let ticket): [ticket]
    case .writing, .ended, .stopped: []
    }
  }
  var clippings: [Clipping] {
    if case .ended(.file(let path)) = phase { [Clipping(name: "path", text: path)] } else { [] }
  }

  init(of tenant: AuditScreen.Subject?, _ filter: AuditFilter, typed: String) {
    (self.tenant, self.filter, self.typed) = (tenant, filter, typed)
  }

  mutating func opened(_ turn: inout Turn) {
    progress = Progress(started: turn.now)
    goOn(&turn)
  }

  private mutating func goOn(_ turn: inout Turn) {
    // Taking everybody's away is a look of its own.
    if tenant == nil, look == nil {
      let words = typed.isEmpty ? nil : typed
      phase = .opening(turn.send(.openLook(TenantStore.Look("export of everybody's audit", filter: words))))
    } else {
      let anchor = found.last.map { AuditPageRequest.Anchor.after($0.cursor) } ?? .first
      phase = .reading(
        turn.send(.auditPage(AuditPageRequest(filter: filter, anchor: anchor, limit: Self.limit))))
    }
  }

  mutating func closed(_ turn: inout Turn) {
    guard let look else { return }
    let isWritten = if case .ended(.file) = phase { true } else { false }
    _ = turn.send(.closeLook(look, outcome: isWritten ? "\(found.count) exported" : "nothing exported"))
    self.look = nil
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .dialog(.back), .dialog(.leave), .dialog(.press): turn.pop()
    case .page(.refresh):
      if phase == .stopped { goOn(&turn) } else { turn.say("there is nothing to go on with") }
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    guard reading.contains(ticket) else { return false }
    switch result {
    case .success(.look(let number)):
      look = number
      goOn(&turn)
    case .success(.auditPage(let page)):
      found += page.events
      isCut = found.count >= Self.most
      if page.events.count < Self.limit || isCut { write(&turn) } else { goOn(&turn) }
    case .success: preconditionFailure("a look is answered by .look, a page of the audit by .auditPage")
    case .failure(let error):
      phase = .stopped
      turn.say(error, while: "reading the audit")
    }
    return true
  }

  private mutating func write(_ turn: inout Turn) {
    phase = .writing
    let name = "audit-\(turn.now.fileName).jsonl"
    turn.effects.append(.export(name: name, text: turn.eventLines(found)))
  }

  mutating func exported(_ exported: Exported, _ turn: inout Turn) { phase = .ended(exported) }

  func view(_ look: Look) -> Body {
    let whose = tenant.map { "the audit of \($0.siteID)" } ?? "everybody's audit"
    var title = [Span(" "), Span(SafeText("export to a file: \(whose)"), .heading)]
    if !typed.isEmpty { title += [Span("  / ")] + Shown(typed).spans }
    return Body([Line(title), Line()] + words(look), cursor: Point(line: 0, column: 1))
  }

  private func words(_ look: Look) -> [Line] {
    switch phase {
    case .opening, .reading:
      let isSlow = look.now.microseconds - progress.started.microseconds > 1_000_000
      return [
        isSlow
          ? Line([
            Span(" "), Span(SafeText("\(Words.grouped(Int64(found.count))) events  ")),
            Span(progress.words(at: look.now)), Span("  Ctrl-c stops", .faint),
          ]) : Line()
      ]
    case .stopped: return [Line(" Stopped, and nothing was written: r goes on, Esc goes back.", .warning)]
    case .writing: return [Line(" Writing...")]
    case .ended(.problem(let why)): return [Line(SafeText(" Not written: \(why)"), .bad)]
    case .ended(.file(let path)):
      var lines = [
        Line([
          Span(" "), Span(SafeText(Words.count(found.count, "event")), .good),
          Span(" in this file, which only you can read (y copies its path):"),
        ]),
        Line(), Line(SafeText("   " + path)), Line(),
      ]
      if isCut {
        lines.append(Line(" These are the newest. All of them: landlord audit list --json > FILE", .warning))
      }
      return lines + [Line(" landlord audit export makes a file that proves itself.", .faint)]
    }
  }
}
