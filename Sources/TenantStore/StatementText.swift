import Postgres

extension Request {
  /// The SQL that this request puts first, for a person to read, and the values of its `$1`, `$2` … in text form; nil is NULL.
  /// The values are a tenant's or typed by someone: clean them before drawing.
  public var statementText: (sql: String, values: [String?]) {
    let statement = query.statement
    return (statement.sql, statement.parameters)
  }
}
