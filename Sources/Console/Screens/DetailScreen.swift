import TenantStore
import Terminal

/// One tenant: its fields, its doors (origins and permissions), its history.
struct DetailScreen: Screen {
  private enum Tab: Int, CaseIterable {
    case overview, doors, history

    var title: SafeText {
      switch self {
      case .overview: "1 Overview"
      case .doors: "2 Origins and permissions"
      case .history: "3 History"
      }
    }
  }

  private var tenant: Tenant
  private var tab = Tab.overview
  /// In the overview the field that has the focus, in the doors the first line that is seen.
  private var place1 = 0
  private var lastChanges = LastChanges()
  private var history = History()
  private var activity = Activity()
  private var reading1: Ticket?
  private var terms: Terms?
  private var readingTerms: Ticket?
  /// Why it is not in service, as its newest run says; nil also until that was read.
  private var obstacle: String?
  private var readingRun: Ticket?
  /// Something was changed from here: the list below must hear of it.
  private var isChanged = false
  private var asOf = Instant(microseconds: 0)
  private var gone = false

  let place = Place.detail
  var subject: Tenant? { tenant }
  var explanation: Explanation? {
    Explanation(
      command: CommandText.show(tenant),
      requests: [tab == .history ? History.request(tenant.id) : .tenant(.id(tenant.id))])
  }
  var reading: [Ticket] {
    [reading1, readingTerms, readingRun, history.reading, activity.reading, lastChanges.reading].compactMap {
      $0
    }
  }

  init(_ tenant: Tenant) { self.tenant = tenant }

  mutating func opened(_ turn: inout Turn) {
    asOf = turn.now
    turn.send(.tenant(.id(tenant.id)), insteadOf: &reading1)
    readRun(&turn)
  }

