import TenantStore
import Terminal

/// The columns of the list as a person wants them: which, in what order, how wide. The site id is always the first and
/// stays where it is while the others are scrolled.
struct Arrangement: Equatable, Sendable {
  struct Column: Equatable, Sendable {
    var column: TenantColumn
    /// Columns of the screen; nil: as there is room.
    var width: Int?
  }

  static let markerColumns = 3
  static let widths = 4...80

  /// As the program comes.
  static let standard = Arrangement(
    [.siteID, .name, .contactEmail, .state, .updated, .industry].map { Column(column: $0) })

  private(set) var columns: [Column]

  init(_ columns: [Column]) {
    var columns = columns
    if let place = columns.firstIndex(where: { $0.column == .siteID }) {
      columns.insert(columns.remove(at: place), at: 0)
    } else {
      columns.insert(Column(column: .siteID), at: 0)
    }
    self.columns = columns
  }

  /// From a saved view: each a column's name and, after a colon, a width. Names that nobody knows are left out; nothing
  /// left: as the program comes.
  init(names: [String]) {
    var columns: [Column] = []
    for name in names {
      guard let column = Self.column(named: name), !columns.contains(where: { $0.column == column.column })
      else { continue }
      columns.append(column)
    }
    self = columns.isEmpty ? .standard : Arrangement(columns)
  }

  /// Nil for a name that nobody knows.
  static func column(named name: String) -> Column? {
    let parts = name.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 1).map { String(Substring($0)) }
    guard let first = parts.first, let column = TenantColumn(rawValue: first) else { return nil }
    let width = parts.count > 1 ? Int(parts[1]) : nil
    return Column(column: column, width: width.map(bounded))
  }

  /// As a saved view keeps it; empty: as the program comes.
  var names: [String] {
    self == .standard
      ? [] : columns.map { column in column.column.rawValue + (column.width.map { ":\($0)" } ?? "") }
  }

  var shown: [TenantColumn] { columns.map(\.column) }

  static func bounded(_ width: Int) -> Int { max(widths.lowerBound, min(widths.upperBound, width)) }

  /// The columns that fit, the first always, the others from `scroll` on, each with its width and the gap after it.
  func layout(columns: Int, scroll: Int) -> [(place: Int, width: Int)] {
    var room = columns - Self.markerColumns
    var chosen: [(place: Int, width: Int)] = []
    let isStandard = self == .standard
    for place in [0] + Array(1..<max(1, self.columns.count)).dropFirst(scroll) {
      let column = self.columns[place]
      let least = (column.width ?? column.column.least) + 1
      // The last one comes of itself only where names and addresses keep a readable width.
      let needed = isStandard && place == self.columns.count - 1 && scroll == 0 ? least + 24 : least
      guard chosen.isEmpty || room >= needed else { break }
      chosen.append((place, min(least, max(1, columns - Self.markerColumns))))
      room -= least
    }
    let shares = chosen.reduce(0) { $0 + share($1.place) }
    if room > 0, shares > 0 {
      for index in chosen.indices { chosen[index].width += room * share(chosen[index].place) / shares }
    }
    return chosen
  }

  private func share(_ place: Int) -> Int { columns[place].width == nil ? columns[place].column.share : 0 }

  /// How far the columns can be scrolled until the last one is in sight.
  func farthest(columns: Int) -> Int {
    var scroll = 0
    while scroll < self.columns.count - 2,
      layout(columns: columns, scroll: scroll).last?.place != self.columns.count - 1
    {
      scroll += 1
    }
    return scroll
  }

  func titles(_ layout: [(place: Int, width: Int)]) -> Line {
    Line(
      [Span("", columns: Self.markerColumns)]
        + layout.map { Span(columns[$0.place].column.title, .heading, columns: $0.width) })
  }
}
