/// A moment in the life of a tenant.
public enum Moment: Hashable, Sendable {
  /// As its change to this version left it.
  case version(Int64)
  /// As it was then.
  case at(Instant)
}

/// A tenant as one of its changes left it. A version *is* an entry of the audit, so nothing is kept twice.
public struct TenantVersion: Equatable, Sendable {
  public var tenant: Tenant
  /// The version before; nil for the first.
  public var before: Tenant?
  /// The newest version that there is.
  public var newest: Int64
  public var entryID: Int64
  public var at: Instant
  public var actor: String
  /// Such as `register`, `update`, `deactivate`, `direct update`.
  public var action: String
  public var reason: String?

  public init(
    tenant: Tenant, before: Tenant?, newest: Int64, entryID: Int64, at: Instant, actor: String,
    action: String,
    reason: String?
  ) {
    self.tenant = tenant
    self.before = before
    self.newest = newest
    self.entryID = entryID
    self.at = at
    self.actor = actor
    self.action = action
    self.reason = reason
  }
}

extension Instant {
  /// As people type a moment: RFC 3339; a day, which is its beginning in UTC; or so long ago: `30m`, `12h`, `7d`, `2w`.
  /// Nil for anything else.
  public init?(typed text: String, now: Instant) {
    if let instant = Instant(text) ?? Instant(text + "T00:00:00Z") {
      self = instant
      return
    }
    let units: [Character: Int64] = ["m": 60, "h": 3600, "d": 86_400, "w": 604_800]
    guard let unit = text.last.flatMap({ units[$0] }), let number = Int64(text.dropLast()), number >= 0,
      number < 100_000
    else { return nil }
    self.init(microseconds: now.microseconds - number * unit * 1_000_000)
  }
}
