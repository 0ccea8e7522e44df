import Postgres
import TenantStore
import TestServer
import Testing

/// What was done to the past by raw SQL is found and rightly named; what was not is no alarm.
@Suite struct AuditVerifierTests {
  // MARK: No alarm

  @Test func aPastThatNobodyTouchedIsWhole() throws {
    let past = try AuditSabotage()

    let outcome = try past.verify()

    #expect(outcome.findings == [])
    #expect(outcome.entries == 12)
    #expect(outcome.chains == 4)
    #expect(outcome.blocks == 2)
    #expect(outcome.unsealed == 3)
    #expect(try past.verify(past.tenants[1]).entries == 4)
  }

  @Test func aVerificationIsGivenUpWhereItsProgressSaysSo() throws {
    let past = try AuditSabotage()
    try past.hands.runScript(
      """
      DO $$ BEGIN
        FOR n IN 1..2500 LOOP UPDATE landlord.tenants SET tenant_name = 'n' || n WHERE site_id = 'acme'; END LOOP;
      END $$
      """, deadline: 60_000)
    try past.seal()
    var heard: [AuditVerifier.Progress] = []

    // All of it twice, once as block and once as chains; then given up in the one and in the other.
    let whole = try AuditVerifier(past.hands).verify {
      heard.append($0)
      return true
    }
    #expect(whole.findings == [])
    #expect(heard.map(\.done) == [1000, 2000, 3000, 4000, 5000])
    #expect(heard.allSatisfy { $0.total == 5024 })
    for last in [1, 4] {
      var count = 0
      let outcome = try AuditVerifier(past.hands).verify { _ in
        count += 1
        return count < last
      }
      #expect(outcome.isStopped)
      #expect(count == last)
      #expect(outcome.findings == [])
    }
    // The connection is as good as before.
    #expect(try past.first() == "nothing")
  }

  @Test func numbersThatWereRolledBackAreNoAlarm() throws {
    var past = try AuditSabotage()
    try past.hands.runScript("BEGIN", deadline: 5_000)
    try past.rename("undone")
    try past.hands.runScript("ROLLBACK", deadline: 5_000)
    try past.rename("fourth")
    try past.checkpoint()

    #expect(try past.first() == "nothing")
  }

  @Test(arguments: [
    "timezone = 'Pacific/Kiritimati'", "datestyle = 'German, DMY'", "lc_time = 'C'",
    "bytea_output = 'escape'",
    "search_path = 'nowhere'", "intervalstyle = 'sql_standard'", "extra_float_digits = 0",
  ])
  func settingsOfTheReaderAndTheWriterAreNoAlarm(_ setting: String) throws {
    let past = try AuditSabotage()
    try past.hands.runScript("SET \(setting)", deadline: 5_000)
    try past.rename("Ünïcode \u{1F600} 'quoted' \\ \"twice\"")
    let reader = past.database.connect(.support)
    try reader.runScript("SET \(setting)", deadline: 5_000)

    #expect(try AuditVerifier(reader).verify(kept: past.kept).findings == [])
  }

  @Test func changesByHandAndDeletionsAreEntriesLikeOthers() throws {
    var past = try AuditSabotage()
    try past.hands.runScript(
      """
      UPDATE landlord.tenants SET tenant_name = 'By hand' WHERE site_id = 'acme';
      DELETE FROM landlord.tenant_secrets;
      DELETE FROM landlord.tenants WHERE site_id = 'blue'
      """, deadline: 5_000)
    try past.checkpoint()

    #expect(try past.first() == "nothing")
  }

  @Test func madeUpTenantsHaveAWholePast() throws {
    let database = Database()
    _ = try Demo.fill(database.connect(.superuser), tenants: 300)
    try database.connect(.superuser).run("SELECT landlord.seal_block()", deadline: 5_000)

    #expect(try AuditVerifier(database.connect(.support)).verify().findings == [])
  }

  // MARK: Entries

  @Test func anEditedEntryIsNamed() throws {
    let past = try AuditSabotage()
    try past.act(
      "UPDATE landlord.audit_entries SET actor = 'somebody' WHERE tenant_id = \(past.id(1)) AND seq = 2")
    #expect(try past.first() == "edited, tenant 1, number 2")
  }

  @Test func anEditedLastEntryIsNamed() throws {
    let past = try AuditSabotage()
    try past.act(
      "UPDATE landlord.audit_entries SET reason = 'because' WHERE tenant_id = \(past.id(2)) AND seq = 4")
    #expect(try past.first() == "edited, tenant 2, number 4")
  }

