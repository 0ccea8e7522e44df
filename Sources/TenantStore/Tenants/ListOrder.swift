import Postgres

/// The order of a page: its key, which way it is walked, and where it begins.
struct ListOrder {
  let sort: Sort
  let anchor: PageRequest.Anchor
  /// Fetched against the order, to be turned round.
  let isBackward: Bool

  init(_ request: PageRequest) {
    sort = request.sort
    anchor = request.anchor
    isBackward =
      switch request.anchor {
      case .first, .after, .from: false
      case .last, .before: true
      }
  }

  private var direction: String { sort.descending != isBackward ? "DESC" : "ASC" }

  /// The expression that an index of the schema has, of the row called `row`.
  func key(_ row: String) -> String {
    switch sort.column {
    case .siteID: "\(row).site_id"
    case .name: "lower(\(row).tenant_name)"
    case .contactEmail: "lower(\(row).contact_email)"
    case .industry: "\(row).business_industry"
    case .state: "\(row).state"
    case .createdAt: "\(row).created_at"
    case .updatedAt: "\(row).updated_at"
    }
  }

  /// The key as it travels.
  func keyText(_ row: String) -> String {
    switch sort.column {
    case .createdAt, .updatedAt: "(extract(epoch FROM \(key(row))) * 1000000)::bigint"
    case .siteID, .name, .contactEmail, .industry, .state: key(row)
    }
  }

  /// A site id is unique, so it needs nothing to break ties.
  func terms(_ row: String) -> String {
    sort.column == .siteID
      ? "\(key(row)) \(direction)" : "\(key(row)) \(direction), \(row).tenant_id \(direction)"
  }

  /// The same as something that no index has in order: it has to be sorted.
  func fencedTerms(_ row: String) -> String {
    "greatest(\(key(row))) \(direction)" + (sort.column == .siteID ? "" : ", \(row).tenant_id \(direction)")
  }

  /// The same where the key is a column of that name.
  func keyTerms(_ row: String) -> String {
    sort.column == .siteID
      ? "\(row).key \(direction)" : "\(row).key \(direction), \(row).tenant_id \(direction)"
  }

  /// Whether the term is about the key itself, so that the index of the order leads to where it holds.
  func isTested(_ term: Filter.Term) -> Bool {
    if term.isNegated { return false }
    return switch term.test {
    case .states: sort.column == .state
    case .industries(let names): sort.column == .industry && names.count == 1
    case .created: sort.column == .createdAt
    case .updated: sort.column == .updatedAt
    case .text, .email, .origin, .permission, .id, .ticket: false
    }
  }

  /// What the rows of `t` must lie behind; nil: nothing.
  var bound: Statement? { bound(key: key("t"), id: "t.tenant_id") }

  /// The same of other names.
  func bound(key: String, id: String) -> Statement? {
    let (cursor, isIncluded): (Cursor, Bool)
    switch anchor {
    case .first, .last: return nil
    case .after(let place), .before(let place): (cursor, isIncluded) = (place, false)
    case .from(let place): (cursor, isIncluded) = (place, true)
    }
    let comparison = (direction == "ASC" ? ">" : "<") + (isIncluded ? "=" : "")
    if sort.column == .siteID { return "\(unescaped: key) \(unescaped: comparison) \(cursor.key)::text" }
    let value: Statement =
      switch sort.column {
      case .createdAt, .updatedAt:
        "'epoch'::timestamptz + \(cursor.key)::bigint * interval '1 microsecond'"
      case .siteID, .name, .contactEmail, .industry, .state: "\(cursor.key)::text"
      }
    return "(\(unescaped: key), \(unescaped: id)) \(unescaped: comparison) (\(value), \(cursor.id)::uuid)"
  }
}
