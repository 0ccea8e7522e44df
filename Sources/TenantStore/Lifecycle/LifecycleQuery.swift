import Postgres

/// The life of tenants in SQL.
enum LifecycleQuery {
  static func query(_ request: LifecycleRequest) -> Query {
    switch request {
    case .terms(let id): terms(id)
    case .touched(let id): touched(id)
    case .doors(let id): doors(id)
    case .twins(let id): twins(id)
    case .overdue: overdue
    case .purgeDays: purgeDays
    case .change(let change, let transition): self.change(change, transition)
    case .runDue(let id): runDue(after: id)
    case .purgePreview(let id): purgePreview(id)
    case .purgeStep(let step): purgeStep(step)
    case .purgeRows(let id, let most): purgeRows(id, most)
    }
  }

  private static func instant(_ instant: Instant?) -> Statement {
    "('epoch'::timestamptz + \(instant)::bigint * interval '1 microsecond')"
  }

  // MARK: - Looking

  private static func terms(_ id: TenantID) -> Query {
    Query(
      """
      SELECT s.ticket, \(unescaped: microseconds("s.until")), p.purge_id, p.reason, p.requested_by,
        \(unescaped: microseconds("p.requested_at")), \(unescaped: microseconds("p.expires_at")), p.approved_by,
        \(unescaped: microseconds("p.started_at")), p.preview, p.digest, \(unescaped: rows("p.preview::jsonb -> 'rows'")),
        \(unescaped: rows("p.deleted"))
      FROM landlord.tenants t
      LEFT JOIN landlord.terms s ON s.tenant_id = t.tenant_id
      LEFT JOIN landlord.purges p ON p.tenant_id = t.tenant_id AND p.finished_at IS NULL AND t.state = 'deactivated'
      WHERE t.tenant_id = \(id)::uuid
      """
    ) { rows in .lifecycle(.terms(rows.first.map(terms))) }
  }

  private static func terms(_ row: Row) -> Terms {
    let purge: Purge? =
      row.isNull(2)
      ? nil
      : Purge(
        id: row.identifier(2), preview: preview(row, from: 9), reason: row.string(3),
        requestedBy: row.string(4), requestedAt: row.instant(5), expiresAt: row.instant(6),
        approvedBy: row.optionalString(7), startedAt: row.isNull(8) ? nil : row.instant(8),
        deleted: tables(row, from: 13))
    return Terms(
      ticket: row.optionalString(0), until: row.isNull(1) ? nil : row.instant(1), purge: purge)
  }

  private static func microseconds(_ column: String) -> String {
    "(extract(epoch FROM \(column)) * 1000000)::bigint"
  }

  private static func touched(_ id: TenantID) -> Query {
    Query("SELECT n.relation, n.tenant_rows, n.estimated FROM landlord.touched(\(id)::uuid) n") { rows in
      .lifecycle(
        .touched(
          rows.map {
            TouchedTable(table: $0.string(0), rows: $0.optionalInt64(1), isEstimated: $0.bool(2))
          }))
    }
  }

  private static func doors(_ id: TenantID) -> Query {
    Query("SELECT d.door, d.opens::text, d.allowed, d.tried_at FROM landlord.doors(\(id)::uuid) d") { rows in
      .lifecycle(
        .doors(
          rows.map {
            Door(
              name: $0.string(0), opens: $0.optionalString(1).map { $0 == "true" }, isAllowed: $0.bool(2),
              triedAt: Int($0.int64(3)))
          }))
    }
  }

  private static func twins(_ id: TenantID) -> Query {
    Query(
      """
      SELECT t.site_id, n.site_id
      FROM landlord.tenants t
      CROSS JOIN LATERAL (
        (SELECT b.site_id FROM landlord.tenants b WHERE b.site_id < t.site_id ORDER BY b.site_id DESC LIMIT 20)
        UNION ALL
        (SELECT a.site_id FROM landlord.tenants a WHERE a.site_id > t.site_id ORDER BY a.site_id LIMIT 20)
      ) n
      WHERE t.tenant_id = \(id)::uuid
      ORDER BY n.site_id
      """
    ) { rows in
      .lifecycle(.twins(rows.filter { Twins.areTwins($0.string(0), $0.string(1)) }.map { $0.string(1) }))
    }
  }

