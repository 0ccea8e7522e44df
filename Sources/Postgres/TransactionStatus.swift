/// Where a connection stands between transactions.
public enum TransactionStatus: Sendable {
  /// No transaction is open.
  case idle
  /// A statement runs.
  case active
  /// A transaction is open, between statements.
  case open
  /// A transaction is open and can only be rolled back.
  case failed
  /// The line is gone.
  case unknown
}
