import Postgres

/// The transaction in which access is changed: as the login itself where groups are given and taken, and as whoever may write
/// landlord's audit where it is written down. Both or neither.
struct AccessTransaction {
  let connection: Connection
  let login: String
  /// The audit is written as the owner, whom the login can become but need not be.
  private let writesAsOwner: Bool
  private let isOld: Bool
  private static let deadline = 30_000

  /// Does `body` and commits, or undoes all of it. `writing`: refuse at once a login that could not write the audit.
  static func run<T>(
    _ connection: Connection, writing: Bool, _ body: (AccessTransaction) throws(AccessError) -> T
  ) throws(AccessError) -> T {
    for attempt in 1... {
      do {
        try script(
          connection,
          "BEGIN \(writing ? "" : "READ ONLY"); SET LOCAL search_path = ''; SET LOCAL lock_timeout = '5s'")
        let result = try body(try AccessTransaction(connection, writing: writing))
        try commit(connection)
        return result
      } catch {
        if case .connection = error { throw error }
        if error == .unknown { throw error }
        try script(connection, "ROLLBACK")
        // Roles have no row to lock: who loses a race begins anew.
        if case .server(let server) = error, server.sqlState == "XX000", attempt < 20 { continue }
        throw error
      }
    }
    preconditionFailure("counting has no end")
  }

  private init(_ connection: Connection, writing: Bool) throws(AccessError) {
    self.connection = connection
    let facts = try Self.ask(
      connection,
      """
      SELECT session_user, v.number < 160000,
        (SELECT has_schema_privilege(n.oid, 'USAGE')
            AND CASE WHEN \(writing)::boolean THEN has_function_privilege(p.oid, 'EXECUTE')
              ELSE has_any_column_privilege(l.oid, 'SELECT') END
          FROM pg_namespace n JOIN pg_proc p ON p.pronamespace = n.oid AND p.proname = 'limit_person'
          JOIN pg_class l ON l.relnamespace = n.oid AND l.relname = 'limits'
          WHERE n.nspname = 'landlord'),
        (SELECT pg_has_role(r.oid, CASE WHEN v.number < 160000 THEN 'MEMBER' ELSE 'SET' END)
          FROM pg_roles r WHERE r.rolname = 'landlord_owner')
      FROM (SELECT current_setting('server_version_num')::int AS number) v
      """
    ).exactlyOne
    login = facts.string(0)
    isOld = facts.bool(1)
    guard let mayItself = facts.optionalBool(2) else { throw .noSchema }
    writesAsOwner = !mayItself
    if !mayItself, facts.optionalBool(3) != true {
      throw writing ? .mayNotRecord(login: login) : .mayNotLook(login: login)
    }
  }

  // MARK: - Landlord's part

  /// Asks something of landlord's schema.
  func ask(_ statement: Statement) throws(AccessError) -> Rows {
    if !writesAsOwner { return try Self.ask(connection, statement) }
    try Self.script(connection, "SET LOCAL ROLE landlord_owner")
    let rows = try Self.ask(connection, statement)
    try Self.script(connection, "SET LOCAL ROLE NONE")
    return rows
  }

  /// Calls a changing function; nil where what it is about is gone, else whether an entry was written, and which.
  func write(_ call: Statement) throws(AccessError) -> (outcome: Written.Outcome, entryID: Int64?) {
    let row = try ask("SELECT t.outcome, t.entry_id FROM \(call) AS t").exactlyOne
    guard let outcome = Written.Outcome(rawValue: row.string(0)) else {
      preconditionFailure("an outcome that the schema's own rule outcome_known forbids here")
    }
    return (outcome, row.optionalInt64(1))
  }

  // MARK: - The login's part

  func give(_ role: String, to person: String) throws(AccessError) {
    try groups(role, "GRANT \(role) TO \(Migrator.quoted(person))")
  }

  /// Takes a group away, whoever gave it; from PostgreSQL 16 on each giver's own membership is one of several.
  func take(_ role: String, from person: String) throws(AccessError) {
    let statement = "REVOKE \(role) FROM \(Migrator.quoted(person))"
    for grantor in isOld ? [nil] : try grantors(of: role, to: person).map(Optional.some) {
      try groups(role, statement + (grantor.map { " GRANTED BY \(Migrator.quoted($0))" } ?? ""))
    }
    let left = try grantors(of: role, to: person)
    if !left.isEmpty { throw .givenByOthers(person: person, role: role, grantors: left) }
  }

  private func grantors(of role: String, to person: String) throws(AccessError) -> [String] {
    try Self.ask(
      connection,
      """
      SELECT pg_get_userbyid(m.grantor)::text FROM pg_auth_members m
      JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles p ON p.oid = m.member
      WHERE g.rolname::text = \(role)::text AND p.rolname::text = \(person)::text ORDER BY 1
      """
    ).map { $0.string(0) }
  }

  private func groups(_ role: String, _ statement: String) throws(AccessError) {
    do { try Self.script(connection, statement) } catch {
      if case .server(let server) = error, server.sqlState == "42501" {
        throw .mayNotGrant(login: login, role: role)
      }
      throw error
    }
  }

  // MARK: - The line

  private static func ask(_ connection: Connection, _ statement: Statement) throws(AccessError) -> Rows {
    do { return try connection.run(statement, deadline: deadline) } catch { throw AccessError(error) }
  }

  private static func script(_ connection: Connection, _ text: String) throws(AccessError) {
    do { try connection.runScript(text, deadline: deadline) } catch { throw AccessError(error) }
  }

  private static func commit(_ connection: Connection) throws(AccessError) {
    do { try connection.runScript("COMMIT", deadline: deadline) } catch {
      if case .server = error { throw AccessError(error) }
      throw .unknown
    }
  }
}
