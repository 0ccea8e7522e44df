import Glibc
import Postgres

/// Protects the platform's own tables, as their owner.
///
/// The schema says what a table still lacks (`protect_plan`); the steps are carried out here, because building an index without
/// keeping writers out is no function's to do. Each step is a transaction of its own and waits two seconds for its lock, so that
/// nobody queues up behind it for long. Whatever ends the work, the next call looks first and goes on from there.
public struct Protector {
  private let admin: Connection
  private let owner: Connection
  private let tries: Int

  /// Milliseconds. Building an index on a large table takes as long as it takes; the rest is soon done.
  private static let patience = 24 * 60 * 60_000
  private static let shortPatience = 60_000

  /// `admin` lets the owner in and writes the audit: a member of `landlord_admin`. `owner` is the tables' owner or a member of
  /// that role. Both may be the same connection. Neither is in a transaction. `tries`: how often a step is tried whose lock
  /// someone else holds, a second apart.
  public init(admin: Connection, owner: Connection, tries: Int = 5) {
    self.admin = admin
    self.owner = owner
    self.tries = tries
  }

  /// What is to be done, in order; refusals alone where there are any. Changes nothing. Rows are looked at only where the admin
  /// may read the table.
  public func plan(for target: ProtectTarget) throws(ProtectError) -> [ProtectStep] {
    try plan(target, try number(of: target), on: admin)
  }

  /// Does it, and answers how many steps there were; 0: the table was protected already. `progress` is told each step before it
  /// begins. What will be done is written down before it is.
  public func protect(
    _ target: ProtectTarget, reason: String?, progress: (ProtectStep) -> Void = { _ in }
  ) throws(ProtectError) -> Int {
    let table = try number(of: target)
    try run(admin, "SELECT landlord.protect_grant(\(table))", target)
    try checkOwner(target, table)
    var done = 0
    // The second round finds what somebody added meanwhile, such as a partition; usually nothing.
    for _ in 1...3 {
      let steps = try plan(target, table, on: owner)
      if steps.isEmpty { break }
      if steps.contains(where: \.isRefusal) { throw .refused(steps) }
      try record("protect", target, table, steps: steps.count, reason)
      for step in steps {
        progress(step)
        do { try carryOut(step) } catch {
          try record("protect unfinished", target, table, steps: done, reason)
          throw error
        }
        done += 1
      }
    }
    return done
  }

  /// Opens the table and its family again, and answers how many tables they are. It is written down before it is done: no
  /// table is opened unrecorded.
  public func unprotect(_ target: ProtectTarget, reason: String) throws(ProtectError) -> Int {
    let table = try number(of: target)
    let known = try run(
      admin, "SELECT EXISTS (SELECT FROM landlord.protected_tables() p WHERE p.relation = \(table))", target)
    guard known.exactlyOne.bool(0) else { throw .notProtected(target.table) }
    try checkOwner(target, table)
    try record("unprotect", target, table, steps: 1, reason)
    do {
      return Int(try run(owner, "SELECT landlord.unprotect(\(table))", target).exactlyOne.int64(0))
    } catch {
      try record("unprotect unfinished", target, table, steps: 0, reason)
      throw error
    }
  }

  /// All tables that are protected, partitions too, by name.
  public static func protectedTables(_ connection: Connection) throws(ProtectError) -> [ProtectedTable] {
    let statement: Statement = """
      SELECT format('%I.%I', n.nspname, c.relname) AS name, p.tenant_column, p.form, p.holds
      FROM landlord.protected_tables() p
      JOIN pg_class c ON c.oid = p.relation
      JOIN pg_namespace n ON n.oid = c.relnamespace
      ORDER BY name
      """
    do {
      return try connection.run(statement, deadline: shortPatience).map { row in
        ProtectedTable(
          name: row.string(0), column: row.string(1), form: ProtectedTable.Form(rawValue: row.string(2))!,
          holds: row.bool(3))
      }
    } catch { throw ProtectError(error, "landlord.protected_tables") }
  }

  // MARK: - Steps

  /// The table by its number, as SQL. The name is what the owner's connection means by it; the admin may not even look into
  /// that schema, and must not take another table for it.
  private func number(of target: ProtectTarget) throws(ProtectError) -> Statement {
    let row = try run(
      owner,
      """
      SELECT c.oid::bigint, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.oid = \(target.table)::regclass
      """, target
    ).exactlyOne
    let same = try run(
      admin,
      """
      SELECT EXISTS (
        SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid = \(row.int64(0))::bigint::oid AND n.nspname = \(row.string(1)) AND c.relname = \(row.string(2)))
      """, target)
    guard same.exactlyOne.bool(0) else { throw .noSuchTable(target.table) }
    return "\(row.int64(0))::bigint::oid::regclass"
  }

  /// What the table and its family lack still.
  private func plan(
    _ target: ProtectTarget, _ table: Statement, on connection: Connection
  ) throws(ProtectError) -> [ProtectStep] {
    let rows = try run(
      connection,
      """
      SELECT p.relation::text, p.what, p.sql, p.lock, p.in_transaction, p.refused
      FROM landlord.protect_plan(\(table), \(target.column)::name, \(target.citus)::boolean) p
      ORDER BY p.step
      """, target)
    return rows.map { row in
      ProtectStep(
        table: row.string(0), what: row.string(1), sql: row.optionalString(2), lock: row.optionalString(3),
        inTransaction: row.optionalBool(4) ?? true, isRefusal: row.bool(5))
    }
  }

  private func carryOut(_ step: ProtectStep) throws(ProtectError) {
    guard let sql = step.sql else { preconditionFailure("a step that is no refusal has its SQL") }
    let script =
      step.inTransaction
      ? "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '2s'; \(sql); COMMIT" : sql
    for attempt in 1... {
      do {
        return try owner.runScript(script, deadline: Self.patience)
      } catch {
        guard case .server(let server) = error else { throw .connection(error) }
        if step.inTransaction { _ = try? owner.runScript("ROLLBACK", deadline: Self.shortPatience) }
        if server.sqlState != "55P03" { throw .failed(step, server) }
        if attempt == tries { throw .busy(step) }
        sleep(1)
      }
    }
  }

  /// The owner's rights must come by themselves: what it makes would else belong to the login.
  private func checkOwner(_ target: ProtectTarget, _ table: Statement) throws(ProtectError) {
    let foreign = try run(
      admin,
      """
      SELECT format('%I.%I', n.nspname, c.relname), pg_get_userbyid(c.relowner)
      FROM landlord.family(\(table)) f
      JOIN pg_class c ON c.oid = f.relation
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT pg_has_role(\(owner.user)::name, c.relowner, 'USAGE')
      """, target)
    if let first = foreign.first { throw .notOwner(table: first.string(0), owner: first.string(1)) }
  }

  private func record(
    _ action: String, _ target: ProtectTarget, _ table: Statement, steps: Int, _ reason: String?
  ) throws(ProtectError) {
    try run(
      admin,
      """
      SELECT (landlord.record_act(\(RequestID.random())::uuid, \(action)::text, (
        SELECT jsonb_build_object('table', format('%I.%I', n.nspname, c.relname), 'column', \(target.column)::text,
          'form', \(target.citus ? "setting" : "registry")::text, 'steps', \(steps)::int)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = \(table)), \(reason)::text)).outcome
      """, target)
  }

  @discardableResult
  private func run(
    _ connection: Connection, _ statement: Statement, _ target: ProtectTarget
  ) throws(ProtectError) -> Rows {
    do { return try connection.run(statement, deadline: Self.patience) } catch {
      throw ProtectError(error, target.table)
    }
  }
}
