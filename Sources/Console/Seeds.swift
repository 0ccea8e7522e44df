import TenantStore

/// Where the console's chance comes from: ids and secrets. Given at the start, so that a test can say what they will be.
public protocol Seeds: Sendable {
  mutating func requestID() -> RequestID
  mutating func tenantID() -> TenantID
  mutating func secret() -> TenantSecret
}

/// The system's secure source: what the real console is started with.
public struct SystemSeeds: Seeds {
  public init() {}
  public func requestID() -> RequestID { .random() }
  public func tenantID() -> TenantID { .random() }
  public func secret() -> TenantSecret { .random() }
}
