/// What a tenant has somewhere besides its row in the registry: rows in PostgreSQL, keys in a Redis, files on a disk.
///
/// A run brings it to what the tenant's state wants. It looks first, acts where that is needed, and looks again, so each act may
/// be called when half of it, or all of it, has been done before: by a process that was killed, or by another one just now.
/// Every call blocks the thread it is called on, which is never the console's own, and ends within `Resource.patience`.
public protocol Resource {
  /// As in the list of resources.
  var name: String { get }

  /// How it is now.
  func inspect(_ tenant: Tenant) throws(ResourceError) -> Condition

  /// Makes what the tenant needs, for use at once; of an absent one.
  func provision(_ tenant: Tenant) throws(ResourceError)
  /// Shuts the tenant out, and keeps everything; of a ready one.
  func suspend(_ tenant: Tenant) throws(ResourceError)
  /// Lets it in again; of a suspended one.
  func resume(_ tenant: Tenant) throws(ResourceError)
  /// Removes all that the tenant has there, for ever.
  func destroy(_ tenant: Tenant) throws(ResourceError)

  /// Enters as the tenant, by every way in that it has.
  func probe(_ tenant: Tenant) throws(ResourceError) -> [Door]
  /// What the tenant has there, in numbers.
  func footprint(_ tenant: Tenant) throws(ResourceError) -> [Amount]
}

extension Resource {
  /// Milliseconds that a call may take. Well below the lease of a run, so that it is never lost in the middle of an act.
  public static var patience: Int { 20_000 }

  /// Brings it from where it is to `wanted`, and makes sure of it. What was never made is as good as shut.
  func bring(_ tenant: Tenant, from found: Condition, to wanted: Condition) throws(ResourceError) {
    switch (found, wanted) {
    case (.ready, .ready), (.suspended, .suspended), (.absent, .absent), (.absent, .suspended): return
    case (.absent, .ready): try provision(tenant)
    case (.suspended, .ready): try resume(tenant)
    case (.ready, .suspended): try suspend(tenant)
    case (.ready, .absent), (.suspended, .absent): try destroy(tenant)
    }
    let now = try inspect(tenant)
    guard now == wanted else { throw .refused("it is \(now.rawValue) and should be \(wanted.rawValue)") }
  }
}

/// How a resource is for a tenant.
public enum Condition: String, CaseIterable, Sendable {
  /// Nothing is there.
  case absent
  /// It is there, and the tenant can use it.
  case ready
  /// It is there, and the tenant cannot get at it.
  case suspended
}

extension Condition {
  /// What a state wants of every resource. The schema's `wanted_condition` says the same; a test compares them.
  public init(wantedBy state: TenantState) {
    switch state {
    case .provisioning, .active: self = .ready
    case .suspended, .deactivated: self = .suspended
    case .purged: self = .absent
    }
  }

  /// Whether a resource that is so needs nothing done to be as wanted.
  func satisfies(_ wanted: Condition) -> Bool {
    self == wanted || (self == .absent && wanted == .suspended)
  }
}

/// Why a resource did not do it. The texts are others' words: clean them before they are shown.
public enum ResourceError: Error, Equatable, Sendable {
  /// This machine is not told how to reach it: another one may be.
  case notConfigured(String)
  /// It did not answer, or not in time.
  case unreachable(String)
  /// It will not.
  case refused(String)

  /// Why, in a line.
  var reason: String {
    switch self {
    case .notConfigured(let text), .unreachable(let text), .refused(let text): text
    }
  }
}

/// So many of something.
public struct Amount: Equatable, Sendable {
  /// Of what, such as "rows in shop.orders".
  public var name: String
  public var count: Int64

  public init(name: String, count: Int64) {
    self.name = name
    self.count = count
  }
}
