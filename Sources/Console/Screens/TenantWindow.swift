import TenantStore
import Terminal

/// The part of the list of tenants that is held: some hundred rows around the selected one, whatever the list's length.
/// The next page is asked for before the selection gets to the end of what is held; rows far away are let go.
struct TenantWindow: Sendable {
  /// Rows of a page.
  static let limit = 200
  /// Rows of the page that a list begins with: what fits on a screen (more where it is higher), so that it is there soon. The
  /// others follow.
  static let glance = 24
  /// A page is asked for when fewer rows than this are left beyond the screen on that side.
  static let margin = 100
  /// More rows than this are not held.
  static let most = 600
  /// Moves that wait for rows are kept up to this many.
  private static let mostOwed = 100_000

  /// Where the selection goes when a new window arrives.
  private enum Landing {
    case first, last
    /// Stays on this tenant, at the same line; if it is gone, on the nearest that is left.
    case same
    case on(TenantID)
  }

  private(set) var filter = Filter()
  private(set) var sort = Sort()
  /// The list as it was then; nil: as it is.
  private(set) var asOf: Instant?
  private(set) var columns = Arrangement.standard.shown
  private(set) var rows: [TenantRow] = []
  private(set) var selected = 0
  /// The first row on the screen.
  private(set) var top = 0
  /// Whether the first (last) row held is the first (last) of the list.
  private(set) var atStart = false
  private(set) var atEnd = false
  /// True once a page has come.
  private(set) var isLoaded = false
  /// A whole new window is on its way.
  private(set) var loading: Ticket?
  /// The search was given up after a second: there may be more than these rows, between them, too.
  private(set) var isPartial = false
  /// Only what is on the screen is wanted for now: further pages wait for a move, or for `lookRound`.
  private(set) var isHurried = false
  private var landing = Landing.first
  private var anchor = PageRequest.Anchor.first
  private var requested = 0
  private var before: Ticket?
  private var after: Ticket?
  /// Moves made beyond the rows that are held; made up for when rows arrive.
  private var owed = 0
  private var height = 1

  var tenant: Tenant? { rows.indices.contains(selected) ? rows[selected].tenant : nil }
  var place: Cursor? { rows.indices.contains(selected) ? rows[selected].cursor : nil }
  var reading: [Ticket] { [loading, before, after].compactMap { $0 } }

  /// What the selection waits for.
  var awaited: Ticket? { loading ?? (owed > 0 ? after : owed < 0 ? before : nil) }

  /// The start of the whole list as it was then, in order of site ids; nil: as it is.
  mutating func load(asOf moment: Instant?, _ turn: inout Turn) {
    (asOf, sort) = (moment, Sort())
    load(Filter(), &turn)
  }

  /// What is loaded next is as it is now.
  mutating func present() { asOf = nil }

  /// The start of the list under another filter.
  mutating func load(_ filter: Filter, isHurried: Bool = false, _ turn: inout Turn) {
    self.filter = filter
    request(.first, limit: glance, landing: .first, &turn)
    self.isHurried = isHurried
  }

  private var glance: Int { max(Self.glance, height) }

  /// Nobody is in a hurry any more: the rows around the screen are wanted, too.
  mutating func lookRound(_ turn: inout Turn) {
    isHurried = false
    settle(&turn)
  }

  /// The list under another filter, from this place on, with this tenant selected.
  mutating func load(_ filter: Filter, at cursor: Cursor, _ turn: inout Turn) {
    self.filter = filter
    request(.from(cursor), limit: Self.limit, landing: .on(cursor.id), &turn)
  }

  /// The order of what is loaded next.
  mutating func sort(by sort: Sort) { self.sort = sort }

  /// The same list in another order, from this place on, with this tenant selected; nil: from its start.
  mutating func load(_ sort: Sort, at cursor: Cursor?, _ turn: inout Turn) {
    self.sort = sort
    if let cursor { load(filter, at: cursor, &turn) } else { load(filter, &turn) }
  }

  /// The same rows in other columns.
  mutating func arrange(_ columns: [TenantColumn]) {
    self.columns = columns
    for place in rows.indices { rows[place].rearrange(columns) }
  }

  /// The same rows again, as they are now.
  mutating func refresh(_ turn: inout Turn) {
    let from = max(0, top - Self.margin)
    let limit = max(Self.limit, selected - from + Self.margin + height)
    if rows.isEmpty || (from == 0 && atStart) {
      request(.first, limit: limit, landing: .same, &turn)
    } else {
      request(.from(rows[from].cursor), limit: limit, landing: .same, &turn)
    }
  }

  private mutating func request(
    _ anchor: PageRequest.Anchor, limit: Int, landing: Landing, _ turn: inout Turn
  ) {
    turn.cancel(&before)
    turn.cancel(&after)
    owed = 0
    (isPartial, isHurried) = (false, false)
    (self.anchor, self.landing, requested) = (anchor, landing, limit)
    turn.send(page(anchor, limit), insteadOf: &loading)
  }

  mutating func move(by lines: Int, _ turn: inout Turn) {
    guard !rows.isEmpty else { return }
    if lines != 0 { isHurried = false }
    let target = selected + owed + lines
    selected = max(0, min(rows.count - 1, target))
    owed = 0
    if target > selected, !atEnd { owed = min(Self.mostOwed, target - selected) }
    if target < selected, !atStart { owed = max(-Self.mostOwed, target - selected) }
    settle(&turn)
  }

