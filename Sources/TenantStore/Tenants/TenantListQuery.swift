import Postgres

/// The list: windows by keyset, never by OFFSET, and how many there are.
enum TenantListQuery {
  /// How many rows the near leg of a search looks at.
  private static let near = 4000
  /// Up to here tenants are counted, above it is estimated.
  private static let countable = 10_000

  /// A window of the list. Without words it is a walk along the index of its order. With words it has two legs, because
  /// the planner cannot know where in the order the matching rows lie: it would walk the order for any word that it thinks
  /// common and may meet the first match at the end. So the next rows in order are looked at first; only if too few of
  /// them match does the second leg find all that do, fenced off (OFFSET 0) from the order, and sort them.
  static func page(_ request: PageRequest) -> Query {
    let order = Order(request)
    let statement = request.filter.words.isEmpty ? walk(request, order) : search(request, order)
    return Query(statement) { rows in
      let decoded = rows.map { row in
        let tenant = TenantQuery.tenant(row)
        return (tenant, Cursor(key: row.string(TenantQuery.width), id: tenant.id))
      }
      let inOrder = order.isBackward ? decoded.reversed() : decoded
      return .page(Page(rows: inOrder.map(\.0), cursors: inOrder.map(\.1)))
    }
  }

  private static func walk(_ request: PageRequest, _ order: Order) -> Statement {
    let conditions = [TenantSearch.condition(request.filter), order.bound].compactMap { $0 }
    return """
      SELECT \(unescaped: TenantQuery.columns), \(unescaped: order.keyText("t"))
      FROM landlord.tenants t
      \(all(conditions))
      ORDER BY \(unescaped: order.terms("t"))
      LIMIT \(request.limit)::int
      """
  }

  private static func search(_ request: PageRequest, _ order: Order) -> Statement {
    let match = TenantSearch.condition(request.filter)!
    let bound = order.bound
    return """
      WITH near AS MATERIALIZED (
        SELECT t.tenant_id, \(unescaped: order.key("t")) AS key, \(match) AS hit
        FROM landlord.tenants t
        \(all([bound].compactMap { $0 }))
        ORDER BY \(unescaped: order.terms("t"))
        LIMIT \(near)::int
      ), hits AS MATERIALIZED (
        SELECT n.tenant_id, n.key FROM near n WHERE n.hit ORDER BY \(unescaped: order.keyTerms("n")) LIMIT \(request.limit)::int
      ), enough AS MATERIALIZED (
        SELECT (SELECT count(*) FROM hits) = \(request.limit)::int OR (SELECT count(*) FROM near) < \(near)::int AS is
      ), chosen AS MATERIALIZED (
        SELECT h.tenant_id, h.key FROM hits h WHERE (SELECT e.is FROM enough e)
        UNION ALL
        (SELECT f.tenant_id, f.key
        FROM (
          SELECT t.tenant_id, \(unescaped: order.key("t")) AS key
          FROM landlord.tenants t
          \(all([match, bound].compactMap { $0 }))
          OFFSET 0
        ) f
        WHERE NOT (SELECT e.is FROM enough e)
        ORDER BY \(unescaped: order.keyTerms("f"))
        LIMIT \(request.limit)::int)
      )
      SELECT \(unescaped: TenantQuery.columns), \(unescaped: order.keyText("t"))
      FROM chosen c JOIN landlord.tenants t ON t.tenant_id = c.tenant_id
      ORDER BY \(unescaped: order.keyTerms("c"))
      """
  }

  private static func all(_ conditions: [Statement]) -> Statement {
    guard let first = conditions.first else { return "" }
    return conditions.dropFirst().reduce("WHERE \(first)") { "\($0) AND \($1)" }
  }

  /// How many tenants match: counted up to 10,000, above that the server's own estimate of the table, or for a filter one
  /// from a sample of the table's blocks. The count looks no further than it must.
  static func total(_ filter: Filter) -> Query {
    let match = TenantSearch.condition(filter)
    let condition = all([match].compactMap { $0 })
    // MATERIALIZED: planned as if for all rows, so through the trigrams; read only as far as the limit.
    let statement: Statement = """
      WITH matching AS MATERIALIZED (SELECT 1 FROM landlord.tenants t \(condition))
      SELECT (SELECT count(*) FROM (SELECT FROM matching LIMIT \(countable + 1)::int) AS counted),
        (SELECT greatest(c.reltuples, 0)::bigint FROM pg_class c WHERE c.oid = 'landlord.tenants'::regclass)
      """
    return Query(
      statement: statement,
      decode: { rows, _ in
        let counted = rows.exactlyOne.int64(0)
        let inTable = rows.exactlyOne.int64(1)
        if counted <= countable { return .answer(.total(Total(count: counted, estimated: false))) }
        guard let match else {
          return .answer(.total(Total(count: max(inTable, counted), estimated: true)))
        }
        return .then(sample(match, inTable: inTable))
      })
  }

  private static func sample(_ match: Statement, inTable: Int64) -> Query {
    // About ten thousand rows: enough for two digits.
    let share = min(100, max(1, 1_000_000 / max(inTable, 1)))
    return Query(
      """
      SELECT count(*) FILTER (WHERE \(match)), count(*)
      FROM landlord.tenants t TABLESAMPLE SYSTEM (\(share)::int) REPEATABLE (1)
      """
    ) { rows in
      let (matching, seen) = (rows.exactlyOne.int64(0), rows.exactlyOne.int64(1))
      let estimate = seen == 0 ? 0 : Int64(Double(matching) / Double(seen) * Double(max(inTable, seen)))
      return .total(Total(count: max(estimate, Int64(countable) + 1), estimated: true))
    }
  }
}

/// The order of a page: its key, which way it is walked, and where it begins.
private struct Order {
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

  /// The same where the key is a column of that name.
  func keyTerms(_ row: String) -> String {
    sort.column == .siteID
      ? "\(row).key \(direction)" : "\(row).key \(direction), \(row).tenant_id \(direction)"
  }

  /// What the rows of `t` must lie behind; nil: nothing.
  var bound: Statement? {
    let (cursor, isIncluded): (Cursor, Bool)
    switch anchor {
    case .first, .last: return nil
    case .after(let place), .before(let place): (cursor, isIncluded) = (place, false)
    case .from(let place): (cursor, isIncluded) = (place, true)
    }
    let comparison = (direction == "ASC" ? ">" : "<") + (isIncluded ? "=" : "")
    if sort.column == .siteID { return "t.site_id \(unescaped: comparison) \(cursor.key)::text" }
    let value: Statement =
      switch sort.column {
      case .createdAt, .updatedAt:
        "'epoch'::timestamptz + \(cursor.key)::bigint * interval '1 microsecond'"
      case .siteID, .name, .contactEmail, .industry, .state: "\(cursor.key)::text"
      }
    return "(\(unescaped: key("t")), t.tenant_id) \(unescaped: comparison) (\(value), \(cursor.id)::uuid)"
  }
}
