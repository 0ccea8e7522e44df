import Postgres

/// How this machine reaches the resources: what is not for everyone to see, or differs from machine to machine. By the names in the
/// list of resources; what is listed and not here is not configured. PostgreSQL needs nothing.
public struct ResourceSetup: Equatable, Sendable {
  public enum Way: Equatable, Sendable {
    /// A program that does what it is told; see `CommandResource`.
    case command(String)
  }
  public var ways: [String: Way]

  public init(ways: [String: Way] = [:]) { self.ways = ways }

  /// Whether this machine is told how to reach it.
  public func reaches(_ name: String) -> Bool {
    PostgresResource.isListed(as: name) || ways[name] != nil
  }

  /// What works on a listed resource; one that is not configured says so to whatever it is asked.
  func resource(_ listed: ListedResource, _ connection: Connection) -> any Resource {
    if PostgresResource.isListed(as: listed.name) { return PostgresResource(connection) }
    return switch ways[listed.name] {
    case .command(let path): CommandResource(name: listed.name, path: path, settings: listed.settings)
    case nil: UnconfiguredResource(name: listed.name)
    }
  }
}

/// Says of everything that this machine is not told how to do it.
struct UnconfiguredResource: Resource {
  let name: String

  private var refusal: ResourceError { .notConfigured("\(name) is not configured on this machine") }

  func inspect(_ tenant: Tenant) throws(ResourceError) -> Condition { throw refusal }
  func provision(_ tenant: Tenant) throws(ResourceError) { throw refusal }
  func suspend(_ tenant: Tenant) throws(ResourceError) { throw refusal }
  func resume(_ tenant: Tenant) throws(ResourceError) { throw refusal }
  func destroy(_ tenant: Tenant) throws(ResourceError) { throw refusal }
  func probe(_ tenant: Tenant) throws(ResourceError) -> [Door] { throw refusal }
  func footprint(_ tenant: Tenant) throws(ResourceError) -> [Amount] { throw refusal }
}
