import TenantStore
import Terminal

/// An event in the list, made ready to be drawn when it arrives.
struct AuditRow: Sendable {
  let event: AuditEvent
  private let actor: Shown
  private let action: Shown
  private let site: Shown
  /// What it did not end well with, which fields changed, and why.
  private let what: [Span]

  var cursor: AuditCursor { event.cursor }

  init(_ event: AuditEvent) {
    self.event = event
    actor = Shown(event.actor)
    action = Shown(event.action)
    site = event.tenantID.map { Shown(event.siteID ?? $0.description) } ?? Shown(mark: "-")
    var what: [Span] = []
    if event.outcome != .saved {
      what.append(Span(SafeText(event.outcome.rawValue.uppercased()), event.outcome.role))
      if let note = event.note { what += [Span(": ")] + Shown(note).spans }
    } else {
      what.append(
        Span(SafeText(event.changes.map { Words.name(ofRaw: $0.field).text }.joined(separator: ", "))))
    }
    if let reason = event.reason { what += [Span("  ")] + Shown(reason, .faint).spans }
    self.what = what
  }

  private static let widths = (at: 21, actor: 13, action: 17, site: 15)

  static func titles(withSite: Bool) -> Line {
    var spans = [
      Span("  "), Span("WHEN", .faint, columns: widths.at), Span("WHO", .faint, columns: widths.actor),
      Span("ACTION", .faint, columns: widths.action),
    ]
    if withSite { spans.append(Span("SITE", .faint, columns: widths.site)) }
    return Line(spans + [Span("WHAT, WHY", .faint)])
  }

  /// The site only where there is more than one.
  func line(isSelected: Bool, withSite: Bool, columns: Int) -> Line {
    var spans = [
      Span(isSelected ? "> " : "  ", .focus), Span(SafeText(event.at.utc), columns: Self.widths.at),
    ]
    let cells =
      [(actor, Self.widths.actor), (action, Self.widths.action)]
      + (withSite ? [(site, Self.widths.site)] : [])
    for (cell, width) in cells {
      cell.append(to: &spans, columns: width - 1)
      spans.append(Span(" "))
    }
    let used = spans.reduce(0) { $0 + $1.width }
    return Line(spans + Box.fitted(Line(what), columns: max(1, columns - used)).spans)
  }
}

extension AuditEvent.Outcome {
  var role: Role {
    switch self {
    case .saved: .good
    case .looked: .faint
    case .stale, .gone: .warning
    case .refused: .bad
    }
  }
}
