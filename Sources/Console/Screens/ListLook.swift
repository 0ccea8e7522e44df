import TenantStore
import Terminal

/// How the list looks.
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
    if let moment = window.asOf { spans.append(Span(SafeText("  as of \(moment.utc)"), .warning)) }
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
          + (window.loading == nil ? "not all: r searches on" : "searching... Ctrl-c cancels  ")
      ) + look.waited(window.loading)
    }
    if look.isSlow(marking) { return "marking all that match... Ctrl-c cancels  " + look.waited(marking) }
    if look.isSlow(window.awaited) {
      let words: SafeText =
        window.filter.isEmpty ? "loading... Ctrl-c cancels" : "searching... Ctrl-c cancels"
      return words + "  " + look.waited(window.awaited)
    }
    return counted
  }
}
