import TenantStore
import Terminal

/// Answers and the line.
extension App {
  mutating func ask() -> [Effect] {
    var turn = newTurn()
    turn.send(.session, insteadOf: &asking)
    return take(turn, at: 0)
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>) -> [Effect] {
    slow[ticket] = nil
    if ticket == asking {
      asking = nil
      return met(result)
    }
    if ticket == opening?.ticket { return opened(result) }
    if ticket == undoing { return undo(result) }
    if ticket == readingCatalogues {
      readingCatalogues = nil
      if case .success(.catalogues(let found)) = result { catalogues = found }
      return askOverdue()
    }
    if ticket == readingOverdue {
      readingOverdue = nil
      // Whoever may not know goes without.
      if case .success(.lifecycle(.overdue(let count))) = result { overdue = count }
      renewHeader()
      return []
    }
    for place in stack.indices.reversed() {
      var isTaken = false
      let effects = turn(at: place) { isTaken = $0.answered(ticket, result, &$1) }
      if isTaken { return effects }
    }
    return []
  }

  /// The server said who we are to it, or could not be asked.
  private mutating func met(_ result: Result<Answer, StoreError>) -> [Effect] {
    switch result {
    case .failure(.unavailable) where isDown:
      // Why, and what to do, is said as long as it lasts.
      return []
    case .failure(let error):
      var turn = newTurn()
      turn.say(error, while: "connecting")
      return take(turn, at: 0)
    case .success(.session(let found)):
      let (session, problem) = found.expected(to: options.environment)
      if let problem { problems.append(problem) }
      self.session = session
      status = nil
      renewHeader()
      let offer = stack.firstIndex { $0 is MigrateOffer }
      guard session.schema == .current else {
        if let offer {
          stack[offer] = MigrateOffer(session.schema)
        } else {
          stack.append(MigrateOffer(session.schema))
        }
        return []
      }
      if let offer { stack.removeSubrange(offer...) }
      guard session.right > .none else {
        status = Status(
          text: SafeText("\(session.user) has no landlord role in this database: ask for landlord_support"),
          role: .bad)
        return []
      }
      if !problems.isEmpty {
        status = Status(text: SafeText(problems.joined(separator: "; ")), role: .warning)
        problems = []
      }
      let reads = stack.indices.reduce(into: []) { $0 += turn(at: $1) { $0.connected(&$1) } }
      // Behind the page on the same line: the rows are waited for, the catalogues are not.
      return reads + readCatalogues()
    case .success: preconditionFailure("a session is answered by .session")
    }
  }

  mutating func readCatalogues() -> [Effect] {
    guard readingCatalogues == nil else { return [] }
    let ticket = Ticket(nextTicket)
    nextTicket += 1
    readingCatalogues = ticket
    return [.send(.catalogues, ticket)]
  }

  /// After all that a screen waits for.
  private mutating func askOverdue() -> [Effect] {
    guard readingOverdue == nil else { return [] }
    let ticket = Ticket(nextTicket)
    nextTicket += 1
    readingOverdue = ticket
    return [.send(.lifecycle(.overdue), ticket)]
  }

  private var isDown: Bool { if case .down = link { true } else { false } }

  mutating func linked(_ link: Store.Link) -> [Effect] {
    let wasDown = isDown
    if case .down = link { lostAt = lostAt ?? (session == nil ? nil : now) } else { lostAt = nil }
    self.link = link
    renewHeader()
    // What the server says about itself may be another thing now: a standby may have taken over.
    return link == .up && wasDown && asking == nil ? ask() : []
  }

  /// To every screen, as more than one may show the tenant; a failure is said also where the screen that asked was left.
  mutating func reported(_ report: ResourceReport) -> [Effect] {
    if case .failed(_, let why) = report { status = Status(text: SafeText(why), role: .bad) }
    return stack.indices.reduce(into: []) { $0 += turn(at: $1) { $0.reported(report, &$1) } }
  }

  mutating func migrated(_ problem: String?) -> [Effect] {
    guard let place = stack.firstIndex(where: { $0 is MigrateOffer }),
      var offer = stack[place] as? MigrateOffer
    else {
      return []
    }
    guard let problem else { return ask() }
    offer.failed(problem)
    stack[place] = offer
    return []
  }
}
