import TenantStore
import Terminal

/// The console as a value: events in, effects out, and a picture of it at any time. Reads no clock, no chance, no
/// terminal and no server: all of these come in as events or are asked for as effects.
public struct App: Sendable {
  /// The list at the bottom, the one that takes keys at the top. Never empty.
  var stack: [any Screen]
  var session: Session?
  var status: Status?
  var link = Store.Link.connecting
  /// When the line to the server was lost: what is shown is as of then at the latest.
  var lostAt: Instant?
  var catalogues: Catalogues?
  var size: Size
  var now = Instant(microseconds: 0)
  let options: ConsoleOptions
  let keymap: Keymap
  /// What was wrong with the configuration.
  var problems: [String]
  var theme: Theme
  /// The tenant that `:open` asked for.
  var opening: (ticket: Ticket, name: String)?
  /// The person's own last change has been asked for, to be undone.
  var undoing: Ticket?
  var mouse = MouseState()
  var seeds: any Seeds
  var nextTicket: UInt64 = 1
  var asking: Ticket?
  var readingCatalogues: Ticket?
  /// How many tenants should have been resumed or suspended by now, and the question for it.
  var overdue: Int64 = 0
  var readingOverdue: Ticket?
  /// Requests that have been on their way for more than a second, and since when.
  var slow: [Ticket: Instant] = [:]
  /// A `.tick` is on its way.
  private var isTicking = false
  /// The last key was Ctrl-c: another one quits.
  var isInterrupted = false
  /// What the verifications of this session came to, the newest of each tenant and of all.
  private var verifications: [Verified] = []
  /// The bar at the top, made when what it says changes.
  private var header: Line

  public init(seeds: any Seeds, size: Size, options: ConsoleOptions = ConsoleOptions()) {
    self.seeds = seeds
    self.size = size
    self.options = options
    let keys = Keymap.standard(with: options.bindings)
    keymap = keys.keymap
    problems = options.problems + keys.problems
    theme = (options.themes.first { $0.name == options.theme } ?? options.themes[0]).theme
    if theme.name != options.theme, options.themes.count > 1 {
      problems.append(
        "theme: there is no \(options.theme); it is one of \(options.themes.map(\.name).joined(separator: ", "))"
      )
    }
    stack = [ListScreen()]
    header = Chrome.header(nil, .connecting, overdue: 0, columns: size.columns)
  }

