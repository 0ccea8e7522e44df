import Postgres

/// What keeps the audit whole besides its hashes: blocks, triggers, owners.
extension AuditVerifier {
  private static let deadline = 600_000

  /// Blocks with their entries, then what was signed of them; ends early where `goesOn` after an entry says so.
  func check(
    _ blocks: inout BlockCheck, _ kept: [KeptCheckpoint], _ goesOn: () -> Bool
  ) throws(PostgresError) {
    let stream = try RowStream(
      connection, "landlord_blocks",
      "SELECT \(unescaped: Block.columns) FROM landlord.audit_blocks b ORDER BY b.block")
    while let block = try stream.next().map(Block.init) {
      let entries = try RowStream(connection, "landlord_block_entries", block.entriesStatement)
      while let entry = try entries.next() {
        guard goesOn() else { return }
        blocks.entry(entry.int64(0), entry.bytes(1))
      }
      try entries.close()
      blocks.block(block)
    }
    let facts = try connection.run(
      """
      SELECT coalesce((SELECT s.value FROM landlord.settings s WHERE s.name = 'installation'), ''),
        (SELECT q.last_value FROM landlord.audit_entries_entry_id_seq q)
      """, deadline: Self.deadline
    ).exactlyOne
    blocks.installation = facts.string(0)
    let signed = try connection.run(
      "SELECT c.block, c.key, c.signature FROM landlord.audit_checkpoints c ORDER BY c.block, c.key",
      deadline: Self.deadline)
    for row in signed {
      blocks.checkpoint(Checkpoint(block: row.int64(0), key: row.string(1), signature: row.bytes(2)))
    }
    for checkpoint in kept { blocks.kept(checkpoint, lastEntry: facts.int64(1)) }
  }

  /// Entries that a request says it wrote and that are not there: seen also where the head was set back with them.
  func lostEntries(_ tenant: TenantID?) throws(PostgresError) -> [AuditFinding] {
    try connection.run(
      """
      SELECT r.tenant_id, r.entry_id, r.request_id
      FROM landlord.requests r
      WHERE r.entry_id IS NOT NULL AND r.tenant_id = coalesce(\(tenant)::uuid, r.tenant_id)
        AND NOT EXISTS (SELECT FROM landlord.audit_entries e WHERE e.entry_id = r.entry_id)
      ORDER BY r.entry_id
      LIMIT \(ChainCheck.mostFindings)::int
      """, deadline: Self.deadline
    ).map { row in
      AuditFinding(
        .truncated, tenantID: row.identifier(0), entryID: row.int64(1),
        "request \(row.string(2)) wrote this entry, and it is gone")
    }
  }

  func structure() throws(PostgresError) -> [AuditFinding] { try triggers() + owners() + futureEntries() }

  /// The triggers that must be there, with their functions.
  private static let triggers = [
    "audit_entries.refuse_change refuse", "site_ids.refuse_change refuse",
    "tenants.after_tenant after_tenant",
    "tenants.before_tenant before_tenant", "tenants.keep_transition keep_transition",
    "tenants.refuse_truncate refuse",
  ]

  private func triggers() throws(PostgresError) -> [AuditFinding] {
    let rows = try connection.run(
      """
      SELECT c.relname || '.' || t.tgname, p.proname, t.tgenabled
      FROM pg_catalog.pg_trigger t
      JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
      JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
      WHERE c.relnamespace = 'landlord'::pg_catalog.regnamespace AND NOT t.tgisinternal
      ORDER BY 1
      """, deadline: Self.deadline)
    let there = rows.map { (name: $0.string(0), function: $0.string(1), state: $0.string(2)) }
    let missing = Self.triggers.filter { wanted in !there.contains { "\($0.name) \($0.function)" == wanted } }
      .map {
        AuditFinding(
          .triggersDisabled, "the trigger \($0.prefix { $0 != " " }) is gone or calls another function")
      }
    return missing
      + there.compactMap { trigger in
        switch trigger.state {
        case "A": nil
        case "D": AuditFinding(.triggersDisabled, "the trigger \(trigger.name) is disabled")
        default:
          AuditFinding(
            .triggersAtOrigin,
            "the trigger \(trigger.name) does not fire for replication, as after a restore; landlord migrate mends it"
          )
        }
      }
  }

  private func owners() throws(PostgresError) -> [AuditFinding] {
    try connection.run(
      """
      SELECT x.what FROM (
        SELECT 'the schema belongs to ' || pg_catalog.pg_get_userbyid(n.nspowner) AS what
        FROM pg_catalog.pg_namespace n WHERE n.nspname = 'landlord' AND n.nspowner <> 'landlord_owner'::pg_catalog.regrole
        UNION ALL
        SELECT c.relname || ' belongs to ' || pg_catalog.pg_get_userbyid(c.relowner)
        FROM pg_catalog.pg_class c
        WHERE c.relnamespace = 'landlord'::pg_catalog.regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
          AND c.relowner <> 'landlord_owner'::pg_catalog.regrole
        UNION ALL
        SELECT 'the function ' || p.proname || ' belongs to ' || pg_catalog.pg_get_userbyid(p.proowner)
        FROM pg_catalog.pg_proc p
        WHERE p.pronamespace = 'landlord'::pg_catalog.regnamespace AND p.proowner <> 'landlord_owner'::pg_catalog.regrole
        UNION ALL
        SELECT 'the role landlord_owner may log in or goes round the policies'
        FROM pg_catalog.pg_roles r
        WHERE r.rolname = 'landlord_owner' AND (r.rolcanlogin OR r.rolsuper OR r.rolbypassrls)
      ) x
      ORDER BY x.what
      """, deadline: Self.deadline
    ).map { AuditFinding(.ownerChanged, $0.string(0)) }
  }

  /// Entries of transactions that this server has not had yet: no block would ever take them. Not asked where the last block
  /// is another server's, whose transactions had other numbers.
  private func futureEntries() throws(PostgresError) -> [AuditFinding] {
    try connection.run(
      """
      SELECT e.tenant_id, e.entry_id
      FROM landlord.audit_entries e
      JOIN (SELECT b.incarnation, coalesce(b.entries_upto, b.entries_after) AS floor
        FROM landlord.audit_blocks b ORDER BY b.block DESC LIMIT 1) last
        ON last.incarnation = (SELECT s.system_identifier FROM pg_catalog.pg_control_system() s)
      WHERE e.entry_id > last.floor AND e.xid >= pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())
      ORDER BY e.entry_id
      LIMIT 10
      """, deadline: Self.deadline
    ).map {
      AuditFinding(
        .forged, tenantID: $0.identifier(0), entryID: $0.int64(1),
        "the entry names a transaction that this server has not had")
    }
  }
}
