import TenantStore
import Terminal

/// Proves the audit of a tenant or of everybody, with how far it is, and names what is not as it was written.
struct VerificationScreen: Screen {
  private let tenant: AuditScreen.Subject?
  private(set) var running: Ticket?
  private var progress = Progress(started: Instant(microseconds: 0))
  private var ended: Verification?
  private var page = PageScreen([], clippings: [])

  let place = Place.verification
  var reading: [Ticket] { [running].compactMap { $0 } }
  var clippings: [Clipping] {
    guard case .finished(let outcome, _) = ended else { return [] }
    return [Clipping(name: "findings", text: Self.words(of: outcome).joined(separator: "\n") + "\n")]
  }
  var explanation: Explanation? {
    Explanation(command: CommandText.verify(tenant?.siteID), requests: [])
  }

  init(of tenant: AuditScreen.Subject?) { self.tenant = tenant }

  mutating func opened(_ turn: inout Turn) {
    (progress, ended) = (Progress(started: turn.now), nil)
    running = turn.verify(tenant?.id)
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .page(.refresh):
      if running == nil { opened(&turn) } else { turn.say("it is on its way: Ctrl-c stops it") }
    case .move, .dialog(.back), .dialog(.leave): page.act(action, &turn)
    case .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  /// Only Ctrl-c answers by a ticket: all else comes by `verifying` and `verified`.
  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    guard ticket == running else { return false }
    end(.stopped)
    return true
  }

  mutating func verifying(_ now: AuditVerifier.Progress) {
    (progress.done, progress.total) = (Int(now.done), Int(now.total))
  }

  /// Answers what is known from now on; nil where it did not come to its end.
  mutating func verified(_ verification: Verification) -> Verified? {
    end(verification)
    guard case .finished(let outcome, _) = verification else { return nil }
    return Verified(
      tenant: tenant?.id, at: progress.started, entries: outcome.entries,
      findings: outcome.findings.count + outcome.more)
  }

  private mutating func end(_ verification: Verification) {
    running = nil
    ended = verification
    page = PageScreen(Self.lines(verification), clippings: [])
  }

  func view(_ look: Look) -> Body {
    let name = tenant.map { "Verify the audit of \($0.siteID)" } ?? "Verify the audit of everybody"
    var lines = [Line([Span(" "), Span(SafeText(name), .heading)]), Line()]
    guard running == nil else {
      lines.append(Line([Span(" "), Span(progress.words(at: look.now)), Span("  Ctrl-c stops", .faint)]))
      return Body(lines, cursor: Point(line: 2, column: 1))
    }
    var rest = look
    rest.lines -= lines.count
    return Body(lines + page.view(rest).lines, cursor: Point(line: 2, column: 1))
  }

  private static func words(of outcome: AuditVerifier.Outcome) -> [String] {
    let more = outcome.more > 0 ? ["and \(outcome.more) more"] : []
    return outcome.findings.map(\.words) + more + [
      "\(outcome.entries) entries in \(Words.count(Int(outcome.chains), "chain")), "
        + "\(Words.count(Int(outcome.blocks), "block")), \(outcome.unsealed) entries in no block yet"
    ]
  }

  private static func lines(_ verification: Verification) -> [Line] {
    switch verification {
    case .stopped: return [Line(" Stopped before its end, so nothing is known: r begins anew.", .warning)]
    case .failed(let why): return [Line([Span(" Not verified: ", .bad)] + Shown(why).spans)]
    case .finished(let outcome, let signers):
      let isWhole = outcome.findings.isEmpty
      let verdict: SafeText = isWhole ? " All as it was written." : " NOT as it was written:"
      return [Line(verdict, isWhole ? .good : .bad), Line()]
        + words(of: outcome).map { Line([Span("   ")] + Shown($0).spans) }
        + signers.map { Line([Span("   signed  ", .faint)] + Shown($0).spans) }
    }
  }
}
