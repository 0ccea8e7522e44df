import Postgres

/// How many tenants match a filter. The list waits for no exact number: what can be counted soon is, of the rest a sample is
/// taken. To a person with limits nothing of the whole table is told, so theirs are always counted.
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
  /// So many tenants of a person with limits are counted; of more it is said that there are at least as many.
  private static let countableWithinLimits = 99_999
  /// Whether the policies show all tenants to whoever asks.
  static let seesAll = """
    (pg_has_role('landlord_support', 'USAGE') OR pg_has_role('landlord_admin', 'USAGE')
      OR pg_has_role('landlord_auditor', 'USAGE') OR pg_has_role('landlord_owner', 'USAGE'))
    """
  /// The server's own estimate of the table. Not for the eyes of a person with limits.
  static let rowsInTable =
    "(SELECT greatest(c.reltuples, 0)::bigint FROM pg_class c WHERE c.oid = 'landlord.tenants'::regclass)"
  /// The same; NULL for a person with limits.
  private static let estimate = "CASE WHEN \(seesAll) THEN \(rowsInTable) END"

  static func total(_ filter: Filter) -> Query {
    guard let match = TenantSearch.condition(filter) else { return whole }
    return Query(
      statement: "SELECT \(unescaped: estimate)",
      decode: { rows, _ in
        guard let inTable = rows.exactlyOne.optionalInt64(0) else {
          return .then(count(match, upTo: countableWithinLimits))
        }
        return .then(inTable <= small ? count(match, upTo: small) : sample(match, inTable: inTable))
      })
  }

  /// Of all tenants: the server's own estimate of the table, or for a small one a count.
  private static let whole = Query(
    """
    SELECT c.rows, CASE WHEN c.rows > \(small)::int THEN c.rows ELSE (
      SELECT coalesce(sum(1), 0) FROM (
        SELECT 1 FROM landlord.tenants t
        LIMIT CASE WHEN c.rows IS NULL THEN \(countableWithinLimits + 1)::int ELSE \(small + 1)::int END) AS counted) END
    FROM (SELECT \(unescaped: estimate) AS rows OFFSET 0) c
    """
  ) { rows in
    let row = rows.exactlyOne
    let most = row.isNull(0) ? countableWithinLimits : small
    return .total(Total(count: row.int64(1), estimated: row.int64(1) > most))
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
        return .then(count(match, upTo: countable, sampled: total))
      })
  }

  /// MATERIALIZED: planned as if for all rows, so through the trigrams; read only as far as the limit.
  private static func count(_ match: Statement, upTo limit: Int, sampled: Total? = nil) -> Query {
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
