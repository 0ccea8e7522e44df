import Postgres

/// A table of the platform's, and how it is to be protected.
public struct ProtectTarget: Equatable, Sendable {
  /// As SQL names it, with its schema where the search path does not lead there.
  public var table: String
  /// The column that says whose a row is.
  public var column: String
  /// The floor compares with the bare setting: what a table distributed by Citus can do. The tenant's state is then asked only
  /// when the context is entered.
  public var citus: Bool

  public init(table: String, column: String = "tenant_id", citus: Bool = false) {
    self.table = table
    self.column = column
    self.citus = citus
  }
}

/// A part of what protecting a table takes; or a reason for which it cannot be protected as it is.
public struct ProtectStep: Equatable, Sendable {
  /// The table, with its schema. A partition has steps of its own.
  public var table: String
  /// What it does; of a refusal why.
  public var what: String
  /// One statement or several; of a refusal what would mend it, nil where nothing would.
  public var sql: String?
  /// The lock it takes, for a person to read.
  public var lock: String?
  /// False: it must stand outside of any transaction.
  public var inTransaction: Bool
  public var isRefusal: Bool
}

/// A table that is protected.
public struct ProtectedTable: Equatable, Sendable {
  /// What the floor asks: the registry, with the tenant's state; or the bare setting.
  public enum Form: String, Sendable { case registry, setting }
  /// With its schema.
  public var name: String
  public var column: String
  public var form: Form
  /// Row-level security is enabled and forced.
  public var holds: Bool
}

/// Why a table was not protected, or not opened again.
public enum ProtectError: Error, Equatable, Sendable, CustomStringConvertible {
  /// It cannot be made safe as it is; nothing was changed.
  case refused([ProtectStep])
  case noSuchTable(String)
  case notProtected(String)
  /// The login is not the table's owner, nor a member of that role.
  case notOwner(table: String, owner: String)
  /// A lock was not to be had in several tries. What was done before stays; the next call goes on.
  case busy(ProtectStep)
  /// A step failed and left nothing behind; what was done before stays.
  case failed(ProtectStep, ServerError)
  /// The login may not do this.
  case notPermitted(String)
  /// No schema, or an older one.
  case noSchema
  case server(ServerError)
  /// The line failed. What was done stays; the next call looks and goes on.
  case connection(PostgresError)

  public var description: String {
    switch self {
    case .refused(let refusals):
      (["it cannot be made safe as it is; nothing was changed:"]
        + refusals.map { "  \($0.table): \($0.what)" + ($0.sql.map { "\n    \($0);" } ?? "") })
        .joined(separator: "\n")
    case .noSuchTable(let name): "there is no table \(name)"
    case .notProtected(let name): "\(name) is not protected"
    case .notOwner(let table, let owner):
      "\(table) belongs to \(owner): only that role and its members can protect it (--owner-database names their login)"
    case .busy(let step):
      "somebody holds a lock on \(step.table), so it could not be done to \(step.what); run it again to go on"
    case .failed(let step, let error):
      "\(step.table): to \(step.what) failed: \(error.message) (\(error.sqlState))"
    case .notPermitted(let message): "not permitted: \(message)"
    case .noSchema: "this database has no landlord schema, or an older one; run: landlord migrate"
    case .server(let error): "the server refused: \(error.message) (\(error.sqlState))"
    case .connection(.cannotConnect(let message)): message
    case .connection(.lost(let message, _)): "the line was lost: \(message); run it again to go on"
    case .connection(.deadline): "the server did not answer in time; run it again to go on"
    case .connection(.server(let error)): error.message
    case .connection(.unsendable(let what)): "a value cannot be sent: \(what)"
    }
  }
}

extension ProtectError {
  /// By who must act.
  init(_ error: PostgresError, _ table: String) {
    guard case .server(let server) = error else {
      self = .connection(error)
      return
    }
    switch server.sqlState {
    case "42501": self = .notPermitted(server.message)
    case "42P01", "42704", "42602": self = .noSuchTable(table)
    case "3F000" where !server.message.contains("\"landlord\""): self = .noSuchTable(table)
    case "3F000", "42883": self = .noSchema
    default: self = .server(server)
    }
  }
}
