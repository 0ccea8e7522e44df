/// How the database wants tenants' contexts, and the keys that sign them.
public struct ContextKeys: Equatable, Sendable {
  /// Whether a context counts as it is set, or only with a signature.
  public enum Mode: String, CaseIterable, Sendable { case plain, signed }
  /// A key that lives, without what it consists of.
  public struct Item: Equatable, Sendable {
    public var number: Int
    public var madeAt: Instant
    public var madeBy: String
  }
  public var mode: Mode
  /// At most two, the one that signs first.
  public var live: [Item]
}

/// A new key for the contexts. It and the one before are good from then on, older ones are forgotten.
public struct KeyRotation: Equatable, Sendable {
  public var requestID: RequestID
  /// 32 bytes.
  public var key: [UInt8]
  public var reason: String?

  public init(requestID: RequestID = .random(), key: [UInt8], reason: String? = nil) {
    self.requestID = requestID
    self.key = key
    self.reason = reason
  }
}

/// A tenant's context on one server process.
public struct ContextPlace: Equatable, Sendable {
  public var tenantID: TenantID
  /// The process's id as the server names it (`pg_backend_pid()`).
  public var backend: Int

  public init(tenantID: TenantID, backend: Int) {
    self.tenantID = tenantID
    self.backend = backend
  }
}
