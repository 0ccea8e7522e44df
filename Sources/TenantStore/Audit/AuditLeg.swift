import Postgres

/// One source of events: the window of it that a page could need, in the columns that all three share.
struct AuditLeg {
  private let request: AuditPageRequest
  private let source: AuditEvent.Source

  init(_ request: AuditPageRequest, _ source: AuditEvent.Source) {
    self.request = request
    self.source = source
  }

  /// Nil: nothing of this source can be in the list.
  var statement: Statement? {
    guard let conditions else { return nil }
    let all = TenantSearch.all(conditions + [bound].compactMap { $0 })!
    let direction = request.isBackward ? "ASC" : "DESC"
    return """
      (SELECT \(unescaped: columns)
      FROM landlord.\(unescaped: table) r
      WHERE \(all)
      ORDER BY r.at \(unescaped: direction), r.\(unescaped: key) \(unescaped: direction)
      LIMIT \(request.limit)::int)
      """
  }

  /// What the filter asks of a row of this source; nil: none can be so.
  var conditions: [Statement]? {
    let conditions = request.filter.terms.map(condition)
    return conditions.contains("false") ? nil : [base] + conditions.filter { $0 != "true" }
  }

  var table: String {
    switch source {
    case .entry: "audit_entries"
    case .request: "requests"
    case .attempt: "attempts"
    }
  }

  private var columns: String {
    switch source {
    case .entry:
      """
      2 AS source, r.at, r.entry_id::text AS id, r.tenant_id, r.actor, r.role, r.client, r.action, 'saved' AS outcome,
        NULL AS note, r.request_id, r.reason, r.version, r.seq, r.changed, r.record
      """
    case .request:
      """
      1 AS source, r.at, r.request_id::text AS id, r.tenant_id, r.actor, NULL AS role, NULL AS client, r.action, r.outcome,
        r.rule AS note, r.request_id, NULL AS reason, NULL::bigint AS version, NULL::bigint AS seq, '{}'::text[] AS changed,
        NULL AS record
      """
    case .attempt:
      """
      0 AS source, r.at, r.attempt_id::text AS id, r.tenant_id, r.actor, r.role, r.client, r.action,
        CASE r.action WHEN 'look' THEN 'looked' ELSE 'refused' END AS outcome,
        CASE r.action WHEN 'look' THEN coalesce(r.outcome, 'open') || ': ' || r.what ELSE r.what END AS note,
        NULL::uuid AS request_id, NULL AS reason, NULL::bigint AS version, NULL::bigint AS seq, '{}'::text[] AS changed,
        NULL AS record
      """
    }
  }

  private var key: String {
    switch source {
    case .entry: "entry_id"
    case .request: "request_id"
    case .attempt: "attempt_id"
    }
  }

  /// What belongs to the list at all.
  private var base: Statement {
    switch source {
    case .entry, .attempt: "true"
    case .request: "r.outcome IN ('stale', 'gone', 'refused')"
    }
  }

  /// What the rows must lie behind. At the same instant the sources come in their own order.
  private var bound: Statement? {
    let (cursor, isIncluded): (AuditCursor, Bool)
    switch request.anchor {
    case .first, .last: return nil
    case .after(let place), .before(let place): (cursor, isIncluded) = (place, false)
    case .from(let place): (cursor, isIncluded) = (place, true)
    case .since(let tail):
      return source == .entry ? "r.xid >= \(tail.xmin)::xid8" : "r.at >= \(TenantSearch.moment(tail.at))"
    }
    let comparison = request.isBackward ? ">" : "<"
    let at = TenantSearch.moment(cursor.at)
    if source == cursor.source {
      let sign = comparison + (isIncluded ? "=" : "")
      let type = source == .request ? "uuid" : "bigint"
      return
        "(r.at, r.\(unescaped: key)) \(unescaped: sign) (\(at), \(cursor.id)::\(unescaped: type))"
    }
    let isBehind = request.isBackward == (source.rawValue > cursor.source.rawValue)
    return "r.at \(unescaped: comparison + (isBehind ? "=" : "")) \(at)"
  }

  // MARK: - The filter

  /// `true` and `false` where the source alone decides.
  private func condition(_ term: AuditFilter.Term) -> Statement {
    let condition = condition(term.test)
    guard term.isNegated else { return condition }
    return condition == "true" ? "false" : condition == "false" ? "true" : "(\(condition)) IS NOT TRUE"
  }

  private func condition(_ test: AuditFilter.Test) -> Statement {
    switch test {
    case .text(let text):
      return "lower(\(unescaped: words)) LIKE lower(\("%" + TenantSearch.escaped(text) + "%")::text)"
    case .tenant(.id(let id)): return "r.tenant_id = \(id)::uuid"
    case .tenant(.siteID(let siteID)):
      return "r.tenant_id = (SELECT s.tenant_id FROM landlord.site_ids s WHERE s.site_id = \(siteID)::text)"
    case .actor(let name): return "lower(r.actor) = lower(\(name)::text)"
    case .action(let name): return "lower(r.action) LIKE lower(\(TenantSearch.escaped(name) + "%")::text)"
    case .field(let name):
      guard source == .entry else { return "false" }
      return """
        EXISTS (SELECT FROM unnest(r.changed) AS f (name)
          WHERE lower(f.name) LIKE \("%" + TenantSearch.escaped(name) + "%")::text)
        """
    case .outcomes(let outcomes): return condition(outcomes)
    case .since(let time): return since(time)
    case .until(let time): return "NOT (\(behind(time)))"
    case .request(let digits):
      guard source != .attempt, let range = RequestID.range(beginning: digits) else { return "false" }
      return "r.request_id BETWEEN \(range.lowerBound)::uuid AND \(range.upperBound)::uuid"
    }
  }

  private var words: String {
    switch source {
    case .entry: "concat_ws(' ', r.actor, r.action, r.reason, r.record)"
    case .request: "concat_ws(' ', r.actor, r.action, r.rule)"
    case .attempt: "concat_ws(' ', r.actor, r.action, r.what)"
    }
  }

  private func condition(_ outcomes: Set<AuditEvent.Outcome>) -> Statement {
    switch source {
    case .entry: return outcomes.contains(.saved) ? "true" : "false"
    case .request:
      let names = [AuditEvent.Outcome.stale, .gone, .refused].filter(outcomes.contains).map(\.rawValue)
      return names.isEmpty ? "false" : "r.outcome = ANY (\(names)::text[])"
    case .attempt:
      switch (outcomes.contains(.looked), outcomes.contains(.refused)) {
      case (true, true): return "true"
      case (true, false): return "r.action = 'look'"
      case (false, true): return "r.action <> 'look'"
      case (false, false): return "false"
      }
    }
  }

  private func since(_ time: TimeTest) -> Statement {
    switch time.moment {
    case .span(let start, _): "r.at >= \(TenantSearch.moment(start))"
    case .ago(let seconds): "r.at >= now() - \(seconds)::bigint * interval '1 second'"
    }
  }

  /// Later than `until` lets through.
  private func behind(_ time: TimeTest) -> Statement {
    switch time.moment {
    case .span(_, let end): "r.at >= \(TenantSearch.moment(end))"
    case .ago(let seconds): "r.at > now() - \(seconds)::bigint * interval '1 second'"
    }
  }
}
