/// One thing that the doctor looks for, as data: its SQL stands beside its words, in `Checks`.
public struct Check: Sendable {
  /// In lower case with underscores; the same in every output, and for good.
  public let name: String
  public let severity: Severity
  /// Why it matters, in a sentence.
  public let why: String
  /// What its mend locks, and for how long.
  public let locks: String
  /// A query over the facts of `CheckFacts` whose rows are findings: relation (an oid, or NULL), object, what, mend
  /// (`text[]`, or NULL), and the oid of the role that the mend runs as (NULL: a superuser).
  let sql: String

  init(_ name: String, _ severity: Severity, why: String, locks: String = Locks.nothing, sql: String) {
    self.name = name
    self.severity = severity
    self.why = why
    self.locks = locks
    self.sql = sql
  }

  /// The check of that name; nil where there is none.
  public static func named(_ name: String) -> Check? {
    CheckGroup.allCases.lazy.flatMap(\.checks).first { $0.name == name }
  }
}

extension Check: Equatable {
  /// Names are unique; a test sees to it.
  public static func == (a: Check, b: Check) -> Bool { a.name == b.name }
}

/// What a mend locks, in words for the one who is to run it.
enum Locks {
  static let nothing = "no table: a change of the catalogue, done at once"
  static let table = "the table, against everyone, for a moment; gives up if it has to wait two seconds"
  static let wholeTable =
    "the table, against everyone, while all its rows are looked at; gives up if it has to wait two seconds"
  static let view = "the view, against everyone, for a moment; gives up if it has to wait two seconds"
  static let concurrently =
    "nothing that reads or writes: the index is built beside them, and that takes its time"
  static let building =
    "the table, against writers, while the index is built; gives up if it has to wait two seconds"
}

/// Checks that are made in one request, so that the person sees how far the doctor is and can stop it.
public enum CheckGroup: String, CaseIterable, Sendable {
  case tables, policies, keys, grants, views, functions, roles, surroundings

  /// What it looks at, in words.
  public var words: String {
    switch self {
    case .tables: "tables and their row-level security"
    case .policies: "policies"
    case .keys: "keys that give away what is there"
    case .grants: "grants, owners and sequences"
    case .views: "views and materialised views"
    case .functions: "functions with their owner's rights"
    case .roles: "roles and what they can become"
    case .surroundings: "schemas, publications, notifications"
    }
  }

  public var checks: [Check] {
    switch self {
    case .tables: Self.tableChecks
    case .policies: Self.policyChecks
    case .keys: Self.keyChecks
    case .grants: Self.grantChecks
    case .views: Self.viewChecks
    case .functions: Self.functionChecks
    case .roles: Self.roleChecks
    case .surroundings: Self.surroundingChecks
    }
  }
}
