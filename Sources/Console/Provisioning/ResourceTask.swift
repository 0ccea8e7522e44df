import TenantStore

/// What is to be done about a tenant's resources, on a thread of its own because it blocks.
public enum ResourceTask: Equatable, Sendable {
  /// Look how they are.
  case survey(Tenant)
  /// Bring them to what the tenant's state wants.
  case provision(Tenant)

  public var tenant: Tenant {
    switch self {
    case .survey(let tenant), .provision(let tenant): tenant
    }
  }
}

/// What came of it.
public enum ResourceReport: Equatable, Sendable {
  case surveyed(Survey)
  /// Its run is over, or as far as this machine can bring it.
  case provisioned(TenantID)
  /// Nothing could be begun, and why.
  case failed(TenantID, String)

  var tenantID: TenantID {
    switch self {
    case .surveyed(let survey): survey.tenant.id
    case .provisioned(let id), .failed(let id, _): id
    }
  }
}
