/// What can be asked of the store about the life of tenants.
public enum LifecycleRequest: Equatable, Sendable {
  /// On what terms a tenant is in its state.
  case terms(TenantID)
  /// How many rows of each protected table are its own.
  case touched(TenantID)
  /// Try its doors.
  case doors(TenantID)
  /// Which other tenants' site ids are easily taken for its own: looked for among those beside it in order.
  case twins(TenantID)
  /// How many tenants are to be resumed or suspended by now.
  case overdue
  /// The setting: how many days lie between a deactivation and the purge date.
  case purgeDays
  /// Change its state.
  case change(StateChange, Transition)
  /// Resume and suspend what is due, of the tenants with an id after this one, some hundred at a time. Once more is harmless.
  case runDue(after: TenantID?)
  /// What a purge would take.
  case purgePreview(TenantID)
  case purgeStep(PurgeStep)
  /// Delete at most so many rows of one table. Going on after a lost answer is harmless.
  case purgeRows(PurgeID, most: Int)

  /// As `Request.requestID`.
  public var requestID: RequestID? {
    switch self {
    case .change(_, let transition): transition.requestID
    case .purgeStep(let step): step.requestID
    case .terms, .touched, .doors, .twins, .overdue, .purgeDays, .runDue, .purgePreview, .purgeRows: nil
    }
  }

  /// Whose life it is; nil for what is about many.
  public var tenantID: TenantID? {
    switch self {
    case .terms(let id), .touched(let id), .doors(let id), .twins(let id), .purgePreview(let id): id
    case .change(_, let transition): transition.tenantID
    case .purgeStep(let step): step.tenantID
    case .overdue, .purgeDays, .runDue, .purgeRows: nil
    }
  }

  /// What it is called, without a value.
  public var name: String {
    switch self {
    case .terms: "terms"
    case .touched: "touched"
    case .doors: "doors"
    case .twins: "twins"
    case .overdue: "overdue"
    case .purgeDays: "purge days"
    case .change(let change, _): change.rawValue
    case .runDue: "run due"
    case .purgePreview: "purge preview"
    case .purgeStep(let step):
      switch step.kind {
      case .request: "request purge"
      case .approve: "approve purge"
      case .finish: "purge"
      }
    case .purgeRows: "purge rows"
    }
  }

  /// As `Request.writes`.
  var writes: Bool {
    switch self {
    case .change, .runDue, .purgeStep, .purgeRows: true
    case .terms, .touched, .doors, .twins, .overdue, .purgeDays, .purgePreview: false
    }
  }

  /// As `Request.isRepeatable`.
  var isRepeatable: Bool { requestID == nil }

  /// As `Request.patience`. A table that must go in one piece takes as long as it takes.
  var patience: Int {
    switch self {
    case .terms, .doors, .twins, .overdue, .purgeDays: 15_000
    case .touched, .purgePreview: 60_000
    case .change, .purgeStep: 60_000
    case .runDue: 120_000
    case .purgeRows: 600_000
    }
  }
}

/// What came back. A change and a purge's step answer `Answer.written`.
public enum LifecycleAnswer: Equatable, Sendable {
  /// Nil: no such tenant.
  case terms(Terms?)
  /// In order of the tables' names.
  case touched([TouchedTable])
  /// Empty: no such tenant.
  case doors([Door])
  /// In order of bytes.
  case twins([String])
  case overdue(Int64)
  /// Nil: nobody has set them, which is 90.
  case purgeDays(String?)
  /// In the order of ids; none: nothing is due beyond.
  case due([Written])
  /// Nil: no such tenant.
  case purgePreview(PurgePreview?)
  /// Nil: no row is left.
  case purged(PurgedRows?)
}

extension Request {
  /// Take a tenant out of service.
  public static func deactivate(_ transition: Transition) -> Request {
    .lifecycle(.change(.deactivate, transition))
  }

  /// Bring a deactivated one back.
  public static func reactivate(_ transition: Transition) -> Request {
    .lifecycle(.change(.reactivate, transition))
  }
}
