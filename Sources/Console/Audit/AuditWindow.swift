import TenantStore
import Terminal

/// The part of the audit that is held: some hundred events around the selected one, newest first, whatever the audit's length.
/// The next page is asked for before the selection gets to the end of what is held; what is far away is let go.
struct AuditWindow: Sendable {
  /// Events of a page.
  static let limit = 100
  /// A page is asked for when fewer events than this are left beyond the screen on that side.
  static let margin = 50
  /// More events than this are not held.
  static let most = 500

  /// Where the selection goes when a new window arrives.
  private enum Landing {
    case first, last
    /// Stays on its event, or on what is there instead.
    case same
  }

  private(set) var filter = AuditFilter()
  private(set) var rows: [AuditRow] = []
  private(set) var selected = 0
  /// The first row on the screen.
  private(set) var top = 0
  /// Whether the first (last) row held is the newest (oldest) of all.
  private(set) var atStart = false
  private(set) var atEnd = false
  /// True once a page has come.
  private(set) var isLoaded = false
  /// A whole new window is on its way.
  private(set) var loading: Ticket?
  /// How many came in above what is on the screen since its top was last seen.
  private(set) var fresh = 0
  /// How many events were shown in all; for the look.
  private(set) var shown = 0
  private(set) var includesAttempts = true
  private var landing = Landing.first
  private var anchor = AuditPageRequest.Anchor.first
  private var requested = 0
  private var before: Ticket?
  private var after: Ticket?
  /// Moves made beyond the rows that are held; made up for when rows arrive.
  private var owed = 0
  private var height = 1

  var event: AuditEvent? { rows.indices.contains(selected) ? rows[selected].event : nil }
  var reading: [Ticket] { [loading, before, after].compactMap { $0 } }
  /// What the selection waits for.
  var awaited: Ticket? { loading ?? (owed > 0 ? after : owed < 0 ? before : nil) }

  /// What brings the rows on the screen.
  var page: AuditPageRequest {
    request(rows.indices.contains(top) && top > 0 ? .from(rows[top].cursor) : .first)
  }

  /// What asks for whatever comes from now on.
  var tail: AuditPageRequest { request(.first, Self.limit * 2) }

  private func request(_ anchor: AuditPageRequest.Anchor, _ limit: Int = limit) -> AuditPageRequest {
    AuditPageRequest(filter: filter, anchor: anchor, limit: limit, includesAttempts: includesAttempts)
  }

  /// The newest events under this filter.
  mutating func load(_ filter: AuditFilter, _ turn: inout Turn) {
    self.filter = filter
    load(.first, Self.limit, landing: .first, &turn)
  }

  /// The same events again.
  mutating func refresh(_ turn: inout Turn) {
    let isFirst = atStart || rows.isEmpty
    load(isFirst ? .first : .from(rows[0].cursor), max(Self.limit, rows.count), landing: .same, &turn)
  }

  private mutating func load(
    _ anchor: AuditPageRequest.Anchor, _ limit: Int, landing: Landing, _ turn: inout Turn
  ) {
    turn.cancel(&before)
    turn.cancel(&after)
    (self.anchor, self.landing, requested, owed) = (anchor, landing, limit, 0)
    turn.send(.auditPage(request(anchor, limit)), insteadOf: &loading)
  }

  // MARK: Moving

  mutating func move(_ movement: Movement, page: Int, _ turn: inout Turn) {
    switch movement {
    case .first where !atStart && isLoaded: load(.first, Self.limit, landing: .first, &turn)
    case .last where !atEnd && isLoaded: load(.last, Self.limit, landing: .last, &turn)
    case .first: move(by: -rows.count, &turn)
    case .last: move(by: rows.count, &turn)
    case .up, .down, .pageUp, .pageDown, .halfUp, .halfDown: move(by: movement.lines(ofPage: page), &turn)
    }
  }

  mutating func move(by lines: Int, _ turn: inout Turn) {
    guard !rows.isEmpty else { return }
    let target = selected + owed + lines
    selected = max(0, min(rows.count - 1, target))
    owed = 0
    if target > selected, !atEnd { owed = min(Self.most, target - selected) }
    if target < selected, !atStart { owed = max(-Self.most, target - selected) }
    settle(&turn)
  }

  /// The screen's lines for rows changed.
  mutating func resize(height: Int, _ turn: inout Turn) {
    self.height = max(1, height)
    settle(&turn)
  }

