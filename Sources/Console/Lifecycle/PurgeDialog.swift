import TenantStore
import Terminal

/// The way to a purge, as far as this person can go on it: ask for it on what it would take, agree to what another asked for, or
/// carry it out. Each takes a reason and the site id typed out.
struct PurgeDialog: Screen {
  /// Rows that go at once.
  private static let batch = 5_000

  private enum Step { case request, approve, carryOut }
  private enum Work {
    /// Rows are going.
    case deleting(Ticket, Progress)
    case writing(Write)
  }

  private let tenant: Tenant
  private var terms: Terms?
  private var preview: PurgePreview?
  private var reason = ""
  private var form: AskForm
  private var work: Work?
  private var looking: Ticket?
  private var previewing: Ticket?
  private var twins: [String] = []
  private var comparing: Ticket?
  private var elsewhere: Elsewhere

  let place = Place.transition
  let isBox = true
  var write: Write? { if case .writing(let write) = work { write } else { nil } }
  var isWriting: Bool { work != nil }
  var subject: Tenant? { tenant }
  var hasChanges: Bool { form.hasReason }
  var reading: [Ticket] { [looking, previewing, comparing, elsewhere.listing].compactMap { $0 } }

  init(_ tenant: Tenant, _ turn: inout Turn) {
    self.tenant = tenant
    elsewhere = Elsewhere(tenant)
    form = AskForm([.reason, .siteID], siteID: tenant.siteID)
  }

  mutating func opened(_ turn: inout Turn) {
    turn.send(.lifecycle(.terms(tenant.id)), insteadOf: &looking)
    turn.send(.lifecycle(.purgePreview(tenant.id)), insteadOf: &previewing)
    turn.send(.lifecycle(.twins(tenant.id)), insteadOf: &comparing)
    elsewhere.look(&turn)
  }

  mutating func painted() { form.painted() }

  mutating func type(_ key: Key, _ turn: inout Turn) -> Bool {
    guard !isWriting else { return false }
    return form.type(key, &turn)
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .dialog(.back) where isDeleting: turn.pop(.nothing)
    case _ where isWriting: turn.say("a change is on its way: wait for its outcome", .warning)
    case .dialog(.nextField), .move(.down): form.move(by: 1)
    case .dialog(.previousField), .move(.up): form.move(by: -1)
    case .dialog(.press): if let agreed = form.press(&turn) { go(agreed.reason, &turn) }
    case .dialog(.back), .dialog(.refuse): turn.pop()
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  private var isDeleting: Bool { if case .deleting = work { true } else { false } }

  /// What is to be done next; nil: nothing can be, by this person and now.
  private func step(_ session: Session?, _ now: Instant) -> Step? {
    guard let terms else { return nil }
    guard let purge = terms.purge else { return terms.until == nil ? nil : .request }
    if purge.startedAt != nil { return .carryOut }
    if purge.expiresAt < now || isChanged { return .request }
    if purge.approvedBy == nil { return purge.requestedBy == session?.user ? nil : .approve }
    return terms.until.map { $0 <= now } == true ? .carryOut : nil
  }

  /// What the purge was asked for on is no more.
  private var isChanged: Bool {
    guard let preview, let purge = terms?.purge, purge.startedAt == nil else { return false }
    return !preview.digest.utf8.elementsEqual(purge.preview.digest.utf8)
  }

  private mutating func go(_ why: String, _ turn: inout Turn) {
    guard let step = step(turn.session, turn.now), let preview else {
      turn.say("there is nothing to be done now: what it waits for stands above", .warning)
      return
    }
    reason = why
    switch (step, terms?.purge) {
    case (.request, _): write(.request(preview), PurgeID(turn.seeds.requestID().description)!, &turn)
    case (.approve, let purge?): write(.approve(digest: purge.preview.digest), purge.id, &turn)
    case (.carryOut, let purge?):
      let total = purge.preview.tables.compactMap(\.rows).reduce(0, +)
      var progress = Progress(started: turn.now, total: Int(total))
      progress.done = Int(purge.deleted.compactMap(\.rows).reduce(0, +))
      delete(purge, progress, &turn)
    case (.approve, nil), (.carryOut, nil): break
    }
  }

  private mutating func write(_ kind: PurgeStep.Kind, _ id: PurgeID, _ turn: inout Turn) {
    let step = PurgeStep(
      kind, requestID: turn.seeds.requestID(), purgeID: id, tenantID: tenant.id,
      expectedVersion: tenant.version, reason: reason)
    work = .writing(Write(.lifecycle(.purgeStep(step)), &turn))
  }

  private mutating func delete(_ purge: Purge, _ progress: Progress, _ turn: inout Turn) {
    work = .deleting(turn.send(.lifecycle(.purgeRows(purge.id, most: Self.batch))), progress)
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    if ticket == looking {
      looking = nil
      if case .success(.lifecycle(.terms(let found))) = result { terms = found }
      if case .failure(let error) = result { turn.say(error, while: "looking at \(tenant.siteID)") }
      return true
    }
    if ticket == comparing {
      comparing = nil
      if case .success(.lifecycle(.twins(let found))) = result { twins = found }
      return true
    }
    if ticket == previewing {
      previewing = nil
      if case .success(.lifecycle(.purgePreview(let found))) = result { preview = found }
      if case .failure(let error) = result { turn.say(error, while: "counting the rows of \(tenant.siteID)") }
      return true
    }
    if elsewhere.answered(ticket, result, &turn) { return true }
    switch work {
    case .deleting(ticket, let progress): deleted(result, progress, &turn)
    case .writing(var write):
      var ending: Write.Ending?
      guard write.answered(ticket, result, &turn, ending: &ending) else { return false }
      work = .writing(write)
      if let ending { ended(ending, &turn) }
    case .deleting, nil: return false
    }
    return true
  }

  mutating func reported(_ report: ResourceReport, _ turn: inout Turn) {
    elsewhere.reported(report, &turn)
  }

  private mutating func deleted(
    _ result: Result<Answer, StoreError>, _ progress: Progress, _ turn: inout Turn
  ) {
    guard let purge = terms?.purge else { return }
    switch result {
    case .success(.lifecycle(.purged(let rows?))):
      var progress = progress
      progress.done += Int(rows.rows)
      delete(purge, progress, &turn)
    case .success: write(.finish, purge.id, &turn)
    case .failure(let error):
      work = nil
      form.closeGate()
      turn.say(Words.ofWrite(error, while: "purging \(tenant.siteID)"), .bad)
      opened(&turn)
    }
  }

  private mutating func ended(_ ending: Write.Ending, _ turn: inout Turn) {
    work = nil
    form.askAgain()
    let doing = "purging \(tenant.siteID)"
    switch ending {
    case .written(let written, _):
      guard written.outcome == .saved, let after = written.tenant else {
        turn.say(SafeText("\(doing): \(Words.refusal(written))"), .bad)
        break
      }
      guard after.state == .purged else {
        turn.say("written down; what comes next stands above", .good)
        break
      }
      let receipt = Receipt(.purged, before: tenant, after: after, written, turn.session)
      let predicted = terms?.purge?.preview.tables
      return turn.replace(
        TransitionReceipt(receipt, after, predicted: predicted, elsewhere: elsewhere.survey, turn.now))
    case .problem(let problem): turn.say(.field(problem), while: doing)
    case .failed(let error): turn.say(Words.ofWrite(error, while: doing), .bad)
    case .never(let sent): turn.say(Words.didNot(sent, "press the button again"), .warning)
    }
    opened(&turn)
  }

  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) {
    guard case .writing(var write) = work else { return }
    write.alarm(alarm, &turn)
    work = .writing(write)
  }
}