  /// What to do before the first event.
  public mutating func start() -> [Effect] { [.useTheme(theme)] + ask() }

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
      let second = Instant(microseconds: now.microseconds - 1_000_000)
      if ticket == asking || stack.contains(where: { $0.reading.contains(ticket) }) { slow[ticket] = second }
      return tick()
    case .alarm(.tick):
      isTicking = false
      return tick()
    case .alarm(let alarm):
      return stack.indices.reduce(into: []) { $0 += turn(at: $1) { $0.alarm(alarm, &$1) } }
    case .painted:
      // What cannot be seen for want of space was not painted.
      if !Chrome.isTooSmall(size) { stack[stack.count - 1].painted() }
      return []
    case .migrated(let problem): return migrated(problem)
    case .notCopied(let why):
      status = Status(text: SafeText("not copied: \(why)"), role: .warning)
      return []
    case .reported(let report): return reported(report)
    case .exported(let exported):
      guard let place = stack.lastIndex(where: { $0.place == .export || $0.place == .secret }) else {
        return []
      }
      return turn(at: place) { $0.exported(exported, &$1) }
    case .verifying(let ticket, let progress):
      verification(ticket) { $0.verifying(progress) }
      return []
    case .verified(let ticket, let result):
      slow[ticket] = nil
      var verified: Verified?
      verification(ticket) { verified = $0.verified(result) }
      if let verified {
        verifications = verifications.filter { $0.tenant != verified.tenant } + [verified]
      }
      return []
    case .intakeProgress(let ticket, let progress):
      return intake(ticket) { $0.told(progress, $1) }
    case .intakeReported(let ticket, let report):
      slow[ticket] = nil
      return intake(ticket) { $0.reported(report, &$1) }
    case .draft(let name, let news):
      for place in stack.indices.reversed() {
        var isTaken = false
        let effects = turn(at: place) { isTaken = $0.took(news, of: name, &$1) }
        if isTaken { return effects }
      }
      return []
    case .drafts(let found):
      return turn(at: 0) { screen, turn in
        guard var list = screen as? ListScreen else { return }
        list.found(found, &turn)
        screen = list
      }
    case .ending: return stack.flatMap(\.closing)
    }
  }

  /// Asks for the next second, as long as something goes on that is slow. When nothing does, nothing ticks.
  private mutating func tick() -> [Effect] {
    guard !isTicking, !slow.isEmpty || stack.contains(where: \.isWriting) else { return [] }
    isTicking = true
    return [.wakeAfter(milliseconds: 1000, .tick)]
  }

  /// The screen as it would look in this size.
  public func view(_ size: Size) -> Frame {
    guard !Chrome.isTooSmall(size) else { return Chrome.tooSmall(size, status) }
    let look = look(size)
    let base = stack.lastIndex { !$0.isBox } ?? 0
    var body = stack[base].view(look)
    var lines: [Line] = []
    lines.reserveCapacity(size.lines)
    lines.append(
      size.columns == self.size.columns
        ? header : Chrome.header(session, link, overdue: overdue, columns: size.columns))
    lines += body.lines.prefix(look.lines)
    while lines.count <= look.lines { lines.append(Line()) }
    let status = Chrome.status(self.status ?? standingStatus, columns: size.columns)
    // Words that do not fit on one line cover the end of the screen until the next key.
    lines.replaceSubrange((lines.count + 1 - status.count)..., with: status)
    lines.append(Chrome.footer(stack[stack.count - 1].place, keymap, columns: size.columns))
    var frame = Frame(size: size, lines: lines)
    for box in stack[(base + 1)...] { body = Box.lay(box.view(look), over: &frame, lines: look.lines) }
    frame.cursor = body.cursor.map {
      Point(line: max(0, min(look.lines, $0.line + 1)), column: max(0, min(size.columns - 1, $0.column)))
    }
    return frame
  }

  func look(_ size: Size) -> Look {
    Look(
      columns: size.columns, lines: Chrome.bodyLines(size), session: session, catalogues: catalogues,
      slow: slow, keymap: keymap, verifications: verifications, now: now)
  }

  /// The screen whose verification has this ticket, if it is still there.
  private mutating func verification(_ ticket: Ticket, _ body: (inout VerificationScreen) -> Void) {
    for place in stack.indices {
      guard var screen = stack[place] as? VerificationScreen, screen.running == ticket else { continue }
      body(&screen)
      stack[place] = screen
    }
  }

  /// The screen that waits for this task, if it is still there.
  private mutating func intake(_ ticket: Ticket, _ body: (inout IntakeScreen, inout Turn) -> Void) -> [Effect]
  {
    guard let place = stack.lastIndex(where: { ($0 as? IntakeScreen)?.waits(for: ticket) ?? false }) else {
      return []
    }
    return turn(at: place) { screen, turn in
      guard var intake = screen as? IntakeScreen else { return }
      body(&intake, &turn)
      screen = intake
    }
  }

  /// Where the next key is pressed.
  var top: Place { stack[stack.count - 1].place }

  /// What the status line says while there is nothing newer to say.
  private var standingStatus: Status? {
    switch link {
    case .up: return stack[stack.count - 1].standing
    case .connecting:
      return asking.flatMap { slow[$0] }.map { since in
        let waited = Progress(started: since).words(at: now)
        return Status(text: "connecting... " + waited + "  Ctrl-c twice quits", role: .faint)
      }
    case .down(let why):
      guard let lostAt else {
        return Status(text: SafeText("no connection: \(why); r tries again"), role: .bad)
      }
      return Status(
        text: SafeText(
          "no connection since \(lostAt.time), what is shown is from before; trying again. \(why)"),
        role: .bad)
    }
  }

  mutating func renewHeader() {
    header = Chrome.header(session, link, overdue: overdue, columns: size.columns)
  }
}

/// Turns: what a screen asks for is carried out when it is done.
extension App {
  func newTurn() -> Turn {
    Turn(
      now: now, size: size, session: session, catalogues: catalogues, keymap: keymap, views: options.views,
      forms: options.tenantForms, eventLines: options.eventLines, seeds: seeds, nextTicket: nextTicket)
  }

  mutating func turn(at place: Int, _ body: (inout any Screen, inout Turn) -> Void) -> [Effect] {
    guard stack.indices.contains(place) else { return [] }
    var turn = newTurn()
    body(&stack[place], &turn)
    return take(turn, at: place)
  }

  mutating func take(_ turn: Turn, at place: Int) -> [Effect] {
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
    case .finish(let command):
      guard place > 0 else { return [] }
      return close(from: place) + perform(command)
    }
  }

  mutating func close(from place: Int) -> [Effect] {
    let closed = stack[place...]
    stack.removeSubrange(place...)
    let given = closed.flatMap(\.reading).map { Effect.cancel($0) }
    return closed.reversed().reduce(given) { effects, screen in
      var (screen, turn) = (screen, newTurn())
      screen.closed(&turn)
      return effects + take(turn, at: stack.count - 1)
    }
  }
}
