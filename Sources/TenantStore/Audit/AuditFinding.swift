/// Something that is not as it was written.
public struct AuditFinding: Equatable, Sendable {
  public enum Kind: String, CaseIterable, Sendable {
    /// An entry no longer says what was hashed.
    case edited
    /// An entry is gone from the middle of its chain.
    case missing
    /// Entries of a chain have changed places.
    case reordered
    /// Something that was never written by the rules: an entry that does not follow from the one before, or a whole that was
    /// written anew.
    case forged
    /// The history goes on in two ways from one place.
    case forked
    /// The end is cut off.
    case truncated
    /// What keeps the audit complete does not fire.
    case triggersDisabled = "triggers disabled"
    /// It fires, but not for replication: how a restore leaves it. `landlord migrate` mends it.
    case triggersAtOrigin = "triggers at origin"
    /// Something of the schema belongs to another, or the owner may log in.
    case ownerChanged = "owner changed"
    /// Rows of two tenants have changed places.
    case swapped
    /// All of the database is older than what was signed.
    case oldBackup = "old backup"
    /// A tenant is not what its last entry says.
    case registryDiffers = "registry differs"
  }
  public var kind: Kind
  public var tenantID: TenantID?
  public var seq: Int64?
  public var entryID: Int64?
  public var block: Int64?
  /// What is wrong, in a sentence.
  public var what: String

  init(
    _ kind: Kind, tenantID: TenantID? = nil, seq: Int64? = nil, entryID: Int64? = nil, block: Int64? = nil,
    _ what: String
  ) {
    (self.kind, self.tenantID, self.seq, self.entryID) = (kind, tenantID, seq, entryID)
    (self.block, self.what) = (block, what)
  }

  init(_ kind: Kind, _ entry: ChainEntry, _ what: String) {
    self.init(kind, tenantID: entry.tenantID, seq: entry.seq, entryID: entry.entryID, what)
  }

  /// On one line.
  public var words: String {
    var place: [String] = []
    if let entryID { place.append("entry \(entryID)") }
    if let tenantID { place.append("tenant \(tenantID)") }
    if let seq { place.append("number \(seq) of its chain") }
    if let block { place.append("block \(block)") }
    let head = place.isEmpty ? "" : place.joined(separator: ", ") + ": "
    return kind.rawValue.uppercased() + "  " + head + what
  }

  /// A witness's signature that is none.
  public static func badWitness(_ block: Int64, _ key: String) -> AuditFinding {
    AuditFinding(.forged, block: block, "the witness \(key) did not sign this block")
  }
}