  @Test func aMissingEntryIsNamed() throws {
    let past = try AuditSabotage()
    try past.act("DELETE FROM landlord.audit_entries WHERE tenant_id = \(past.id(0)) AND seq = 2")
    #expect(try past.first() == "missing, tenant 0, number 2")
  }

  @Test func reorderedEntriesAreNamed() throws {
    let past = try AuditSabotage()
    try past.act(
      """
      ALTER TABLE landlord.audit_entries DROP CONSTRAINT audit_entries_seq;
      UPDATE landlord.audit_entries SET seq = 5 - seq WHERE tenant_id = \(past.id(0)) AND seq IN (2, 3)
      """)
    #expect(try past.first() == "reordered, tenant 0, number 2")
  }

  @Test func anEntryMadeUpAtTheEndIsNamed() throws {
    let past = try AuditSabotage()
    try past.act(
      """
      INSERT INTO landlord.audit_entries (tenant_id, seq, at, actor, role, client, action, changed, record, hash)
      SELECT tenant_id, 5, clock_timestamp(), 'ana', 'none', client, 'update', changed, record, sha256('made up')
      FROM landlord.audit_entries WHERE tenant_id = \(past.id(1)) AND seq = 4
      """)
    #expect(try past.first() == "forged, tenant 1, number 5")
  }

  @Test func anEntryWrittenAnewWithItsHashIsNamed() throws {
    let past = try AuditSabotage()
    try past.act(
      "UPDATE landlord.audit_entries SET actor = 'x' WHERE tenant_id = \(past.id(1)) AND seq = 2; \(past.rehash(1, 2))"
    )
    #expect(try past.first() == "forged, tenant 1, number 2")
  }

  @Test func aChainWrittenAnewFromThereToItsEndIsSeenByItsBlock() throws {
    let past = try AuditSabotage()
    try past.act(
      """
      UPDATE landlord.audit_entries SET actor = 'x' WHERE tenant_id = \(past.id(1)) AND seq = 3;
      \(past.rehash(1, 3)); \(past.rehash(1, 4)); \(past.sethead(1))
      """)
    #expect(try past.first() == "forged, block 2")
  }

  @Test func aForkedChainIsNamed() throws {
    let past = try AuditSabotage()
    try past.act(
      """
      ALTER TABLE landlord.audit_entries DROP CONSTRAINT audit_entries_seq;
      INSERT INTO landlord.audit_entries (tenant_id, seq, at, actor, role, client, action, version, changed, record, hash)
      SELECT e.tenant_id, e.seq, e.at, 'x', e.role, e.client, e.action, e.version, e.changed, e.record,
        landlord.entry_hash(p.hash, e.tenant_id, e.seq, e.at, 'x', e.role, e.client, e.action, e.version, NULL, NULL, e.changed,
          e.record)
      FROM landlord.audit_entries e JOIN landlord.audit_entries p ON p.tenant_id = e.tenant_id AND p.seq = e.seq - 1
      WHERE e.tenant_id = \(past.id(0)) AND e.seq = 3
      """)
    #expect(try past.first() == "forked, tenant 0, number 3")
  }

  @Test func entriesOfTwoTenantsThatChangedPlacesAreNamed() throws {
    let past = try AuditSabotage()
    try past.act(
      """
      ALTER TABLE landlord.audit_entries DROP CONSTRAINT audit_entries_seq;
      UPDATE landlord.audit_entries
      SET tenant_id = CASE tenant_id WHEN \(past.id(0)) THEN \(past.id(2))::uuid ELSE \(past.id(0))::uuid END
      WHERE tenant_id IN (\(past.id(0)), \(past.id(2))) AND seq = 2
      """)
    #expect(try past.first() == "swapped, tenant 0, number 2")
  }

  // MARK: Ends

  @Test func aCutEndWhoseHeadStoodIsNamed() throws {
    let past = try AuditSabotage()
    try past.act("DELETE FROM landlord.audit_entries WHERE tenant_id = \(past.id(0)) AND seq >= 3")
    #expect(try past.first() == "truncated, tenant 0, number 3")
  }

