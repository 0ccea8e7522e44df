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
    Query(
      """
      SELECT t.outcome, t.repeated, t.rule, t.entry_id, \(unescaped: TenantQuery.columns)
      FROM \(call) AS t
      """
    ) { .written(answer($0.exactlyOne)) }
  }

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
