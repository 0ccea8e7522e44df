import Postgres

/// Why a database could not be brought up to date. Nothing of the migration that failed is left behind; those before it
/// are applied.
public enum MigrationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The database's encoding is not UTF8.
  case encoding(String)
  /// The server's version is below 15.
  case serverTooOld(String)
  /// The database is newer, or an applied file differs; the text says which.
  case foreign(String)
  /// A schema `landlord` that is not landlord's own.
  case schemaOwner(String)
  /// The login may not make roles, become the owner or create the schema.
  case notPermitted(String)
  /// Someone else is migrating and has not finished in time.
  case busy
  /// A migration's SQL failed.
  case failed(migration: String, ServerError)
  /// The line failed, before or in the middle.
  case connection(PostgresError)

  public var description: String {
    switch self {
    case .encoding(let encoding):
      "The database's encoding is \(encoding); landlord needs a database made with ENCODING 'UTF8'."
    case .serverTooOld(let version): "The server is PostgreSQL \(version); landlord needs 15 or newer."
    case .foreign(let reason): "Nothing was migrated: \(reason)."
    case .schemaOwner(let owner):
      "Nothing was migrated: a schema landlord is here already and belongs to \(owner), not to landlord_owner."
    case .notPermitted(let message):
      "This login may not migrate (\(message)); it needs LOGIN, CREATEROLE and CREATE on the database."
    case .busy: "Someone else is migrating this database; try again when they have finished."
    case .failed(let migration, let error): "Migration \(migration) failed and was undone: \(error.message)"
    case .connection(.cannotConnect(let message)): message
    case .connection(.lost(let message, _)): "The connection was lost while migrating: \(message)"
    case .connection(.deadline): "The server did not answer in time while migrating."
    case .connection(.server(let error)): error.message
    case .connection(.unsendable(let what)): "A value cannot be sent: \(what)."
    }
  }
}
