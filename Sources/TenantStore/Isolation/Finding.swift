/// How bad it is that a check found something.
public enum Severity: String, CaseIterable, Comparable, Sendable {
  /// Worth knowing; nothing is wrong.
  case note
  /// Not a hole by itself, but the next slip makes it one.
  case warn
  /// A way from one tenant to another's data.
  case fail

  public static func < (a: Severity, b: Severity) -> Bool {
    allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
  }
}

/// Something that a check found.
public struct Finding: Equatable, Sendable {
  public var check: Check
  /// Its name as SQL has it: `shop.orders`, `role shop_web`.
  public var object: String
  /// The table or view it concerns, as `schema.name`; nil where it concerns none.
  public var relation: String?
  /// What is so, of this object.
  public var what: String
  /// What puts it right; nil where no single statement can.
  public var mend: Mend?

  public init(check: Check, object: String, relation: String? = nil, what: String, mend: Mend? = nil) {
    self.check = check
    self.object = object
    self.relation = relation
    self.what = what
    self.mend = mend
  }

  public var severity: Severity { check.severity }
  /// Tells it from every other finding, and knows it again in another run.
  public var key: FindingKey { FindingKey(check: check.name, object: object, what: what) }
}

/// What is kept of a finding, to know it again in a later run. Compared by bytes.
public struct FindingKey: Hashable, Sendable {
  public var check: String
  public var object: String
  public var what: String

  public init(check: String, object: String, what: String) {
    self.check = check
    self.object = object
    self.what = what
  }

  private var bytes: [[UInt8]] { [check, object, what].map { Array($0.utf8) } }
  public static func == (a: FindingKey, b: FindingKey) -> Bool { a.bytes == b.bytes }
  public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

/// The statements that put a finding right.
public struct Mend: Equatable, Sendable {
  /// In order, none with a semicolon at its end.
  public var statements: [String]
  /// The role they are to be run as; nil: it takes a superuser, or who administers the roles.
  public var runsAs: String?
  /// Whether the person who is connected can be that role. The server has the last word.
  public var isAllowed: Bool

  public init(_ statements: [String], runsAs: String?, isAllowed: Bool) {
    self.statements = statements
    self.runsAs = runsAs
    self.isAllowed = isAllowed
  }

  /// What an admin of landlord's does so that the owner can do the rest.
  static let grant = "SELECT landlord.protect_grant("

  /// As whom they are run, in words.
  public var runner: String {
    guard let runsAs else { return "a superuser, or who administers the roles" }
    return statements.contains { $0.hasPrefix(Self.grant) }
      ? runsAs + ", but protect_grant as a landlord_admin" : runsAs
  }

  /// As it is run: all of them, or none.
  public var sql: String { statements.map { $0 + ";" }.joined(separator: "\n") }

  /// Whether it can be run in a transaction.
  public var isTransactional: Bool {
    !statements.contains { $0.hasPrefix("CREATE INDEX CONCURRENTLY ") }
  }
}
