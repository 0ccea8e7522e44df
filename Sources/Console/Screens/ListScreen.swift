import TenantStore
import Terminal

/// The list of tenants: the first screen, and the one everything comes back to.
struct ListScreen: Screen {
  var window = TenantWindow()
  var filter = FilterField()
  /// How many there are without a filter.
  var all: Total?
  /// The same in words.
  var counted: SafeText = ""
  var counting: Ticket?
  /// The ids of all that match, to be marked.
  var marking: Ticket?
  var columnScroll = 0
  var arrangement = Arrangement.standard
  var marks = Marks()
  /// Refreshes by itself every `pause` milliseconds; `round` tells this time of it from earlier ones.
  var isRefreshing = false
  var round = 0
  static let pause = 30_000
  /// Counts the pauses in typing the filter. `lull` milliseconds after the rows came what is beyond the screen is read and
  /// counted; someone who types goes on sooner.
  var lulls = 0
  static let lull = 300
  /// Where the list stood when the filter was opened.
  var home: Cursor?
  /// Forms of this person's that are not finished.
  var unfinished = Unfinished()

  var place: Place { filter.isFocused ? .filterField : .list }
  var reading: [Ticket] { window.reading + [counting, marking, unfinished.reading].compactMap { $0 } }
  var standing: Status? { unfinished.status }
  var subject: Tenant? { window.tenant }
  var isPast: Bool { window.asOf != nil }

  var explanation: Explanation? {
    Explanation(
      command: CommandText.list(filter.field.text, window.page.sort, asOf: window.asOf),
      requests: [.page(window.page)])
  }

  mutating func clicked(_ line: Int, isDouble: Bool, _ turn: inout Turn) {
    let row = window.top + line - 2
    guard line >= 2, window.rows.indices.contains(row) else { return }
    window.move(by: row - window.selected, &turn)
    if isDouble { open(&turn) }
  }

  /// Shows the list under this filter, as if it had been typed.
  mutating func show(_ text: String, _ turn: inout Turn) {
    filter.field.replace(with: text)
    filter.isFocused = false
    forgetCount(&turn)
    window.present()
    window.load(filter.filter, &turn)
    if let problem = filter.problem { turn.say(problem, .warning) }
  }

  mutating func connected(_ turn: inout Turn) {
    resized(&turn)
    if window.isLoaded { window.refresh(&turn) } else { window.load(filter.filter, &turn) }
    unfinished.seek(&turn)
  }

  /// The drafts that lie there.
  mutating func found(_ drafts: [LyingDraft], _ turn: inout Turn) { unfinished.found(drafts, &turn) }

  mutating func resized(_ turn: inout Turn) {
    // Title and column titles are above the rows.
    window.resize(height: turn.bodyLines - 2, &turn)
    columnScroll = min(columnScroll, arrangement.farthest(columns: turn.size.columns))
  }

  mutating func type(_ key: Key, _ turn: inout Turn) -> Bool {
    guard filter.isFocused, filter.field.take(key) else { return false }
    let wanted = filter.filter
    if wanted != window.filter {
      forgetCount(&turn)
      window.load(wanted, isHurried: true, &turn)
      lulls += 1
    }
    if let problem = filter.problem {
      turn.say(problem, .warning)
    } else if wanted.matchesBeginningsOnly {
      turn.say("one or two letters match the beginnings of words only", .faint)
    }
    return true
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    let page = max(1, turn.bodyLines - 3)
    switch action {
    case .move(.first): window.moveToFirst(&turn)
    case .move(.last): window.moveToLast(&turn)
    case .move(let movement): window.move(by: movement.lines(ofPage: page), &turn)
    case .list(.columnsLeft): scrollColumns(by: -1, &turn)
    case .list(.columnsRight): scrollColumns(by: 1, &turn)
    case .list(.filter):
      filter.isFocused = true
      home = window.place
    case .dialog(.press):
      filter.isFocused = false
      lookRound(&turn)
    case .dialog(.back): back(&turn)
    case .dialog(.leave): turn.effects.append(.quit(0))
    case .page(.refresh): window.refresh(&turn)
    case .tenant(.open): open(&turn)
    case .tenant(.older): older(&turn)
    case .list(.onboard): turn.push(OnboardScreen(beside: window.tenant, &turn))
    case .list(.onboardMany): turn.push(IntakeForm("", &turn))
    case .tenant(.edit): if let tenant = window.tenant { turn.push(EditScreen(tenant, &turn)) }
    case .tenant(.lifecycle): if let tenant = window.tenant { turn.push(LifecycleMenu(tenant)) }
    case .list(.sort): turn.push(SortMenu(window.sort))
    case .list(.reverse): sort(Sort(window.sort.column, descending: !window.sort.descending), &turn)
    case .list(.mark): mark(&turn)
    case .list(.markRange): markRange(&turn)
    case .list(.markAll): markAll(&turn)
    case .list(.bulk): bulk(&turn)
    case .list(.audit): turn.push(AuditScreen(of: nil))
    case .tenant(.tenantAudit): if let tenant = window.tenant { turn.push(AuditScreen(of: tenant)) }
    case .list(.columns): turn.push(ColumnsDialog(arrangement))
    case .list(.views): turn.push(ViewsDialog(present, own: turn.views))
    case .list(.autoRefresh): refreshByItself(!isRefreshing, &turn)
    case .tenant(.doctor): turn.push(DoctorScreen(&turn))
    case .tenant(.resources): if let tenant = window.tenant { turn.push(RunScreen(tenant)) }
    case .dialog, .tenant, .lifecycle, .page: break
    }
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    if ticket == counting {
      counting = nil
      if case .success(.total(let total)) = result { counted(total) }
      return true
    }
    if unfinished.answered(ticket, result) { return true }
    if ticket == marking {
      marking = nil
      markAll(result, &turn)
      return true
    }
    var arrived = false
    guard window.answered(ticket, result, &turn, arrived: &arrived) else { return false }
    if arrived { count(&turn) }
    if arrived, window.isHurried { turn.wake(after: Self.lull, .typed(lulls)) }
    return true
  }

