/// Lines that stay as they are but stand elsewhere on the screen. Moved as a whole they need not be drawn anew.
struct Scroll: Equatable {
  /// The rows of the screen among which they move; what moves out of them is gone, what it leaves is blank.
  var rows: ClosedRange<Int>
  /// By how many rows they move up; down where it is negative.
  var lines: Int

  /// The scroll that makes most of `new` out of `old`; nil where none does. Both have a line for each row of the screen.
  /// Looks where a line from the middle of what differs stood before, so it finds moves by a few lines and not by a page,
  /// of which hardly a line stays.
  init?(from old: [Line], to new: [Line]) {
    guard old.count == new.count, let first = new.indices.first(where: { new[$0] != old[$0] }),
      let last = new.indices.last(where: { new[$0] != old[$0] }), last - first >= 4
    else { return nil }
    let middle = (first + last) / 2
    guard !new[middle].spans.isEmpty, let source = (first...last).first(where: { old[$0] == new[middle] })
    else {
      return nil
    }
    (rows, lines) = (first...last, source - middle)
    let kept = rows.count { rows.contains($0 + lines) && new[$0] == old[$0 + lines] }
    guard kept * 2 > rows.count else { return nil }
  }

  /// What is on the screen after it.
  func applied(to old: [Line]) -> [Line] {
    var new = old
    for row in rows { new[row] = rows.contains(row + lines) ? old[row + lines] : Line() }
    return new
  }
}
