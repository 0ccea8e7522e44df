import TenantStore
import Terminal

/// Chooses what is done to all tenants that are marked.
struct BulkMenu: Screen {
  private let tenants: BulkTenants
  private var menu = Menu(count: BulkKind.allCases.count)

  let place = Place.menu
  let isBox = true

  init(_ tenants: BulkTenants) { self.tenants = tenants }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    if menu.act(action) { return }
    switch action {
    case .press: turn.replace(BulkForm(BulkKind.allCases[menu.selected], tenants, &turn))
    case .back, .leave: turn.pop()
    case .up, .down, .pageUp, .pageDown, .halfUp, .halfDown, .first, .last, .columnsLeft, .columnsRight,
      .open, .filter, .onboard, .edit, .lifecycle, .deactivate, .reactivate, .overview, .doors, .history,
      .refresh, .nextField, .previousField, .review, .confirm, .refuse, .switchSide, .stored, .help, .repaint,
      .suspend, .interrupt:
      break
    case .sort, .reverse, .mark, .markRange, .markAll, .bulk, .columns, .earlier, .later, .views, .saveView,
      .removeView, .autoRefresh:
      break
    }
  }

  func view(_ look: Look) -> Body {
    let visible = menu.visible(max(1, look.lines - 3))
    let lines = visible.map { menu.line($0, [Span(SafeText(BulkKind.allCases[$0].words))]) }
    return Box.framed(
      lines, title: SafeText(tenants.words + " marked"), width: min(40, look.columns - 4),
      cursor: Point(line: menu.selected - visible.lowerBound, column: 0))
  }
}

/// The tenants of a bulk: their ids, and the site ids of those that are known.
struct BulkTenants: Sendable {
  var ids: [TenantID]
  var siteIDs: [TenantID: String]

  var words: String { Words.count(Total(count: Int64(ids.count), estimated: false)) }
}
