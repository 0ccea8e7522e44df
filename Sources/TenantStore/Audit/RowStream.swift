import Postgres

/// The rows of a statement one after the other, of which only some hundreds are ever held. Needs a transaction, and keeps it
/// from ending: more than one stream may be open in it.
final class RowStream {
  private let connection: Connection
  private let name: String
  private var rows: Rows?
  private var place = 0
  private var isAtEnd = false

  private static let batch = 1000
  /// Milliseconds for one batch; the first may wait for a sort of everything.
  private static let deadline = 30 * 60_000

  /// `name` is unique among those open.
  init(_ connection: Connection, _ name: String, _ statement: Statement) throws(PostgresError) {
    self.connection = connection
    self.name = name
    try connection.run(
      "DECLARE \(unescaped: name) NO SCROLL CURSOR FOR \(statement)", deadline: Self.deadline)
  }

  /// Nil at the end.
  func next() throws(PostgresError) -> Row? {
    while true {
      if let rows, place < rows.count {
        place += 1
        return rows[place - 1]
      }
      if isAtEnd { return nil }
      rows = nil
      let fetched = try connection.run(
        "FETCH \(unescaped: String(Self.batch)) FROM \(unescaped: name)", deadline: Self.deadline)
      isAtEnd = fetched.count < Self.batch
      rows = fetched
      place = 0
    }
  }

  func close() throws(PostgresError) {
    try connection.run("CLOSE \(unescaped: name)", deadline: Self.deadline)
  }
}
