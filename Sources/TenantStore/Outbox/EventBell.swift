import Postgres

/// Rings when something was written to the outbox. Only a hint to look: behind a pooler in transaction mode it never rings, and
/// an event that has to wait for an earlier transaction is given after it rang. So look now and then without it too.
public final class EventBell {
  private let connection: Connection

  /// Opens a line of its own. Blocks.
  public init(conninfo: String) throws(PostgresError) {
    connection = try Connection.open(conninfo, deadline: 15_000)
    try connection.run("LISTEN landlord_events", deadline: 15_000)
  }

  /// Whether it rang; waits for it so many milliseconds. Throws `.lost` where the line is gone.
  public func rang(within milliseconds: Int) throws(PostgresError) -> Bool {
    try connection.notified(within: milliseconds)
  }
}
