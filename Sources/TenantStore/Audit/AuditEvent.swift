/// Something that was done, refused or looked at: an entry of the audit, a request that left none, or an attempt that a client
/// noted (cooperative: who goes round the clients is in the server's log alone).
public struct AuditEvent: Equatable, Sendable {
  /// Where it is written down. At the same instant the higher number is the newer.
  public enum Source: Int, CaseIterable, Sendable {
    case attempt, request, entry
  }
  public enum Outcome: String, CaseIterable, Sendable {
    /// Done: the only one that an entry has.
    case saved
    /// Someone else had changed the tenant; nothing was changed.
    case stale
    /// There was no such tenant.
    case gone
    /// A rule or a missing right forbade it.
    case refused
    /// Something sensitive was looked at, or was about to be: `note` says how that ended.
    case looked
  }
  public var cursor: AuditCursor
  /// Nil where it concerns no tenant.
  public var tenantID: TenantID?
  /// The tenant's, as long as it is there.
  public var siteID: String?
  /// The session user who did it.
  public var actor: String
  /// The role taken on by SET ROLE, or `none`; nil where it was not written down.
  public var role: String?
  /// Where it came from; nil where that was not written down.
  public var client: AuditClient?
  public var action: String
  public var outcome: Outcome
  /// The rule that refused it, what was attempted, or how a look ended.
  public var note: String?
  public var requestID: RequestID?
  public var reason: String?
  public var version: Int64?
  /// The place in the tenant's chain.
  public var seq: Int64?
  /// What each changed field was and is.
  public var changes: [AuditEntry.FieldChange]

  public init(
    cursor: AuditCursor, tenantID: TenantID?, siteID: String?, actor: String, role: String?,
    client: AuditClient?,
    action: String, outcome: Outcome, note: String?, requestID: RequestID?, reason: String?, version: Int64?,
    seq: Int64?, changes: [AuditEntry.FieldChange]
  ) {
    (self.cursor, self.tenantID, self.siteID) = (cursor, tenantID, siteID)
    (self.actor, self.role, self.client) = (actor, role, client)
    (self.action, self.outcome, self.note) = (action, outcome, note)
    (self.requestID, self.reason, self.version, self.seq) = (requestID, reason, version, seq)
    self.changes = changes
  }

  public var at: Instant { cursor.at }
  /// The entry's number; nil for what is none.
  public var entryID: Int64? { cursor.source == .entry ? Int64(cursor.id) : nil }
}

/// Where something came from. Address and proof are the server's word.
public struct AuditClient: Equatable, Sendable {
  /// Nil: over a socket of the server's own machine.
  public var address: String?
  /// How the server knew the person, such as `scram-sha-256:ana` or `cert:/CN=ana`; nil: not known.
  public var proven: String?
  /// What the client claimed to be: its terminal, where the person came from.
  public var application: String?

  public init(address: String? = nil, proven: String? = nil, application: String? = nil) {
    (self.address, self.proven, self.application) = (address, proven, application)
  }

  public var provenWords: String { proven ?? "not known" }

  init(_ parts: [String?]) { self.init(address: parts[0], proven: parts[1], application: parts[2]) }
}

/// A place in the list of events.
public struct AuditCursor: Hashable, Sendable {
  public var at: Instant
  public var source: AuditEvent.Source
  /// The number or id that its source gives it.
  public var id: String

  public init(at: Instant, source: AuditEvent.Source, id: String) {
    (self.at, self.source, self.id) = (at, source, id)
  }
}

extension AuditCursor: Comparable {
  /// Older ones are less. An id is a number or a UUID in text: both come in the same order by length and bytes.
  public static func < (a: AuditCursor, b: AuditCursor) -> Bool {
    if a.at != b.at { return a.at < b.at }
    if a.source != b.source { return a.source.rawValue < b.source.rawValue }
    if a.id.utf8.count != b.id.utf8.count { return a.id.utf8.count < b.id.utf8.count }
    return a.id.utf8.lexicographicallyPrecedes(b.id.utf8)
  }
}

/// A window of the list of events, newest first.
public struct AuditPageRequest: Hashable, Sendable {
  public enum Anchor: Hashable, Sendable {
    /// The newest; the oldest.
    case first, last
    /// Older than this; newer than this.
    case after(AuditCursor)
    case before(AuditCursor)
    /// From this one on, itself included, to older ones.
    case from(AuditCursor)
    /// What may have been written since then; some of it may have been seen already.
    case since(AuditTail)
  }
  public var filter: AuditFilter
  public var anchor: Anchor
  public var limit: Int
  /// False leaves the attempts out at once, for a person who is known not to see them.
  public var includesAttempts: Bool

  public init(
    filter: AuditFilter = AuditFilter(), anchor: Anchor = .first, limit: Int = 100,
    includesAttempts: Bool = true
  ) {
    self.filter = filter
    self.anchor = anchor
    self.limit = limit
    self.includesAttempts = includesAttempts
  }
}

/// Events, newest first whichever way they were fetched. At most `limit`; fewer means the end on that side.
public struct AuditPage: Equatable, Sendable {
  public var events: [AuditEvent]
  /// False: this person may not see the attempts, and they are not in it.
  public var includesAttempts: Bool

  public init(events: [AuditEvent], includesAttempts: Bool = true) {
    self.events = events
    self.includesAttempts = includesAttempts
  }
}

/// A moment up to which the list of events was followed. Entries are told by their transaction, so that none is missed however
/// long it stays open; requests and attempts, which their functions write within seconds, by the clock.
public struct AuditTail: Hashable, Sendable {
  /// The oldest transaction that was open.
  var xmin: String
  /// Some time before.
  var at: Instant

  public init(xmin: String, at: Instant) { (self.xmin, self.at) = (xmin, at) }
}
