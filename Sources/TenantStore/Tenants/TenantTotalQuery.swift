import Postgres

/// How many tenants match a filter. The list waits for no exact number: what can be counted soon is, of the rest a sample is
/// taken.
enum TenantTotalQuery {
  /// A table of so many tenants is counted, of a larger one a sample is taken first.
  private static let small = 10_000
  /// In a larger one so many matches are counted, more are estimated.
  private static let countable = 1_000
  /// Of about so many rows the sample is.
  private static let sampled = 1_000
  /// With so many matches in the sample it is good for a digit and a half.
  private static let telling: Int64 = 20
  /// How long counting may take where a sample says little, in milliseconds.
  private static let patience = 100

  static func total(_ filter: Filter) -> Query {
    guard let match = TenantSearch.condition(filter) else { return whole }
    return Query(
      statement: """
        SELECT (SELECT greatest(c.reltuples, 0)::bigint FROM pg_class c WHERE c.oid = 'landlord.tenants'::regclass)
        """,
      decode: { rows, _ in
        let inTable = rows.exactlyOne.int64(0)
        return .then(inTable <= small ? count(match, sampled: nil) : sample(match, inTable: inTable))
      })
  }

  /// Of all tenants: the server's own estimate of the table, or for a small one a count.
  private static let whole = Query(
    """
    SELECT c.rows, CASE WHEN c.rows <= \(small)::int THEN (
      SELECT sum(1) FROM (SELECT 1 FROM landlord.tenants t LIMIT \(small + 1)::int) AS counted) END
    FROM (SELECT greatest(c.reltuples, 0)::bigint AS rows FROM pg_class c WHERE c.oid = 'landlord.tenants'::regclass) c
    """
  ) { rows in
    let row = rows.exactlyOne
    let inTable = row.int64(0)
    let count = inTable > small ? inTable : row.optionalInt64(1) ?? 0
    return .total(Total(count: count, estimated: count > small))
  }

  private static func sample(_ match: Statement, inTable: Int64) -> Query {
    let share = min(100, max(0.01, Double(sampled) * 100 / Double(max(inTable, 1))))
    return Query(
      statement: """
        SELECT sum(CASE WHEN \(match) THEN 1 ELSE 0 END), sum(1)
        FROM landlord.tenants t TABLESAMPLE SYSTEM (\(String(share))::real) REPEATABLE (1)
        """,
      decode: { rows, _ in
        let (matching, seen) = (rows.exactlyOne.optionalInt64(0) ?? 0, rows.exactlyOne.optionalInt64(1) ?? 0)
        let estimate = Int64(Double(matching) / Double(max(seen, 1)) * Double(inTable))
        let total = Total(count: max(estimate, 1), estimated: true)
        if matching >= telling && estimate > countable { return .answer(.total(total)) }
        return .then(count(match, sampled: total))
      })
  }

  /// MATERIALIZED: planned as if for all rows, so through the trigrams; read only as far as the limit.
  private static func count(_ match: Statement, sampled: Total?) -> Query {
    let limit = sampled == nil ? small : countable
    var query = Query(
      """
      WITH matching AS MATERIALIZED (SELECT 1 FROM landlord.tenants t WHERE \(match))
      SELECT coalesce(sum(1), 0) FROM (SELECT 1 FROM matching LIMIT \(limit + 1)::int) AS counted
      """
    ) { rows in
      let counted = rows.exactlyOne.int64(0)
      if counted <= limit { return .total(Total(count: counted, estimated: false)) }
      return .total(Total(count: max(sampled?.count ?? 0, counted), estimated: true))
    }
    if let sampled { query.late = (patience, .total(sampled)) }
    return query
  }
}
