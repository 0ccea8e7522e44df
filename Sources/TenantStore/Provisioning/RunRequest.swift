/// What can be asked of the store about runs and the resources they are about. To carry one out is a `Provisioner`'s.
public enum RunRequest: Equatable, Sendable {
  /// A tenant's newest run, with its steps.
  case newest(TenantID)
  /// Those that are not over, in the order in which they began, after one of them (0: from the first).
  case open(after: Int64, limit: Int)
  /// Start one.
  case start(RunStart)
  /// What every tenant is to have.
  case resources
  /// List a resource, or take one off the list.
  case changeResource(ResourceChange)

  /// As `Request.requestID`.
  public var requestID: RequestID? {
    switch self {
    case .start(let start): start.requestID
    case .changeResource(let change): change.requestID
    case .newest, .open, .resources: nil
    }
  }

  /// Whose it is; nil for what is about none, or about many.
  public var tenantID: TenantID? {
    switch self {
    case .newest(let tenant): tenant
    case .start(let start): start.tenantID
    case .open, .resources, .changeResource: nil
    }
  }

  /// What it is called, without a value.
  public var name: String {
    switch self {
    case .newest: "run"
    case .open: "open runs"
    case .start: "provision"
    case .resources: "resources"
    case .changeResource: "resource"
    }
  }

  /// As `Request.writes`.
  var writes: Bool { requestID != nil }

  var query: Query {
    switch self {
    case .newest(let tenant): RunQuery.newest(tenant)
    case .open(let run, let limit): RunQuery.open(after: run, limit: limit)
    case .start(let start): RunQuery.start(start)
    case .resources: RunQuery.resources
    case .changeResource(let change): RunQuery.change(change)
    }
  }
}

/// What came back. A start and a change of a resource answer `Answer.written`.
public enum RunAnswer: Equatable, Sendable {
  /// Nil: it never had one.
  case newest(Run?)
  case open([Run])
  /// In the order in which a tenant is given them.
  case resources([ListedResource])
}
