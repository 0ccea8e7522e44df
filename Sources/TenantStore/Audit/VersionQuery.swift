import Postgres

/// Tenants as they were, from the entries of the audit: each holds the whole record after its change.
enum VersionQuery {
  /// The columns of a tenant in the order in which `TenantQuery.tenant` reads them, of the record `r`, which is jsonb.
  private static func columns(_ r: String) -> String {
    """
    (\(r) ->> 'tenantId')::uuid, \(r) ->> 'siteId', \(r) ->> 'tenantName', \(r) ->> 'contactEmail', \(r) ->> 'websiteUrl',
      \(r) ->> 'businessIndustry', \(list(r, "allowedOrigins")), \(list(r, "permissions")), \(r) ->> 'state',
      \(r) ->> 'state' = 'active', (\(r) ->> 'version')::bigint, (\(r) ->> 'createdAt')::bigint, (\(r) ->> 'updatedAt')::bigint
    """
  }

  private static func list(_ r: String, _ key: String) -> String {
    """
    ARRAY(SELECT l.element FROM jsonb_array_elements_text(\(r) -> '\(key)') WITH ORDINALITY AS l (element, place)
        ORDER BY l.place)
    """
  }

  /// Entries that are versions: not those that only note an act.
  private static let isVersion = "e.version IS NOT NULL AND e.record IS NOT NULL"

  /// A tenant at a moment: its latest version that is not after it.
  static func one(_ id: TenantID, _ moment: Moment) -> Query {
    let condition: Statement =
      switch moment {
      case .version(let number): "e.version = \(number)::bigint"
      case .at(let instant): "e.at <= 'epoch'::timestamptz + \(instant)::bigint * interval '1 microsecond'"
      }
    return query("e.tenant_id = \(id)::uuid AND \(condition) ORDER BY e.seq DESC LIMIT 1")
  }

  /// The last change that the person who asks made to a tenant. Older ones than the installation's last hundred thousand
  /// entries are not looked at: nobody means those by "undo", and without an end a person who changed nothing would have all
  /// entries read.
  static let lastOwn = query(
    """
    e.actor = session_user
        AND e.entry_id > (SELECT coalesce(max(m.entry_id), 0) - 100000 FROM landlord.audit_entries m)
      ORDER BY e.entry_id DESC LIMIT 1
    """)

  /// The entry that `choice` picks, with the version before it and the number of the newest.
  private static func query(_ choice: Statement) -> Query {
    Query(
      """
      SELECT \(unescaped: columns("e.record")), e.entry_id, (extract(epoch FROM e.at) * 1000000)::bigint, e.actor, e.action,
        e.reason, n.version, p.record IS NOT NULL, \(unescaped: columns("p.record"))
      FROM (
        SELECT e.entry_id, e.tenant_id, e.seq, e.at, e.actor, e.action, e.reason, e.record::jsonb AS record
        FROM landlord.audit_entries e
        WHERE \(unescaped: isVersion) AND \(choice)
      ) e
      CROSS JOIN LATERAL (
        SELECT v.version FROM landlord.audit_entries v
        WHERE v.tenant_id = e.tenant_id AND v.version IS NOT NULL
        ORDER BY v.seq DESC LIMIT 1
      ) n
      LEFT JOIN LATERAL (
        SELECT v.record::jsonb AS record FROM landlord.audit_entries v
        WHERE v.tenant_id = e.tenant_id AND v.seq < e.seq AND v.version IS NOT NULL AND v.record IS NOT NULL
        ORDER BY v.seq DESC LIMIT 1
      ) p ON true
      """
    ) { .version($0.first.map(version)) }
  }

  private static func version(_ row: Row) -> TenantVersion {
    let first = TenantQuery.width
    return TenantVersion(
      tenant: TenantQuery.tenant(row),
      before: row.bool(first + 6) ? TenantQuery.tenant(row, from: first + 7) : nil,
      newest: row.int64(first + 5), entryID: row.int64(first), at: row.instant(first + 1),
      actor: row.string(first + 2), action: row.string(first + 3), reason: row.optionalString(first + 4))
  }

  /// A window of the list as it was at a moment: a walk along the site ids, which are never deleted, with one look for the
  /// tenant's version of then at each. In order of site ids, and not filtered: no index knows the past.
  static func page(_ request: PageRequest, asOf moment: Instant) -> Query {
    let order = ListOrder(request)
    let bound: Statement =
      if let bound = order.bound(key: "s.site_id", id: "s.tenant_id") { "AND \(bound)" } else { "" }
    return Query(
      """
      SELECT \(unescaped: columns("e.record")), s.site_id
      FROM landlord.site_ids s
      CROSS JOIN LATERAL (
        SELECT e.record::jsonb AS record FROM landlord.audit_entries e
        WHERE e.tenant_id = s.tenant_id AND e.at <= 'epoch'::timestamptz + \(moment)::bigint * interval '1 microsecond'
          AND e.version IS NOT NULL
        ORDER BY e.seq DESC LIMIT 1
      ) e
      WHERE e.record IS NOT NULL \(bound)
      ORDER BY s.site_id \(unescaped: order.isBackward ? "DESC" : "ASC")
      LIMIT \(request.limit)::int
      """
    ) { rows in
      let decoded = rows.map { TenantQuery.tenant($0) }
      let inOrder = order.isBackward ? decoded.reversed() : decoded
      return .page(Page(rows: inOrder, cursors: inOrder.map { Cursor(key: $0.siteID, id: $0.id) }))
    }
  }
}
