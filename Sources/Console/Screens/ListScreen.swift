import TenantStore
import Terminal

/// The list of tenants: the first screen, and the one everything comes back to.
struct ListScreen: Screen {
  private(set) var window = TenantWindow()
  private var filter = FilterField()
  /// How many there are without a filter.
  private var all: Total?
  /// The same in words.
  private var counted: SafeText = ""
  private var counting: Ticket?
  /// The ids of all that match, to be marked.
  private var marking: Ticket?
  private var columnScroll = 0
  private var arrangement = Arrangement.standard
  private var marks = Marks()
  /// Refreshes by itself every `pause` milliseconds; `round` tells this time of it from earlier ones.
  private var isRefreshing = false
  private var round = 0
  private static let pause = 30_000
  /// Where the list stood when the filter was opened.
  private var home: Cursor?

  var place: Place { filter.isFocused ? .filterField : .list }
  var reading: [Ticket] { window.reading + [counting, marking].compactMap { $0 } }
  var subject: Tenant? { window.tenant }

  var explanation: Explanation? {
    Explanation(
      command: CommandText.list(filter.field.text, window.page.sort), requests: [.page(window.page)])
  }

  mutating func clicked(_ line: Int, isDouble: Bool, _ turn: inout Turn) {
    let row = window.top + line - 2
    guard line >= 2, window.rows.indices.contains(row) else { return }
    window.move(by: row - window.selected, &turn)
    if isDouble, let tenant = window.tenant { turn.push(DetailScreen(tenant)) }
  }

  /// Shows the list under this filter, as if it had been typed.
  mutating func show(_ text: String, _ turn: inout Turn) {
    filter.field.replace(with: text)
    filter.isFocused = false
    forgetCount(&turn)
    window.load(filter.filter, &turn)
    if let problem = filter.problem { turn.say(problem, .warning) }
  }

