import TenantStore
import Terminal

/// What was done, and what became of the tenant's doors and rows: every door is tried again and again until each that must be shut
/// is, and the rows are counted once more.
struct TransitionReceipt: Screen {
  /// Every so many milliseconds, and no more often than that.
  private static let pause = 200
  private static let mostTries = 50

  private let receipt: Receipt
  private let tenant: Tenant
  private let predicted: [TouchedTable]?
  private var actual: [TouchedTable]?
  private var trial: DoorTrial
  private var tries = 0
  private var trying: Ticket?
  private var counting: Ticket?
  /// What it had besides PostgreSQL before.
  private let elsewhere: Survey?
  /// A thread carries the change to its resources, since then.
  private var enforcing: Instant?
  private var enforcement: Enforcement?

  let place = Place.receipt
  var subject: Tenant? { tenant }
  var reading: [Ticket] { [trying, counting].compactMap { $0 } }
  var clippings: [Clipping] {
    let more = facts.map { (title: $0.title, text: SafeText($0.text)) }
    return [Clipping(name: "receipt", text: Receipt(lines: receipt.lines + more).text)]
  }

  /// `predicted` is what the person was told, `actual` what went where it need not be counted; `now` is when it was done.
  init(
    _ receipt: Receipt, _ tenant: Tenant, predicted: [TouchedTable]?, actual: [TouchedTable]? = nil,
    elsewhere: Survey? = nil, _ now: Instant
  ) {
    self.receipt = receipt
    self.tenant = tenant
    self.predicted = predicted
    self.actual = actual
    self.elsewhere = elsewhere
    trial = DoorTrial(start: Int(now.microseconds / 1000))
  }

  mutating func opened(_ turn: inout Turn) {
    tryDoors(&turn)
    if predicted != nil, actual == nil { turn.send(.lifecycle(.touched(tenant.id)), insteadOf: &counting) }
    // At once, and not when some answer has come: who leaves early has changed the state all the same.
    enforcing = turn.now
    turn.effects.append(.resources(.enforce(tenant)))
    turn.wake(after: 500, .run(tenant.id))
  }

  private mutating func tryDoors(_ turn: inout Turn) {
    tries += 1
    turn.send(.lifecycle(.doors(tenant.id)), insteadOf: &trying)
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .dialog(.press), .dialog(.back), .dialog(.leave): turn.pop(.changed(tenant))
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    switch ticket {
    case counting:
      counting = nil
      if case .success(.lifecycle(.touched(let tables))) = result { actual = tables }
    case trying:
      trying = nil
      switch result {
      case .success(.lifecycle(.doors(let found))): trial.found(found, at: Int(turn.now.microseconds / 1000))
      case .success: preconditionFailure("doors are answered by .doors")
      case .failure(let error): turn.say(error, while: "trying the doors of \(tenant.siteID)")
      }
      if !trial.isOver, tries < Self.mostTries { turn.wake(after: Self.pause, .doors) }
    default: return false
    }
    return true
  }

  mutating func reported(_ report: ResourceReport, _ turn: inout Turn) {
    switch report {
    case .enforced(tenant.id, let found):
      enforcement = found
      if found.isOver { enforcing = nil }
    case .failed(.enforce(let asked), let why) where asked.id == tenant.id:
      enforcing = nil
      turn.say(
        SafeText("not carried to its resources: \(why); landlord provision resume does it"), .bad)
    case .enforced, .surveyed, .provisioned, .carriedOut, .failed: break
    }
  }

  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) {
    if alarm == .doors, trying == nil, !trial.isOver { tryDoors(&turn) }
    // Its elapsed time is on the screen.
    if alarm == .run(tenant.id), enforcing != nil { turn.wake(after: 500, .run(tenant.id)) }
  }
}

extension TransitionReceipt {
  /// What became of rows, resources and doors, as far as it is known.
  private var facts: [(title: SafeText, text: String, isBad: Bool)] {
    [
      ("Rows", rows.isEmpty ? "" : rows + " (predicted -> actual)", false),
      ("Elsewhere", enforcement?.held(before: elsewhere) ?? "", false),
      ("Steps", enforcement?.steps ?? "", false),
      ("", enforcing == nil ? enforcement?.obstacle ?? "" : "", true),
      ("Doors", doors.map(\.words).joined(separator: ", "), doors.contains(where: \.isWronglyOpen)),
    ].filter { !$0.text.isEmpty }
  }

  private var doors: [Door] { trial.doors + (enforcement?.trial.doors ?? []) }

  /// "shop.orders 12 -> 12": what was predicted and what it was, side by side.
  private var rows: String {
    guard let predicted, let actual else { return "" }
    return predicted.map { before in
      "\(before.table) \(before.words) -> \(actual.first { $0.table == before.table }?.words ?? "gone")"
    }.joined(separator: ", ")
  }

  func view(_ look: Look) -> Body {
    var lines = [Line(" Receipt", .heading), Line()]
    func add(_ title: SafeText, _ text: String, _ role: Role = .text) {
      for (place, part) in Box.paragraph(text, columns: look.columns - 12).enumerated() {
        lines.append(
          Line([Span(" "), Span(place == 0 ? title : "", .heading, columns: 10), Span(part, role)]))
      }
    }
    for (title, text) in receipt.lines { add(title, text.text) }
    for fact in facts { add(fact.title, fact.text, fact.isBad ? .bad : .text) }
    // Where nothing is listed it is over before that.
    if let enforcing, enforcement?.run != nil || look.now.microseconds - enforcing.microseconds > 1_000_000 {
      add(
        "", "Carrying it to its resources... \(Progress(started: enforcing).words(at: look.now).text)", .faint
      )
    }
    if doors.contains(where: \.isWronglyOpen) {
      add(
        "",
        "A door that its state shuts still opens: end the platform's sessions, then i on the list finds why.",
        .bad)
    }
    return Body(lines, cursor: Point(line: 2, column: 1))
  }
}