  private mutating func readRun(_ turn: inout Turn) {
    obstacle = nil
    if tenant.state != .active { turn.send(.run(.newest(tenant.id)), insteadOf: &readingRun) }
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    let page = max(1, turn.bodyLines - 4)
    switch action {
    case .tenant(.overview): show(.overview, &turn)
    case .tenant(.doors): show(.doors, &turn)
    case .tenant(.history): show(.history, &turn)
    case .move(let movement): move(by: movement.lines(ofPage: page), &turn)
    case .page(.refresh): refresh(&turn)
    case .tenant(.edit): turn.push(EditScreen(tenant, &turn))
    case .tenant(.lifecycle): turn.push(LifecycleMenu(tenant))
    case .tenant(.older): turn.push(VersionScreen(tenant, at: .version(max(1, tenant.version - 1))))
    case .tenant(.newer): turn.say("this is the newest version: [ goes back")
    case .tenant(.doctor): turn.push(IsolationScreen(tenant))
    case .tenant(.resources): turn.push(RunScreen(tenant))
    case .tenant(.tenantAudit): turn.push(AuditScreen(of: tenant))
    case .dialog(.back), .dialog(.leave): turn.pop(isChanged ? .changed(tenant) : .nothing)
    case .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    if history.answered(ticket, result, &turn) || activity.answered(ticket, result, &turn)
      || lastChanges.answered(ticket, result)
    {
      return true
    }
    if ticket == readingTerms {
      readingTerms = nil
      // The tenant is there without them.
      if case .success(.lifecycle(.terms(let found))) = result { terms = found }
      return true
    }
    if ticket == readingRun {
      readingRun = nil
      if case .success(.run(.newest(let found))) = result { obstacle = tenant.obstacle(found) }
      return true
    }
    guard ticket == reading1 else { return false }
    reading1 = nil
    switch result {
    case .success(.tenant(let found?)):
      if !(found == tenant) { isChanged = true }
      tenant = found
      asOf = turn.now
      activity.load(found.id, &turn)
      lastChanges.load(found.id, &turn)
      turn.send(.lifecycle(.terms(found.id)), insteadOf: &readingTerms)
    case .success(.tenant(nil)):
      gone = true
      turn.say("this tenant is no longer there", .bad)
    case .success: preconditionFailure("a tenant is answered by .tenant")
    case .failure(let error): turn.say(error, while: "reading \(tenant.siteID)")
    }
    return true
  }

  mutating func returned(_ news: News, _ turn: inout Turn) {
    switch news {
    case .changed(let now):
      // What was undone may have been done to another.
      guard now.id == tenant.id else { return }
      tenant = now
      isChanged = true
      asOf = turn.now
      readRun(&turn)
      lastChanges.load(tenant.id, &turn)
      turn.send(.lifecycle(.terms(tenant.id)), insteadOf: &readingTerms)
      history.forget(&turn)
      if tab == .history { history.load(tenant.id, &turn) }
    case .chosen(let action):
      turn.push(action.dialog(tenant, &turn))
    case .nothing, .ended, .merged, .agreed, .list, .mended, .draft, .template, .intake: break
    }
  }

  /// A click on the titles of the tabs goes on to the next one.
  mutating func clicked(_ line: Int, isDouble: Bool, _ turn: inout Turn) {
    guard line == 1 else { return }
    show(Tab(rawValue: (tab.rawValue + 1) % Tab.allCases.count) ?? .overview, &turn)
  }

  private mutating func show(_ tab: Tab, _ turn: inout Turn) {
    self.tab = tab
    place1 = 0
    if tab == .history { history.load(tenant.id, &turn) }
  }

  mutating func connected(_ turn: inout Turn) { refresh(&turn) }

  mutating func reported(_ report: ResourceReport, _ turn: inout Turn) {
    if case .provisioned(tenant.id) = report { refresh(&turn) }
  }

  private mutating func refresh(_ turn: inout Turn) {
    opened(&turn)
    history.forget(&turn)
    if tab == .history { history.load(tenant.id, &turn) }
  }

  private mutating func move(by step: Int, _ turn: inout Turn) {
    switch tab {
    case .overview: place1 = max(0, min(overview.count - 1, place1 + step))
    case .doors:
      let most = doors(turn.size.columns).count - (turn.bodyLines - 3)
      place1 = max(0, min(most, place1 + step))
    case .history: history.move(by: step, tenant.id, &turn)
    }
  }
}

extension DetailScreen {
  func view(_ look: Look) -> Body {
    let state = tenant.state == .active ? tenant.state.rawValue : tenant.state.rawValue.uppercased()
    var title = [Span(" "), Span(SafeText(tenant.siteID), .heading), Span("  ")]
    title += [Span(gone ? "GONE" : SafeText(state), gone ? .bad : Words.role(of: tenant.state)), Span("  ")]
    title += Shown(tenant.name).spans
    if let slow = [reading1, history.reading].first(where: look.isSlow) {
      title.append(Span("  loading... " + look.waited(slow), .faint))
    }
    var tabs: [Span] = []
    var column = 1
    for other in Tab.allCases {
      if other == tab { column = tabs.reduce(1) { $0 + $1.width } }
      tabs += [
        Span(other == tab ? "[" : " ", .focus), Span(other.title, other == tab ? .focus : .faint),
        Span(other == tab ? "]" : " ", .focus), Span(" "),
      ]
    }
    let head = [Line(title), Line([Span(" ")] + tabs), Line()]
    let room = max(1, look.lines - head.count)
    if tab == .history {
      let (lines, line) = history.view(columns: look.columns, lines: room)
      return Body(head + lines, cursor: Point(line: head.count + line, column: 1))
    }
    if tab == .doors {
      let all = doors(look.columns)
      let top = max(0, min(place1, all.count - room))
      return Body(head + all.dropFirst(top).prefix(room), cursor: Point(line: 1, column: column))
    }
    return overview(head, look.columns, room)
  }

