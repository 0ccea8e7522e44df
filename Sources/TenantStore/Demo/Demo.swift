import Postgres

/// Fills a database with made-up tenants, the same ones in every database.
///
/// An empty registry is filled set by set with the triggers off, and everything is written that they would have written:
/// the chains hold as if it had been so. One that has a fill already is topped up through the triggers, in transactions
/// of some thousands. Nothing is ever removed.
public enum Demo {
  /// Tenants in a statement: about a second of work, so that the progress moves.
  private static let batch: Int64 = 20_000
  private static let appended: Int64 = 5_000
  private static let deadline = 60 * 60_000

  /// Adds made-up tenants until `tenants` were made, those of earlier fills included; answers how many it added.
  ///
  /// The login must be able to become `landlord_owner`, and the schema be current. `second`, another connection of the
  /// same login, takes half of a first fill's work. On an error nothing of the batch at hand is left; of a first fill,
  /// nothing at all.
  public static func fill(
    _ connection: Connection, second: Connection? = nil, tenants: Int64,
    progress: (DemoProgress) -> Void = { _ in }
  ) throws(DemoError) -> Int64 {
    do {
      let added =
        try firstFill(connection, second, tenants, progress) ?? topUp(connection, tenants, progress)
      if added > 0 {
        progress(DemoProgress(stage: .statistics, done: 0, total: 1))
        try connection.runScript(DemoSQL.statistics, deadline: deadline)
        progress(DemoProgress(stage: .statistics, done: 1, total: 1))
      }
      return added
    } catch {
      for open in [connection, second].compactMap({ $0 }) where open.transactionStatus != .idle {
        try? open.runScript("ROLLBACK", deadline: deadline)
      }
      if let error = error as? DemoError { throw error }
      guard let error = error as? PostgresError else {
        preconditionFailure("an error of a third kind: \(error)")
      }
      throw sorted(error)
    }
  }

  // MARK: - The first

  private enum State {
    case empty
    /// The lane of the audit was committed, that of the tenants was not: the connection went in between. It holds this
    /// many tenants.
    case unfinished(Int64)
    /// So many were made.
    case made(Int64)
  }

  /// Nil: there were some already, and nothing was done.
  private static func firstFill(
    _ connection: Connection, _ second: Connection?, _ tenants: Int64, _ progress: (DemoProgress) -> Void
  ) throws -> Int64? {
    let state = try begin(connection)
    switch state {
    case .made:
      try connection.runScript("ROLLBACK", deadline: deadline)
      return nil
    case .empty where tenants == 0:
      try connection.runScript("ROLLBACK", deadline: deadline)
      return 0
    case .empty:
      if let second {
        try second.runScript(DemoSQL.begin, deadline: deadline)
        let lanes = [
          try lane(connection, tenants, writing: [.tenants]), try lane(second, tenants, writing: [.audit]),
        ]
        try DemoLane.run(lanes, progress: progress)
        _ = try second.run(DemoSQL.mark(tenants), deadline: deadline)
        // First the audit: without it the tenants would be wrong, without them it only waits for them.
        try second.runScript("COMMIT", deadline: deadline)
      } else {
        try DemoLane.run([try lane(connection, tenants, writing: [.tenants, .audit])], progress: progress)
        _ = try connection.run(DemoSQL.mark(tenants), deadline: deadline)
      }
      try connection.runScript("COMMIT", deadline: deadline)
      return tenants
    case .unfinished(let count):
      try DemoLane.run([try lane(connection, count, writing: [.tenants])], progress: progress)
      try connection.runScript("COMMIT", deadline: deadline)
      return count + (try topUp(connection, tenants, progress))
    }
  }

  private enum Part {
    case tenants, audit

    var tables: [String] {
      switch self {
      case .tenants: ["tenants", "tenant_secrets"]
      case .audit: ["site_ids", "audit_entries"]
      }
    }

    func statement(_ low: Int64, _ high: Int64) -> Statement {
      switch self {
      case .tenants: DemoSQL.tenants(low, high)
      case .audit: DemoSQL.audit(low, high)
      }
    }
  }

  /// Takes down what is in the way; the lane builds it again at its end. The transaction is open.
  private static func lane(
    _ connection: Connection, _ tenants: Int64, writing parts: [Part]
  ) throws(PostgresError) -> DemoLane {
    let (take, rebuild) = DemoSQL.dismantle(parts.flatMap(\.tables))
    try connection.runScript(take, deadline: deadline)
    let last = try connection.run(rebuild, deadline: deadline).map { $0.string(0) }
    var steps: [DemoLane.Step] = []
    for low in stride(from: 1, through: tenants, by: Int64.Stride(batch)) {
      let high = min(low + batch - 1, tenants)
      for part in parts {
        let reached = part == parts.last ? high : low - 1
        steps.append(
          .init(
            statement: part.statement(low, high),
            reaches: .init(stage: .tenants, done: reached, total: tenants)))
      }
    }
    for (place, sql) in last.enumerated() {
      steps.append(
        .init(
          statement: "\(unescaped: sql)",
          reaches: .init(stage: .indexes, done: Int64(place + 1), total: Int64(last.count))))
    }
    if parts.contains(.tenants) {
      try connection.runScript(DemoSQL.triggersOff, deadline: deadline)
      steps.append(
        .init(
          statement: "\(unescaped: DemoSQL.triggersOn)",
          reaches: .init(stage: .indexes, done: Int64(last.count), total: Int64(last.count))))
    }
    return DemoLane(connection, steps)
  }

  // MARK: - More

  private static func topUp(
    _ connection: Connection, _ tenants: Int64, _ progress: (DemoProgress) -> Void
  ) throws -> Int64 {
    var added: Int64 = 0
    // Looked at anew each time: someone else may have gone on in the meantime.
    while case .made(let made) = try begin(connection), made < tenants {
      let high = min(made + appended, tenants)
      _ = try connection.run(DemoSQL.name, deadline: deadline)
      _ = try connection.run(DemoSQL.append(made + 1, high), deadline: deadline)
      _ = try connection.run(DemoSQL.appendDeactivations(made + 1, high), deadline: deadline)
      _ = try connection.run(DemoSQL.mark(high), deadline: deadline)
      try connection.runScript("COMMIT", deadline: deadline)
      added += high - made
      progress(DemoProgress(stage: .tenants, done: high, total: tenants))
    }
    try connection.runScript("ROLLBACK", deadline: deadline)
    return added
  }

  /// Opens a transaction of the owner, alone among fills, and looks what is there. Throws for a database that is not
  /// ours to fill.
  private static func begin(_ connection: Connection) throws -> State {
    try connection.runScript(DemoSQL.begin, deadline: deadline)
    try connection.runScript(DemoSQL.lock, deadline: deadline)
    let found = try connection.run(DemoSQL.look, deadline: deadline).exactlyOne
    if let environment = found.optionalString(3), Session.isProduction(environment) {
      throw DemoError.production(environment)
    }
    if let made = found.optionalInt64(1) {
      return made == 0 || found.bool(2) ? .made(made) : .unfinished(made)
    }
    if found.int64(0) > 0 || found.bool(4) { throw DemoError.tenantsOfOthers }
    return .empty
  }

  private static func sorted(_ error: PostgresError) -> DemoError {
    guard case .server(let server) = error else { return .connection(error) }
    return switch server.sqlState {
    case "55P03": .busy
    case "42501": .notPermitted(server.message)
    default: .connection(error)
    }
  }
}
