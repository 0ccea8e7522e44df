import TenantStore
import Terminal

/// What happened to a tenant, newest first, a page at a time.
struct History: Sendable {
  private static let limit = 50

  /// An entry, made ready to be drawn when it arrives.
  private struct Item: Sendable {
    var seq: Int64
    var head: [Span]
    var details: [(mark: SafeText, value: Shown)]
  }

  private var items: [Item] = []
  private var selected = 0
  private var isWhole = false
  private(set) var reading: Ticket?

  static func request(_ id: TenantID) -> Request { .history(id, before: nil, limit: limit) }

  /// Asks for the newest page, unless something is here or on its way.
  mutating func load(_ id: TenantID, _ turn: inout Turn) {
    guard items.isEmpty, !isWhole, reading == nil else { return }
    reading = turn.send(Self.request(id))
  }

  /// What is here is no longer all there is.
  mutating func forget(_ turn: inout Turn) {
    turn.cancel(&reading)
    self = History()
  }

  /// Moves the selection; asks for older entries before the last one here is reached.
  mutating func move(by step: Int, _ id: TenantID, _ turn: inout Turn) {
    selected = max(0, min(items.count - 1, selected + step))
    guard let last = items.last, !isWhole, reading == nil, selected + Self.limit / 2 >= items.count else {
      return
    }
    reading = turn.send(.history(id, before: last.seq, limit: Self.limit))
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    guard ticket == reading else { return false }
    reading = nil
    switch result {
    case .success(.history(let entries)):
      isWhole = entries.count < Self.limit
      items += entries.map(Self.item)
    case .success: preconditionFailure("a history is answered by .history")
    case .failure(let error): turn.say(error, while: "reading the history")
    }
    return true
  }

  private static func item(_ entry: AuditEntry) -> Item {
    let action = Shown(entry.action, .heading)
    let head =
      [Span(SafeText("#\(entry.seq)"), .faint, columns: 6), Span(SafeText("\(entry.at.utc)  "))]
      + action.spans
      + [Span("  by ", .faint)] + Shown(entry.actor).spans
      + [Span(SafeText("  \(entry.version.map { "version \($0), " } ?? "")entry \(entry.entryID)"), .faint)]
    var details: [(SafeText, Shown)] = entry.reason.map { [(SafeText("Reason: "), Shown($0))] } ?? []
    for change in entry.changes {
      details.append((Words.name(ofRaw: change.field) + ":", Shown(mark: "")))
      // Nothing went where nothing was.
      if change.old != nil { details.append(("  - ", Shown(change.old, .removed))) }
      details.append(("  + ", Shown(change.new, .added)))
    }
    return Item(seq: entry.seq, head: head, details: details)
  }

  /// At most `lines` lines, scrolled so that the selected entry is in sight, and the selected entry's first line.
  func view(columns: Int, lines room: Int) -> (lines: [Line], cursor: Int) {
    guard !items.isEmpty else {
      return ([Line(reading == nil && isWhole ? "  (no entries)" : "", .faint)], 0)
    }
    // Entries differ in height: take as many before the selected one as fit above it.
    let chosen = lines(of: selected, columns)
    var shown = Array(chosen.prefix(room))
    var cursor = 0
    var above = selected - 1
    while above >= 0, selected - above < room {
      let more = lines(of: above, columns)
      // Leave the lower half for what comes after.
      guard cursor + more.count <= max(0, min(room - shown.count + cursor, room / 2)) else { break }
      shown = more + shown
      cursor += more.count
      above -= 1
    }
    var below = selected + 1
    while shown.count < room, below < items.count {
      shown += lines(of: below, columns)
      below += 1
    }
    return (Array(shown.prefix(room)), cursor)
  }

  private func lines(of place: Int, _ columns: Int) -> [Line] {
    let item = items[place]
    var lines = [Line([Span(place == selected ? " > " : "   ", .focus)] + item.head)]
    for (mark, value) in item.details {
      for (number, spans) in value.wrapped(columns: columns - 10 - mark.width).enumerated() {
        lines.append(
          Line([Span("         "), Span(number == 0 ? mark : "", .faint, columns: mark.width)] + spans))
      }
    }
    return lines
  }
}
