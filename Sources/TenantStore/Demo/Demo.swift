import Postgres

/// Fills a database with made-up tenants, the same ones in every database.
///
/// An empty registry is filled in one transaction, set by set, with the triggers off and everything written that they
/// would have written: the chains hold as if it had been so. One that has a fill already is topped up through the
/// triggers, in transactions of some thousands. Nothing is ever removed.
public enum Demo {
  /// Tenants in a statement: some seconds of work, so that the progress moves.
  private static let batch: Int64 = 20_000
  private static let appended: Int64 = 5_000
  private static let deadline = 60 * 60_000

  /// Adds made-up tenants until `tenants` were made, those of earlier fills included; answers how many it added.
  /// The connection's login must be able to become `landlord_owner`, and the schema be current. On an error nothing of
  /// the batch at hand is left; in an empty registry, nothing at all.
  public static func fill(
    _ connection: Connection, tenants: Int64, progress: (DemoProgress) -> Void = { _ in }
  ) throws(DemoError) -> Int64 {
    do {
      let made = try firstFill(connection, tenants, progress)
      let added = try made ?? topUp(connection, tenants, progress)
      if added > 0 {
        progress(DemoProgress(stage: .statistics, done: 0, total: 1))
        try connection.runScript(statistics, deadline: deadline)
        progress(DemoProgress(stage: .statistics, done: 1, total: 1))
      }
      return added
    } catch let error as DemoError {
      try? connection.runScript("ROLLBACK", deadline: deadline)
      throw error
    } catch let error as PostgresError {
      if case .server = error { try? connection.runScript("ROLLBACK", deadline: deadline) }
      throw sorted(error)
    } catch {
      preconditionFailure("an error of a third kind: \(error)")
    }
  }

  /// Nil: it is not empty, and nothing was done.
  private static func firstFill(
    _ connection: Connection, _ tenants: Int64, _ progress: (DemoProgress) -> Void
  ) throws -> Int64? {
    try connection.runScript(DemoSQL.begin, deadline: deadline)
    guard try look(connection) == nil else {
      try connection.runScript("ROLLBACK", deadline: deadline)
      return nil
    }
    guard tenants > 0 else {
      try connection.runScript("ROLLBACK", deadline: deadline)
      return 0
    }
    try connection.runScript(DemoSQL.dismantle, deadline: deadline)
    // The planner knows nothing of rows that come and go within this transaction.
    try connection.runScript("SET LOCAL enable_seqscan = off", deadline: deadline)
    progress(DemoProgress(stage: .tenants, done: 0, total: tenants))
    for (low, high) in batches(from: 1, through: tenants, of: batch) {
      _ = try connection.run(DemoSQL.fill(low, high), deadline: deadline)
      _ = try connection.run(DemoSQL.deactivate(low, high), deadline: deadline)
      progress(DemoProgress(stage: .tenants, done: high, total: tenants))
    }
    try connection.runScript("SET LOCAL enable_seqscan = on", deadline: deadline)
    let parts = try connection.run(DemoSQL.parts, deadline: deadline).map { $0.string(0) }
    for (place, part) in parts.enumerated() {
      progress(DemoProgress(stage: .indexes, done: Int64(place), total: Int64(parts.count)))
      try connection.runScript(part, deadline: deadline)
    }
    progress(DemoProgress(stage: .indexes, done: Int64(parts.count), total: Int64(parts.count)))
    try connection.runScript(DemoSQL.restore, deadline: deadline)
    _ = try connection.run(DemoSQL.mark(tenants), deadline: deadline)
    try connection.runScript("COMMIT", deadline: deadline)
    return tenants
  }

  private static func topUp(
    _ connection: Connection, _ tenants: Int64, _ progress: (DemoProgress) -> Void
  ) throws -> Int64 {
    var added: Int64 = 0
    while true {
      try connection.runScript(DemoSQL.begin, deadline: deadline)
      // Someone else may have gone on in the meantime.
      let made = try look(connection) ?? 0
      guard made < tenants else {
        try connection.runScript("ROLLBACK", deadline: deadline)
        return added
      }
      let high = min(made + appended, tenants)
      _ = try connection.run(DemoSQL.name, deadline: deadline)
      _ = try connection.run(DemoSQL.append(made + 1, high), deadline: deadline)
      _ = try connection.run(DemoSQL.appendDeactivations(made + 1, high), deadline: deadline)
      _ = try connection.run(DemoSQL.mark(high), deadline: deadline)
      try connection.runScript("COMMIT", deadline: deadline)
      added += high - made
      progress(DemoProgress(stage: .tenants, done: high, total: tenants))
    }
  }

  /// How many were made up so far; nil: the registry is empty. Throws for a database that is not ours to fill.
  private static func look(_ connection: Connection) throws -> Int64? {
    let found = try connection.run(DemoSQL.look, deadline: deadline).exactlyOne
    if let environment = found.optionalString(2), Session.isProduction(environment) {
      throw DemoError.production(environment)
    }
    if let made = found.optionalInt64(1) { return made }
    if found.int64(0) > 0 || found.bool(3) { throw DemoError.tenantsOfOthers }
    return nil
  }

  private static func batches(from first: Int64, through last: Int64, of size: Int64) -> [(Int64, Int64)] {
    stride(from: first, through: last, by: Int64.Stride(size)).map { ($0, min($0 + size - 1, last)) }
  }

  private static let statistics = """
    BEGIN;
    SET LOCAL ROLE landlord_owner;
    ANALYZE landlord.tenants, landlord.site_ids, landlord.tenant_secrets, landlord.audit_entries, landlord.audit_heads;
    COMMIT
    """

  private static func sorted(_ error: PostgresError) -> DemoError {
    guard case .server(let server) = error else { return .connection(error) }
    return switch server.sqlState {
    case "55P03": .busy
    case "42501": .notPermitted(server.message)
    default: .connection(error)
    }
  }
}
