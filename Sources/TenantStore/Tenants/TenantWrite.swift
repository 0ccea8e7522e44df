import Postgres

/// The changes of a tenant: each is one call of a function that checks, changes and audits.
enum TenantWrite {
  static func onboard(_ onboarding: Onboarding) -> Query {
    written(
      """
      landlord.register_tenant(
        \(onboarding.requestID)::uuid, \(onboarding.tenantID)::uuid, \(JSONText.object(onboarding.fields))::jsonb,
        \(onboarding.verifier)::bytea, \(onboarding.hint)::text, \(onboarding.reason)::text)
      """)
  }

  static func update(_ update: Update) -> Query {
    written(
      """
      landlord.update_tenant(
        \(update.requestID)::uuid, \(update.tenantID)::uuid, \(update.expectedVersion)::bigint,
        \(JSONText.object(update.changes))::jsonb, \(update.reason)::text)
      """)
  }

  /// Calls a changing function and reads its answer.
  static func written(_ call: Statement) -> Query {
    var query = Query(
      """
      SELECT t.outcome, t.repeated, t.rule, t.entry_id, \(unescaped: TenantQuery.columns)
      FROM \(call) AS t
      """
    ) { .written(answer($0.exactlyOne)) }
    query.recover = { $0.sqlState == "55P03" ? holders : nil }
    return query
  }

  /// After a lock that did not come: who has a change open. Whoever waits as well holds nothing up. It is asked when the
  /// waiting is over, because `pg_blocking_pids` wants one who waits; so it names who may hold the row, and by then nobody may.
  private static let holders = Query(
    statement: """
      SELECT string_agg(DISTINCT format('%s (process %s)', a.usename, a.pid), ', ')
      FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
      WHERE l.granted AND l.pid <> pg_backend_pid() AND l.mode <> 'AccessShareLock'
        AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
        AND l.relation IN ('landlord.tenants'::regclass, 'landlord.audit_heads'::regclass)
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks w WHERE w.pid = l.pid AND NOT w.granted)
      """,
    decode: { rows, _ in .failure(.lockHeld(by: rows.exactlyOne.optionalString(0))) },
    recover: { _ in nil })

  /// Outcome, repeated, rule and entry, then the tenant's columns.
  static func answer(_ row: Row) -> Written {
    guard let outcome = Written.Outcome(rawValue: row.string(0)) else {
      preconditionFailure("an outcome that the schema's own rule outcome_known forbids here")
    }
    return Written(
      outcome: outcome, repeated: row.optionalBool(1) ?? false, rule: row.optionalString(2),
      entryID: row.optionalInt64(3), tenant: row.isNull(4) ? nil : TenantQuery.tenant(row, from: 4))
  }
}

/// What became of a write whose line was lost.
enum SettlementQuery {
  static func settle(_ id: RequestID) -> Query {
    Query(
      """
      SELECT t.outcome, t.repeated, t.rule, t.entry_id, \(unescaped: TenantQuery.columns)
      FROM landlord.settle_request(\(id)::uuid) AS t
      """
    ) { rows in
      let row = rows.exactlyOne
      return switch row.string(0) {
      case "never": .settled(.never)
      case "running": .settled(.running)
      default: .settled(.recorded(TenantWrite.answer(row)))
      }
    }
  }
}
