import Postgres

/// Why nothing, or nothing more, was filled. What had been committed before stays.
public enum DemoError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The database has tenants and no mark of an earlier fill.
  case tenantsOfOthers
  /// The environment's name is that of a production.
  case production(String)
  /// The login cannot become the owner.
  case notPermitted(String)
  /// Someone else is filling it.
  case busy
  /// Anything else between us and the server.
  case connection(PostgresError)

  public var description: String {
    switch self {
    case .tenantsOfOthers:
      "This database has tenants that were not made up by landlord; nothing was added. Name an empty one."
    case .production(let name):
      "This database's environment is \(name); made-up tenants have no place in it."
    case .notPermitted(let message): "Filling needs the login that migrated the database: \(message)."
    case .busy:
      "Someone else is filling this database or holds its tenants; try again when they have finished."
    case .connection(.server(let error)): error.message
    case .connection(let error): MigrationError.connection(error).description
    }
  }
}

/// How far a fill has come.
public struct DemoProgress: Equatable, Sendable {
  public enum Stage: Sendable {
    /// Tenants with their entries; counted in tenants.
    case tenants
    /// Indexes and keys; counted in them.
    case indexes
    /// The planner's statistics.
    case statistics
  }
  public var stage: Stage
  public var done: Int64
  public var total: Int64
}
