/// Checks chains, one after the other: each entry of a tenant in the order of seq, then its end. Holds no more than some
/// entries at a time, whatever the length of the chains.
struct ChainCheck {
  private(set) var findings: [AuditFinding] = []
  /// What is wrong beyond those that are kept.
  private(set) var more = 0
  private(set) var entries: Int64 = 0
  private(set) var chains: Int64 = 0

  /// Whether the block that an entry lies in is not what was sealed: then it is the entry's hash that was replaced.
  var isInBrokenBlock: (ChainEntry) -> Bool = { _ in false }

  private var last: ChainEntry?
  /// The last one that is a version of the tenant, and no note beside it.
  private var lastVersion: ChainEntry?
  /// From the first entry that does not follow, those that may explain it.
  private var suspects: [ChainEntry] = []

  static let mostFindings = 100
  private static let mostSuspects = 200

  mutating func entry(_ entry: ChainEntry) {
    entries += 1
    if suspects.isEmpty {
      let follows =
        entry.seq == (last?.seq ?? 0) + 1 && entry.at >= last?.at ?? entry.at
        && entry.hash == entry.hash(after: last?.hash ?? HashInput.none)
      if follows {
        last = entry
        if entry.version != nil { lastVersion = entry }
        return
      }
    }
    if suspects.count < Self.mostSuspects { suspects.append(entry) }
  }

  /// The chain's end; the next entry belongs to another.
  mutating func end(_ end: ChainEnd) {
    if let first = suspects.first {
      add(diagnosis(first, end))
    } else if let finding = endFinding(end) ?? registryFinding(end) {
      add(finding)
    }
    chains += 1
    last = nil
    lastVersion = nil
    suspects = []
  }

  mutating func add(_ finding: AuditFinding) {
    if findings.count < Self.mostFindings { findings.append(finding) } else { more += 1 }
  }

  // MARK: - The middle of a chain

  /// Why an entry does not follow the one before it.
  private func diagnosis(_ entry: ChainEntry, _ end: ChainEnd) -> AuditFinding {
    let expected = (last?.seq ?? 0) + 1
    let previous = last?.hash ?? HashInput.none
    if entry.seq < expected {
      return AuditFinding(.forked, entry, "there are two entries at this place of the chain")
    }
    if isOfAnother(entry) {
      return AuditFinding(.swapped, entry, "the entry holds the record of another tenant")
    }
    if entry.seq > expected {
      return AuditFinding(
        .missing, tenantID: entry.tenantID, seq: expected,
        "the next entry that is there is number \(entry.seq) of the chain")
    }
    if entry.hash == entry.hash(after: previous) {
      return AuditFinding(.forged, entry, "the entry says that it is older than the one before it")
    }
    if suspects.dropFirst().contains(where: { $0.hash == $0.hash(after: previous, seq: expected) }) {
      return AuditFinding(.reordered, entry, "another entry of the chain belongs in this place")
    }
    let isLinked =
      suspects.dropFirst().first.map { $0.hash == $0.hash(after: entry.hash) }
      ?? (end.seq == entry.seq && end.hash == entry.hash)
    guard isLinked else {
      return AuditFinding(
        .forged, entry, "neither does it follow the entry before nor the next one follow it")
    }
    if let last, isInBrokenBlock(last) {
      return AuditFinding(
        .forged, last, "it was written anew with a hash of its own, and the next entry does not follow it")
    }
    return AuditFinding(.edited, entry, "the entry is not what was hashed")
  }

  private func isOfAnother(_ entry: ChainEntry) -> Bool {
    guard let named = ChainEntry.member("tenantId", of: entry.record).flatMap({ TenantID($0) }) else {
      return false
    }
    return entry.tenantID != .installation && named != entry.tenantID
  }

  // MARK: - Its end

  private func endFinding(_ end: ChainEnd) -> AuditFinding? {
    let lastSeq = last?.seq ?? 0
    guard let seq = end.seq, let hash = end.hash else {
      return last.map { AuditFinding(.missing, $0, "the head of this chain is gone") }
    }
    if seq > lastSeq {
      return AuditFinding(
        .truncated, tenantID: end.tenantID, seq: lastSeq + 1,
        "the chain ends after number \(lastSeq), and its head says \(seq)")
    }
    guard let last else { return nil }
    if seq < lastSeq { return AuditFinding(.forged, last, "the head of the chain knows nothing of it") }
    if hash != last.hash { return AuditFinding(.forged, last, "the head of the chain has another hash") }
    return nil
  }

  /// The tenant as it stands against its last version.
  private func registryFinding(_ end: ChainEnd) -> AuditFinding? {
    guard end.hasRegistry, end.tenantID != .installation else { return nil }
    guard let last = lastVersion else {
      return end.record.map { _ in
        AuditFinding(
          .registryDiffers, tenantID: end.tenantID, "the tenant stands in the registry without any entry")
      }
    }
    guard let record = end.record else {
      return last.record.map { _ in
        AuditFinding(.registryDiffers, last, "the tenant is gone from the registry")
      }
    }
    if let said = last.record, said.isSameBytes(as: record) { return nil }
    // A site id is never changed and never given to another.
    if let site = ChainEntry.member("siteId", of: last.record),
      ChainEntry.member("siteId", of: record).map({ !$0.utf8.elementsEqual(site.utf8) }) ?? false
    {
      return AuditFinding(.swapped, last, "in the registry the tenant has the row of another")
    }
    return AuditFinding(.registryDiffers, last, "the tenant is not what its last entry says")
  }
}
