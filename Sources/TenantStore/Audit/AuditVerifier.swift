import Postgres

/// Proves the audit, or says where it is not as it was written.
///
/// Reads everything in one snapshot and computes every hash here: nothing of the database's own functions is believed but the
/// form of a record. Works on a standby too. What it cannot see: what was rewritten as a whole since the last block that is
/// known elsewhere.
public struct AuditVerifier {
  let connection: Connection

  /// `connection` must not be in a transaction.
  public init(_ connection: Connection) { self.connection = connection }

  /// What was looked at and what was found.
  public struct Outcome: Equatable, Sendable {
    public var entries: Int64 = 0
    public var chains: Int64 = 0
    public var blocks: Int64 = 0
    /// Entries that no block holds yet: only their own chain proves them.
    public var unsealed: Int64 = 0
    /// At most a hundred, the first bad entries first.
    public var findings: [AuditFinding] = []
    /// How many more there are.
    public var more = 0
    /// The last block; nil where there is none or one tenant alone was looked at.
    public var lastBlock: Block?
    /// What was signed, as the database or the file has it.
    public var checkpoints: [Checkpoint] = []
    /// Which installation it is of; empty where that is not said, or one tenant alone was looked at.
    public var installation = ""
    /// It was given up before its end; nothing is found then.
    public var isStopped = false

    public init() {}
  }

  /// How far it has come, in entries; those that lie in a block are read twice.
  public struct Progress: Equatable, Sendable {
    public var done: Int64
    public var total: Int64

    public init(done: Int64, total: Int64) { (self.done, self.total) = (done, total) }
  }

  /// Verifies all, or one tenant's chain and row (nothing of blocks then, which hold what others did too). `kept` are the
  /// checkpoints known from elsewhere. `progress` hears of every thousandth entry, and answers false to give up. On an error
  /// the connection is left in a failed transaction or lost.
  public func verify(
    _ tenant: TenantID? = nil, kept: [KeptCheckpoint] = [], progress: (Progress) -> Bool = { _ in true }
  ) throws(PostgresError) -> Outcome {
    try connection.runScript(
      "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''; SET LOCAL statement_timeout = 0",
      deadline: 60_000)
    var outcome = Outcome()
    let total = try total(tenant)
    var done: Int64 = 0
    /// After each entry that was read; false: no more of them.
    func goesOn() -> Bool {
      done += 1
      if done.isMultiple(of: 1000) {
        outcome.isStopped = !progress(Progress(done: min(done, total), total: total))
      }
      return !outcome.isStopped
    }
    var blocks = BlockCheck()
    if tenant == nil { try check(&blocks, kept, goesOn) }
    var chains = ChainCheck()
    let broken = blocks.broken
    chains.isInBrokenBlock = { entry in broken.contains { $0.holds(entry) } }
    if !outcome.isStopped { outcome.unsealed = try check(&chains, tenant, blocks.last, goesOn) }
    if outcome.isStopped {
      try connection.runScript("ROLLBACK", deadline: 60_000)
      return outcome
    }
    let others = try tenant == nil ? structure() + lostEntries(nil) : lostEntries(tenant)
    try connection.runScript("COMMIT", deadline: 60_000)
    outcome.entries = chains.entries
    outcome.chains = chains.chains
    outcome.blocks = blocks.count
    outcome.lastBlock = blocks.last
    outcome.checkpoints = blocks.checkpoints
    outcome.installation = blocks.installation
    // What is named by an entry comes first; a block that is broken by it says no more.
    let all =
      chains.findings + others.filter { $0.entryID != nil } + blocks.findings
      + others.filter { $0.entryID == nil }
    outcome.findings = Array(all.prefix(ChainCheck.mostFindings))
    outcome.more = chains.more + all.count - outcome.findings.count
    return outcome
  }

  // MARK: - Chains

  private static let columns = """
    e.entry_id, e.xid::text::bigint, e.tenant_id, e.seq, (extract(epoch FROM e.at) * 1000000)::bigint, e.actor, e.role,
      e.client, e.action, e.version, e.request_id, e.reason, array_to_string(e.changed, ','), e.record, e.hash
    """

  static func entries(_ tenant: TenantID?) -> Statement {
    let condition: Statement = if let tenant { "WHERE e.tenant_id = \(tenant)::uuid" } else { "" }
    return """
      SELECT \(unescaped: columns)
      FROM landlord.audit_entries e
      \(condition)
      ORDER BY e.tenant_id, e.seq, e.entry_id
      """
  }