  mutating func moveToFirst(_ turn: inout Turn) {
    if atStart || !isLoaded {
      jump(to: 0, &turn)
    } else {
      request(.first, limit: glance, landing: .first, &turn)
    }
  }

  mutating func moveToLast(_ turn: inout Turn) {
    if atEnd || !isLoaded {
      jump(to: rows.count - 1, &turn)
    } else {
      request(.last, limit: glance, landing: .last, &turn)
    }
  }

  private mutating func jump(to row: Int, _ turn: inout Turn) {
    owed = 0
    selected = max(0, min(rows.count - 1, row))
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
    guard loading == nil, let first = rows.first, let last = rows.last else { return }
    let margin = isHurried ? 0 : Self.margin
    if !atEnd, after == nil, rows.count - top - height < margin || owed > 0 {
      after = turn.send(page(.after(last.cursor)))
    }
    if !atStart, before == nil, top < margin || owed < 0 {
      before = turn.send(page(.before(first.cursor)))
    }
  }

  /// True when the answer was for this window. `arrived` is set when a whole new window is there; a failure is said.
  mutating func answered(
    _ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn, arrived: inout Bool
  ) -> Bool {
    guard ticket == loading || ticket == after || ticket == before else { return false }
    let isPartial = if case .success(.page(let page)) = result { page.isPartial } else { false }
    let fresh = rows(in: result, &turn)
    if ticket == loading {
      loading = nil
      guard let fresh else { return true }
      replace(by: fresh)
      self.isPartial = isPartial
      if isPartial {
        searchOn(&turn)
      } else {
        arrived = true
      }
    } else if isPartial {
      // What has holes cannot be joined: the same once more, to its end.
      let isAfter = ticket == after
      let anchor =
        isAfter
        ? rows.last.map { PageRequest.Anchor.after($0.cursor) } : rows.first.map { .before($0.cursor) }
      let page = page(anchor ?? .first, isThorough: true)
      if isAfter { after = turn.send(page) } else { before = turn.send(page) }
    } else if ticket == after {
      after = nil
      guard let fresh else {
        owed = 0
        return true
      }
      append(fresh, &turn)
    } else {
      before = nil
      guard let fresh else {
        owed = 0
        return true
      }
      prepend(fresh, &turn)
    }
    move(by: 0, &turn)
    return true
  }

  /// Shows what there is and looks for the rest; the next key that asks for something else gives that up.
  private mutating func searchOn(_ turn: inout Turn) {
    // What is held may lack rows on both sides; nothing is joined to it until the rest has come.
    (atStart, atEnd) = (true, true)
    landing = .same
    turn.send(page(anchor, requested, isThorough: true), insteadOf: &loading)
  }

  private func rows(in result: Result<Answer, StoreError>, _ turn: inout Turn) -> [TenantRow]? {
    switch result {
    case .success(.page(let page)):
      return zip(page.rows, page.cursors).map { TenantRow($0, $1, asOf: turn.now, columns) }
    case .success: preconditionFailure("a page is answered by .page")
    case .failure(let error):
      turn.say(error, while: "reading tenants")
      return nil
    }
  }

  private mutating func replace(by fresh: [TenantRow]) {
    let isShort = fresh.count < requested
    switch anchor {
    case .first: (atStart, atEnd) = (true, isShort)
    case .last: (atStart, atEnd) = (isShort, true)
    case .after, .from: (atStart, atEnd) = (false, isShort)
    case .before: (atStart, atEnd) = (isShort, false)
    }
    let line = selected - top
    switch landing {
    case .first: (selected, top) = (0, 0)
    case .last: (selected, top) = (max(0, fresh.count - 1), max(0, fresh.count - height))
    case .on(let id):
      selected = fresh.firstIndex { $0.tenant.id == id } ?? 0
      top = selected
    case .same:
      selected = nearest(in: fresh)
      top = max(0, selected - line)
    }
    rows = fresh
    isLoaded = true
  }

  private mutating func append(_ fresh: [TenantRow], _ turn: inout Turn) {
    atEnd = fresh.count < Self.limit
    rows += fresh
    let spare = min(rows.count - Self.most, top - Self.margin)
    guard spare > 0 else { return }
    // A page before the first row would no longer join.
    turn.cancel(&before)
    rows.removeFirst(spare)
    selected -= spare
    top -= spare
    atStart = false
  }

  private mutating func prepend(_ fresh: [TenantRow], _ turn: inout Turn) {
    atStart = fresh.count < Self.limit
    rows.insert(contentsOf: fresh, at: 0)
    selected += fresh.count
    top += fresh.count
    let spare = min(rows.count - Self.most, rows.count - top - height - Self.margin)
    guard spare > 0 else { return }
    turn.cancel(&after)
    rows.removeLast(spare)
    atEnd = false
  }

  /// Puts a changed tenant in its row, so that it is seen before the refresh comes.
  mutating func put(_ tenant: Tenant, asOf now: Instant) {
    guard let place = rows.firstIndex(where: { $0.tenant.id == tenant.id }) else { return }
    rows[place] = TenantRow(tenant, rows[place].cursor, asOf: now, columns)
  }
}
