/// A change of state that a person asks for. Its raw value is what the audit calls it.
public enum StateChange: String, CaseIterable, Hashable, Sendable {
  case suspend, resume, deactivate, reactivate
}

/// What a suspended tenant may still do.
public enum SuspendedAccess: String, CaseIterable, Hashable, Sendable {
  case none, read
}

/// On what terms a tenant's state changes.
public struct Transition: Equatable, Sendable {
  public var requestID: RequestID
  public var tenantID: TenantID
  /// The version the person saw; nil: whatever the version.
  public var expectedVersion: Int64?
  public var reason: String
  /// Where it was asked for, such as "SUP-21044"; at most 60 characters.
  public var ticket: String?
  /// When the state ends by itself: suspended is resumed then, active is suspended. Of a deactivated tenant the purge date.
  public var until: Instant?
  /// Counts for a suspension only.
  public var access: SuspendedAccess
  /// What the person was told that it touches; what it touched is noted beside it.
  public var predicted: [TouchedTable]?

  public init(
    requestID: RequestID = .random(), tenantID: TenantID, expectedVersion: Int64?, reason: String,
    ticket: String? = nil, until: Instant? = nil, access: SuspendedAccess = .none,
    predicted: [TouchedTable]? = nil
  ) {
    self.requestID = requestID
    self.tenantID = tenantID
    self.expectedVersion = expectedVersion
    self.reason = reason
    self.ticket = ticket
    self.until = until
    self.access = access
    self.predicted = predicted
  }
}

/// How many rows a tenant has in one protected table.
public struct TouchedTable: Equatable, Sendable {
  public var table: String
  /// Nil: the table lets nobody of landlord's count.
  public var rows: Int64?
  /// Not counted but estimated: there are more than is worth counting.
  public var isEstimated: Bool

  public init(table: String, rows: Int64?, isEstimated: Bool = false) {
    self.table = table
    self.rows = rows
    self.isEstimated = isEstimated
  }

  /// "12", "~120000", or "not counted".
  public var words: String { rows.map { (isEstimated ? "~" : "") + String($0) } ?? "not counted" }
}

extension [TouchedTable] {
  /// As the audit keeps it: {"shop.orders":12,"shop.events":"~120000"}.
  var json: String {
    let members = map { table in
      let value = table.rows.map { table.isEstimated ? "\"~\($0)\"" : String($0) } ?? "null"
      return "\(JSONText.quoted(table.table)):\(value)"
    }
    return "{" + members.joined(separator: ",") + "}"
  }
}

/// On what terms a tenant is in the state it is in, and the purge that was asked for.
public struct Terms: Equatable, Sendable {
  public var ticket: String?
  /// As in `Transition`.
  public var until: Instant?
  public var purge: Purge?

  public init(ticket: String? = nil, until: Instant? = nil, purge: Purge? = nil) {
    self.ticket = ticket
    self.until = until
    self.purge = purge
  }

  /// What happens at the date, such as "2026-12-01T00:00:00Z, resumed then"; nil without one. Cleaned of nothing: it holds no text
  /// of people's.
  public func words(for state: TenantState, now: Instant) -> String? {
    guard var until else { return nil }
    until = Instant(microseconds: until.microseconds / 1_000_000 * 1_000_000)
    let isPast = until <= now
    switch state {
    case .active: return "\(until), \(isPast ? "OVERDUE to be suspended" : "suspended then")"
    case .suspended: return "\(until), \(isPast ? "OVERDUE to be resumed" : "resumed then")"
    case .deactivated:
      return "\(until), \(isPast ? "can only be purged" : "comes back until then, is purged after it")"
    case .provisioning, .purged: return nil
    }
  }
}

extension Instant {
  /// As people type a moment that lies ahead: RFC 3339; a day, which is its beginning in UTC; or in so long: `12h`, `30d`, `6w`.
  /// Nil for anything else, and for what has passed.
  public init?(ahead text: String, now: Instant) {
    guard let typed = Instant(typed: text, now: now) else { return nil }
    let isSpan = Instant(text) == nil && Instant(text + "T00:00:00Z") == nil
    let moment = isSpan ? Instant(microseconds: 2 * now.microseconds - typed.microseconds) : typed
    guard moment > now else { return nil }
    self = moment
  }
}
