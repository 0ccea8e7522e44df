import TenantStore
import Terminal

/// Chooses the column by which the list is sorted.
struct SortMenu: Screen {
  private let sort: Sort
  private var menu: Menu

  let place = Place.menu
  let isBox = true

  init(_ sort: Sort) {
    self.sort = sort
    menu = Menu(
      count: SortColumn.allCases.count, selected: SortColumn.allCases.firstIndex(of: sort.column) ?? 0)
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    if menu.act(action) { return }
    switch action {
    case .dialog(.press): turn.pop(.list(.sort(Self.sort(by: SortColumn.allCases[menu.selected], now: sort))))
    case .dialog(.back), .dialog(.leave): turn.pop()
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  /// Times begin with the newest; the column that is sorted by already keeps its direction.
  private static func sort(by column: SortColumn, now: Sort) -> Sort {
    if column == now.column { return now }
    return switch column {
    case .createdAt, .updatedAt: Sort(column, descending: true)
    case .siteID, .name, .contactEmail, .industry, .state: Sort(column)
    }
  }

  func view(_ look: Look) -> Body {
    let visible = menu.visible(max(1, look.lines - 3))
    let lines = visible.map { place in
      let column = SortColumn.allCases[place]
      let note: SafeText = column == sort.column ? SafeText("(" + Words.direction(of: sort) + ")") : ""
      return menu.line(place, [Span(SafeText(Words.name(of: column)), columns: 18), Span(note, .faint)])
    }
    return Box.framed(
      lines, title: "SORT BY", width: min(40, look.columns - 4),
      cursor: Point(line: menu.selected - visible.lowerBound, column: 0))
  }
}

extension Words {
  /// A column to sort by, for people.
  static func name(of column: SortColumn) -> String {
    switch column {
    case .siteID: "site id"
    case .name: "name"
    case .contactEmail: "contact e-mail"
    case .industry: "industry"
    case .state: "state"
    case .createdAt: "created"
    case .updatedAt: "updated"
    }
  }

  static func direction(of sort: Sort) -> String {
    switch sort.column {
    case .createdAt, .updatedAt: sort.descending ? "newest first" : "oldest first"
    case .siteID, .name, .contactEmail, .industry, .state: sort.descending ? "z to a" : "a to z"
    }
  }
}

extension Cursor {
  /// The place of a tenant in the list so sorted, as the server makes it.
  init(_ tenant: Tenant, _ sort: Sort) {
    let key =
      switch sort.column {
      case .siteID: tenant.siteID
      case .name: Self.lowered(tenant.name)
      case .contactEmail: Self.lowered(tenant.contactEmail)
      case .industry: tenant.industry
      case .state: tenant.state.rawValue
      case .createdAt: String(tenant.createdAt.microseconds)
      case .updatedAt: String(tenant.updatedAt.microseconds)
      }
    self.init(key: key, id: tenant.id)
  }

  /// As the server's `lower` does it under collation "C": of ASCII only.
  private static func lowered(_ text: String) -> String {
    String(
      decoding: text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 + 32 : $0 },
      as: UTF8.self)
  }
}
