import TenantStore
import Terminal

/// One event of the audit, whole: who did it, how that is known, from where, why, and what changed field by field.
struct EventScreen: Screen {
  private var page: PageScreen
  let clippings: [Clipping]

  let place = Place.event

  init(_ event: AuditEvent) {
    clippings = Self.clippings(of: event)
    page = PageScreen(Self.lines(event), clippings: [])
  }

  mutating func act(_ action: Action, _ turn: inout Turn) { page.act(action, &turn) }

  func view(_ look: Look) -> Body { page.view(look) }

  /// Five lines for a ticket.
  static func receipt(of event: AuditEvent) -> Receipt {
    let client = event.client
    let changes = event.changes.map {
      "\(Words.name(ofRaw: $0.field).text.lowercased()) \($0.old ?? "(not set)") -> \($0.new ?? "(not set)")"
    }
    var place = event.entryID.map { "entry \($0)" } ?? "no entry"
    if let seq = event.seq { place += ", number \(seq) of its chain" }
    if let request = event.requestID { place += "; request \(request)" }
    if let reason = event.reason { place += "; reason: \(reason)" }
    let proven =
      client.map { ", proven: \($0.provenWords), from \($0.address ?? "the server's own machine")" } ?? ""
    return Receipt(lines: [
      ("What", SafeText("\(event.action) \(subject(of: event)) (\(event.outcome.rawValue))")),
      ("From, to", SafeText(changes.isEmpty ? event.note ?? "nothing" : changes.joined(separator: "; "))),
      ("Who", SafeText(event.actor + proven)), ("When", SafeText(event.at.utc)), ("Audit", SafeText(place)),
    ])
  }

  static func clippings(of event: AuditEvent) -> [Clipping] {
    var all = [Clipping(name: "receipt", text: receipt(of: event).text)]
    if let request = event.requestID { all.append(Clipping(name: "request id", text: request.description)) }
    if let tenant = event.tenantID { all.append(Clipping(name: "tenant id", text: tenant.description)) }
    all.append(Clipping(name: "who", text: event.actor))
    if let reason = event.reason { all.append(Clipping(name: "reason", text: reason)) }
    return all
  }

  private static func subject(of event: AuditEvent) -> String {
    event.siteID ?? event.tenantID?.description ?? "the installation"
  }

  private static func lines(_ event: AuditEvent) -> [Line] {
    let client = event.client
    let notKept = Shown(mark: "(not written down)")
    var rows: [(SafeText, Shown)] = [
      ("When", Shown(event.at.utc)), ("Who", Shown(event.actor)),
      ("Role", event.role.map { Shown($0) } ?? notKept),
      ("Proven by", client.map { $0.proven.map { Shown($0) } ?? Shown(mark: "(not known)") } ?? notKept),
      (
        "From",
        client.map { $0.address.map { Shown($0) } ?? Shown(mark: "(the server's own machine)") } ?? notKept
      ),
      ("Claims to be", client.map { Shown($0.application) } ?? notKept),
      ("Why", Shown(event.reason)), ("Request", Shown(event.requestID?.description)),
      (
        "Entry",
        event.entryID.map { Shown("\($0)" + (event.seq.map { ", number \($0) of its chain" } ?? "")) }
          ?? Shown(mark: "(none)")
      ),
      ("Version", Shown(event.version.map(String.init))), ("Tenant", Shown(subject(of: event))),
      ("Tenant id", Shown(event.tenantID?.description)),
    ]
    if let note = event.note { rows.insert(("Note", Shown(note)), at: 0) }
    var lines = [
      Line(
        [Span(" ")] + Shown(event.action, .heading).spans
          + [Span("  "), Span(SafeText(event.outcome.rawValue.uppercased()), event.outcome.role)]), Line(),
    ]
    lines += rows.map { name, value in Line([Span("   "), Span(name, .heading, columns: 14)] + value.spans) }
    guard !event.changes.isEmpty else { return lines }
    lines += [Line(), Line(" What changed", .heading)]
    for change in event.changes {
      lines.append(Line([Span("   "), Span(Words.name(ofRaw: change.field), .heading)]))
      // Nothing went where nothing was.
      if change.old != nil {
        lines.append(Line([Span("     - ", .removed)] + Shown(change.old, .removed).spans))
      }
      lines.append(Line([Span("     + ", .added)] + Shown(change.new, .added).spans))
    }
    return lines
  }
}
