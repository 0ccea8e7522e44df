import Postgres

/// Why there is no answer, sorted by who must act.
public enum StoreError: Error, Equatable, Sendable {
  /// A field broke a rule: stays in the form, on the field.
  case field(FieldProblem)
  /// The role may not do this (42501).
  case notPermitted(String)
  /// The request id was used for something else (LL001).
  case requestReused
  /// Someone else holds the row (55P03): try again. Names who has a change open, as raw text, where that could be told.
  case lockHeld(by: String?)
  /// Cancelled by us.
  case cancelled
  /// The server broke it off and nothing was changed: a time-out of the server's, an administrator's cancel (57014), a deadlock
  /// (40P01), a change that came between (40001), no room on its disk (53100) or in its memory (53200). Trying again may do. The
  /// server's message is raw text.
  case brokenOff(String)
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

extension FieldProblem {
  static let holdsNUL = FieldProblem(field: nil, rule: "no_nul", message: TenantRules.message(for: "no_nul"))
}

extension StoreError {
  /// What a server's error means: by the constraint's name, then by SQLSTATE. DETAIL plays no part: it shows whole rows.
  public init(_ error: ServerError) {
    switch error.sqlState {
    case "42501": self = .notPermitted(error.message)
    case "LL001": self = .requestReused
    case "55P03": self = .lockHeld(by: nil)
    // What we cancel ourselves is answered before the server says so.
    case "57014", "40P01", "40001", "53100", "53200": self = .brokenOff(error.message)
    case "25006": self = .readOnly
    // What JSON can say and text cannot hold.
    case "22P05": self = .field(.holdsNUL)
    case "23502", "23503", "23505", "23514", "22023":
      self =
        Self.fieldProblem(error).map(StoreError.field)
        ?? .server(sqlState: error.sqlState, message: error.message)
    default: self = .server(sqlState: error.sqlState, message: error.message)
    }
  }

  /// A missing value names its column and no constraint. A constraint that is no rule for people is none here.
  private static func fieldProblem(_ error: ServerError) -> FieldProblem? {
    let rule = error.constraint ?? error.column.map { $0 + "_required" }
    guard let rule, TenantRules.knows(rule) else { return nil }
    let field = TenantField.ofConstraint(rule) ?? error.column.flatMap(TenantField.init(rawValue:))
    return FieldProblem(field: field, rule: rule, message: TenantRules.message(for: rule))
  }
}
