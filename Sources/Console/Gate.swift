/// Keeps a question from being answered by a key that was pressed before the question was on the screen.
struct Gate: Equatable, Sendable {
  private(set) var isOpen = false

  /// The question is on the screen.
  mutating func painted() { isOpen = true }

  /// Another question is asked, or the same one anew.
  mutating func close() { isOpen = false }
}