  /// The fields, as the audit calls them, what they are called for people, and their values.
  private var overview: [(field: String?, name: SafeText, value: Shown)] {
    let fields: [(TenantField, String?)] = [
      (.siteID, tenant.siteID), (.name, tenant.name), (.contactEmail, tenant.contactEmail),
      (.websiteURL, tenant.websiteURL), (.industry, tenant.industry),
    ]
    let facts: [(String?, SafeText, Shown)] = [
      ("state", "State", Shown(tenant.state.rawValue, Words.role(of: tenant.state))),
      ("state", "Active", Shown(tenant.isActive ? "yes" : "no")),
      (nil, "Version", Shown(String(tenant.version))),
      (nil, "Created", Shown("\(tenant.createdAt.utc)  (\(tenant.createdAt.age(at: asOf)))")),
      (nil, "Updated", Shown("\(tenant.updatedAt.utc)  (\(tenant.updatedAt.age(at: asOf)))")),
      (nil, "Tenant id", Shown(tenant.id.description)),
      (nil, "Activity", activity.shown ?? Shown(mark: "")),
    ]
    return fields.map { ($0.rawValue, Words.name(of: $0), Shown($1)) } + facts.prefix(2) + ofTerms
      + facts.dropFirst(2)
  }

  /// Until when it is in this state, where that was asked for, and a purge that is on its way.
  private var ofTerms: [(field: String?, name: SafeText, value: Shown)] {
    var rows: [(field: String?, name: SafeText, value: Shown)] = []
    if let obstacle { rows.append((nil, "Not live", Shown(obstacle, .warning))) }
    if let words = terms?.words(for: tenant.state, now: asOf) {
      rows.append((nil, "Until", Shown(words, words.contains("OVERDUE") ? .bad : .warning)))
    }
    if let ticket = terms?.ticket { rows.append((nil, "Ticket", Shown(ticket))) }
    if let purge = terms?.purge {
      let words = purge.approvedBy == nil ? "asked for by \(purge.requestedBy)" : "agreed to: x p"
      rows.append((nil, "Purge", Shown(words, .bad)))
    }
    return rows
  }

  /// Scrolled so that the field with the focus is in sight; who last changed it stands below.
  private func overview(_ head: [Line], _ columns: Int, _ lines: Int) -> Body {
    let rows = overview
    // Its terms may have gone with its state.
    let place1 = min(place1, rows.count - 1)
    let foot = rows[place1].field.flatMap { lastChanges.line(of: $0, columns: columns) }
    let room = max(1, foot == nil ? lines : lines - 2)
    var all: [Line] = []
    var focus = 0
    for (place, row) in rows.enumerated() {
      if place == place1 { focus = all.count }
      for (number, spans) in row.value.wrapped(columns: columns - 19).enumerated() {
        let mark: SafeText = place == place1 && number == 0 ? "> " : "  "
        all.append(
          Line([Span(mark, .focus), Span(number == 0 ? row.name : "", .heading, columns: 16)] + spans))
      }
    }
    let top = max(0, min(focus - room / 2, all.count - room))
    var seen = Array(all.dropFirst(top).prefix(room))
    if let foot {
      while seen.count < room { seen.append(Line()) }
      seen += [Line(), foot].suffix(lines - room)
    }
    return Body(head + seen, cursor: Point(line: head.count + focus - top, column: 0))
  }

  private func doors(_ columns: Int) -> [Line] {
    var lines: [Line] = []
    let lists = [
      ("Origins", TenantField.allowedOrigins, tenant.allowedOrigins),
      ("Permissions", .permissions, tenant.permissions),
    ]
    for (name, field, values) in lists {
      lines.append(Line([Span("  "), Span(SafeText("\(name) (\(values.count))"), .heading)]))
      if let change = lastChanges.line(of: field.rawValue, columns: columns - 3) {
        lines.append(Line([Span("   ")] + change.spans))
      }
      if values.isEmpty { lines.append(Line("    (none)", .faint)) }
      for value in values {
        lines += Shown(value).wrapped(columns: columns - 5).map { Line([Span("    ")] + $0) }
      }
      lines.append(Line())
    }
    return lines
  }
}
