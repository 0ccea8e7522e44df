/// Who is connected to what, as the server says.
public struct Session: Equatable, Sendable {
  public enum Schema: Equatable, Sendable {
    /// As this program expects it.
    case current
    /// No schema `landlord` here.
    case absent
    /// These migrations are still to be applied.
    case behind([String])
    /// The database is newer than this program, or an applied file differs; the text says which.
    case foreign(String)
  }
  /// What the person may do here, by role.
  public enum Right: String, Sendable, Comparable, CaseIterable {
    /// No landlord role at all.
    case none
    case support, auditor, admin

    public static func < (a: Right, b: Right) -> Bool {
      allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
    }
  }
  /// Session user: the person.
  public var user: String
  public var right: Right
  /// The right is that of a limited group: some tenants are out of reach, and the installation's settings and catalogues are.
  public var isLimited: Bool
  /// SUPERUSER, BYPASSRLS or the tables' owner: the policies on tenants do not hold for this person. Let in with a warning.
  public var bypassesPolicies: Bool
  public var database: String
  /// Host name or address, or "local" for a socket.
  public var host: String
  public var serverVersion: String
  /// True on a standby or in a read-only session.
  public var readOnly: Bool
  /// The server follows another one.
  public var isStandby: Bool
  /// The installation's environment, such as "production"; nil where none is set.
  public var environment: String?
  public var schema: Schema
  /// The id of this installation, the same wherever its database is copied to; nil without a schema.
  public var installation: String?

  public init(
    user: String, right: Right, isLimited: Bool = false, bypassesPolicies: Bool = false, database: String,
    host: String, serverVersion: String, readOnly: Bool = false, isStandby: Bool = false,
    environment: String? = nil, schema: Schema = .current, installation: String? = nil
  ) {
    self.user = user
    self.right = right
    self.isLimited = isLimited
    self.bypassesPolicies = bypassesPolicies
    self.database = database
    self.host = host
    self.serverVersion = serverVersion
    self.readOnly = readOnly
    self.isStandby = isStandby
    self.environment = environment
    self.schema = schema
    self.installation = installation
  }

  /// Whether the environment is one in which a mistake costs most: "production" or "prod", in any case.
  public var isProduction: Bool { environment.map(Self.isProduction) ?? false }

  static func isProduction(_ environment: String) -> Bool {
    ["production", "prod"].contains(environment.lowercased())
  }
}
