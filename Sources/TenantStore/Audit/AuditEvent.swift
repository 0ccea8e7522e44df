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
  /// As JSON: address, how the person was proven, what the client claimed to be; nil where it was not written down.
  public var client: String?
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

  public var at: Instant { cursor.at }
  /// The entry's number; nil for what is none.
  public var entryID: Int64? { cursor.source == .entry ? Int64(cursor.id) : nil }
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
}
