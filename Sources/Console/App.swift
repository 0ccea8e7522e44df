import TenantStore
import Terminal

/// The console as a value: events in, effects out, and a picture of it at any time. Reads no clock, no chance, no
/// terminal and no server: all of these come in as events or are asked for as effects.
public struct App: Sendable {
  /// The list at the bottom, the one that takes keys at the top. Never empty.
  var stack: [any Screen]
  private(set) var session: Session?
  private(set) var status: Status?
  private var link = Store.Link.connecting
  private var catalogues: Catalogues?
  private var size: Size
  private var now = Instant(microseconds: 0)
  private var seeds: any Seeds
  private var nextTicket: UInt64 = 1
  private var asking: Ticket?
  private var readingCatalogues: Ticket?
  /// Requests that have been on their way for more than a second.
  private var slow: Set<Ticket> = []
  /// The last key was Ctrl-c: another one quits.
  private var isInterrupted = false
  /// The bar at the top, made when what it says changes.
  private var header: Line

  public init(seeds: any Seeds, size: Size) {
    self.seeds = seeds
    self.size = size
    stack = [ListScreen()]
    header = Chrome.header(nil, .connecting, columns: size.columns)
  }

  /// What to do before the first event.
  public mutating func start() -> [Effect] { ask() }

  /// Takes an event in and answers what is to be done.
  public mutating func update(_ event: Event) -> [Effect] {
    switch event {
    case .key(let key): return press(key)
    case .resized(let size):
      self.size = size
      renewHeader()
      return stack.indices.reduce(into: []) { $0 += turn(at: $1) { $0.resized(&$1) } }
    case .answered(let ticket, let result): return answered(ticket, result)
    case .link(let link): return linked(link)
    case .clock(let now):
      self.now = now
      return []
    case .alarm(.slow(let ticket)):
      if ticket == asking || stack.contains(where: { $0.reading.contains(ticket) }) { slow.insert(ticket) }
      return []
    case .alarm(let alarm):
      return stack.indices.reduce(into: []) { $0 += turn(at: $1) { $0.alarm(alarm, &$1) } }
    case .painted:
      // What cannot be seen for want of space was not painted.
      if !Chrome.isTooSmall(size) { stack[stack.count - 1].painted() }
      return []
    case .migrated(let problem): return migrated(problem)
    }
  }

  /// The screen as it would look in this size.
  public func view(_ size: Size) -> Frame {
    guard !Chrome.isTooSmall(size) else { return Chrome.tooSmall(size) }
    let look = Look(
      columns: size.columns, lines: Chrome.bodyLines(size), session: session, catalogues: catalogues,
      slow: slow)
    let base = stack.lastIndex { !$0.isBox } ?? 0
    var body = stack[base].view(look)
    var lines: [Line] = []
    lines.reserveCapacity(size.lines)
    lines.append(
      size.columns == self.size.columns ? header : Chrome.header(session, link, columns: size.columns))
    lines += body.lines.prefix(look.lines)
    while lines.count <= look.lines { lines.append(Line()) }
    let status = self.status ?? standingStatus
    lines.append(status.map { Line([Span(" "), Span($0.text, $0.role)]) } ?? Line())
    lines.append(Chrome.footer(stack[stack.count - 1].place, columns: size.columns))
    var frame = Frame(size: size, lines: lines)
    for box in stack[(base + 1)...] { body = Box.lay(box.view(look), over: &frame, lines: look.lines) }
    frame.cursor = body.cursor.map {
      Point(line: max(0, min(look.lines, $0.line + 1)), column: max(0, min(size.columns - 1, $0.column)))
    }
    return frame
  }

  /// Where the next key is pressed.
  var top: Place { stack[stack.count - 1].place }

  /// What the status line says while there is nothing newer to say.
  private var standingStatus: Status? {
    switch link {
    case .up: return nil
    case .connecting:
      return asking.map(slow.contains) == true
        ? Status(text: "connecting... Ctrl-c twice quits", role: .faint) : nil
    case .down(let why): return Status(text: SafeText("no connection: \(why)"), role: .bad)
    }
  }

  private mutating func renewHeader() { header = Chrome.header(session, link, columns: size.columns) }
}

/// Keys.
extension App {
  private mutating func press(_ key: Key) -> [Effect] {
    guard let name = key.name else { return [] }
    status = nil
    let again = isInterrupted
    isInterrupted = false
    let place = Chrome.isTooSmall(size) ? .tooSmall : top
    if place != .tooSmall {
      var isTaken = false
      let effects = turn(at: stack.count - 1) { isTaken = $0.type(key, &$1) }
      if isTaken { return effects }
    }
    guard let binding = Keymap.binding(for: key, in: place) else {
      status = Status(
        text: SafeText("\(name) does nothing here: \(place == .form ? "F1" : "?") shows the keys"),
        role: .faint)
      return []
    }
    let screen = stack[stack.count - 1]
    let situation = Keymap.Situation(session: session, subject: screen.subject, isWriting: screen.isWriting)
    if let refusal = binding.refusal(situation) {
      status = Status(text: SafeText("\(name): \(refusal)"), role: .warning)
      return noteRefusal(binding.action, screen.subject)
    }
    switch binding.action {
    case .help: return turn(at: stack.count - 1) { $1.push(KeysScreen($0.place)) }
    case .repaint: return [.repaint]
    case .suspend: return [.suspend]
    case .interrupt: return interrupt(again: again)
    case .refresh where session?.schema != .current: return ask()
    case .up, .down, .pageUp, .pageDown, .halfUp, .halfDown, .first, .last, .columnsLeft, .columnsRight,
      .open, .back,
      .leave, .filter, .onboard, .edit, .lifecycle, .deactivate, .reactivate, .overview, .doors, .history,
      .refresh,
      .nextField, .previousField, .press, .review, .confirm, .refuse, .switchSide, .stored:
      return turn(at: stack.count - 1) { $0.act(binding.action, &$1) }
    }
  }

