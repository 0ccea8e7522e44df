import Postgres

/// Brings a database up to this program's schema.
///
/// Roles first, which are the cluster's; then each migration in a transaction of its own, as `landlord_owner`, under a
/// lock that ends with the transaction (a pooler could keep one of the session). Several may run at once: each
/// migration is applied by whoever comes first.
public struct Migrator {
  private let connection: Connection
  /// Milliseconds for one migration; building indexes on a large database takes minutes.
  private let deadline = 30 * 60_000

  /// `connection` must not be in a transaction.
  public init(_ connection: Connection) { self.connection = connection }

  /// A migration that the database has.
  public struct Applied: Equatable, Sendable {
    public let name: String
    public let checksum: String
    public let at: Instant
  }

  /// What has been applied, in order of names; empty where the schema is absent. Read as the owner where the login
  /// itself may not: from PostgreSQL 16 on it can become the owner but has not its rights.
  public func applied() throws(MigrationError) -> [Applied] {
    let table = try run(
      """
      SELECT has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'landlord' AND c.relname = 'migrations'
      """)
    guard let table = table.first else { return [] }
    if table.bool(0) { return try recorded() }
    let isInside = connection.transactionStatus == .open
    try script(isInside ? Self.asOwner : "BEGIN; \(Self.asOwner)")
    let found = try recorded()
    try script(isInside ? Self.asLogin : "ROLLBACK")
    return found
  }

  private func recorded() throws(MigrationError) -> [Applied] {
    // All migrations that were applied, for the comparison with ours.
    try run(
      """
      SELECT name, checksum, (extract(epoch FROM applied_at) * 1000000)::bigint
      FROM landlord.migrations
      ORDER BY name
      """
    ).map { Applied(name: $0.string(0), checksum: $0.string(1), at: Instant(microseconds: $0.int64(2))) }
  }

  /// How the database stands to this program. Changes nothing.
  public func status() throws(MigrationError) -> Session.Schema {
    let applied = try applied()
    return applied.isEmpty
      ? .absent : Migration.schema(applied: applied.map { ($0.name, $0.checksum) })
  }

  /// Applies what is missing and answers the names, in order; empty: there was nothing to do. `progress` is told each
  /// migration before it begins.
  public func migrate(progress: (Migration) -> Void = { _ in }) throws(MigrationError) -> [String] {
    try check()
    let missing = try missing()
    if missing.isEmpty { return [] }
    try makeRoles()
    var done: [String] = []
    for migration in missing {
      progress(migration)
      if try apply(migration) { done.append(migration.name) }
    }
    return done
  }

  /// The SQL that `migrate` would run now; empty: nothing.
  public func dryRun() throws(MigrationError) -> String {
    try check()
    let missing = try missing()
    if missing.isEmpty { return "" }
    return ([Self.roles, Self.becomeOwner] + missing.map { Self.script(for: $0) }).joined(separator: "\n")
  }

  /// Makes a role that may log in, if there is none of this name, and lets it administer tenants and prove
  /// the audit. For the embedded server, where the person is known by the operating system's name and is alone. A role that
  /// exists is only made a member.
  public func admit(administrator name: String) throws(MigrationError) {
    let known = try run("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = \(name))").exactlyOne.bool(0)
    if !known { try makeRole("CREATE ROLE \(Self.quoted(name)) LOGIN") }
    for group in ["landlord_admin", "landlord_auditor"] {
      let member = try run("SELECT pg_has_role(\(name)::name, \(group)::name, 'MEMBER')").exactlyOne.bool(0)
      if !member { try makeRole("GRANT \(group) TO \(Self.quoted(name))") }
    }
  }

  /// Lets the triggers fire always that a restore has left to fire for people only, or not at all; answers their names. Those of
  /// the registry and the audit are meant to fire for replication too.
  public func mendTriggers() throws(MigrationError) -> [String] {
    // Everyone may see it, but not everyone who migrates has become the owner before.
    let asleep = try run(Self.sleepingTriggers)
    if asleep.isEmpty { return [] }
    try makeRole(Self.becomeOwner)
    let statements = asleep.map {
      "ALTER TABLE landlord.\($0.string(0)) ENABLE ALWAYS TRIGGER \($0.string(1));"
    }
    try script("BEGIN; \(Self.asOwner); \(statements.joined(separator: " ")) COMMIT")
    return asleep.map { "\($0.string(0)).\($0.string(1))" }
  }