  @Test func aCutEndWhoseHeadWasSetBackIsSeenByItsRequest() throws {
    let past = try AuditSabotage()
    try past.act(
      """
      DELETE FROM landlord.audit_entries WHERE tenant_id = \(past.id(0)) AND seq = 4; \(past.sethead(0));
      UPDATE landlord.tenants SET tenant_name = 'second', version = 3, updated_at = (
        SELECT 'epoch'::timestamptz + (record::jsonb ->> 'updatedAt')::bigint * interval '1 microsecond'
        FROM landlord.audit_entries WHERE tenant_id = \(past.id(0)) AND seq = 3)
      WHERE tenant_id = \(past.id(0))
      """)
    #expect(try past.first() == "truncated, tenant 0")
  }

  @Test func aTenantThatWasRemovedWithAllItsPastIsSeenByItsBlocks() throws {
    let past = try AuditSabotage()
    try past.act(
      """
      DELETE FROM landlord.tenant_secrets WHERE tenant_id = \(past.id(0));
      DELETE FROM landlord.tenants WHERE tenant_id = \(past.id(0));
      DELETE FROM landlord.audit_entries WHERE tenant_id = \(past.id(0));
      DELETE FROM landlord.audit_heads WHERE tenant_id = \(past.id(0));
      DELETE FROM landlord.requests WHERE tenant_id = \(past.id(0))
      """)
    #expect(try past.first() == "truncated, block 1")
  }

  @Test func blocksThatWereCutAreKnownElsewhere() throws {
    let past = try AuditSabotage()
    try past.act(
      "DELETE FROM landlord.audit_checkpoints WHERE block = 2; DELETE FROM landlord.audit_blocks WHERE block = 2"
    )
    #expect(try past.first(keeping: false) == "nothing")
    #expect(try past.first() == "truncated, block 2")
  }

  @Test func blocksSealedAnewAreKnownElsewhere() throws {
    let past = try AuditSabotage()
    try past.act(
      """
      DELETE FROM landlord.audit_checkpoints WHERE block = 2; DELETE FROM landlord.audit_blocks WHERE block = 2;
      UPDATE landlord.audit_entries SET actor = 'x' WHERE tenant_id = \(past.id(1)) AND seq = 3;
      \(past.rehash(1, 3)); \(past.rehash(1, 4)); \(past.sethead(1))
      """)
    try past.seal()
    #expect(try past.first(keeping: false) == "nothing")
    #expect(try past.first() == "forked, block 2")
  }

  @Test func aBlockThatWasWrittenAnewIsNotWhatWasSigned() throws {
    let past = try AuditSabotage()
    try past.act(
      """
      UPDATE landlord.audit_blocks SET sealed_by = 'x' WHERE block = 2;
      UPDATE landlord.audit_blocks b SET hash = landlord.block_hash(b) WHERE block = 2
      """)
    #expect(try past.first(keeping: false) == "forged, block 2")
    #expect(try past.verify(keeping: false).findings.first?.what.contains("not what was signed") ?? false)
  }

  // MARK: The registry

  @Test func aRowThatDiffersFromItsLastEntryIsNamed() throws {
    let past = try AuditSabotage()
    try past.act("UPDATE landlord.tenants SET contact_email = 'x@y' WHERE tenant_id = \(past.id(2))")
    #expect(try past.first() == "registry differs, tenant 2, number 4")
  }

  @Test func rowsOfTwoTenantsThatChangedPlacesAreNamed() throws {
    let past = try AuditSabotage()
    try past.act(
      """
      CREATE TEMPORARY TABLE pair AS SELECT * FROM landlord.tenants WHERE tenant_id IN (\(past.id(0)), \(past.id(1)));
      UPDATE landlord.tenants SET site_id = 'free' WHERE tenant_id = \(past.id(0));
      UPDATE landlord.tenants t SET (site_id, updated_at) = (SELECT p.site_id, p.updated_at FROM pair p WHERE p.tenant_id = \(past.id(0)))
      WHERE t.tenant_id = \(past.id(1));
      UPDATE landlord.tenants t SET (site_id, updated_at) = (SELECT p.site_id, p.updated_at FROM pair p WHERE p.tenant_id = \(past.id(1)))
      WHERE t.tenant_id = \(past.id(0))
      """)
    #expect(try past.first() == "swapped, tenant 0, number 4")
  }

  @Test func aRowThatIsGoneIsNamed() throws {
    let past = try AuditSabotage()
    try past.act(
      "DELETE FROM landlord.tenant_secrets; DELETE FROM landlord.tenants WHERE tenant_id = \(past.id(1))")
    #expect(try past.first() == "registry differs, tenant 1, number 4")
  }
}
