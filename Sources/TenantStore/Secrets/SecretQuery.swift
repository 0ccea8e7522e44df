import Postgres

/// Asks the database whether a secret is a tenant's.
enum SecretQuery {
  /// True where it is, and the tenant's state lets a secret open anything, or `whileShut`.
  static func verify(_ id: TenantID, _ verifier: [UInt8], whileShut: Bool) -> Query {
    let function = whileShut ? "holds_secret" : "verify_secret"
    return Query("SELECT landlord.\(unescaped: function)(\(id)::uuid, \(verifier)::bytea)") { rows in
      .secret(matches: rows.exactlyOne.optionalBool(0) ?? false)
    }
  }
}
