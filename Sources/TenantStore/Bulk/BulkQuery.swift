import Postgres

/// A change for many, in one call and one transaction, in which each part stands or falls for itself.
enum BulkQuery {
  static func apply(_ bulk: Bulk) -> Query {
    precondition(bulk.tenants.count <= Bulk.most, "more tenants than a bulk may hold")
    // In this order the answers come.
    let tenants = Set(bulk.tenants).sorted()
    let requests = tenants.map { part(bulk, $0) }.joined(separator: ",")
    return Query(
      """
      SELECT t.outcome, t.repeated, t.rule, t.entry_id, \(unescaped: TenantQuery.columns)
      FROM landlord.apply_requests(\("[\(requests)]")::jsonb) WITH ORDINALITY AS t
      ORDER BY t.ordinality
      """
    ) { rows in
      precondition(rows.count == tenants.count, "apply_requests answers each request once")
      return .bulk(
        zip(tenants, rows).map {
          BulkRow(tenantID: $0, requestID: bulk.requestID(for: $0), written: TenantWrite.answer($1))
        })
    }
  }

  private static func part(_ bulk: Bulk, _ tenant: TenantID) -> String {
    let value = bulk.change.value.map { ",\"value\":" + JSONText.quoted($0) } ?? ""
    let reason = bulk.reason.map { ",\"reason\":" + JSONText.quoted($0) } ?? ""
    return "{\"action\":\"\(bulk.change.action)\",\"requestId\":\"\(bulk.requestID(for: tenant))\","
      + "\"tenantId\":\"\(tenant)\"\(value)\(reason)}"
  }

  /// What would be done, by the same rules as the functions'.
  static func preview(_ bulk: Bulk) -> Query {
    let ids = Set(bulk.tenants).sorted().map(\.description)
    return Query(
      """
      SELECT count(*) FILTER (WHERE p.fate = 'changing'), count(*) FILTER (WHERE p.fate = 'unchanged'),
        count(*) FILTER (WHERE p.fate = 'refused'), count(*) FILTER (WHERE p.fate = 'gone')
      FROM (
        SELECT CASE WHEN t.tenant_id IS NULL THEN 'gone' ELSE \(fate(bulk.change)) END AS fate
        FROM unnest(\(ids)::uuid[]) AS asked (id) LEFT JOIN landlord.tenants t ON t.tenant_id = asked.id
      ) p
      """
    ) { rows in
      let row = rows.exactlyOne
      return .bulkPreview(
        BulkPreview(
          changing: Int(row.int64(0)), unchanged: Int(row.int64(1)), refused: Int(row.int64(2)),
          gone: Int(row.int64(3))))
    }
  }

  private static func fate(_ change: Bulk.Change) -> Statement {
    func unless(_ isSo: Statement) -> Statement {
      "CASE WHEN t.state = 'purged' THEN 'refused' WHEN \(isSo) THEN 'unchanged' ELSE 'changing' END"
    }
    return switch change {
    case .deactivate: "CASE WHEN t.state IN ('deactivated', 'purged') THEN 'refused' ELSE 'changing' END"
    case .reactivate: "CASE WHEN t.state = 'deactivated' THEN 'changing' ELSE 'refused' END"
    case .addOrigin(let origin): unless("\(origin)::text = ANY (t.allowed_origins)")
    case .removeOrigin(let origin): unless("\(origin)::text <> ALL (t.allowed_origins)")
    case .addPermission(let name): unless("\(name)::text = ANY (t.permissions)")
    case .removePermission(let name): unless("\(name)::text <> ALL (t.permissions)")
    case .setIndustry(let name): unless("t.business_industry = \(name)::text")
    }
  }
}

extension Bulk.Change {
  /// As `apply_requests` names it.
  fileprivate var action: String {
    switch self {
    case .deactivate: "deactivate"
    case .reactivate: "reactivate"
    case .addOrigin: "addOrigin"
    case .removeOrigin: "removeOrigin"
    case .addPermission: "addPermission"
    case .removePermission: "removePermission"
    case .setIndustry: "setIndustry"
    }
  }

  fileprivate var value: String? {
    switch self {
    case .deactivate, .reactivate: nil
    case .addOrigin(let value), .removeOrigin(let value), .addPermission(let value),
      .removePermission(let value), .setIndustry(let value):
      value
    }
  }
}
