/// An entry as its hash sees it: each part exactly as it is stored.
public struct ChainEntry: Equatable, Sendable {
  public var entryID: Int64
  /// The transaction that wrote it. Like the entry's number, no part of its hash.
  public var transaction: Int64
  public var tenantID: TenantID
  public var seq: Int64
  public var at: Instant
  public var actor: String
  public var role: String
  public var client: String
  public var action: String
  public var version: Int64?
  public var requestID: RequestID?
  public var reason: String?
  /// The names of the fields, with commas between.
  public var changed: String
  /// The record after the change, as JSON; nil after a deletion.
  public var record: String?
  public var hash: [UInt8]

  public init(
    entryID: Int64, transaction: Int64, tenantID: TenantID, seq: Int64, at: Instant, actor: String,
    role: String,
    client: String, action: String, version: Int64?, requestID: RequestID?, reason: String?, changed: String,
    record: String?, hash: [UInt8]
  ) {
    (self.entryID, self.transaction, self.tenantID, self.seq) = (entryID, transaction, tenantID, seq)
    (self.at, self.actor, self.role, self.client, self.action) = (at, actor, role, client, action)
    (self.version, self.requestID, self.reason) = (version, requestID, reason)
    (self.changed, self.record, self.hash) = (changed, record, hash)
  }

  /// What its hash must be after `previous`, at the place `seq` of its chain or another. The same as the schema's `entry_hash`.
  func hash(after previous: [UInt8], seq: Int64? = nil) -> [UInt8] {
    var input = HashInput("landlord entry 1", after: previous)
    input.number(seq ?? self.seq)
    input.sized(tenantID.bytes)
    input.sized(at.microseconds)
    input.sized(actor)
    input.sized(role)
    input.sized(client)
    input.sized(action)
    input.sized(version)
    input.sized(requestID?.bytes)
    input.sized(reason)
    input.sized(changed)
    input.sized(record)
    return input.hash
  }

  /// A member of a record that never changes and needs no escapes, `tenantId` or `siteId`; nil where there is none.
  static func member(_ name: String, of record: String?) -> Substring? {
    guard let record, let start = record.range(of: "\"\(name)\":\"") else { return nil }
    return record[start...].prefix { $0 != "\"" }
  }
}

extension String {
  /// Where the text behind the first occurrence of another begins.
  fileprivate func range(of other: String) -> String.Index? {
    let wanted = Array(other.utf8)
    var place = utf8.startIndex
    while place != utf8.endIndex {
      if utf8[place...].starts(with: wanted) { return utf8.index(place, offsetBy: wanted.count) }
      place = utf8.index(after: place)
    }
    return nil
  }
}

/// Where the schema says that a chain ends, and the tenant as it stands.
public struct ChainEnd: Equatable, Sendable {
  public var tenantID: TenantID
  /// Of the head; nil: there is none.
  public var seq: Int64?
  public var hash: [UInt8]?
  /// What an entry would hold of the tenant as it stands; nil: it does not stand in the registry.
  public var record: String?
  /// Whether the registry is known at all: an export has none.
  public var hasRegistry: Bool

  public init(tenantID: TenantID, seq: Int64?, hash: [UInt8]?, record: String? = nil, hasRegistry: Bool) {
    (self.tenantID, self.seq, self.hash) = (tenantID, seq, hash)
    (self.record, self.hasRegistry) = (record, hasRegistry)
  }
}