  static func entry(_ row: Row) -> ChainEntry {
    ChainEntry(
      entryID: row.int64(0), transaction: row.int64(1), tenantID: row.identifier(2), seq: row.int64(3),
      at: row.instant(4),
      actor: row.string(5), role: row.string(6), client: row.string(7), action: row.string(8),
      version: row.optionalInt64(9), requestID: row.optionalIdentifier(10), reason: row.optionalString(11),
      changed: row.string(12), record: row.optionalString(13), hash: row.bytes(14))
  }

  /// The heads of the chains with the tenants as they stand: whatever has one of the two.
  static func ends(_ tenant: TenantID?) -> Statement {
    let condition: Statement =
      if let tenant { "WHERE coalesce(h.tenant_id, t.tenant_id) = \(tenant)::uuid" } else { "" }
    return """
      SELECT coalesce(h.tenant_id, t.tenant_id), h.seq, h.hash,
        CASE WHEN t.tenant_id IS NOT NULL THEN landlord.record_text(t.tenant_id, t.site_id, t.tenant_name, t.contact_email,
          t.website_url, t.business_industry, t.allowed_origins, t.permissions, t.state, t.suspended_access, t.version,
          t.created_at, t.updated_at) END
      FROM landlord.audit_heads h FULL JOIN landlord.tenants t ON t.tenant_id = h.tenant_id
      \(condition)
      ORDER BY coalesce(h.tenant_id, t.tenant_id)
      """
  }

  static func end(_ row: Row) -> ChainEnd {
    ChainEnd(
      tenantID: row.identifier(0), seq: row.optionalInt64(1), hash: row.isNull(2) ? nil : row.bytes(2),
      record: row.optionalString(3), hasRegistry: true)
  }

  /// How many entries there are to read.
  private func total(_ tenant: TenantID?) throws(PostgresError) -> Int64 {
    try connection.run(
      """
      SELECT coalesce(sum(h.seq), 0)::bigint
        + CASE WHEN \(tenant)::uuid IS NULL THEN (SELECT coalesce(sum(b.entries), 0) FROM landlord.audit_blocks b) ELSE 0 END::bigint
      FROM landlord.audit_heads h
      WHERE h.tenant_id = coalesce(\(tenant)::uuid, h.tenant_id)
      """,
      deadline: 600_000
    ).exactlyOne.int64(0)
  }

  /// Answers how many entries no block holds.
  private func check(
    _ chains: inout ChainCheck, _ tenant: TenantID?, _ lastBlock: Block?, _ goesOn: () -> Bool
  ) throws(PostgresError) -> Int64 {
    var unsealed: Int64 = 0
    var isStopped = false
    let entries = try RowStream(connection, "landlord_entries", Self.entries(tenant))
    let ends = try RowStream(connection, "landlord_ends", Self.ends(tenant))
    var entry = try entries.next().map(Self.entry)
    /// The entries of the chain that `entry` begins, then its end.
    func chain(_ end: ChainEnd) throws(PostgresError) {
      while let next = entry, next.tenantID == end.tenantID {
        guard goesOn() else {
          (isStopped, entry) = (true, nil)
          return
        }
        chains.entry(next)
        if !(lastBlock.map { $0.isBehind(next) } ?? false) { unsealed += 1 }
        entry = try entries.next().map(Self.entry)
      }
      chains.end(end)
    }
    while !isStopped, let end = try ends.next().map(Self.end) {
      // Entries of a tenant that has neither head nor row.
      while let stray = entry, stray.tenantID < end.tenantID {
        try chain(ChainEnd(tenantID: stray.tenantID, seq: nil, hash: nil, hasRegistry: true))
      }
      try chain(end)
    }
    while let stray = entry {
      try chain(ChainEnd(tenantID: stray.tenantID, seq: nil, hash: nil, hasRegistry: true))
    }
    return unsealed
  }
}

extension Block {
  /// Whether an entry lies in this block or in one before it.
  fileprivate func isBehind(_ entry: ChainEntry) -> Bool {
    if let entriesUpto { return entry.entryID <= entriesUpto }
    return entry.entryID <= entriesAfter || entry.transaction < xidBefore ?? 0
  }
}