  /// Gives up on what is being read; says that another Ctrl-c quits.
  private mutating func interrupt(again: Bool) -> [Effect] {
    if again { return [.quit(0)] }
    isInterrupted = true
    var effects: [Effect] = []
    let isWriting = stack.contains(where: \.isWriting)
    let tickets = stack.flatMap(\.reading) + (asking.map { [$0] } ?? [])
    for ticket in tickets {
      effects.append(.cancel(ticket))
      effects += answered(ticket, .failure(.cancelled))
    }
    status =
      if isWriting {
        Status(
          text: "a change cannot be called back; Ctrl-c again quits and leaves its outcome unknown",
          role: .warning)
      } else {
        Status(text: tickets.isEmpty ? "Ctrl-c again quits" : "cancelled; Ctrl-c again quits", role: .text)
      }
    return effects
  }

  /// A change was wanted by someone whose role does not allow it: for the record, as far as clients keep one.
  private mutating func noteRefusal(_ action: Action, _ tenant: Tenant?) -> [Effect] {
    guard let session, session.schema == .current, !session.readOnly, session.right < .admin,
      session.right > .none,
      [.onboard, .edit, .deactivate, .reactivate].contains(action)
    else { return [] }
    let ticket = Ticket(nextTicket)
    nextTicket += 1
    return [
      .send(
        .noteRefusal(action: action.rawValue, tenant: tenant?.id, what: "role \(session.right.rawValue)"),
        ticket)
    ]
  }
}

/// Answers and the line.
extension App {
  private mutating func ask() -> [Effect] {
    var turn = newTurn()
    turn.send(.session, insteadOf: &asking)
    return take(turn, at: 0)
  }

  private mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>) -> [Effect] {
    slow.remove(ticket)
    if ticket == asking {
      asking = nil
      return met(result)
    }
    if ticket == readingCatalogues {
      readingCatalogues = nil
      if case .success(.catalogues(let found)) = result { catalogues = found }
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
    case .failure(let error):
      var turn = newTurn()
      turn.say(error, while: "connecting")
      return take(turn, at: 0)
    case .success(.session(let session)):
      self.session = session
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
      let catalogues = readCatalogues()
      return catalogues
        + turn(at: 0) { screen, turn in
          guard var list = screen as? ListScreen else { return }
          list.load(&turn)
          screen = list
        }
    case .success: preconditionFailure("a session is answered by .session")
    }
  }

  private mutating func readCatalogues() -> [Effect] {
    guard readingCatalogues == nil else { return [] }
    let ticket = Ticket(nextTicket)
    nextTicket += 1
    readingCatalogues = ticket
    return [.send(.catalogues, ticket)]
  }

  private mutating func linked(_ link: Store.Link) -> [Effect] {
    let wasDown = if case .down = self.link { true } else { false }
    self.link = link
    renewHeader()
    // What the server says about itself may be another thing now: a standby may have taken over.
    return link == .up && wasDown && asking == nil ? ask() : []
  }

  private mutating func migrated(_ problem: String?) -> [Effect] {
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

/// Turns: what a screen asks for is carried out when it is done.
extension App {
  private func newTurn() -> Turn {
    Turn(now: now, size: size, session: session, catalogues: catalogues, seeds: seeds, nextTicket: nextTicket)
  }

  private mutating func turn(at place: Int, _ body: (inout any Screen, inout Turn) -> Void) -> [Effect] {
    guard stack.indices.contains(place) else { return [] }
    var turn = newTurn()
    body(&stack[place], &turn)
    return take(turn, at: place)
  }

  private mutating func take(_ turn: Turn, at place: Int) -> [Effect] {
    seeds = turn.seeds
    nextTicket = turn.nextTicket
    if let status = turn.status { self.status = status }
    var effects = turn.effects
    if turn.wantsCatalogues { effects += readCatalogues() }
    for move in turn.moves { effects += carryOut(move, at: place) }
    return effects
  }

  /// A screen that closes takes with it whatever lies above it.
  private mutating func carryOut(_ move: Turn.Move, at place: Int) -> [Effect] {
    switch move {
    case .push(let screen):
      stack.append(screen)
      return turn(at: stack.count - 1) { $0.opened(&$1) }
    case .pop(let news):
      guard place > 0 else { return [] }
      return close(from: place) + turn(at: place - 1) { $0.returned(news, &$1) }
    case .replace(let screen):
      let effects = close(from: place)
      stack.append(screen)
      return effects + turn(at: stack.count - 1) { $0.opened(&$1) }
    }
  }

  private mutating func close(from place: Int) -> [Effect] {
    let closed = stack[place...]
    stack.removeSubrange(place...)
    return closed.flatMap(\.reading).map { .cancel($0) }
  }
}
