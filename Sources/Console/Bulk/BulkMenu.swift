import TenantStore
import Terminal

/// Chooses what is done to all tenants that are marked: a change, or a file in one of the forms.
struct BulkMenu: Screen {
  private enum Item: Sendable {
    case change(BulkKind)
    case export(TenantForm)

    var words: String {
      switch self {
      case .change(let kind): kind.words
      case .export(let form): "export to a file as \(form.name)"
      }
    }
  }

  private let tenants: BulkTenants
  private let items: [Item]
  private var menu: Menu

  let place = Place.menu
  let isBox = true

  init(_ tenants: BulkTenants, _ forms: [TenantForm]) {
    self.tenants = tenants
    items = BulkKind.allCases.map(Item.change) + forms.map(Item.export)
    menu = Menu(count: items.count)
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    if menu.act(action) { return }
    switch action {
    case .dialog(.press): press(&turn)
    case .dialog(.back), .dialog(.leave): turn.pop()
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  private func press(_ turn: inout Turn) {
    switch items[menu.selected] {
    case .export(let form): turn.replace(ExportScreen(tenants, form))
    case .change(let kind):
      if let refusal = Self.refusal(turn.session) {
        turn.refuse(.screen(.list(.bulk)), refusal, calledBy: kind.words, on: nil)
      } else {
        turn.replace(BulkForm(kind, tenants, &turn))
      }
    }
  }

  /// Why nothing may be changed; nil: it may.
  private static func refusal(_ session: Session?) -> Keymap.Refusal? {
    Keymap.mayNotChange(Keymap.Situation(session: session, subject: nil, isWriting: false))
  }

  func view(_ look: Look) -> Body {
    let visible = menu.visible(max(1, look.lines - 3))
    let mayChange = Self.refusal(look.session) == nil
    let lines = visible.map { place in
      let isPossible = if case .change = items[place] { mayChange } else { true }
      return menu.line(place, [Span(SafeText(items[place].words), isPossible ? .text : .faint)])
    }
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