  /// After a restore into another server, whose transactions are numbered anew: lets the events of the outbox go on. Answers
  /// whether that was needed.
  public func mendOutbox() throws(MigrationError) -> Bool {
    let ahead = try run(
      "SELECT has_table_privilege(c.oid, 'UPDATE') FROM pg_class c WHERE c.oid = to_regclass('landlord.outbox')"
    )
    guard let isOwner = ahead.first else { return false }
    if !isOwner.bool(0) { try makeRole(Self.becomeOwner) }
    try script("BEGIN; \(Self.asOwner)")
    let mended = try run("SELECT landlord.renumber_outbox()").exactlyOne.bool(0)
    try script("COMMIT")
    return mended
  }

  // MARK: - Steps

  private func check() throws(MigrationError) {
    let server = try run(
      """
      SELECT current_setting('server_encoding'), current_setting('server_version_num')::int,
        current_setting('server_version'),
        (SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'landlord')
      """
    ).exactlyOne
    if server.string(0) != "UTF8" { throw .encoding(server.string(0)) }
    if server.int64(1) < 150_000 { throw .serverTooOld(server.string(2)) }
    if let owner = server.optionalString(3), owner != "landlord_owner" { throw .schemaOwner(owner) }
  }

  private func missing() throws(MigrationError) -> [Migration] {
    switch try status() {
    case .current: return []
    case .absent: return Migration.all
    case .behind(let names): return Migration.all.filter { names.contains($0.name) }
    case .foreign(let reason): throw .foreign(reason)
    }
  }

  /// Roles are the cluster's and know no lock: who loses a race simply tries again.
  private func makeRoles() throws(MigrationError) {
    try makeRole(Self.roles)
    try makeRole(Self.becomeOwner)
  }

  private func makeRole(_ script: String) throws(MigrationError) {
    for attempt in 1... {
      do {
        return try connection.runScript(script, deadline: 60_000)
      } catch .server(let error)
        where attempt < 20 && ["XX000", "23505", "42710"].contains(error.sqlState)
      {
        continue
      } catch .server(let error) where error.sqlState == "42501" {
        throw .notPermitted(error.message)
      } catch {
        throw .connection(error)
      }
    }
  }

  /// False: someone else applied it in the meantime.
  private func apply(_ migration: Migration) throws(MigrationError) -> Bool {
    do {
      try connection.runScript(Self.begin, deadline: deadline)
      // Only now, with the lock held, is the answer worth anything.
      if try !missing().contains(migration) {
        try connection.runScript("ROLLBACK", deadline: deadline)
        return false
      }
      try connection.runScript(Self.body(of: migration), deadline: deadline)
      return true
    } catch let error as PostgresError {
      try undo(error)
      throw Self.sorted(error, in: migration)
    } catch let error as MigrationError {
      try connectionErrors { () throws(PostgresError) in
        try connection.runScript("ROLLBACK", deadline: deadline)
      }
      throw error
    } catch {
      preconditionFailure("an error of a third kind: \(error)")
    }
  }

  private func undo(_ error: PostgresError) throws(MigrationError) {
    guard case .server = error else { return }
    try connectionErrors { () throws(PostgresError) in
      try connection.runScript("ROLLBACK", deadline: deadline)
    }
  }

  private static func sorted(_ error: PostgresError, in migration: Migration) -> MigrationError {
    guard case .server(let server) = error else { return .connection(error) }
    return switch server.sqlState {
    case "55P03": .busy
    case "42501": .notPermitted(server.message)
    default: .failed(migration: migration.name, server)
    }
  }

  private func run(_ statement: Statement) throws(MigrationError) -> Rows {
    try connectionErrors { () throws(PostgresError) in try connection.run(statement, deadline: 60_000) }
  }

  /// A script outside a migration's transaction, which it leaves none of when it fails.
  private func script(_ text: String) throws(MigrationError) {
    do { try connection.runScript(text, deadline: 60_000) } catch {
      if case .server = error { try? connection.runScript("ROLLBACK", deadline: 60_000) }
      try connectionErrors { () throws(PostgresError) in throw error }
    }
  }

  private func connectionErrors<T>(_ body: () throws(PostgresError) -> T) throws(MigrationError) -> T {
    do { return try body() } catch {
      if case .server(let server) = error, server.sqlState == "42501" { throw .notPermitted(server.message) }
      throw .connection(error)
    }
  }
}
