import Postgres

/// A line to the platform's database on which work is done for one tenant at a time, through a pooler in transaction mode too.
///
/// The connection itself is reached by nobody: the only way to it is a transaction that has entered a tenant. It opens with the
/// first piece of work, and again after a loss. Used by one thread at a time.
public final class TenantConnection {
  private let conninfo: String
  private let key: ContextKey?
  private let deadline: Int
  private var connection: Connection?
  private var isInside = false

  /// How long a signature is good for: the transaction must end within that time.
  private static let signatureSeconds = 300

  /// `conninfo` is anything libpq takes, for a login that is a member of `landlord_tenant`. `key` signs the contexts where the
  /// database wants that. `deadline`: milliseconds for each statement.
  public init(conninfo: String, key: ContextKey? = nil, deadline: Int = 30_000) {
    self.conninfo = conninfo
    self.key = key
    self.deadline = deadline
  }

  /// What `body` gives, once everything it did for the tenant is committed.
  ///
  /// Throws what `body` throws, a `TenantContextError` where the context does not hold, and else a `PostgresError`; the
  /// transaction is rolled back then, and the connection let go where that is not sure. Only after a `.lost` or a `.deadline`
  /// from the commit itself is it unknown what became of it. Inside, only the same tenant may be entered, on another line.
  public func withTenant<T>(_ id: TenantID, _ body: (TenantTransaction) throws -> T) throws -> T {
    if let current = TenantContext.current, current != id { throw TenantContextError.otherTenant }
    if isInside { throw TenantContextError.nested }
    isInside = true
    defer { isInside = false }
    return try TenantContext.$current.withValue(id) {
      let line = try connection ?? Connection.open(conninfo, deadline: deadline)
      connection = line
      do { return try work(for: id, on: line, body) } catch {
        rollBack(line)
        throw error
      }
    }
  }

  private func work<T>(
    for id: TenantID, on line: Connection, _ body: (TenantTransaction) throws -> T
  ) throws -> T {
    try enter(id, on: line)
    let transaction = TenantTransaction(line, deadline: deadline)
    defer { transaction.end() }
    let result = try body(transaction)
    switch line.transactionStatus {
    case .open: break
    case .failed: throw TenantContextError.failed
    case .idle, .active, .unknown: throw TenantContextError.ended
    }
    let context = try line.run(
      "SELECT current_setting('landlord.tenant_id', true)", deadline: deadline)
    guard context.exactlyOne.optionalString(0) == id.description else { throw TenantContextError.changed }
    try line.run("COMMIT", deadline: deadline)
    return result
  }

  /// SET LOCAL and not only the function, because that is what Citus hands on to its workers. A UUID needs no quoting.
  private func enter(_ id: TenantID, on line: Connection) throws {
    try line.runScript("BEGIN; SET LOCAL landlord.tenant_id = '\(id)'", deadline: deadline)
    do {
      let signature = try key.map { try sign(id, by: $0, on: line) }
      try line.run("SELECT landlord.enter_tenant(\(id)::uuid, \(signature)::text)", deadline: deadline)
    } catch PostgresError.server(let error) {
      guard let rule = error.constraint else { throw PostgresError.server(error) }
      throw TenantContextError.refused(rule: rule, message: error.message)
    }
  }

  /// The server's own word for its process: behind a pooler libpq knows another, and it is another in each transaction.
  private func sign(_ id: TenantID, by key: ContextKey, on line: Connection) throws -> String {
    let row = try line.run(
      "SELECT pg_backend_pid(), extract(epoch FROM clock_timestamp())::bigint", deadline: deadline
    ).exactlyOne
    return key.signature(
      for: id, expiry: row.int64(1) + Int64(Self.signatureSeconds), backend: Int32(row.int64(0)))
  }

  /// A line on which a statement may still run, or that is gone, is let go: its server process rolls back by itself.
  private func rollBack(_ line: Connection) {
    guard !line.isBusy, (try? line.run("ROLLBACK", deadline: deadline)) != nil,
      line.transactionStatus == .idle
    else {
      connection = nil
      return
    }
  }
}

/// What `withTenant` hands to its body: statements of one tenant's transaction, and nothing else of the connection.
public final class TenantTransaction {
  private var line: Connection?
  private let deadline: Int

  fileprivate init(_ line: Connection, deadline: Int) {
    self.line = line
    self.deadline = deadline
  }

  /// Of no more use from here on, wherever the body may have kept it.
  fileprivate func end() { line = nil }

  /// The statement's rows. Throws a `PostgresError`, after which the transaction takes no more statements, or
  /// `TenantContextError.ended`.
  @discardableResult
  public func run(_ statement: Statement) throws -> Rows {
    let line = try open()
    let rows = try line.run(statement, deadline: deadline)
    // Someone's COMMIT: what followed would be no one's.
    guard line.transactionStatus == .open else { throw TenantContextError.ended }
    return rows
  }

  /// For another thread, to stop the statement that runs. Nothing new may be sent until `cancel` has returned.
  public func canceller() throws -> Canceller { try open().canceller }

  private func open() throws -> Connection {
    guard let line else { throw TenantContextError.ended }
    return line
  }
}
