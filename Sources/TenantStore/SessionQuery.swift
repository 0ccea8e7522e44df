import Postgres

/// Who I am and what the server is. The first question on every line to be looked at, so it is one statement wherever the
/// schema is there.
enum SessionQuery {
  static let whole = Query(
    statement: """
      SELECT \(unescaped: person), NOT row_security_active('landlord.tenants'),
        (SELECT s.value FROM landlord.settings s WHERE s.name = 'environment'),
        (SELECT s.value FROM landlord.settings s WHERE s.name = 'installation'),
        ARRAY(SELECT m.name FROM landlord.migrations m ORDER BY m.name),
        ARRAY(SELECT m.checksum FROM landlord.migrations m ORDER BY m.name)
      """,
    decode: { rows, connection in
      let row = rows.exactlyOne
      let applied = zip(row.strings(8), row.strings(9)).map { (name: $0, checksum: $1) }
      return .answer(
        .session(
          session(
            row, connection, environment: row.optionalString(6), installation: row.optionalString(7),
            schema: Migration.schema(applied: applied))))
    },
    // No such table or schema, or not for this person to read.
    recover: {
      ["42P01", "3F000", "42501"].contains($0.sqlState) ? bare(isHidden: $0.sqlState == "42501") : nil
    })

  /// The same without the schema. `isHidden`: it is there, but this person may not look into it.
  private static func bare(isHidden: Bool) -> Query {
    Query(
      statement: """
        SELECT \(unescaped: person), EXISTS (SELECT FROM pg_roles r WHERE r.rolname = session_user AND (r.rolsuper OR r.rolbypassrls)),
          EXISTS (SELECT FROM pg_namespace n WHERE n.nspname = 'landlord')
        """,
      decode: { rows, connection in
        let row = rows.exactlyOne
        let schema: Session.Schema =
          isHidden
          ? .current : row.bool(6) ? .foreign("the schema landlord here is not this program's") : .absent
        return .answer(
          .session(session(row, connection, environment: nil, installation: nil, schema: schema)))
      })
  }

  /// User, database, whether it is a standby, whether it is read only, and the roles that count. Those are asked for by name:
  /// the view of all roles takes a new backend longer than all the rest.
  private static let person = """
    session_user, current_database(), pg_is_in_recovery(), current_setting('transaction_read_only') = 'on',
      ARRAY(
        SELECT n.name FROM unnest(ARRAY['landlord_support', 'landlord_support_limited', 'landlord_auditor',
          'landlord_auditor_limited', 'landlord_admin', 'landlord_admin_limited']) AS n (name)
        WHERE pg_has_role(session_user, to_regrole(n.name)::oid, 'USAGE'))
    """

  private static func session(
    _ row: Row, _ connection: Connection, environment: String?, installation: String?, schema: Session.Schema
  ) -> Session {
    let roles = row.strings(4)
    let right = Session.Right.allCases.last { right in
      roles.contains("landlord_\(right.rawValue)") || roles.contains("landlord_\(right.rawValue)_limited")
    }
    return Session(
      user: row.string(0), right: right ?? .none,
      isLimited: right.map { !roles.contains("landlord_\($0.rawValue)") } ?? false,
      bypassesPolicies: row.bool(5),
      database: row.string(1),
      host: connection.host, serverVersion: connection.parameterStatus("server_version") ?? "",
      readOnly: row.bool(2) || row.bool(3), isStandby: row.bool(2), environment: environment, schema: schema,
      installation: installation)
  }
}
