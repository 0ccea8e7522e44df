import Postgres

/// All of the audit, or one tenant's, in one snapshot: for a file that proves itself without the database.
public struct AuditExport {
  let connection: Connection

  /// `connection` must not be in a transaction.
  public init(_ connection: Connection) { self.connection = connection }

  public enum Item: Equatable, Sendable {
    /// Which installation it is of.
    case installation(String)
    case block(Block)
    case checkpoint(Checkpoint)
    /// The entries of a chain in order, then its end.
    case entry(ChainEntry)
    case end(ChainEnd)
  }

  /// Hands out each item in order: the installation, of all (not of one tenant) the blocks and checkpoints, then the chains.
  /// On an error of either kind the connection is left in a transaction or lost.
  public func items<Failure: Error>(
    _ tenant: TenantID? = nil, _ take: (Item) throws(Failure) -> Void
  ) throws {
    try connection.runScript(
      "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''; SET LOCAL statement_timeout = 0",
      deadline: 60_000)
    let name = try connection.run(
      "SELECT s.value FROM landlord.settings s WHERE s.name = 'installation'", deadline: 60_000)
    try take(.installation(name.first?.string(0) ?? ""))
    if tenant == nil {
      let blocks = try RowStream(
        connection, "landlord_blocks",
        "SELECT \(unescaped: Block.columns) FROM landlord.audit_blocks b ORDER BY b.block")
      while let block = try blocks.next() { try take(.block(Block(block))) }
      let checkpoints = try RowStream(
        connection, "landlord_checkpoints",
        "SELECT c.block, c.key, c.signature FROM landlord.audit_checkpoints c ORDER BY c.block, c.key")
      while let row = try checkpoints.next() {
        try take(.checkpoint(Checkpoint(block: row.int64(0), key: row.string(1), signature: row.bytes(2))))
      }
    }
    let heads = try RowStream(connection, "landlord_ends", Self.heads(tenant))
    let entries = try RowStream(connection, "landlord_entries", AuditVerifier.entries(tenant))
    var head = try heads.next().map(Self.head)
    while let entry = try entries.next().map(AuditVerifier.entry) {
      while let end = head, end.tenantID < entry.tenantID {
        try take(.end(end))
        head = try heads.next().map(Self.head)
      }
      try take(.entry(entry))
    }
    while let end = head {
      try take(.end(end))
      head = try heads.next().map(Self.head)
    }
    try connection.runScript("COMMIT", deadline: 60_000)
  }

  private static func heads(_ tenant: TenantID?) -> Statement {
    """
    SELECT h.tenant_id, h.seq, h.hash
    FROM landlord.audit_heads h
    WHERE h.tenant_id = coalesce(\(tenant)::uuid, h.tenant_id)
    ORDER BY h.tenant_id
    """
  }

  private static func head(_ row: Row) -> ChainEnd {
    ChainEnd(tenantID: row.identifier(0), seq: row.int64(1), hash: row.bytes(2), hasRegistry: false)
  }
}

/// Checks what an export holds, item by item in its order, without a database.
public struct ExportCheck {
  private var chains = ChainCheck()
  private var installation = ""
  private var blocks: [Block] = []
  private var checkpoints: [Checkpoint] = []
  /// Number and hash of each entry of each block, as long as there are blocks: 40 bytes an entry.
  private var sealed: [[(number: Int64, hash: [UInt8])]] = []
  private var open: TenantID?
  private var unsealed: Int64 = 0

  public init() {}

  public mutating func item(_ item: AuditExport.Item) {
    switch item {
    case .installation(let name): installation = name
    case .block(let block):
      blocks.append(block)
      sealed.append([])
    case .checkpoint(let checkpoint): checkpoints.append(checkpoint)
    case .entry(let entry):
      if let open, open != entry.tenantID {
        end(ChainEnd(tenantID: open, seq: nil, hash: nil, hasRegistry: false))
      }
      open = entry.tenantID
      chains.entry(entry)
      if let place = blocks.lastIndex(where: { $0.holds(entry) }) {
        sealed[place].append((entry.entryID, entry.hash))
      } else {
        unsealed += 1
      }
    case .end(let end): self.end(end)
    }
  }

  private mutating func end(_ end: ChainEnd) {
    chains.end(end)
    open = nil
  }

  /// After the last item.
  public mutating func outcome() -> AuditVerifier.Outcome {
    if let open { end(ChainEnd(tenantID: open, seq: nil, hash: nil, hasRegistry: false)) }
    var check = BlockCheck()
    for (block, entries) in zip(blocks, sealed) {
      for entry in entries.sorted(by: { $0.number < $1.number }) { check.entry(entry.number, entry.hash) }
      check.block(block)
    }
    check.installation = installation
    for checkpoint in checkpoints { check.checkpoint(checkpoint) }
    var outcome = AuditVerifier.Outcome()
    outcome.entries = chains.entries
    outcome.chains = chains.chains
    outcome.blocks = check.count
    outcome.unsealed = unsealed
    outcome.findings = chains.findings + check.findings
    outcome.more = chains.more
    outcome.lastBlock = check.last
    outcome.checkpoints = checkpoints
    outcome.installation = installation
    return outcome
  }
}
