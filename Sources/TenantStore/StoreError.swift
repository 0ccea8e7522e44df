/// Why there is no answer, sorted by who must act.
public enum StoreError: Error, Equatable, Sendable {
  /// A field broke a rule: stays in the form, on the field.
  case field(FieldProblem)
  /// The role may not do this (42501).
  case notPermitted(String)
  /// The request id was used for something else (LL001).
  case requestReused
  /// Someone else holds the row (55P03): try again.
  case lockHeld
  /// Cancelled by us (57014).
  case cancelled
  /// A standby or a read-only session (25006).
  case readOnly
  /// Our own deadline passed on a read.
  case timedOut
  /// No connection; nothing was changed. The text says what to do.
  case unavailable(String)
  /// A write left us and no answer came: settle it by its id.
  case unknown(RequestID)
  /// Anything else the server said; its message is raw text.
  case server(sqlState: String, message: String)
}

/// A rule that a value breaks.
public struct FieldProblem: Error, Equatable, Sendable {
  /// Nil where no field of ours is to blame.
  public var field: TenantField?
  /// The constraint's name: the same in the form and in the database.
  public var rule: String
  /// What is wrong and what to do, in a sentence without the value.
  public var message: String

  public init(field: TenantField?, rule: String, message: String) {
    self.field = field
    self.rule = rule
    self.message = message
  }
}
