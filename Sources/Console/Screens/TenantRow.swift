import TenantStore
import Terminal

/// A tenant in the list, made ready to be drawn when it arrives.
struct TenantRow: Sendable {
  var tenant: Tenant
  var cursor: Cursor
  /// When its ages were worked out.
  private let asOf: Instant
  /// One for each column of the arrangement.
  private var cells: [Shown]

  init(_ tenant: Tenant, _ cursor: Cursor, asOf now: Instant, _ columns: [TenantColumn]) {
    self.tenant = tenant
    self.cursor = cursor
    asOf = now
    cells = columns.map { $0.cell(tenant, now) }
  }

  /// The same tenant in other columns.
  mutating func rearrange(_ columns: [TenantColumn]) { cells = columns.map { $0.cell(tenant, asOf) } }

  func line(isSelected: Bool, isMarked: Bool, _ layout: [(place: Int, width: Int)]) -> Line {
    var line = Line()
    line.spans.reserveCapacity(layout.count * 2 + 1)
    line.spans.append(Self.markers[(isSelected ? 1 : 0) + (isMarked ? 2 : 0)])
    for (place, width) in layout {
      cells[place].append(to: &line.spans, columns: width - 1)
      line.spans.append(Self.gap)
    }
    return line
  }

  private static let gap = Span(" ")
  /// Of a row that is neither, of the selected one, of a marked one, of one that is both.
  private static let markers = ["", " > ", "*", "*> "].map {
    Span($0, .focus, columns: Arrangement.markerColumns)
  }
}
