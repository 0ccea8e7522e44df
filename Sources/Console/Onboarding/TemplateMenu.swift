import TenantStore
import Terminal

/// Chooses what a new tenant is filled in from.
struct TemplateMenu: Screen {
  private enum Item {
    case template(Template)
    /// One that is searched for by its name.
    case search
  }

  private let items: [(words: String, item: Item)]
  private var menu: Menu

  let place = Place.menu
  let isBox = true

  init(industry: String, _ neighbour: Tenant?) {
    var items: [(String, Item)] = []
    if !industry.isEmpty { items.append(("the usual of \(industry)", .template(.industry(industry)))) }
    if let neighbour { items.append(("what \(neighbour.siteID) has", .template(.tenant(neighbour)))) }
    items.append(("what another tenant has...", .search))
    self.items = items
    menu = Menu(count: items.count)
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    if menu.act(action) { return }
    switch action {
    case .dialog(.press):
      switch items[menu.selected].item {
      case .template(let template): turn.pop(.template(template))
      case .search: turn.replace(TenantPicker())
      }
    case .dialog(.back), .dialog(.leave): turn.pop()
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  func view(_ look: Look) -> Body {
    let lines =
      items.indices.map { menu.line($0, [Span(SafeText(items[$0].words))]) }
      + [Line("Enter adds its origins and permissions  Esc cancels", .faint)]
    return Box.framed(
      lines, title: "FILL IN FROM", width: min(58, look.columns - 4),
      cursor: Point(line: menu.selected, column: 0))
  }
}

/// Finds the tenant that a new one is filled in from, by name, site id or whatever the list's filter takes, as one types.
struct TenantPicker: Screen {
  /// So many are asked for.
  private static let limit = 20

  private var field = TextField()
  private var tenants: [Tenant] = []
  private var menu = Menu(count: 0)
  private var searching: Ticket?

  let place = Place.prompt
  let isBox = true
  var reading: [Ticket] { [searching].compactMap { $0 } }

  mutating func opened(_ turn: inout Turn) { search(&turn) }

  mutating func type(_ key: Key, _ turn: inout Turn) -> Bool {
    let before = field.scalars
    guard field.take(key) else { return false }
    if field.scalars != before { search(&turn) }
    return true
  }

  private mutating func search(_ turn: inout Turn) {
    turn.send(
      .page(PageRequest(filter: Filter.parse(field.text), limit: Self.limit)), insteadOf: &searching)
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    if menu.act(action) { return }
    switch action {
    case .dialog(.press):
      guard searching == nil, tenants.indices.contains(menu.selected) else {
        return turn.say(
          searching == nil ? "no tenant matches" : "the tenants are still on their way", .warning)
      }
      turn.pop(.template(.tenant(tenants[menu.selected])))
    case .dialog(.back): turn.pop()
    case .dialog(.nextField): _ = menu.act(.move(.down))
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    guard ticket == searching else { return false }
    searching = nil
    switch result {
    case .success(.page(let page)):
      tenants = page.rows
      menu.renew(count: tenants.count)
    case .success: preconditionFailure("a page is answered by .page")
    case .failure(let error): turn.say(error, while: "searching tenants")
    }
    return true
  }

  func view(_ look: Look) -> Body {
    let width = min(62, look.columns - 4)
    let (typed, cursor) = field.view(columns: width - 8, focused: true)
    var lines = [Line([Span("Tenant: ", .heading), typed])]
    for place in menu.visible(max(1, min(10, look.lines - 4))) {
      let tenant = tenants[place]
      lines.append(
        menu.line(place, [Span(SafeText(tenant.siteID), columns: 22)] + Shown(tenant.name, .faint).spans))
    }
    if look.isSlow(searching) {
      lines.append(Line("  searching tenants... " + look.waited(searching), .faint))
    } else if tenants.isEmpty {
      lines.append(Line(searching == nil ? "  (nothing matches)" : "", .faint))
    }
    return Box.framed(
      lines, title: "FILL IN FROM A TENANT", width: width, cursor: Point(line: 0, column: 8 + cursor))
  }
}