  mutating func returned(_ news: News, _ turn: inout Turn) {
    unfinished.seek(&turn)
    switch news {
    case .changed(let tenant):
      window.put(tenant, asOf: turn.now)
      if window.rows.contains(where: { $0.tenant.id == tenant.id }) {
        window.refresh(&turn)
      } else {
        window.load(filter.filter, at: Cursor(tenant, window.sort), &turn)
      }
    case .chosen(let action): act(transition: action, &turn)
    case .list(.sort(let sort)): self.sort(sort, &turn)
    case .list(.arrange(let arrangement)): arrange(arrangement, &turn)
    case .list(.view(let view)): show(view, &turn)
    // Those it was not done to stay marked.
    case .list(.done(let ids)):
      marks.unmark(ids)
      window.refresh(&turn)
    case .nothing, .ended, .merged, .agreed, .mended, .draft, .template, .intake: break
    }
  }

  /// A run of a tenant that is held here is over: its state may be another.
  mutating func reported(_ report: ResourceReport, _ turn: inout Turn) {
    let ids: [TenantID]
    switch report {
    case .provisioned(let id): ids = [id]
    case .carriedOut(let tenants, _): ids = tenants
    case .surveyed, .enforced, .failed: return
    }
    if window.rows.contains(where: { ids.contains($0.tenant.id) }) { window.refresh(&turn) }
  }

  func act(transition action: LifecycleAction, _ turn: inout Turn) {
    if let tenant = window.tenant { turn.push(action.dialog(tenant, &turn)) }
  }

  mutating func back(_ turn: inout Turn) {
    if isPast { return travel(to: nil, &turn) }
    guard !filter.field.isEmpty else {
      if filter.isFocused {
        filter.isFocused = false
      } else if !marks.isEmpty {
        marks.clear()
      } else {
        turn.say("this is the first screen: q quits")
      }
      return
    }
    filter.field.replace(with: "")
    filter.isFocused = false
    guard window.filter != Filter() else { return }
    forgetCount(&turn)
    if let place = window.loading == nil ? window.place ?? home : home {
      window.load(Filter(), at: place, &turn)
    } else {
      window.load(Filter(), &turn)
    }
  }

  /// Another order; the selected tenant stays selected.
  mutating func sort(_ sort: Sort, _ turn: inout Turn) {
    guard sort != window.sort else { return }
    window.load(sort, at: window.tenant.map { Cursor($0, sort) }, &turn)
  }

  mutating func arrange(_ arrangement: Arrangement, _ turn: inout Turn) {
    self.arrangement = arrangement
    window.arrange(arrangement.shown)
    columnScroll = min(columnScroll, arrangement.farthest(columns: turn.size.columns))
  }

  mutating func scrollColumns(by step: Int, _ turn: inout Turn) {
    let farthest = arrangement.farthest(columns: turn.size.columns)
    let wanted = columnScroll + step
    guard wanted >= 0, wanted <= farthest else {
      turn.say(farthest == 0 ? "all columns are on the screen" : "no more columns on that side")
      return
    }
    columnScroll = wanted
  }

  /// Reads and counts what is beyond the screen, where that was put off.
  mutating func lookRound(_ turn: inout Turn) {
    guard window.isHurried else { return }
    window.lookRound(&turn)
    if window.loading == nil { count(&turn) }
  }

  /// Asks for the number of tenants, unless the window shows them all. In a hurry there is time for that later.
  mutating func count(_ turn: inout Turn) {
    if isPast { return }
    if window.atStart, window.atEnd {
      counted(Total(count: Int64(window.rows.count), estimated: false))
    } else if !window.isHurried {
      turn.send(.total(window.filter), insteadOf: &counting)
    }
  }

  /// Another filter: the number that is shown is not its.
  mutating func forgetCount(_ turn: inout Turn) {
    turn.cancel(&counting)
    counted = filter.filter.isEmpty ? all.map { SafeText(Words.count($0)) } ?? "" : ""
  }

  mutating func counted(_ total: Total) {
    if window.filter.isEmpty {
      all = total
      counted = SafeText(Words.count(total))
    } else {
      counted = SafeText(Words.number(total) + (all.map { " of " + Words.number($0) } ?? " found"))
    }
  }
}
