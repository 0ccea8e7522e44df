/// What the platform's other parts are told of a tenant. Holds nothing personal: neither name nor contact.
public struct OutboxEvent: Equatable, Sendable {
  /// Its number, to go on from. Numbers do not grow from event to event: the order is that in which they are given.
  public var id: Int64
  /// What happened, such as `tenant.suspended`; the words stand in the migration `outbox`.
  public var kind: String
  public var at: Instant
  public var tenantID: TenantID
  public var siteID: String
  /// The tenant's, after what happened: of a tenant's events the later one has the greater.
  public var version: Int64
  /// The state it has now, or had when it was removed.
  public var state: TenantState
  /// What it may do while suspended: `none` or `read`.
  public var suspendedAccess: String
  /// The names of the fields that were changed.
  public var changed: [String]
  /// Nil: by hand, in SQL.
  public var requestID: RequestID?

  public init(
    id: Int64, kind: String, at: Instant, tenantID: TenantID, siteID: String, version: Int64,
    state: TenantState,
    suspendedAccess: String = "none", changed: [String], requestID: RequestID?
  ) {
    self.id = id
    self.kind = kind
    self.at = at
    self.tenantID = tenantID
    self.siteID = siteID
    self.version = version
    self.state = state
    self.suspendedAccess = suspendedAccess
    self.changed = changed
    self.requestID = requestID
  }
}
