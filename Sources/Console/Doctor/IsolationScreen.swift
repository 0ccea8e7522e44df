import TenantStore
import Terminal

/// What stands between one tenant and the others: its doors, tried now, and its rows in the protected tables.
struct IsolationScreen: Screen {
  private let tenant: Tenant
  private var isolation: TenantIsolation?
  private var looking: Ticket?
  private var scroll = 0

  let place = Place.page
  var subject: Tenant? { tenant }
  var reading: [Ticket] { looking.map { [$0] } ?? [] }
  var clippings: [Clipping] {
    guard let isolation, !isolation.tables.isEmpty else { return [] }
    let rows = isolation.tables.map { "\($0.table)\t\($0.rows)" }
    return [Clipping(name: "rows per table", text: rows.joined(separator: "\n"))]
  }

  init(_ tenant: Tenant) { self.tenant = tenant }

  mutating func opened(_ turn: inout Turn) { turn.send(.isolation(tenant.id), insteadOf: &looking) }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    let page = max(1, turn.bodyLines - 2)
    switch action {
    case .move(let movement): move(by: movement.lines(ofPage: page), turn)
    case .dialog(.back), .dialog(.leave): turn.pop()
    case .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    guard ticket == looking else { return false }
    looking = nil
    switch result {
    case .success(.isolation(let found?)): isolation = found
    case .success(.isolation(nil)): turn.say("this tenant is no longer there", .bad)
    case .success: preconditionFailure("a tenant's isolation is answered by .isolation")
    case .failure(let error): turn.say(error, while: "trying the doors of \(tenant.siteID)")
    }
    return true
  }

  private mutating func move(by step: Int, _ turn: Turn) {
    let count = isolation.map { lines($0).count } ?? 0
    scroll = max(0, min(count - (turn.bodyLines - 2), scroll + step))
  }

  func view(_ look: Look) -> Body {
    var title = [Span(" Isolation of ", .heading), Span(SafeText(tenant.siteID), .heading)]
    if look.isSlow(looking) { title.append(Span("  trying its doors... " + look.waited(looking), .faint)) }
    let all = isolation.map(lines) ?? []
    let room = max(1, look.lines - 2)
    let top = max(0, min(scroll, all.count - room))
    return Body(
      [Line(title), Line()] + all.dropFirst(top).prefix(room), cursor: Point(line: 0, column: 0))
  }

  private func lines(_ isolation: TenantIsolation) -> [Line] {
    var lines = [Line([Span("  Its doors, tried now", .heading)])]
    lines += [
      Self.door("secret", isolation.secretOpens), Self.door("origins", isolation.originOpens),
      Self.door("permissions", isolation.permissionHolds), Line(),
      Line([Span("  Its rows in protected tables", .heading)]),
    ]
    if isolation.tables.isEmpty {
      lines.append(Line("    (no table is protected: i on the list finds what should be)", .faint))
    }
    for table in isolation.tables {
      let count = Words.grouped(table.rows)
      lines.append(
        Line([
          Span("", columns: max(0, 16 - count.utf8.count)), Span(SafeText(count)), Span("  "),
          Span(SafeText(table.table)),
        ]))
    }
    return lines
  }

  /// A word, never a colour alone.
  private static func door(_ name: SafeText, _ opens: Bool?) -> Line {
    let (word, role): (SafeText, Role) =
      switch opens {
      case true?: ("open", .good)
      case false?: ("SHUT", .warning)
      case nil: ("(none)", .faint)
      }
    return Line([Span("    "), Span(name, columns: 14), Span(word, role)])
  }
}