  /// Starts reading, once the session is known.
  mutating func load(_ turn: inout Turn) {
    resized(&turn)
    if window.isLoaded { window.refresh(&turn) } else { window.load(filter.filter, &turn) }
  }

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
      window.load(wanted, &turn)
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
    case .up: window.move(by: -1, &turn)
    case .down: window.move(by: 1, &turn)
    case .pageUp: window.move(by: -page, &turn)
    case .pageDown: window.move(by: page, &turn)
    case .halfUp: window.move(by: -max(1, page / 2), &turn)
    case .halfDown: window.move(by: max(1, page / 2), &turn)
    case .first: window.moveToFirst(&turn)
    case .last: window.moveToLast(&turn)
    case .columnsLeft: scrollColumns(by: -1, &turn)
    case .columnsRight: scrollColumns(by: 1, &turn)
    case .filter:
      filter.isFocused = true
      home = window.place
    case .press: filter.isFocused = false
    case .back: back(&turn)
    case .leave: turn.effects.append(.quit(0))
    case .refresh: window.refresh(&turn)
    case .open: if let tenant = window.tenant { turn.push(DetailScreen(tenant)) }
    case .onboard: turn.push(OnboardScreen(&turn))
    case .edit: if let tenant = window.tenant { turn.push(EditScreen(tenant, &turn)) }
    case .lifecycle: if let tenant = window.tenant { turn.push(LifecycleMenu(tenant)) }
    case .sort: turn.push(SortMenu(window.sort))
    case .reverse: sort(Sort(window.sort.column, descending: !window.sort.descending), &turn)
    case .mark: mark(&turn)
    case .markRange: markRange(&turn)
    case .markAll: markAll(&turn)
    case .bulk: bulk(&turn)
    case .columns: turn.push(ColumnsDialog(arrangement))
    case .views: turn.push(ViewsDialog(present, own: turn.views))
    case .autoRefresh: refreshByItself(!isRefreshing, &turn)
    case .deactivate, .reactivate, .overview, .doors, .history, .nextField, .previousField, .review, .confirm,
      .refuse,
      .switchSide, .stored, .help, .repaint, .suspend, .interrupt:
      break
    case .earlier, .later, .saveView, .removeView:
      break
    }
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    if ticket == counting {
      counting = nil
      if case .success(.total(let total)) = result { counted(total) }
      return true
    }
    if ticket == marking {
      marking = nil
      markAll(result, &turn)
      return true
    }
    var arrived = false
    guard window.answered(ticket, result, &turn, arrived: &arrived) else { return false }
    if arrived { count(&turn) }
    return true
  }

  mutating func returned(_ news: News, _ turn: inout Turn) {
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
    case .nothing, .ended, .merged, .agreed: break
    }
  }

  private func act(transition action: Action, _ turn: inout Turn) {
    guard let tenant = window.tenant, let dialog = TransitionDialog(action, tenant, &turn) else { return }
    turn.push(dialog)
  }

  private mutating func back(_ turn: inout Turn) {
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
  private mutating func sort(_ sort: Sort, _ turn: inout Turn) {
    guard sort != window.sort else { return }
    window.load(sort, at: window.tenant.map { Cursor($0, sort) }, &turn)
  }

  /// The list as it is now, to be kept.
  private var present: SavedView {
    SavedView(name: "", filter: filter.field.text, sort: window.sort, columns: arrangement.names)
  }

  private mutating func show(_ view: SavedView, _ turn: inout Turn) {
    arrange(Arrangement(names: view.columns), &turn)
    window.sort(by: view.sort)
    show(view.filter, &turn)
  }

  private mutating func refreshByItself(_ isRefreshing: Bool, _ turn: inout Turn) {
    self.isRefreshing = isRefreshing
    round += 1
    if isRefreshing { turn.wake(after: Self.pause, .refresh(round)) }
    turn.say(isRefreshing ? "refreshing every 30 seconds; R stops" : "no longer refreshing by itself")
  }

  /// Refreshes where nothing is being read or typed, and asks to be woken again.
  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) {
    guard alarm == .refresh(round), isRefreshing else { return }
    if window.isLoaded, window.reading.isEmpty { window.refresh(&turn) }
    turn.wake(after: Self.pause, alarm)
  }

  private mutating func arrange(_ arrangement: Arrangement, _ turn: inout Turn) {
    self.arrangement = arrangement
    window.arrange(arrangement.shown)
    columnScroll = min(columnScroll, arrangement.farthest(columns: turn.size.columns))
  }

  /// Marks the selected tenant, or takes its mark away, and goes on to the next.
  private mutating func mark(_ turn: inout Turn) {
    guard let tenant = window.tenant else { return }
    if marks.toggle(tenant.id) { window.move(by: 1, &turn) } else { tooMany(&turn) }
  }

  /// Marks all from the row that was marked last to the selected one.
  private mutating func markRange(_ turn: inout Turn) {
    guard let tenant = window.tenant else { return }
    guard let start = marks.start else {
      if marks.mark([tenant.id], from: tenant.id) {
        turn.say("a range begins here: move, then v again marks up to there")
      } else {
        tooMany(&turn)
      }
      return
    }
    guard let range = window.range(from: start) else {
      turn.say("the range began too far away: narrow the list with /, then * marks all", .warning)
      return
    }
    if !marks.mark(range) { tooMany(&turn) }
  }

  /// Asks for the ids of all that match.
  private mutating func markAll(_ turn: inout Turn) {
    turn.send(.matching(window.filter, limit: Marks.most + 1), insteadOf: &marking)
  }

  /// Marks all that match; takes the marks away where all have one already.
  private mutating func markAll(_ result: Result<Answer, StoreError>, _ turn: inout Turn) {
    switch result {
    case .success(.matching(let ids)):
      if !ids.isEmpty, ids.allSatisfy(marks.contains) {
        marks.unmark(ids)
      } else if !marks.mark(ids) {
        tooMany(&turn)
      }
    case .success: preconditionFailure("what matches is answered by .matching")
    case .failure(let error): turn.say(error, while: "marking all that match")
    }
  }

  private func bulk(_ turn: inout Turn) {
    guard !marks.isEmpty else {
      turn.say("nothing is marked: Space marks one, v a range, * all that match", .warning)
      return
    }
    var siteIDs: [TenantID: String] = [:]
    for row in window.rows where marks.contains(row.tenant.id) { siteIDs[row.tenant.id] = row.tenant.siteID }
    turn.push(BulkMenu(BulkTenants(ids: marks.ids.sorted(), siteIDs: siteIDs)))
  }

  private func tooMany(_ turn: inout Turn) {
    turn.say(
      SafeText("not marked: that would be more than \(Words.grouped(Int64(Marks.most))) tenants"), .warning)
  }

  private mutating func scrollColumns(by step: Int, _ turn: inout Turn) {
    let farthest = arrangement.farthest(columns: turn.size.columns)
    let wanted = columnScroll + step
    guard wanted >= 0, wanted <= farthest else {
      turn.say(farthest == 0 ? "all columns are on the screen" : "no more columns on that side")
      return
    }
    columnScroll = wanted
  }

  /// Asks for the number of tenants, unless the window shows them all.
  private mutating func count(_ turn: inout Turn) {
    if window.atStart, window.atEnd {
      counted(Total(count: Int64(window.rows.count), estimated: false))
    } else {
      turn.send(.total(window.filter), insteadOf: &counting)
    }
  }

  /// Another filter: the number that is shown is not its.
  private mutating func forgetCount(_ turn: inout Turn) {
    turn.cancel(&counting)
    counted = filter.filter.isEmpty ? all.map { SafeText(Words.count($0)) } ?? "" : ""
  }

  private mutating func counted(_ total: Total) {
    if window.filter.isEmpty {
      all = total
      counted = SafeText(Words.count(total))
    } else {
      counted = SafeText(Words.number(total) + (all.map { " of " + Words.number($0) } ?? " found"))
    }
  }
}

