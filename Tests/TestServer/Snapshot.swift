import Postgres

/// What stands in every table of landlord's schema, and who may do what with its tables and functions: for tests of what must
/// change nothing. A hash a table, also of those that come after the test was written.
public struct Snapshot: Equatable, Sendable {
  private var hashes: [String: String]

  /// As the superuser sees it. `industry`: without the rows of the tenants that are in it.
  public init(_ connection: Connection, without industry: String? = nil) throws(PostgresError) {
    let tables = try connection.run(
      """
      SELECT c.relname::text, EXISTS (
        SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND a.atttypid = 'uuid'::regtype)
      FROM pg_class c WHERE c.relnamespace = 'landlord'::regnamespace AND c.relkind IN ('r', 'p')
      """, deadline: 10_000)
    var parts: [Statement] = [
      """
      SELECT 'rights', md5(string_agg(concat(o.name, o.acl), ' ' ORDER BY o.name)) FROM (
        SELECT c.relname::text, c.relacl::text FROM pg_class c WHERE c.relnamespace = 'landlord'::regnamespace
        UNION ALL SELECT p.oid::text, p.proacl::text FROM pg_proc p WHERE p.pronamespace = 'landlord'::regnamespace
        UNION ALL SELECT n.nspname::text, n.nspacl::text FROM pg_namespace n WHERE n.nspname = 'landlord') o (name, acl)
      """
    ]
    for table in tables {
      let others: Statement =
        industry != nil && table.bool(1)
        ? """
        WHERE NOT EXISTS (
          SELECT FROM landlord.tenants r WHERE r.tenant_id = x.tenant_id AND r.business_industry = \(industry)::text)
        """ : ""
      let name = table.string(0)
      parts.append(
        """
        SELECT \(name)::text, coalesce(md5(string_agg(x::text, ' ' ORDER BY x::text)), '')
        FROM landlord.\(unescaped: name) x \(others)
        """)
    }
    let rows = try connection.run(
      parts.dropFirst().reduce(parts[0]) { "\($0) UNION ALL \($1)" }, deadline: 10_000)
    hashes = Dictionary(uniqueKeysWithValues: rows.map { ($0.string(0), $0.string(1)) })
  }

  /// The tables that are not as they were, sorted; `rights` for the rights.
  public func changes(since earlier: Snapshot) -> [String] {
    hashes.keys.filter { hashes[$0] != earlier.hashes[$0] }.sorted()
  }
}
