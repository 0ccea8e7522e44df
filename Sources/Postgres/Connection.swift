/// A connection to PostgreSQL: one statement at a time. The only file that calls libpq.
public final class Connection {
  public init() {}
}
