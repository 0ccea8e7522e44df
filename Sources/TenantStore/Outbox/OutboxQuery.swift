import Postgres

/// The events of the outbox.
enum OutboxQuery {
  /// Those after an event, in order.
  static func after(_ last: Int64, limit: Int) -> Query {
    Query(
      statement: """
        SELECT e.event_id, e.kind, (extract(epoch FROM e.at) * 1000000)::bigint, e.tenant_id, e.site_id, e.version, e.state,
          e.suspended_access, e.changed, e.request_id
        FROM landlord.events_after(\(last)::bigint, \(limit)::int) e
        """,
      decode: { rows, _ in .answer(.events(rows.map(event))) },
      recover: { error in
        // Nothing to be asked any more; a query only because the answer has to come from one.
        error.constraint == "event_known" ? Query("SELECT") { _ in .events(nil) } : nil
      })
  }

  /// The last event that is given now.
  static let last = Query("SELECT landlord.last_event()") { .lastEvent($0.exactlyOne.int64(0)) }

  private static func event(_ row: Row) -> OutboxEvent {
    guard let state = TenantState(rawValue: row.string(6)) else {
      preconditionFailure("a state that the schema's own rule state_known forbids")
    }
    return OutboxEvent(
      id: row.int64(0), kind: row.string(1), at: row.instant(2), tenantID: row.identifier(3),
      siteID: row.string(4), version: row.int64(5), state: state, suspendedAccess: row.string(7),
      changed: row.strings(8), requestID: row.optionalIdentifier(9))
  }
}
