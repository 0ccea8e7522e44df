public enum PurgeOwner {}

/// Which purge.
public typealias PurgeID = Identifier<PurgeOwner>

/// What a purge would take.
public struct PurgePreview: Equatable, Sendable {
  /// JSON, by whose very bytes a purge is asked for.
  public var text: String
  /// Its SHA-256 in hexadecimal digits, by which a second person agrees to it.
  public var digest: String
  public var tables: [TouchedTable]

  public init(text: String, digest: String, tables: [TouchedTable]) {
    self.text = text
    self.digest = digest
    self.tables = tables
  }

  /// What people name it by, and compare.
  public var code: String { String(digest.prefix(12)) }
}

/// A purge that was asked for and is not done.
public struct Purge: Equatable, Sendable {
  public var id: PurgeID
  public var preview: PurgePreview
  public var reason: String
  public var requestedBy: String
  public var requestedAt: Instant
  /// It must have begun by then.
  public var expiresAt: Instant
  /// The second person; nil: nobody has agreed yet.
  public var approvedBy: String?
  /// When its first rows went.
  public var startedAt: Instant?
  /// The rows that are gone already, by table.
  public var deleted: [TouchedTable]

  public init(
    id: PurgeID, preview: PurgePreview, reason: String, requestedBy: String, requestedAt: Instant,
    expiresAt: Instant, approvedBy: String? = nil, startedAt: Instant? = nil,
    deleted: [TouchedTable] = []
  ) {
    self.id = id
    self.preview = preview
    self.reason = reason
    self.requestedBy = requestedBy
    self.requestedAt = requestedAt
    self.expiresAt = expiresAt
    self.approvedBy = approvedBy
    self.startedAt = startedAt
    self.deleted = deleted
  }
}

/// One of the three steps that people take on the way to a purge; between the last two, rows go in batches.
public struct PurgeStep: Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    /// Ask for it, on a preview. Takes the place of an earlier one that has not begun.
    case request(PurgePreview)
    /// Agree to that very preview, as another person.
    case approve(digest: String)
    /// The last row is gone: leave the tombstone.
    case finish
  }
  public var kind: Kind
  public var requestID: RequestID
  public var purgeID: PurgeID
  public var tenantID: TenantID
  public var expectedVersion: Int64?
  public var reason: String

  public init(
    _ kind: Kind, requestID: RequestID = .random(), purgeID: PurgeID, tenantID: TenantID,
    expectedVersion: Int64?, reason: String
  ) {
    self.kind = kind
    self.requestID = requestID
    self.purgeID = purgeID
    self.tenantID = tenantID
    self.expectedVersion = expectedVersion
    self.reason = reason
  }
}

/// Rows that one batch of a purge took from one table.
public struct PurgedRows: Equatable, Sendable {
  public var table: String
  public var rows: Int64

  public init(table: String, rows: Int64) {
    self.table = table
    self.rows = rows
  }
}