extension ListScreen {
  func view(_ look: Look) -> Body {
    let layout = arrangement.layout(columns: look.columns, scroll: columnScroll)
    let (title, filterColumn) = title(look)
    var lines = [title, arrangement.titles(layout)]
    let room = max(0, look.lines - 2)
    lines.reserveCapacity(look.lines)
    for place in window.top..<max(window.top, min(window.rows.count, window.top + room)) {
      let row = window.rows[place]
      lines.append(
        row.line(
          isSelected: place == window.selected, isMarked: marks.contains(row.tenant.id), layout))
    }
    if window.isLoaded, window.rows.isEmpty, window.loading == nil {
      lines.append(
        Line(
          window.filter.isEmpty
            ? "   No tenants yet: c onboards the first." : "   Nothing matches: Esc clears the filter.",
          .faint))
    }
    if let filterColumn { return Body(lines, cursor: Point(line: 0, column: filterColumn)) }
    return Body(lines, cursor: Point(line: 2 + window.selected - window.top, column: 1))
  }

  private func title(_ look: Look) -> (line: Line, cursor: Int?) {
    let right = facts(look)
    var spans = [Span(" Tenants", .heading)]
    var cursor: Int?
    if filter.isFocused || !filter.field.isEmpty {
      spans.append(Span("  / "))
      let (span, column) = filter.field.view(
        columns: look.columns - 13 - right.width, focused: filter.isFocused)
      spans.append(span)
      if filter.isFocused { cursor = 12 + column }
    }
    let used = spans.reduce(0) { $0 + $1.width }
    if used + right.width + 1 < look.columns {
      spans.append(Span("", columns: look.columns - used - right.width - 1))
    }
    spans.append(Span(right, .faint))
    return (Line(spans), cursor)
  }

  /// What is at the right of the title: marks, order, how many there are.
  private func facts(_ look: Look) -> SafeText {
    var facts: [SafeText] = []
    if !marks.isEmpty { facts.append(SafeText(Words.grouped(Int64(marks.count)) + " marked")) }
    if window.sort != Sort() {
      facts.append(
        SafeText("by \(Words.name(of: window.sort.column)), \(Words.direction(of: window.sort))"))
    }
    if isRefreshing { facts.append("auto") }
    facts.append(count(look))
    return facts.dropFirst().reduce(facts[0]) { $0 + "  " + $1 }
  }

  private func count(_ look: Look) -> SafeText {
    if window.isPartial {
      return SafeText(
        "\(Words.count(window.rows.count, "tenant")) so far, "
          + (window.loading == nil ? "not all: r searches on" : "searching... Ctrl-c cancels"))
    }
    if look.isSlow(window.awaited) {
      let words: SafeText =
        window.filter.isEmpty ? "loading... Ctrl-c cancels" : "searching... Ctrl-c cancels"
      return words + "  " + look.waited(window.awaited)
    }
    return counted
  }
}