extension PurgeDialog {
  func view(_ look: Look) -> Body {
    let width = min(72, look.columns - 4)
    var lines = [Line(Shown(tenant.name).spans)]
    let tables = terms?.purge?.preview.tables ?? preview?.tables
    let taken = tables.map { "Takes \(Words.rows($0)), its" } ?? "Counting its rows... Takes them, its"
    lines += Box.paragraph(
      "\(taken) name, e-mail, URL, secret and \(Words.count(tenant.allowedOrigins.count, "origin")). A tombstone stays, and so "
        + "does what the audit says. There is no undo.", columns: width
    ).map { Line($0, .warning) }
    lines += elsewhere.lines("All of it goes with the last step.", columns: width)
    lines += Words.twins(twins, columns: width)
    for line in state(look) { lines += Box.paragraph(line, columns: width).map { Line($0) } }
    let button =
      switch step(look.session, look.now) {
      case .request: "ask for the purge"
      case .approve: "agree to the purge"
      case .carryOut: "purge"
      case nil: "nothing to do now"
      }
    let cursor = form.view(after: &lines, columns: width, button: button, state: going(look.now))
    let place = look.session?.environment.map { " in \($0.uppercased())" } ?? ""
    return Box.framed(
      lines, title: SafeText("PURGE \(tenant.siteID)\(place)"), width: width, cursor: cursor, role: .bad)
  }

  private func going(_ now: Instant) -> Status? {
    switch work {
    case .deleting(_, let progress):
      Status(
        text: SafeText("Rows are going: \(progress.words(at: now)). Esc stops; it can be gone on with."),
        role: .warning)
    case .writing(let write): write.words(at: now)
    case nil: nil
    }
  }

  /// How far it is, and what it waits for.
  private func state(_ look: Look) -> [String] {
    guard let terms else { return [] }
    guard let until = terms.until else {
      return ["It has no purge date: reactivate it and deactivate it again."]
    }
    var lines = ["Purge date \(until.utc)" + (until > look.now ? ", which lies ahead." : ".")]
    guard let purge = terms.purge else { return lines + ["Nobody has asked for it yet."] }
    lines.append(
      "\(purge.requestedBy) asked for it at \(purge.requestedAt.utc): \(purge.reason). Code \(purge.preview.code)."
    )
    if purge.startedAt != nil {
      lines.append("It is begun: \(Words.rows(purge.deleted)) are gone.")
    } else if isChanged {
      lines.append("The tenant is not what it was asked for on any more: ask for it anew.")
    } else if let approver = purge.approvedBy {
      lines.append("\(approver) agreed. Begin before \(purge.expiresAt.utc).")
    } else {
      lines.append("Another person must agree, before \(purge.expiresAt.utc).")
    }
    return lines
  }
}
