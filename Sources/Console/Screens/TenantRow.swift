import TenantStore
import Terminal

/// A tenant in the list, made ready to be drawn when it arrives.
struct TenantRow: Sendable {
  var tenant: Tenant
  var cursor: Cursor
  fileprivate var cells: [Shown]

  init(_ tenant: Tenant, _ cursor: Cursor, asOf now: Instant) {
    self.tenant = tenant
    self.cursor = cursor
    cells = TenantColumns.all.map { $0.cell(tenant, now) }
  }
}

/// A column of the list.
struct TenantColumn: Sendable {
  var title: SafeText
  /// Columns it takes at least, and its share of what is left over.
  var least: Int
  var share: Int
  var cell: @Sendable (Tenant, Instant) -> Shown
}

/// Which columns there are, and how they lie on a line of a given width.
enum TenantColumns {
  static let all: [TenantColumn] = [
    TenantColumn(title: "SITE", least: 14, share: 3) { tenant, _ in Shown(tenant.siteID) },
    TenantColumn(title: "NAME", least: 14, share: 5) { tenant, _ in Shown(tenant.name) },
    TenantColumn(title: "EMAIL", least: 14, share: 5) { tenant, _ in Shown(tenant.contactEmail) },
    TenantColumn(title: "STATE", least: 11, share: 0) { tenant, _ in
      // Upper case, so that a state that is not as it should be is seen without colour.
      let word = tenant.state.rawValue
      return Shown(tenant.state == .active ? word : word.uppercased(), Words.role(of: tenant.state))
    },
    TenantColumn(title: "UPDATED", least: 7, share: 0) { tenant, now in
      Shown(tenant.updatedAt.age(at: now), .faint)
    },
    TenantColumn(title: "INDUSTRY", least: 14, share: 1) { tenant, _ in Shown(tenant.industry) },
  ]

  static let markerColumns = 3

  /// The columns that fit, the first always, the others from `scroll` on, each with its width.
  static func layout(columns: Int, scroll: Int) -> [(place: Int, width: Int)] {
    var room = columns - markerColumns
    var chosen: [(place: Int, width: Int)] = []
    for place in [0] + Array(1..<all.count).dropFirst(scroll) {
      let least = all[place].least + 1
      // The last column comes of itself only where names and addresses keep a readable width.
      let needed = place == all.count - 1 && scroll == 0 ? least + 24 : least
      guard chosen.isEmpty || room >= needed else { break }
      chosen.append((place, least))
      room -= least
    }
    let shares = chosen.reduce(0) { $0 + all[$1.place].share }
    if room > 0, shares > 0 {
      for index in chosen.indices { chosen[index].width += room * all[chosen[index].place].share / shares }
    }
    return chosen
  }

  /// How far the columns can be scrolled until the last one is in sight.
  static func farthest(columns: Int) -> Int {
    var scroll = 0
    while scroll < all.count - 2, layout(columns: columns, scroll: scroll).last?.place != all.count - 1 {
      scroll += 1
    }
    return scroll
  }

  static func titles(_ layout: [(place: Int, width: Int)]) -> Line {
    Line(
      [Span("", columns: markerColumns)]
        + layout.map { Span(all[$0.place].title, .heading, columns: $0.width) })
  }

  static func line(_ row: TenantRow, selected: Bool, _ layout: [(place: Int, width: Int)]) -> Line {
    var line = Line()
    line.spans.reserveCapacity(layout.count * 2 + 1)
    line.spans.append(Span(selected ? " > " : "", .focus, columns: markerColumns))
    for (place, width) in layout {
      row.cells[place].append(to: &line.spans, columns: width - 1)
      line.spans.append(gap)
    }
    return line
  }

  private static let gap = Span(" ")
}
