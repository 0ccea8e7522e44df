extension SafeText {
  /// The longest start of the text that fits in `columns`; ends in "…" where something was cut.
  /// Empty where `columns` is 0 or less. `hidden` stays: it speaks of the whole value.
  public func clipped(to columns: Int) -> SafeText {
    if width <= columns { return self }
    if columns <= 0 { return SafeText(clean: "", width: 0, hidden: hidden) }
    let kept = start(columns: columns - 1)
    return SafeText(clean: kept.text + "…", width: kept.width + 1, hidden: hidden)
  }

  /// What is left after the first `columns` columns are taken away (a wide character across the edge becomes a blank).
  public func dropping(columns: Int) -> SafeText {
    if columns <= 0 { return self }
    if columns >= width { return SafeText(clean: "", width: 0, hidden: hidden) }
    let cut = index(column: columns)
    let rest = String(text.unicodeScalars[cut.end...])
    let blanks = cut.endColumn - columns
    return SafeText(
      clean: String(repeating: " ", count: blanks) + rest, width: width - columns, hidden: hidden)
  }

  /// The longest start that fits in `columns`, without a sign that something was cut: at most one column shorter.
  func start(columns: Int) -> SafeText {
    if columns >= width { return self }
    if columns <= 0 { return SafeText(clean: "", width: 0, hidden: hidden) }
    let cut = index(column: columns)
    return SafeText(
      clean: String(text.unicodeScalars[..<cut.start]), width: cut.startColumn, hidden: hidden)
  }

  /// Exactly `columns` columns: cut with "…", or padded with blanks.
  func filling(_ columns: Int) -> SafeText {
    let clipped = clipped(to: columns)
    return clipped.width < columns ? clipped + .blanks(columns - clipped.width) : clipped
  }

  /// The cut at `column`: `start` is the place before the character that crosses or follows it, `end` the place
  /// after the one that crosses it. They are the same unless a wide character lies across the cut.
  /// Marks stay with the character they stand on.
  private func index(column: Int) -> Cut {
    let scalars = text.unicodeScalars
    var at = scalars.startIndex
    var reached = 0
    while at < scalars.endIndex {
      let advance: Int
      switch DisplayClass(scalars[at]) {
      case .combining, .hidden: advance = 0
      case .narrow: advance = 1
      case .wide: advance = 2
      }
      if advance > 0 && reached >= column { break }
      if reached + advance > column {
        var after = scalars.index(after: at)
        while after < scalars.endIndex, DisplayClass(scalars[after]) == .combining {
          after = scalars.index(after: after)
        }
        return Cut(start: at, startColumn: reached, end: after, endColumn: reached + advance)
      }
      reached += advance
      at = scalars.index(after: at)
    }
    return Cut(start: at, startColumn: reached, end: at, endColumn: reached)
  }

  private struct Cut {
    var start: String.Index
    var startColumn: Int
    var end: String.Index
    var endColumn: Int
  }
}
