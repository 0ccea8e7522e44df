/// What a person may do: each is two groups of the server, one for those who reach every tenant, one for those with limits.
public enum Group: String, CaseIterable, Sendable {
  case support, admin, auditor

  /// The group's role.
  public func role(limited: Bool) -> String { "landlord_\(rawValue)" + (limited ? "_limited" : "") }

  /// All six roles.
  static let roles = allCases.flatMap { [$0.role(limited: false), $0.role(limited: true)] }
}

/// What a limited person may reach: the tenants of an industry, as it is now, or one tenant.
public enum Limit: Hashable, Sendable {
  case industry(String)
  case tenant(TenantReference)
}

/// Someone with access: a role of the server in one of landlord's groups, or with limits in this database.
public struct Person: Equatable, Sendable {
  public var name: String
  /// The groups' roles, directly or through another role; sorted.
  public var roles: [String]
  /// The industries and the site ids of the tenants that the limits name; sorted.
  public var industries: [String]
  public var tenants: [String]
  /// False for a role that only others are members of, and for a name left over from a role that is gone.
  public var canLogIn: Bool
  /// SUPERUSER or BYPASSRLS: no limit holds.
  public var bypassesPolicies: Bool

  public init(
    name: String, roles: [String], industries: [String] = [], tenants: [String] = [], canLogIn: Bool = true,
    bypassesPolicies: Bool = false
  ) {
    self.name = name
    self.roles = roles
    self.industries = industries
    self.tenants = tenants
    self.canLogIn = canLogIn
    self.bypassesPolicies = bypassesPolicies
  }

  /// What the groups allow, with or without limits.
  public var groups: [Group] {
    Group.allCases.filter {
      roles.contains($0.role(limited: false)) || roles.contains($0.role(limited: true))
    }
  }

  /// In a limited group.
  public var isLimited: Bool { Group.allCases.contains { roles.contains($0.role(limited: true)) } }

  /// Limits are written down or a limited group was given, and yet the person looks at every tenant: another group, or the server,
  /// lets them.
  public var limitsAreVoid: Bool {
    let isMeant = isLimited || !industries.isEmpty || !tenants.isEmpty
    return isMeant
      && (bypassesPolicies || Group.allCases.contains { roles.contains($0.role(limited: false)) })
  }
}

/// What a change of access came to.
public struct AccessChange: Equatable, Sendable {
  /// Roles of groups that the person is in now and was not, and the other way round.
  public var granted: [String] = []
  public var revoked: [String] = []
  /// How many limits were written down or taken away.
  public var limits = 0
  /// The last entry it wrote into the audit; nil where nothing changed.
  public var entryID: Int64?

  public init(granted: [String] = [], revoked: [String] = [], limits: Int = 0, entryID: Int64? = nil) {
    self.granted = granted
    self.revoked = revoked
    self.limits = limits
    self.entryID = entryID
  }
}
