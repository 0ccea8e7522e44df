import Postgres

/// The list of events: a window of each source by keyset, merged. None of the three can be sorted with another by an index.
enum AuditListQuery {
  static func page(
    _ request: AuditPageRequest, _ answer: @escaping @Sendable (AuditPage) -> Answer = Answer.auditPage
  ) -> Query {
    let sources = AuditEvent.Source.allCases.filter { $0 != .attempt || request.includesAttempts }
    let legs = sources.compactMap { AuditLeg(request, $0).statement }
    guard let first = legs.first else {
      // The filter can hold of nothing; asked all the same, so that whoever may not look is told so.
      return Query("SELECT e.entry_id FROM landlord.audit_entries e WHERE false") { _ in
        answer(AuditPage(events: [], includesAttempts: request.includesAttempts))
      }
    }
    let isBackward = request.isBackward
    let direction = isBackward ? "ASC" : "DESC"
    let statement: Statement = """
      SELECT x.source, (extract(epoch FROM x.at) * 1000000)::bigint, x.id, x.tenant_id, t.site_id, x.actor, x.role,
        CASE WHEN x.client IS NOT NULL THEN \(unescaped: origin) END,
        x.action, x.outcome, x.note, x.request_id, x.reason, x.version, x.seq, x.changed,
        ARRAY(SELECT \(unescaped: AuditQuery.text(of: "p.record")) FROM unnest(x.changed) WITH ORDINALITY AS f (name, place)
          ORDER BY f.place),
        ARRAY(SELECT \(unescaped: AuditQuery.text(of: "x.record")) FROM unnest(x.changed) WITH ORDINALITY AS f (name, place)
          ORDER BY f.place)
      FROM (
        SELECT u.source, u.at, u.id, u.tenant_id, u.actor, u.role, u.client, u.action, u.outcome, u.note, u.request_id, u.reason,
          u.version, u.seq, u.changed, u.record::jsonb AS record
        FROM (\(legs.dropFirst().reduce(first) { "\($0) UNION ALL \($1)" })) u
        ORDER BY \(unescaped: order("u", direction))
        LIMIT \(request.limit)::int
      ) x
      LEFT JOIN landlord.tenants t ON t.tenant_id = x.tenant_id
      LEFT JOIN LATERAL (
        SELECT b.record::jsonb AS record
        FROM landlord.audit_entries b
        WHERE b.tenant_id = x.tenant_id AND b.seq < x.seq AND b.version IS NOT NULL AND x.version IS NOT NULL
        ORDER BY b.seq DESC LIMIT 1
      ) p ON true
      ORDER BY \(unescaped: order("x", direction))
      """
    var withoutAttempts = request
    withoutAttempts.includesAttempts = false
    let again = request.includesAttempts ? withoutAttempts : nil
    return Query(
      statement: statement,
      decode: { rows, _ in
        let events = rows.map(event)
        return .answer(
          answer(
            AuditPage(
              events: isBackward ? events.reversed() : events, includesAttempts: request.includesAttempts)))
      },
      // Who may not see the attempts may well see the rest; who may not see that either is refused then.
      recover: { error in error.sqlState == "42501" ? again.map { page($0, answer) } : nil })
  }

  /// What came since `tail`, newest first, at most the request's limit of it, and from where to ask the next time; nothing where
  /// there is no tail yet. Each answer that is whole holds all of which a later one may hold something again.
  static func tail(_ tail: AuditTail?, _ request: AuditPageRequest) -> Query {
    // Looked at before the events: what is still open then is asked for again.
    Query(
      statement: """
        SELECT pg_snapshot_xmin(pg_current_snapshot())::text,
          (extract(epoch FROM clock_timestamp()) * 1000000)::bigint - 60000000
        """,
      decode: { rows, _ in
        let row = rows.exactlyOne
        let next = AuditTail(xmin: row.string(0), at: row.instant(1))
        guard let tail else {
          return .answer(
            .auditTail(AuditPage(events: [], includesAttempts: request.includesAttempts), next: next))
        }
        var request = request
        request.anchor = .since(tail)
        return .then(page(request) { .auditTail($0, next: next) })
      })
  }

  /// Where it came from, taken out of its JSON.
  private static let origin =
    "ARRAY[x.client::json ->> 'address', x.client::json ->> 'proven', x.client::json ->> 'application']"

  /// An id is a number or a UUID in text: both come in the same order by length and bytes.
  private static func order(_ row: String, _ direction: String) -> String {
    "\(row).at \(direction), \(row).source \(direction), length(\(row).id) \(direction), \(row).id COLLATE \"C\" \(direction)"
  }

  private static func event(_ row: Row) -> AuditEvent {
    guard let source = AuditEvent.Source(rawValue: Int(row.int64(0))),
      let outcome = AuditEvent.Outcome(rawValue: row.string(9))
    else { preconditionFailure("a source or an outcome that the statement does not make") }
    let values = zip(row.optionalStrings(16), row.optionalStrings(17))
    let tenant: TenantID? = row.optionalIdentifier(3)
    return AuditEvent(
      cursor: AuditCursor(at: row.instant(1), source: source, id: row.string(2)),
      tenantID: tenant == .installation ? nil : tenant, siteID: row.optionalString(4), actor: row.string(5),
      role: row.optionalString(6), client: row.isNull(7) ? nil : AuditClient(row.optionalStrings(7)),
      action: row.string(8), outcome: outcome,
      note: row.optionalString(10), requestID: row.optionalIdentifier(11), reason: row.optionalString(12),
      version: row.optionalInt64(13), seq: row.optionalInt64(14),
      changes: zip(row.strings(15), values).map { .init(field: $0, old: $1.0, new: $1.1) })
  }
}

extension AuditPageRequest {
  /// Fetched against the order, to be turned round.
  var isBackward: Bool {
    switch anchor {
    case .first, .after, .from, .since: false
    case .last, .before: true
    }
  }
}

extension TenantID {
  /// The nil UUID, under which the audit keeps what concerns no tenant.
  static var installation: TenantID { TenantID("00000000-0000-0000-0000-000000000000")! }
}
