/// What went wrong between us and the server.
public enum PostgresError: Error, Equatable, Sendable {
  /// No connection could be made. `message` is libpq's, without a password.
  case cannotConnect(message: String)
  /// The server refused a statement; the connection is as usable as before.
  case server(ServerError)
  /// The line is gone. `sent` is false when nothing of the statement had left us.
  case lost(message: String, sent: Bool)
  /// The client's own deadline passed; the connection must be closed or cancelled.
  case deadline
  /// A value cannot travel (a NUL byte).
  case unsendable(String)
}

/// The fields of a server's error that we use. DETAIL is not among them: it shows whole rows.
public struct ServerError: Error, Equatable, Sendable {
  /// Five characters, PostgreSQL's appendix A.
  public var sqlState: String
  /// The primary message. It may hold text from users: clean it before it is drawn.
  public var message: String
  /// The constraint that was broken, where one was.
  public var constraint: String?
  /// The column, where one is named (23502, and what our triggers raise).
  public var column: String?
  /// HINT, where there is one.
  public var hint: String?

  public init(
    sqlState: String, message: String, constraint: String? = nil, column: String? = nil, hint: String? = nil
  ) {
    self.sqlState = sqlState
    self.message = message
    self.constraint = constraint
    self.column = column
    self.hint = hint
  }
}
