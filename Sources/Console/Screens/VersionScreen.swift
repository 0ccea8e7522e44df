import TenantStore
import Terminal

/// A tenant as it was: one of its versions, what changed in it, and the whole of it. `[` and `]` walk.
struct VersionScreen: Screen {
  private let id: TenantID
  private let siteID: String
  private var moment: Moment
  private var shown: TenantVersion?
  private var looking: Ticket?
  /// As it is now: what would be put back stands beside it.
  private var present: Tenant?
  private var readingPresent: Ticket?
  private var scroll = 0

  let place = Place.version
  let isPast = true
  var subject: Tenant? { shown?.tenant }
  var reading: [Ticket] { [looking, readingPresent].compactMap { $0 } }
  var explanation: Explanation? {
    Explanation(
      command: CommandText.show(siteID, at: moment), requests: [.version(id, moment)])
  }

  init(_ tenant: Tenant, at moment: Moment) {
    (id, siteID) = (tenant.id, tenant.siteID)
    self.moment = moment
  }

  mutating func opened(_ turn: inout Turn) {
    turn.send(.version(id, moment), insteadOf: &looking)
    turn.send(.tenant(.id(id)), insteadOf: &readingPresent)
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    let page = max(1, turn.bodyLines - 3)
    switch action {
    case .tenant(.older): walk(by: -1, &turn)
    case .tenant(.newer): walk(by: 1, &turn)
    case .page(.putBack): putBack(&turn)
    case .page(.refresh): opened(&turn)
    case .move(let movement): move(by: movement.lines(ofPage: page), turn)
    case .dialog(.back), .dialog(.leave): turn.pop()
    case .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  private mutating func walk(by step: Int64, _ turn: inout Turn) {
    guard let shown else { return turn.say("this version is still on its way", .warning) }
    let wanted = shown.tenant.version + step
    guard wanted >= 1 else { return turn.say("this is the first version") }
    guard wanted <= shown.newest else { return turn.say("this is the newest version: it is so now") }
    moment = .version(wanted)
    scroll = 0
    turn.send(.version(id, moment), insteadOf: &looking)
  }

  private func putBack(_ turn: inout Turn) {
    guard let shown, let present else { return turn.say("it is still being read", .warning) }
    let differing = TenantField.allCases.filter { !shown.tenant[$0].sameBytes(as: present[$0]) }
    guard !differing.isEmpty else {
      return turn.say(
        shown.tenant.state == present.state
          ? "nothing differs from how it is now" : "only its state differs: x on the tenant changes that")
    }
    turn.push(PutBackMenu(shown.tenant, on: present, differing))
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    switch ticket {
    case looking: looking = nil
    case readingPresent: readingPresent = nil
    default: return false
    }
    switch result {
    case .success(.version(let found?)): shown = found
    case .success(.version(nil)):
      turn.say(shown == nil ? "it was not there yet" : "there is no such version", .warning)
    case .success(.tenant(let found)): present = found
    case .success: preconditionFailure("a version is answered by .version, a tenant by .tenant")
    case .failure(let error): turn.say(error, while: "reading versions of \(siteID)")
    }
    return true
  }

  mutating func returned(_ news: News, _ turn: inout Turn) {
    switch news {
    case .changed: turn.pop(news)
    case .nothing, .ended, .merged, .chosen, .agreed, .mended, .list, .draft, .template, .intake: break
    }
  }

  private mutating func move(by step: Int, _ turn: Turn) {
    let count = shown.map { lines($0, turn.size.columns).count } ?? 0
    scroll = max(0, min(count - (turn.bodyLines - 2), scroll + step))
  }

  func view(_ look: Look) -> Body {
    var title = [Span(" "), Span(SafeText(siteID), .heading)]
    guard let shown else {
      if look.isSlow(looking) { title.append(Span("  loading... " + look.waited(looking), .faint)) }
      return Body([Line(title)], cursor: Point(line: 0, column: 1))
    }
    title += [
      Span(SafeText("  as version \(shown.tenant.version) of \(shown.newest)"), .warning),
      Span(SafeText("  since \(shown.at.utc)"), .faint),
    ]
    if look.isSlow(looking) { title.append(Span("  loading... " + look.waited(looking), .faint)) }
    let all = lines(shown, look.columns)
    let top = max(0, min(scroll, all.count - (look.lines - 2)))
    return Body(
      [Line(title), Line()] + all.dropFirst(top).prefix(max(1, look.lines - 2)),
      cursor: Point(line: 0, column: 1))
  }
}

extension VersionScreen {
  private func lines(_ version: TenantVersion, _ columns: Int) -> [Line] {
    var head =
      [Span("  ")] + Shown(version.action, .heading).spans + [Span(" by ", .faint)]
      + Shown(version.actor).spans
    head.append(Span(SafeText("  entry \(version.entryID)"), .faint))
    var lines = [Line(head)]
    if let reason = version.reason {
      for (place, spans) in Shown(reason).wrapped(columns: columns - 12).enumerated() {
        lines.append(Line([Span(place == 0 ? "  Reason: " : "", .faint, columns: 10)] + spans))
      }
    }
    lines += Self.changes(version, columns)
    lines += [Line(), Line([Span("  The whole, as it was then", .faint)])]
    for field in TenantField.allCases {
      let values = Change.entries(version.tenant[field])
      let shown = values.isEmpty ? [Shown(mark: "(none)")] : values.map { Shown($0) }
      lines += Self.row(Words.name(of: field), shown, columns)
    }
    let state = version.tenant.state
    return lines + Self.row("State", [Shown(state.rawValue, Words.role(of: state))], columns)
  }

  private static func changes(_ version: TenantVersion, _ columns: Int) -> [Line] {
    guard let before = version.before else { return [] }
    var lines = TenantField.allCases.flatMap { field -> [Line] in
      let (old, new) = (before[field], version.tenant[field])
      return old.sameBytes(as: new) ? [] : Change(field, from: old, to: new).lines(columns: columns)
    }
    if before.state != version.tenant.state {
      lines += [
        Line([Span("  State", .heading)]),
        Line([Span("    - ", .removed), Span(SafeText(before.state.rawValue), .removed)]),
        Line([Span("    + ", .added), Span(SafeText(version.tenant.state.rawValue), .added)]),
      ]
    }
    return lines
  }

  private static func row(_ name: SafeText, _ values: [Shown], _ columns: Int) -> [Line] {
    values.flatMap { $0.wrapped(columns: columns - 19) }.enumerated().map { place, spans in
      Line([Span("  "), Span(place == 0 ? name : "", .heading, columns: 16)] + spans)
    }
  }
}
