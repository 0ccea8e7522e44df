import Postgres

/// What stands between one tenant and the others: which of its doors open now, tried, and where its rows are.
public struct TenantIsolation: Equatable, Sendable {
  /// The right secret would be accepted.
  public var secretOpens: Bool
  /// Its first origin would be accepted; nil: it has none.
  public var originOpens: Bool?
  /// Its first permission holds; nil: it has none.
  public var permissionHolds: Bool?
  /// Its rows in each protected table that may be counted, in order of the tables' names.
  public var tables: [TableRows]

  public struct TableRows: Equatable, Sendable {
    public var table: String
    public var rows: Int64

    public init(table: String, rows: Int64) {
      self.table = table
      self.rows = rows
    }
  }

  public init(secretOpens: Bool, originOpens: Bool?, permissionHolds: Bool?, tables: [TableRows]) {
    self.secretOpens = secretOpens
    self.originOpens = originOpens
    self.permissionHolds = permissionHolds
    self.tables = tables
  }
}

enum TenantIsolationQuery {
  /// Each door is tried by the function that the platform itself asks.
  static func one(_ id: TenantID) -> Query {
    Query(
      """
      SELECT landlord.probe_secret(t.tenant_id),
        CASE WHEN cardinality(t.allowed_origins) > 0 THEN landlord.origin_allowed(t.tenant_id, t.allowed_origins[1]) END::text,
        CASE WHEN cardinality(t.permissions) > 0 THEN landlord.tenant_may(t.tenant_id, t.permissions[1]) END::text,
        coalesce(f.tables, '{}'), coalesce(f.counts, '{}')
      FROM landlord.tenants t
      CROSS JOIN LATERAL (
        SELECT array_agg(p.relation ORDER BY p.relation) AS tables, array_agg(p.tenant_rows::text ORDER BY p.relation) AS counts
        FROM landlord.footprint(t.tenant_id) p
      ) f
      WHERE t.tenant_id = \(id)::uuid
      """
    ) { rows in .isolation(rows.first.map(isolation)) }
  }

  private static func isolation(_ row: Row) -> TenantIsolation {
    TenantIsolation(
      secretOpens: row.bool(0), originOpens: row.optionalString(1).map { $0 == "true" },
      permissionHolds: row.optionalString(2).map { $0 == "true" },
      tables: zip(row.strings(3), row.strings(4)).map { .init(table: $0, rows: Int64($1) ?? 0) })
  }
}
