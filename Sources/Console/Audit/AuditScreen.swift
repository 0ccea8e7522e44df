import TenantStore
import Terminal

/// The audit of a tenant or of everybody, newest first: what was done, what was refused, who looked. New entries come in by
/// themselves.
struct AuditScreen: Screen {
  /// Whose audit.
  struct Subject: Equatable, Sendable {
    var id: TenantID
    var siteID: String
  }

  /// Nil: everybody's.
  let tenant: Subject?
  private(set) var window = AuditWindow()
  private(set) var field = TextField()
  private(set) var isTyping = false
  /// Looking at everybody is written down before anything is shown.
  private var opening: Ticket?
  private var look: Int64?
  /// Why nothing is shown.
  private(set) var problem: SafeText?
  private(set) var proof: Proof?
  private var proving: Ticket?
  /// From where to ask for what is new; asked for every `pause` milliseconds.
  private var tail: AuditTail?
  private var tailing: Ticket?
  private var round = 0
  static let pause = ListScreen.pause

  var place: Place { isTyping ? .filterField : .audit }
  var reading: [Ticket] { window.reading + [opening, proving, tailing].compactMap { $0 } }
  var clippings: [Clipping] { window.event.map(EventScreen.clippings) ?? [] }
  var explanation: Explanation? {
    Explanation(
      command: CommandText.audit(tenant?.siteID, filter: field.text), requests: [.auditPage(window.page)])
  }

  init(of tenant: Subject?) { self.tenant = tenant }

  init(of tenant: Tenant) { self.init(of: Subject(id: tenant.id, siteID: tenant.siteID)) }

  /// What was typed, of this tenant alone where it is about one.
  var filter: AuditFilter {
    var filter = AuditFilter.parse(field.text)
    if let tenant { filter.terms.append(.init(.tenant(.id(tenant.id)))) }
    return filter
  }

  mutating func opened(_ turn: inout Turn) {
    resized(&turn)
    guard tenant == nil, look == nil else { return begin(&turn) }
    turn.send(.openLook(TenantStore.Look("audit of everybody")), insteadOf: &opening)
  }

  private mutating func begin(_ turn: inout Turn) {
    problem = nil
    // Before the page, so that nothing comes between the two unseen.
    if tail == nil { turn.send(.auditTail(nil, window.tail), insteadOf: &tailing) }
    window.load(filter, &turn)
    turn.send(.proof, insteadOf: &proving)
  }

  /// The look has ended, however the screen was left.
  mutating func closed(_ turn: inout Turn) {
    guard let look else { return }
    _ = turn.send(.closeLook(look, outcome: "\(window.shown) shown"))
    self.look = nil
  }

  mutating func resized(_ turn: inout Turn) {
    window.resize(height: turn.bodyLines - Self.head, &turn)
  }

  mutating func clicked(_ line: Int, isDouble: Bool, _ turn: inout Turn) {
    let row = window.top + line - Self.head
    guard line >= Self.head, window.rows.indices.contains(row) else { return }
    window.move(by: row - window.selected, &turn)
    if isDouble { open(&turn) }
  }

  mutating func type(_ key: Key, _ turn: inout Turn) -> Bool {
    guard isTyping, field.take(key) else { return false }
    filtered(&turn)
    return true
  }

  private mutating func filtered(_ turn: inout Turn) {
    if filter != window.filter, isOpen { window.load(filter, &turn) }
    if let problem = AuditFilter.problem(in: field.text) { turn.say(SafeText(problem.message), .warning) }
  }

  /// Something may be shown.
  private var isOpen: Bool { tenant != nil || look != nil }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .move(let movement): window.move(movement, page: max(1, turn.bodyLines - Self.head - 1), &turn)
    case .tenant(.open): open(&turn)
    case .tenant(.tenantAudit): follow(&turn)
    case .list(.filter): isTyping = true
    case .dialog(.press): isTyping = false
    case .dialog(.back): back(&turn)
    case .dialog(.leave): turn.pop()
    case .page(.refresh): refresh(&turn)
    case .page(.verify): turn.push(VerificationScreen(of: tenant))
    case .page(.overTime):
      if isOpen { turn.push(AuditActivityScreen(of: tenant, filter, typed: field.text)) }
    case .page(.exportEvents):
      if isOpen { turn.push(EventExportScreen(of: tenant, filter, typed: field.text)) }
    case .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  private func open(_ turn: inout Turn) {
    guard let event = window.event else { return turn.say("nothing is selected", .warning) }
    turn.push(EventScreen(event))
  }

  /// From an event of everybody's to its tenant's alone.
  private func follow(_ turn: inout Turn) {
    if tenant != nil { return turn.say("this is the audit of one tenant already") }
    guard let event = window.event, let id = event.tenantID else {
      return turn.say("what is selected concerns no tenant", .warning)
    }
    turn.push(AuditScreen(of: Subject(id: id, siteID: event.siteID ?? id.description)))
  }

  private mutating func back(_ turn: inout Turn) {
    guard !field.isEmpty || isTyping else { return turn.pop() }
    isTyping = false
    field.replace(with: "")
    filtered(&turn)
  }

  private mutating func refresh(_ turn: inout Turn) {
    guard isOpen else { return opened(&turn) }
    window.refresh(&turn)
    turn.send(.proof, insteadOf: &proving)
  }

  // MARK: What comes

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    switch ticket {
    case opening: looked(result, &turn)
    case proving:
      proving = nil
      // Who may not ask how well it is proven sees the audit all the same.
      if case .success(.proof(let proof)) = result { self.proof = proof }
    case tailing: followed(result, &turn)
    default: return window.answered(ticket, result, &turn)
    }
    return true
  }

  private mutating func looked(_ result: Result<Answer, StoreError>, _ turn: inout Turn) {
    opening = nil
    switch result {
    case .success(.look(let number)):
      look = number
      begin(&turn)
    case .success: preconditionFailure("a look is answered by .look")
    case .failure(let error):
      problem =
        "Not shown: looking at everybody's audit is written down first, and that could not be. r tries again."
      turn.say(error, while: "writing down the look")
    }
  }

  private mutating func followed(_ result: Result<Answer, StoreError>, _ turn: inout Turn) {
    tailing = nil
    switch result {
    case .success(.auditTail(let page, let next)):
      // Told only now from where to ask, or more came than was asked for: what is between is not known.
      let isGap = tail == nil && window.isLoaded
      tail = next
      if isGap || page.events.count >= window.tail.limit {
        window.refresh(&turn)
      } else {
        window.add(page.events, &turn)
      }
    case .success: preconditionFailure("a question for the tail is answered by .auditTail")
    case .failure(let error): turn.say(error, while: "looking for new entries")
    }
    round += 1
    turn.wake(after: Self.pause, .audit(round))
  }

  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) {
    guard alarm == .audit(round), tailing == nil else { return }
    tailing = turn.send(.auditTail(tail, window.tail))
  }

  /// What came while the line was lost is read at once.
  mutating func connected(_ turn: inout Turn) {
    if window.isLoaded || problem != nil { refresh(&turn) }
  }

  /// A change of the person's own is seen at once.
  mutating func returned(_ news: News, _ turn: inout Turn) {
    switch news {
    case .changed: if isOpen { window.refresh(&turn) }
    case .nothing, .ended, .merged, .chosen, .agreed, .mended, .list, .draft, .template, .intake: break
    }
  }
}
