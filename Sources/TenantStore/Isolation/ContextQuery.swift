import Postgres

/// The keys of the contexts, and what is signed by them.
enum ContextQuery {
  static let keys = Query(
    """
    SELECT coalesce((SELECT s.value FROM landlord.settings s WHERE s.name = 'context_mode'), 'plain'),
      k.key_id, (extract(epoch FROM k.made_at) * 1000000)::bigint, k.made_by
    FROM (VALUES (1)) AS one LEFT JOIN landlord.context_key_list() k ON true
    """
  ) { rows in
    guard let mode = ContextKeys.Mode(rawValue: rows[0].string(0)) else {
      preconditionFailure("a mode that the schema's own rule context_mode_known forbids")
    }
    let live = rows.filter { !$0.isNull(1) }
    return .contextKeys(
      ContextKeys(
        mode: mode,
        live: live.map { .init(number: Int($0.int64(1)), madeAt: $0.instant(2), madeBy: $0.string(3)) }))
  }

  static func sign(_ place: ContextPlace, seconds: Int) -> Query {
    Query("SELECT landlord.sign_context(\(place.tenantID)::uuid, \(place.backend)::int, \(seconds)::int)") {
      .contextSignature($0.exactlyOne.optionalString(0))
    }
  }

  static func verify(_ place: ContextPlace, _ signature: String) -> Query {
    Query(
      """
      SELECT landlord.verify_context(\(place.tenantID)::uuid, \(signature)::text, \(place.backend)::int)
      """
    ) { .contextProblem(rule: $0.exactlyOne.optionalString(0)) }
  }

  static func rotate(_ rotation: KeyRotation) -> Query {
    TenantWrite.written(
      """
      landlord.rotate_context_key(\(rotation.requestID)::uuid, \(rotation.key)::bytea, \(rotation.reason)::text)
      """)
  }
}
