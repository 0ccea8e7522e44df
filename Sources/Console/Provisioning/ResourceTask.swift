import TenantStore

/// What is to be done about tenants' resources, on a thread of its own because it blocks.
public enum ResourceTask: Equatable, Sendable {
  /// Look how they are.
  case survey(Tenant)
  /// Bring them to what the tenant's state wants.
  case provision(Tenant)
  /// Carry a change of its state, just made, to them, and try their doors.
  case enforce(Tenant)
  /// Carry a change of their states to what these tenants have there.
  case carryOut([TenantID])

  /// Whose; nil: many tenants'.
  public var tenantID: TenantID? {
    switch self {
    case .survey(let tenant), .provision(let tenant), .enforce(let tenant): tenant.id
    case .carryOut: nil
    }
  }
}

/// What came of it.
public enum ResourceReport: Equatable, Sendable {
  case surveyed(Survey)
  /// Its run is over, or as far as this machine can bring it.
  case provisioned(TenantID)
  /// How far the change is carried; more follows until it is over.
  case enforced(TenantID, Enforcement)
  /// These tenants' newest runs as they were left; nil: no resource is listed.
  case carriedOut([TenantID], [Run]?)
  /// It could not be begun or gone on with, and why.
  case failed(ResourceTask, String)

  /// As in the task.
  var tenantID: TenantID? {
    switch self {
    case .surveyed(let survey): survey.tenant.id
    case .provisioned(let id), .enforced(let id, _): id
    case .failed(let task, _): task.tenantID
    case .carriedOut: nil
    }
  }
}
