import Postgres

/// Asks the database whether a secret is a tenant's.
enum SecretQuery {
  /// True where it is, and the tenant's state lets a secret open anything.
  static func verify(_ id: TenantID, _ verifier: [UInt8]) -> Query {
    Query("SELECT landlord.verify_secret(\(id)::uuid, \(verifier)::bytea)") { rows in
      .secret(matches: rows.exactlyOne.optionalBool(0) ?? false)
    }
  }
}
