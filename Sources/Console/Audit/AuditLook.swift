import TenantStore
import Terminal

/// How the audit looks.
extension AuditScreen {
  /// Lines above the events.
  static let head = 3

  func view(_ look: Look) -> Body {
    let (title, column) = title(look)
    var lines = [title, Line([Span(" ")] + chain(look)), AuditRow.titles(withSite: tenant == nil)]
    if let problem {
      lines += Box.paragraph(problem.text, columns: look.columns - 4).map {
        Line([Span("  "), Span($0, .warning)])
      }
    }
    let room = max(0, look.lines - lines.count)
    for place in window.top..<max(window.top, min(window.rows.count, window.top + room)) {
      lines.append(
        window.rows[place].line(
          isSelected: place == window.selected, withSite: tenant == nil, columns: look.columns))
    }
    if window.isLoaded, window.rows.isEmpty, window.loading == nil {
      lines.append(
        Line(field.isEmpty ? "  Nothing was done yet." : "  Nothing matches: Esc clears the filter.", .faint))
    }
    if let column { return Body(lines, cursor: Point(line: 0, column: column)) }
    return Body(lines, cursor: Point(line: Self.head + window.selected - window.top, column: 0))
  }

  private func title(_ look: Look) -> (line: Line, cursor: Int?) {
    let name: SafeText = tenant.map { SafeText("Audit of \($0.siteID)") } ?? "Audit of everybody"
    var spans = [Span(" "), Span(name, .heading)]
    let right = state(look)
    var cursor: Int?
    if isTyping || !field.isEmpty {
      spans.append(Span("  / "))
      let used = name.width + 5
      let (span, column) = field.view(
        columns: max(8, look.columns - used - right.width - 2), focused: isTyping)
      spans.append(span)
      if isTyping { cursor = used + column }
    }
    let used = spans.reduce(0) { $0 + $1.width }
    if used + right.width + 1 < look.columns {
      spans.append(Span("", columns: look.columns - used - right.width - 1))
    }
    spans.append(Span(right, window.fresh > 0 ? .warning : .faint))
    return (Line(spans), cursor)
  }

  /// What it waits for, what came in above, and how often it looks for more.
  private func state(_ look: Look) -> SafeText {
    if look.isSlow(window.awaited) { return "searching... Ctrl-c cancels  " + look.waited(window.awaited) }
    if window.fresh > 0 { return SafeText("\(window.fresh) new above: g") }
    return SafeText("looks for new ones every \(Self.pause / 1000) s")
  }

  /// How far the chain is proven, and whether its signing is overdue.
  private func chain(_ look: Look) -> [Span] {
    var spans: [Span]
    switch look.verified(tenant?.id) {
    case nil: spans = [Span("not verified yet", .faint)]
    case let verified? where verified.findings > 0:
      let findings = Words.count(verified.findings, "finding")
      spans = [Span(SafeText("NOT AS WRITTEN: \(findings) at \(verified.at.minute)"), .bad)]
    case let verified?:
      let entries = Words.grouped(verified.entries) + (verified.entries == 1 ? " entry" : " entries")
      spans = [Span(SafeText("\(entries) verified \(verified.at.minute)"), .good)]
    }
    guard let proof else { return spans }
    spans.append(Span("  "))
    if let waiting = proof.oldestUnsigned, proof.isOverdue(at: look.now) {
      spans.append(Span(SafeText("checkpoint OVERDUE (\(waiting.utc.prefix(10)))"), .warning))
    } else if let block = proof.block, let at = proof.signedAt {
      spans.append(Span(SafeText("checkpoint \(block) at \(at.minute)"), .faint))
    } else {
      spans.append(Span("no checkpoint yet", .faint))
    }
    return spans
  }
}
