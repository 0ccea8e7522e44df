import TenantStore
import Terminal

/// The list as it has been said so far: the rows keep their numbers from page to page.
struct PlainList {
  static let page = 20

  var filter = Filter()
  var rows: [Tenant] = []
  /// The place of the last row; nil: there is nothing after it, or nothing was asked yet.
  var end: Cursor?
}

extension PlainConsole {
  /// The list from its first row on.
  mutating func show(_ filter: Filter) {
    list = PlainList(filter: filter)
    guard showPage(.first) else { return }
    if list.rows.isEmpty {
      say(filter.isEmpty ? "There are no tenants yet." : "No tenant matches.")
    } else if list.end == nil {
      say("That is all: \(Words.count(list.rows.count, "tenant")).")
    } else if case .total(let total) = answer(to: .total(filter), while: "counting") {
      say("These are 1 to \(list.rows.count) of \(Words.count(total)); next goes on.")
    }
  }

  mutating func find(_ typed: String) throws(Stop) {
    let words = typed.isEmpty ? try ask("Which words? For example: acme state:active") : typed
    if let problem = Filter.problem(in: words) {
      say("\"\(problem.part)\" is not understood: \(problem.message)")
      return
    }
    let filter = Filter.parse(words)
    if filter.matchesBeginningsOnly { say("One or two letters match the beginnings of words only.") }
    show(filter)
  }

  mutating func showNext() {
    guard let end = list.end else {
      say(list.rows.isEmpty ? "There is no list yet: type list or find." : "There are no more.")
      return
    }
    guard showPage(.after(end)) else { return }
    say(list.end == nil ? "That is all: \(Words.count(list.rows.count, "tenant"))." : "next goes on.")
  }

  /// Says the rows from there on. False: they could not be read, and the list is as before.
  private mutating func showPage(_ anchor: PageRequest.Anchor) -> Bool {
    var request = PageRequest(filter: list.filter, anchor: anchor, limit: PlainList.page)
    guard case .page(var page)? = answer(to: .page(request), while: "reading tenants") else { return false }
    if page.isPartial {
      say("Searching takes longer than a second.")
      request.isThorough = true
      guard case .page(let whole)? = answer(to: .page(request), while: "reading tenants") else {
        return false
      }
      page = whole
    }
    for tenant in page.rows {
      list.rows.append(tenant)
      say(
        "\(list.rows.count). \(tenant.siteID): \(spoken(tenant.name)), \(tenant.state.rawValue), "
          + spoken(tenant.contactEmail))
    }
    list.end = page.rows.count < PlainList.page ? nil : page.cursors.last
    return true
  }

  /// The tenant that is meant, by its number in the list, its site id or its id; then its own menu.
  mutating func open(_ typed: String) throws(Stop) {
    let name = typed.isEmpty ? try ask("Which tenant? Its number in the list, its site id or its id.") : typed
    var reference = TenantReference(name)
    if let number = Int(name), list.rows.indices.contains(number - 1) {
      reference = .id(list.rows[number - 1].id)
    }
    switch answer(to: .tenant(reference), while: "reading \(name)") {
    case .tenant(let tenant?):
      show(tenant)
      try talk(about: tenant)
    case .tenant(nil): say("There is no tenant \"\(name)\".")
    default: break
    }
  }
}