  /// A minute's grace: who runs it from a timer is not late yet.
  private static let overdue = Query(
    """
    SELECT count(*) FROM landlord.terms s JOIN landlord.tenants t ON t.tenant_id = s.tenant_id
    WHERE s.until < now() - interval '1 minute' AND t.state IN ('active', 'suspended')
    """
  ) { .lifecycle(.overdue($0.exactlyOne.int64(0))) }

  private static let purgeDays = Query(
    "SELECT s.value FROM (VALUES (1)) AS one LEFT JOIN landlord.settings s ON s.name = 'purge_days'"
  ) { .lifecycle(.purgeDays($0.exactlyOne.optionalString(0))) }

  // MARK: - Changing

  private static func change(_ change: StateChange, _ transition: Transition) -> Query {
    let access: Statement = change == .suspend ? ", access => \(transition.access.rawValue)::text" : ""
    return TenantWrite.written(
      """
      landlord.\(unescaped: change.rawValue)_tenant(
        \(transition.requestID)::uuid, \(transition.tenantID)::uuid, \(transition.expectedVersion)::bigint,
        \(transition.reason)::text, ticket => \(transition.ticket)::text, until => \(instant(transition.until)),
        predicted => \(transition.predicted?.json)::jsonb\(access))
      """)
  }

  private static func runDue(after id: TenantID?) -> Query {
    Query(
      """
      SELECT t.outcome, t.repeated, t.rule, t.entry_id, \(unescaped: TenantQuery.columns)
      FROM landlord.run_due(\(id)::uuid, 200) AS t
      """
    ) { rows in .lifecycle(.due(rows.map(TenantWrite.answer))) }
  }

  // MARK: - Purging

  /// Names and numbers of the tables in an object of JSON.
  private static func rows(_ object: String) -> String {
    let each = "FROM jsonb_each_text(\(object)) AS n (name, rows)"
    return """
      ARRAY(SELECT n.name \(each) ORDER BY n.name COLLATE "C"), ARRAY(SELECT coalesce(n.rows, '') \(each) ORDER BY n.name COLLATE "C")
      """
  }

  /// Text, digest, and names and numbers of the tables.
  private static func preview(_ row: Row, from first: Int) -> PurgePreview {
    PurgePreview(text: row.string(first), digest: row.string(first + 1), tables: tables(row, from: first + 2))
  }

  private static func tables(_ row: Row, from first: Int) -> [TouchedTable] {
    zip(row.strings(first), row.strings(first + 1)).map { name, rows in
      TouchedTable(table: name, rows: Int64(rows.drop { $0 == "~" }), isEstimated: rows.hasPrefix("~"))
    }
  }

  private static func purgePreview(_ id: TenantID) -> Query {
    Query(
      """
      SELECT p.preview, encode(sha256(convert_to(p.preview, 'UTF8')), 'hex'), \(unescaped: rows("p.preview::jsonb -> 'rows'"))
      FROM (SELECT landlord.purge_preview(\(id)::uuid) AS preview OFFSET 0) p
      WHERE p.preview IS NOT NULL
      """
    ) { rows in .lifecycle(.purgePreview(rows.first.map { preview($0, from: 0) })) }
  }

  private static func purgeStep(_ step: PurgeStep) -> Query {
    let (request, tenant, purge) = (step.requestID, step.tenantID, step.purgeID)
    switch step.kind {
    case .request(let preview):
      return TenantWrite.written(
        """
        landlord.request_purge(\(request)::uuid, \(tenant)::uuid, \(step.expectedVersion)::bigint, \(step.reason)::text,
          \(purge)::uuid, \(preview.text)::text)
        """)
    case .approve(let digest):
      return TenantWrite.written(
        """
        landlord.approve_purge(\(request)::uuid, \(tenant)::uuid, \(step.reason)::text, \(purge)::uuid, \(digest)::text)
        """)
    case .finish:
      return TenantWrite.written(
        """
        landlord.purge_tenant(\(request)::uuid, \(tenant)::uuid, \(step.expectedVersion)::bigint, \(step.reason)::text,
          \(purge)::uuid)
        """)
    }
  }

  private static func purgeRows(_ id: PurgeID, _ most: Int) -> Query {
    Query("SELECT n.relation, n.deleted FROM landlord.purge_rows(\(id)::uuid, \(most)::int) n") { rows in
      .lifecycle(.purged(rows.first.map { PurgedRows(table: $0.string(0), rows: $0.int64(1)) }))
    }
  }
}
