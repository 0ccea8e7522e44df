import TenantStore
import Terminal

/// What of an earlier version is put back: one field that differs from the present, or all of them. It becomes an edit like
/// any other, with its preview, its version and its entry.
struct PutBackMenu: Screen {
  private let then: Tenant
  private let present: Tenant
  private let fields: [TenantField]
  private var menu: Menu

  let place = Place.menu
  let isBox = true

  init(_ then: Tenant, on present: Tenant, _ fields: [TenantField]) {
    self.then = then
    self.present = present
    self.fields = fields
    menu = Menu(count: fields.count + 1)
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    if menu.act(action) { return }
    switch action {
    case .dialog(.press):
      let chosen = menu.selected == 0 ? fields : [fields[menu.selected - 1]]
      let values = Dictionary(uniqueKeysWithValues: chosen.map { ($0, then[$0]) })
      turn.replace(EditScreen(present, putting: values, reason: "back to version \(then.version)", &turn))
    case .dialog(.back), .dialog(.leave): turn.pop()
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  func view(_ look: Look) -> Body {
    let names = ["everything that differs"] + fields.map { Words.name(of: $0) }
    let visible = menu.visible(max(1, look.lines - 3))
    return Box.framed(
      visible.map { menu.line($0, [Span(names[$0])]) },
      title: SafeText("PUT BACK to version \(then.version)"), width: min(44, look.columns - 4),
      cursor: Point(line: menu.selected - visible.lowerBound, column: 0))
  }
}
