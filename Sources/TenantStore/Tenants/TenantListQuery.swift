import Postgres

/// The list: windows by keyset, never by OFFSET, and how many there are.
enum TenantListQuery {
  /// How many rows the near leg of a search looks at: more for a longer page, so that a word which one tenant in forty has
  /// fills it without a look at all that have it.
  private static func reach(_ request: PageRequest) -> Int { max(4000, request.limit * 40) }
  /// How many it looks at in a second step: a small share of the table, so at most as many as hardly count beside all that match.
  private static func secondReach(inTable rows: Int64) -> Int { Int(min(40_000, rows / 250)) }
  /// How long a search may take before it answers with what the near leg found, in milliseconds.
  private static let searchPatience = 1000

  /// A window of the list. Without a search it is a walk along the index of its order. A search has two legs, because the
  /// planner cannot know where in the order the matching rows lie: it would walk the order for any word that it thinks common
  /// and may meet the first match at the end. So the next rows in order are looked at first, until there are enough; only if
  /// too few of them match does the far leg find all that do, fenced off from the order, and sort them. Where some match, and
  /// the table is so large that a few more of its rows promise a page, those are looked at in between.
  static func page(_ request: PageRequest) -> Query {
    if let moment = request.asOf { return VersionQuery.page(request, asOf: moment) }
    let order = ListOrder(request)
    // States are few and the planner knows them: an index in order or one of states, as it counts.
    let isWalk = request.filter.terms.allSatisfy {
      if case .states = $0.test { return !$0.isNegated }
      return false
    }
    if isWalk {
      return Query(walk(request, order)) { .page(page($0, order)) }
    }
    return near(request, order, reach(request), after: nil)
  }

  /// `first`: what a first step found, if this is the second.
  private static func near(_ request: PageRequest, _ order: ListOrder, _ reach: Int, after first: Page?)
    -> Query
  {
    let query = Query(
      statement: nearLeg(request, order, reach),
      decode: { rows, _ in
        let found = page(rows, order)
        if rows.count == request.limit { return .answer(.page(found)) }
        let next = secondReach(inTable: rows.first?.int64(TenantQuery.width + 1) ?? 0)
        // As thickly as they lie so far, there are enough.
        if first == nil, next >= 2 * reach, rows.count * next / reach >= request.limit {
          return .then(near(request, order, next, after: found))
        }
        return .then(farLeg(request, order, found, reach))
      })
    return first.map { patient(query, request, $0) } ?? query
  }

  /// Answers with what there is where it takes long and nobody said to wait.
  private static func patient(_ query: Query, _ request: PageRequest, _ found: Page) -> Query {
    if request.isThorough { return query }
    var query = query
    query.late = (searchPatience, .page(Page(rows: found.rows, cursors: found.cursors, isPartial: true)))
    return query
  }

  private static func page(_ rows: Rows, _ order: ListOrder) -> Page {
    let decoded = rows.map { row in
      let tenant = TenantQuery.tenant(row)
      return (tenant, Cursor(key: row.string(TenantQuery.width), id: tenant.id))
    }
    let inOrder = order.isBackward ? decoded.reversed() : decoded
    return Page(rows: inOrder.map(\.0), cursors: inOrder.map(\.1))
  }

  private static func walk(_ request: PageRequest, _ order: ListOrder) -> Statement {
    """
    SELECT \(unescaped: TenantQuery.columns), \(unescaped: order.keyText("t"))
    FROM landlord.tenants t
    \(all([TenantSearch.condition(request.filter), order.bound].compactMap { $0 }))
    ORDER BY \(unescaped: order.terms("t"))
    LIMIT \(request.limit)::int
    """
  }

  /// The rows to look at, in order: behind the anchor, and where the filter tests the very key of the order, where it holds.
  private static func nextRows(_ columns: String, _ request: PageRequest, _ order: ListOrder, _ count: Int)
    -> Statement
  {
    """
    SELECT \(unescaped: columns)
    FROM landlord.tenants t
    \(all([order.bound].compactMap { $0 } + request.filter.terms.filter(order.isTested).map(TenantSearch.condition)))
    ORDER BY \(unescaped: order.terms("t"))
    LIMIT \(count)::int
    """
  }

  /// Stops as soon as it has a page: the rows come in order, so nothing is sorted. Behind each its key, and the server's own
  /// estimate of the table.
  private static func nearLeg(_ request: PageRequest, _ order: ListOrder, _ reach: Int) -> Statement {
    """
    SELECT \(unescaped: TenantQuery.columns), \(unescaped: order.keyText("t")), \(unescaped: TenantTotalQuery.rowsInTable)
    FROM (
      \(nextRows("\(TenantQuery.names), t.search, \(order.key("t")) AS key", request, order, reach))
    ) t
    WHERE \(TenantSearch.condition(request.filter)!)
    ORDER BY \(unescaped: order.keyTerms("t"))
    LIMIT \(request.limit)::int
    """
  }

  /// All that match in the window, sorted. Nothing where the near leg saw the end of the list; its page stands then.
  private static func farLeg(_ request: PageRequest, _ order: ListOrder, _ near: Page, _ reach: Int) -> Query
  {
    let isLonger: Statement =
      "(SELECT sum(1) FROM (\(nextRows("1", request, order, reach + 1))) AS next) > \(reach)::int"
    let statement: Statement = """
      SELECT \(unescaped: TenantQuery.columns), \(unescaped: order.keyText("t"))
      FROM (
        SELECT t.tenant_id, \(unescaped: order.key("t")) AS key
        FROM landlord.tenants t
        \(all([TenantSearch.condition(request.filter), order.bound, isLonger].compactMap { $0 }))
        ORDER BY \(unescaped: order.fencedTerms("t"))
        LIMIT \(request.limit)::int
      ) c JOIN landlord.tenants t ON t.tenant_id = c.tenant_id
      ORDER BY \(unescaped: order.keyTerms("c"))
      """
    return patient(Query(statement) { .page($0.isEmpty ? near : page($0, order)) }, request, near)
  }

  private static func all(_ conditions: [Statement]) -> Statement {
    TenantSearch.all(conditions).map { "WHERE \($0)" } ?? ""
  }

  /// The ids of those that match, for marking them all.
  static func matching(_ filter: Filter, limit: Int) -> Query {
    Query(
      """
      WITH found AS MATERIALIZED (
        SELECT t.tenant_id FROM landlord.tenants t \(all([TenantSearch.condition(filter)].compactMap { $0 }))
      )
      SELECT f.tenant_id FROM found f ORDER BY f.tenant_id LIMIT \(limit)::int
      """
    ) { rows in .matching(rows.map { $0.identifier(0) }) }
  }
}
