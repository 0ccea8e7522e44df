import Terminal

/// Lines to choose from in a box, and the one that has the focus.
struct Menu: Equatable, Sendable {
  private(set) var selected = 0
  private(set) var count: Int

  init(count: Int, selected: Int = 0) {
    self.count = count
    self.selected = max(0, min(count - 1, selected))
  }

  /// True when the action was one that moves the focus.
  mutating func act(_ action: Action) -> Bool {
    guard case .move(let movement) = action else { return false }
    selected = max(0, min(count - 1, selected + movement.lines(ofPage: 10)))
    return true
  }

  /// Puts the focus on a line that was clicked. False where there is none.
  mutating func select(_ place: Int) -> Bool {
    guard (0..<count).contains(place) else { return false }
    selected = place
    return true
  }

  /// Other lines: the focus goes to the first.
  mutating func renew(count: Int) { self = Menu(count: count) }

  /// The places that are in sight when `room` lines are.
  func visible(_ room: Int) -> Range<Int> {
    let top = max(0, min(selected - room / 2, count - room))
    return top..<max(top, min(count, top + room))
  }

  /// A line with the mark of the focus before it.
  func line(_ place: Int, _ spans: [Span]) -> Line {
    Line([Span(place == selected ? "> " : "  ", .focus)] + spans)
  }
}
