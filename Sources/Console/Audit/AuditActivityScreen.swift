import TenantStore
import Terminal

/// How much happened over time: a bar a day, then by action and by person. Days are UTC's.
struct AuditActivityScreen: Screen {
  private let tenant: AuditScreen.Subject?
  private let filter: AuditFilter
  /// The filter as it was typed.
  private let typed: String
  private var days = 0
  private var found: AuditActivity?
  private var counting: Ticket?
  private var scroll = 0

  let place = Place.activity
  var reading: [Ticket] { [counting].compactMap { $0 } }
  var explanation: Explanation? {
    Explanation(
      command: CommandText.activity(tenant?.siteID, filter: typed, days: days),
      requests: [.auditActivity(request)])
  }

  init(of tenant: AuditScreen.Subject?, _ filter: AuditFilter, typed: String) {
    (self.tenant, self.filter, self.typed) = (tenant, filter, typed)
  }

  private var request: AuditActivityRequest { AuditActivityRequest(filter: filter, days: days) }

  /// As many days as there are columns.
  mutating func opened(_ turn: inout Turn) {
    days = max(14, min(366, turn.size.columns - Self.margin - 1))
    turn.send(.auditActivity(request), insteadOf: &counting)
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .move(let movement):
      let most = max(found?.actions.count ?? 0, found?.actors.count ?? 0) - 1
      scroll = max(0, min(most, scroll + movement.lines(ofPage: 5)))
    case .page(.refresh): opened(&turn)
    case .dialog(.back), .dialog(.leave): turn.pop()
    case .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    guard ticket == counting else { return false }
    counting = nil
    switch result {
    case .success(.auditActivity(let activity)): found = activity
    case .success: preconditionFailure("an activity of the audit is answered by .auditActivity")
    case .failure(let error): turn.say(error, while: "counting")
    }
    return true
  }

  // MARK: How it looks

  /// Columns left of the bars.
  private static let margin = 9
  private static let eighths: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  func view(_ look: Look) -> Body {
    let name = tenant.map { "Activity of \($0.siteID)" } ?? "Activity of everybody"
    var title = [Span(" "), Span(SafeText(name), .heading)]
    if !typed.isEmpty { title += [Span("  / ")] + Shown(typed).spans }
    if look.isSlow(counting) {
      title.append(Span("  counting... Ctrl-c cancels  " + look.waited(counting), .faint))
    }
    guard let found else { return Body([Line(title)], cursor: Point(line: 0, column: 1)) }
    title.append(
      Span(
        SafeText("  \(Words.grouped(found.total)) in \(Words.count(found.days.count, "day")), UTC"), .faint))
    if !found.includesAttempts { title.append(Span(", without attempts", .faint)) }
    let height = max(1, min(10, (look.lines - 6) / 2))
    return Body(
      [Line(title), Line()] + Self.bars(found, height: height, columns: look.columns) + [Line()]
        + tables(found, columns: look.columns, lines: max(0, look.lines - height - 5)),
      cursor: Point(line: 0, column: 1))
  }

  /// The last days that there is room for, the greatest as high as all, and the dates of both ends.
  private static func bars(_ found: AuditActivity, height: Int, columns: Int) -> [Line] {
    let days = found.days.suffix(max(1, columns - margin - 1))
    let most = max(1, days.max() ?? 1)
    var lines = (0..<height).reversed().map { row -> Line in
      let label = row == height - 1 ? Words.grouped(most) : row == 0 ? "0" : ""
      let bar = days.map { count -> Character in
        // Whatever is not nothing is seen.
        let level = count > 0 ? max(1, Int(count) * height * 8 / Int(most)) : 0
        return eighths[max(0, min(8, level - row * 8))]
      }
      return Line([
        Span(" "),
        Span(SafeText(String(repeating: " ", count: max(0, margin - 2 - label.count)) + label), .faint),
        Span(" "), Span(SafeText(String(bar)), .key),
      ])
    }
    let first = found.start.microseconds + Int64(found.days.count - days.count) * 86_400_000_000
    let dates = [Int64(0), Int64(days.count - 1)].map {
      SafeText(String(Instant(microseconds: first + $0 * 86_400_000_000).utc.prefix(10)))
    }
    let gap = max(1, days.count - dates[0].width - dates[1].width)
    lines.append(
      Line([
        Span("", columns: margin), Span(dates[0], .faint),
        Span("", columns: gap), Span(days.count > 22 ? dates[1] : "", .faint),
      ]))
    return lines
  }

  /// Actions on the left, people on the right.
  private func tables(_ found: AuditActivity, columns: Int, lines room: Int) -> [Line] {
    guard room > 1 else { return [] }
    let half = (columns - 2) / 2
    var lines = [
      Line([Span(" "), Span("By action", .heading, columns: half), Span(" "), Span("By person", .heading)])
    ]
    let left = found.actions.dropFirst(scroll)
    let right = found.actors.dropFirst(scroll)
    for place in 0..<min(room - 1, max(left.count, right.count)) {
      lines.append(
        Line(
          [Span(" ")] + Self.bar(left.dropFirst(place).first, of: found.actions.first, half) + [Span(" ")]
            + Self.bar(right.dropFirst(place).first, of: found.actors.first, half)))
    }
    return lines
  }

  /// A name, its count, and a bar as long as its part of the greatest.
  private static func bar(
    _ count: AuditActivity.Count?, of most: AuditActivity.Count?, _ columns: Int
  ) -> [Span] {
    guard let count, let most else { return [Span("", columns: columns)] }
    let (nameColumns, numberColumns) = (min(16, columns / 2), 8)
    let room = max(1, columns - nameColumns - numberColumns - 2)
    let length = max(1, Int(count.count) * room / max(1, Int(most.count)))
    let number = Words.grouped(count.count)
    var spans: [Span] = []
    Shown(count.name).append(to: &spans, columns: nameColumns)
    spans.append(
      Span(
        SafeText(String(repeating: " ", count: max(0, numberColumns - number.count)) + number + " "), .faint))
    spans.append(Span(SafeText(String(repeating: "█", count: length)), .key, columns: room + 1))
    return spans
  }
}
