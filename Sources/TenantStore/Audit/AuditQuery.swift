import Postgres

/// The audit of a tenant, and what is noted in it by hand.
enum AuditQuery {
  /// The entries of a tenant, newest first. A version holds the record after it, so what a field was before stands in the
  /// version before it; a note tells what was said of a change and has no before.
  static func history(_ id: TenantID, before: Int64?, limit: Int) -> Query {
    Query(
      """
      SELECT e.entry_id, e.seq, (extract(epoch FROM e.at) * 1000000)::bigint, e.actor, e.action, e.version,
        e.request_id, e.reason, e.changed,
        ARRAY(SELECT \(unescaped: text(of: "p.record")) FROM unnest(e.changed) WITH ORDINALITY AS f (name, place) ORDER BY f.place),
        ARRAY(SELECT \(unescaped: text(of: "e.record")) FROM unnest(e.changed) WITH ORDINALITY AS f (name, place) ORDER BY f.place)
      FROM (
        SELECT e.entry_id, e.tenant_id, e.seq, e.at, e.actor, e.action, e.version, e.request_id, e.reason, e.changed,
          e.record::jsonb AS record
        FROM landlord.audit_entries e
        WHERE e.tenant_id = \(id)::uuid AND e.seq < coalesce(\(before)::bigint, 9223372036854775807)
        ORDER BY e.seq DESC
        LIMIT \(limit)::int
      ) e
      LEFT JOIN LATERAL (
        SELECT b.record::jsonb AS record
        FROM landlord.audit_entries b
        WHERE b.tenant_id = e.tenant_id AND b.seq < e.seq AND b.version IS NOT NULL AND e.version IS NOT NULL
        ORDER BY b.seq DESC LIMIT 1
      ) p ON true
      ORDER BY e.seq DESC
      """
    ) { .history($0.map(entry)) }
  }

  /// A field of a record for reading: a list joined by commas, NULL where there is none.
  static func text(of record: String) -> String {
    """
    CASE jsonb_typeof(\(record) -> f.name)
            WHEN 'array' THEN coalesce((
              SELECT string_agg(l.element, ', ' ORDER BY l.place)
              FROM jsonb_array_elements_text(\(record) -> f.name) WITH ORDINALITY AS l (element, place)), '')
            ELSE \(record) ->> f.name END
    """
  }

  private static func entry(_ row: Row) -> AuditEntry {
    let changed = row.strings(8)
    let values = zip(row.optionalStrings(9), row.optionalStrings(10))
    return AuditEntry(
      entryID: row.int64(0), seq: row.int64(1), at: row.instant(2), actor: row.string(3),
      action: row.string(4),
      version: row.optionalInt64(5), requestID: row.optionalIdentifier(6), reason: row.optionalString(7),
      changed: changed,
      changes: zip(changed, values).map { .init(field: $0, old: $1.0, new: $1.1) })
  }

  /// Entries a week, counted back from now.
  static func activity(_ id: TenantID, weeks: Int) -> Query {
    Query(
      """
      SELECT greatest(floor(extract(epoch FROM now() - e.at) / 604800), 0)::bigint, count(*)
      FROM landlord.audit_entries e
      WHERE e.tenant_id = \(id)::uuid AND e.at > now() - \(weeks)::int * interval '7 days'
      GROUP BY 1
      """
    ) { rows in
      var counts = [Int](repeating: 0, count: weeks)
      for row in rows { counts[weeks - 1 - Int(row.int64(0))] += Int(row.int64(1)) }
      return .activity(counts)
    }
  }

  /// Writes down that something was refused to this person.
  static func noteRefusal(_ action: String, _ tenant: TenantID?, _ what: String) -> Query {
    Query("SELECT landlord.note_refusal(\(action)::text, \(tenant)::uuid, \(what)::text)") { _ in .noted }
  }
}
