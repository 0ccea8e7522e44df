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

  let place = Place.receipt
  var subject: Tenant? { tenant }
  var reading: [Ticket] { [trying, counting].compactMap { $0 } }
  var clippings: [Clipping] {
    let more = [("Rows", rows), ("Doors", doors)].compactMap { title, text in
      text.isEmpty ? nil : (title: SafeText(title), text: SafeText(text))
    }
    return [Clipping(name: "receipt", text: Receipt(lines: receipt.lines + more).text)]
  }

  /// `predicted` is what the person was told, `actual` what went where it need not be counted; `now` is when it was done.
  init(
    _ receipt: Receipt, _ tenant: Tenant, predicted: [TouchedTable]?, actual: [TouchedTable]? = nil,
    _ now: Instant
  ) {
    self.receipt = receipt
    self.tenant = tenant
    self.predicted = predicted
    self.actual = actual
    trial = DoorTrial(start: Int(now.microseconds / 1000))
  }

  mutating func opened(_ turn: inout Turn) {
    tryDoors(&turn)
    if predicted != nil, actual == nil { turn.send(.lifecycle(.touched(tenant.id)), insteadOf: &counting) }
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
    if ticket == counting {
      counting = nil
      if case .success(.lifecycle(.touched(let tables))) = result { actual = tables }
      return true
    }
    guard ticket == trying else { return false }
    trying = nil
    switch result {
    case .success(.lifecycle(.doors(let found))): trial.found(found, at: Int(turn.now.microseconds / 1000))
    case .success: preconditionFailure("doors are answered by .doors")
    case .failure(let error): turn.say(error, while: "trying the doors of \(tenant.siteID)")
    }
    if !trial.isOver, tries < Self.mostTries { turn.wake(after: Self.pause, .doors) }
    return true
  }

  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) {
    if alarm == .doors, trying == nil, !trial.isOver { tryDoors(&turn) }
  }

  /// "shop.orders 12 -> 12": what was predicted and what it was, side by side.
  private var rows: String {
    guard let predicted, let actual else { return "" }
    return predicted.map { before in
      "\(before.table) \(before.words) -> \(actual.first { $0.table == before.table }?.words ?? "gone")"
    }.joined(separator: ", ")
  }

  private var doors: String { trial.doors.map(\.words).joined(separator: ", ") }

  func view(_ look: Look) -> Body {
    var lines = [Line(" Receipt", .heading), Line()]
    func add(_ title: SafeText, _ text: String, _ role: Role = .text) {
      for (place, part) in Box.paragraph(text, columns: look.columns - 12).enumerated() {
        lines.append(
          Line([Span(" "), Span(place == 0 ? title : "", .heading, columns: 10), Span(part, role)]))
      }
    }
    for (title, text) in receipt.lines { add(title, text.text) }
    if !rows.isEmpty { add("Rows", rows + " (predicted -> actual)") }
    let open = trial.doors.filter(\.isWronglyOpen)
    if !trial.doors.isEmpty { add("Doors", doors, open.isEmpty ? .text : .bad) }
    if !open.isEmpty {
      add(
        "",
        "A door that its state shuts still opens: end the platform's sessions, then i on the list finds why.",
        .bad)
    }
    return Body(lines, cursor: Point(line: 2, column: 1))
  }
}