  /// Keeps the selected row on the screen and enough rows around it.
  private mutating func settle(_ turn: inout Turn) {
    top = max(0, min(top, max(0, rows.count - height)))
    if selected < top { top = selected }
    if selected >= top + height { top = selected - height + 1 }
    if top == 0 { fresh = 0 }
    shown = max(shown, min(rows.count, top + height))
    guard loading == nil, let first = rows.first, let last = rows.last else { return }
    if !atEnd, after == nil, rows.count - top - height < Self.margin || owed > 0 {
      after = turn.send(.auditPage(request(.after(last.cursor))))
    }
    if !atStart, before == nil, top < Self.margin || owed < 0 {
      before = turn.send(.auditPage(request(.before(first.cursor))))
    }
  }

  // MARK: Arriving

  /// True when the answer was for this window; a failure is said.
  mutating func answered(
    _ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn
  ) -> Bool {
    guard reading.contains(ticket) else { return false }
    let fresh = rows(in: result, &turn)
    switch ticket {
    case loading:
      loading = nil
      if let fresh { replace(by: fresh) }
    case after:
      after = nil
      if let fresh { append(fresh, &turn) } else { owed = 0 }
    default:
      before = nil
      if let fresh { prepend(fresh, &turn) } else { owed = 0 }
    }
    move(by: 0, &turn)
    return true
  }

  private mutating func rows(in result: Result<Answer, StoreError>, _ turn: inout Turn) -> [AuditRow]? {
    switch result {
    case .success(.auditPage(let page)):
      includesAttempts = page.includesAttempts
      return page.events.map(AuditRow.init)
    case .success: preconditionFailure("a page of the audit is answered by .auditPage")
    case .failure(let error):
      turn.say(error, while: "reading the audit")
      return nil
    }
  }

  private mutating func replace(by new: [AuditRow]) {
    let isShort = new.count < requested
    (atStart, atEnd) =
      switch anchor {
      case .first: (true, isShort)
      case .last: (isShort, true)
      case .after, .before, .from, .since: (false, isShort)
      }
    switch landing {
    case .first: (selected, top) = (0, 0)
    case .last: (selected, top) = (max(0, new.count - 1), max(0, new.count - height))
    case .same:
      let line = selected - top
      let old = event?.cursor
      selected = new.firstIndex { row in old.map { row.cursor <= $0 } ?? true } ?? max(0, new.count - 1)
      top = max(0, selected - line)
    }
    rows = new
    isLoaded = true
  }

  private mutating func append(_ new: [AuditRow], _ turn: inout Turn) {
    atEnd = new.count < Self.limit
    rows += new
    let spare = min(rows.count - Self.most, top - Self.margin)
    guard spare > 0 else { return }
    // A page before the first row would no longer join.
    turn.cancel(&before)
    rows.removeFirst(spare)
    (selected, top) = (selected - spare, top - spare)
    atStart = false
  }

  private mutating func prepend(_ new: [AuditRow], _ turn: inout Turn) {
    atStart = new.count < Self.limit
    rows.insert(contentsOf: new, at: 0)
    (selected, top) = (selected + new.count, top + new.count)
    trimEnd(&turn)
  }

  private mutating func trimEnd(_ turn: inout Turn) {
    let spare = min(rows.count - Self.most, rows.count - top - height - Self.margin)
    guard spare > 0 else { return }
    turn.cancel(&after)
    rows.removeLast(spare)
    atEnd = false
  }

  /// Takes in what has come since. The selected event stays selected, and stays where it is on the screen unless the very top is
  /// seen: then the new ones push it down. What lies beyond what is held comes with its page.
  mutating func add(_ events: [AuditEvent], _ turn: inout Turn) {
    // A window that is on its way was asked for later than these.
    guard isLoaded, loading == nil else { return }
    var held = Set(rows.map(\.cursor))
    for event in events where held.insert(event.cursor).inserted {
      let place = rows.firstIndex { $0.cursor < event.cursor } ?? rows.count
      if place == 0, !atStart { continue }
      if place == rows.count, !atEnd { continue }
      let wasEmpty = rows.isEmpty
      rows.insert(AuditRow(event), at: place)
      guard !wasEmpty, place <= selected else { continue }
      selected += 1
      if top > 0 { (top, fresh) = (top + 1, fresh + 1) }
    }
    trimEnd(&turn)
    move(by: 0, &turn)
  }
}
