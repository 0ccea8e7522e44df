/// One change of a tenant, as the audit keeps it.
public struct AuditEntry: Equatable, Sendable {
  public var entryID: Int64
  /// Gapless per tenant, from 1.
  public var seq: Int64
  public var at: Instant
  /// The session user who did it.
  public var actor: String
  /// What was done, such as `register`, `update`, `direct update`.
  public var action: String
  /// Nil: a note beside the versions, such as the terms of a suspension.
  public var version: Int64?
  public var requestID: RequestID?
  public var reason: String?
  /// The fields that changed, in the form of `TenantField.rawValue` plus `state`.
  public var changed: [String]
  /// What each changed field was before and is now, as text for reading; a list is joined by ", ", NULL is nil.
  public var changes: [FieldChange]

  public struct FieldChange: Equatable, Sendable {
    public var field: String
    public var old: String?
    public var new: String?

    public init(field: String, old: String?, new: String?) {
      self.field = field
      self.old = old
      self.new = new
    }
  }

  public init(
    entryID: Int64, seq: Int64, at: Instant, actor: String, action: String, version: Int64?,
    requestID: RequestID?,
    reason: String?, changed: [String], changes: [FieldChange]
  ) {
    self.entryID = entryID
    self.seq = seq
    self.at = at
    self.actor = actor
    self.action = action
    self.version = version
    self.requestID = requestID
    self.reason = reason
    self.changed = changed
    self.changes = changes
  }
}
