/// The steps that bring a tenant's resources to what its state wants, and how far they have come. Kept in the database, so
/// anyone can go on with a run whose process is gone.
public struct Run: Equatable, Sendable {
  public enum State: String, Sendable {
    /// Steps are still to be made.
    case running
    /// All are made; a tenant in provisioning became active with the last of them.
    case done
    /// A step failed, and what was made is being taken back.
    case compensating
    /// A step failed, and what was made has been taken back.
    case failed
    /// A step failed, and something that was made could not be taken back.
    case stuck
  }
  public var id: Int64
  public var tenantID: TenantID
  public var siteID: String
  /// What every resource is to be.
  public var wanted: Condition
  public var state: State
  /// Why it failed: the resource, a colon, and its own words.
  public var problem: String?
  public var begunAt: Instant
  /// The person who caused it.
  public var begunBy: String
  /// Somebody is at it just now.
  public var isHeld: Bool
  /// In their order; the last one of a run that opens is the probe.
  public var steps: [RunStep]

  public init(
    id: Int64, tenantID: TenantID, siteID: String, wanted: Condition = .ready, state: State,
    problem: String? = nil,
    begunAt: Instant, begunBy: String, isHeld: Bool = false, steps: [RunStep]
  ) {
    self.id = id
    self.tenantID = tenantID
    self.siteID = siteID
    self.wanted = wanted
    self.state = state
    self.problem = problem
    self.begunAt = begunAt
    self.begunBy = begunBy
    self.isHeld = isHeld
    self.steps = steps
  }

  /// Whether there is nothing more to be done.
  public var isOver: Bool {
    switch state {
    case .done, .failed: true
    case .running, .compensating, .stuck: false
    }
  }
}

public struct RunStep: Equatable, Sendable {
  public enum State: String, CaseIterable, Sendable {
    case pending, running, done, failed
    /// What it made is being taken back, or could not be: then the note says why.
    case compensating
    case compensated
    /// It was not come to.
    case skipped
  }
  /// 1, 2, 3 …
  public var place: Int
  /// Nil: the probe, which enters as the tenant.
  public var resource: String?
  public var state: State
  /// How the resource was before the step touched it; nil: it has not been looked at.
  public var found: Condition?
  /// Why it failed or waits. Others' words.
  public var note: String?
  /// How long it has taken so far, in milliseconds by the server's clock; nil: not begun.
  public var milliseconds: Int64?

  public init(
    place: Int, resource: String?, state: State, found: Condition? = nil, note: String? = nil,
    milliseconds: Int64? = nil
  ) {
    self.place = place
    self.resource = resource
    self.state = state
    self.found = found
    self.note = note
    self.milliseconds = milliseconds
  }

  /// For people: the resource, or what the last step does.
  public var name: String { resource ?? "probe" }

  /// Whether a run that takes back has to take back this one. The schema's `must_compensate` says the same.
  func mustCompensate(in run: Run) -> Bool {
    guard run.wanted == .ready, resource != nil, let found, found != .ready else { return false }
    switch state {
    case .running, .done, .failed, .compensating: return true
    case .pending, .compensated, .skipped: return false
    }
  }
}

/// A run that somebody wants besides those that changes of state make: to mend what has drifted, or to try once more.
public struct RunStart: Equatable, Sendable {
  public var requestID: RequestID
  public var tenantID: TenantID
  /// The names of those that are to be brought to what the tenant's state wants.
  public var resources: [String]
  public var reason: String?

  public init(
    requestID: RequestID = .random(), tenantID: TenantID, resources: [String], reason: String? = nil
  ) {
    self.requestID = requestID
    self.tenantID = tenantID
    self.resources = resources
    self.reason = reason
  }
}
