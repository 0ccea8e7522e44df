import Postgres
import TenantStore
import TestServer
import Testing

/// What keeps the audit whole besides its hashes: triggers, owners, and what is known of it elsewhere.
@Suite struct AuditGuardTests {
  @Test(arguments: [
    ("ALTER TABLE landlord.tenants DISABLE TRIGGER after_tenant", "triggers disabled"),
    ("DROP TRIGGER refuse_change ON landlord.audit_entries", "triggers disabled"),
    (
      """
      CREATE FUNCTION landlord.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      ALTER FUNCTION landlord.nothing() OWNER TO landlord_owner;
      DROP TRIGGER after_tenant ON landlord.tenants;
      CREATE TRIGGER after_tenant AFTER UPDATE ON landlord.tenants FOR EACH ROW EXECUTE FUNCTION landlord.nothing();
      ALTER TABLE landlord.tenants ENABLE ALWAYS TRIGGER after_tenant
      """, "triggers disabled"
    ),
    ("ALTER TABLE landlord.tenants ENABLE TRIGGER after_tenant", "triggers at origin"),
    ("ALTER TABLE landlord.audit_entries ENABLE TRIGGER ALL", "triggers at origin"),
    ("ALTER TABLE landlord.site_ids ENABLE REPLICA TRIGGER refuse_change", "triggers at origin"),
    ("ALTER TABLE landlord.audit_entries OWNER TO installer", "owner changed"),
    ("ALTER SCHEMA landlord OWNER TO installer", "owner changed"),
    ("ALTER FUNCTION landlord.after_tenant() OWNER TO installer", "owner changed"),
  ])
  func guardsThatSleepOrBelongToAnotherAreNamed(_ sql: String, _ kind: String) throws {
    let past = try AuditSabotage()
    try past.hands.runScript(sql, deadline: 5_000)

    #expect(try past.first() == kind)
  }

  @Test func migratingWakesTheTriggersThatARestoreLeft() throws {
    let past = try AuditSabotage()
    try past.hands.runScript(
      """
      ALTER TABLE landlord.tenants ENABLE TRIGGER ALL; ALTER TABLE landlord.audit_entries ENABLE TRIGGER ALL;
      ALTER TABLE landlord.site_ids DISABLE TRIGGER refuse_change
      """, deadline: 5_000)
    let migrator = Migrator(past.database.connect(.superuser))

    #expect(
      try migrator.mendTriggers() == [
        "audit_entries.refuse_change", "site_ids.refuse_change", "tenants.after_tenant",
        "tenants.await_resources",
        "tenants.before_tenant",
        "tenants.keep_reach", "tenants.keep_transition", "tenants.plan_tenant", "tenants.publish_tenant",
        "tenants.refuse_truncate",
      ])
    #expect(try migrator.mendTriggers() == [])
    #expect(try past.first() == "nothing")
  }

  @Test func anOldBackupThatWasRestoredIsNamed() throws {
    var past = try AuditSabotage()
    let name = "old_\(past.tenants[0].description.prefix(8))"
    let other = past.database.server.connect(
      past.database.server.conninfo(database: "postgres", as: .superuser))
    try past.copy(as: name, over: other)
    past = past.reconnected()
    try past.rename("since")
    try past.checkpoint()

    let restored = past.database.server.connect(past.database.server.conninfo(database: name, as: .superuser))
    let outcome = try AuditVerifier(restored).verify(kept: past.kept)

    #expect(outcome.findings.map(\.kind) == [.oldBackup])
    #expect(outcome.findings.first?.block == 3)
    // And when it is gone on with, its next block is another than the one that was signed.
    try restored.run("UPDATE landlord.tenants SET tenant_name = 'after'", deadline: 5_000)
    past.database.server.awaitTransactions()
    try restored.run("SELECT landlord.seal_block()", deadline: 5_000)
    #expect(try AuditVerifier(restored).verify(kept: past.kept).findings.map(\.kind) == [.forked])
  }

  @Test func aCheckpointThatTheKeyDidNotSignIsForged() throws {
    let past = try AuditSabotage()
    var kept = past.kept
    kept[0].checkpoint.signature[5] ^= 1

    #expect(try AuditVerifier(past.hands).verify(kept: kept).findings.map(\.kind) == [.forged])
    try past.act(
      "UPDATE landlord.audit_checkpoints SET signature = sha256('a') || sha256('b') WHERE block = 1")
    #expect(try past.first() == "forged, block 1")
  }

  @Test func anEntryOfATransactionThatNeverWasIsForged() throws {
    let past = try AuditSabotage()
    try past.act(
      "UPDATE landlord.audit_entries SET xid = '99999999999' WHERE tenant_id = \(past.id(0)) AND seq = 4")

    #expect(try past.first() == "forged, tenant 0")
  }

  // MARK: Sealing

  @Test func nothingIsSealedTwiceAndWhatIsOpenWaits() throws {
    let database = Database()
    let auditor = database.connect(.auditor)
    let writer = database.connect(.superuser)
    func seal() throws -> Int64? {
      try auditor.run("SELECT landlord.seal_block()", deadline: 5_000).exactlyOne.optionalInt64(0)
    }
    func sizes() throws -> [Int64] {
      try auditor.run("SELECT b.entries FROM landlord.audit_blocks b ORDER BY b.block", deadline: 5_000).map {
        $0.int64(0)
      }
    }

    #expect(try seal() == nil)
    try writer.runScript("BEGIN", deadline: 5_000)
    _ = try database.register(writer)
    _ = try database.register(database.connect(.admin), siteID: "blue")
    // The other transaction, older, is still open: neither may be sealed yet.
    #expect(try seal() == nil)
    try writer.runScript("COMMIT", deadline: 5_000)
    database.server.awaitTransactions()
    #expect(try seal() == 1)
    #expect(try seal() == 1)
    #expect(try sizes() == [2])
  }

  @Test func onAnotherServerTheChainOfBlocksGoesOn() throws {
    let past = try AuditSabotage()
    // As if all of it came from a server with other numbers of transactions.
    try past.act(
      """
      DELETE FROM landlord.audit_checkpoints; DELETE FROM landlord.audit_blocks WHERE block = 2;
      UPDATE landlord.audit_blocks SET incarnation = 1;
      UPDATE landlord.audit_blocks b SET hash = landlord.block_hash(b);
      UPDATE landlord.audit_entries SET xid = '99999999999' WHERE seq = 4
      """)
    #expect(try past.first(keeping: false) == "nothing")
    try past.hands.run("SELECT landlord.seal_block()", deadline: 5_000)
    try past.rename("there")
    past.database.server.awaitTransactions()
    try past.hands.run("SELECT landlord.seal_block()", deadline: 5_000)

    let outcome = try past.verify(keeping: false)
    #expect(outcome.findings == [])
    #expect(outcome.blocks == 3)
    #expect(outcome.unsealed == 0)
    #expect(outcome.entries == 15)
  }

  @Test func onlyAnAuditorSeals() throws {
    let database = Database()
    for login in [TestServer.Login.admin, .support, .stranger] {
      #expect(
        try database.complaint(database.connect(login), "SELECT landlord.seal_block()")?.sqlState == "42501")
    }
    #expect(try database.complaint(database.connect(.auditor), "SELECT landlord.seal_block()") == nil)
  }
}

extension AuditSabotage {
  /// Copies the database as it is. The server wants nobody else to be connected to it: whoever is, is thrown out.
  func copy(as name: String, over connection: Connection) throws {
    let source = try hands.run("SELECT current_database()", deadline: 5_000).exactlyOne.string(0)
    try connection.run(
      "SELECT pg_terminate_backend(a.pid, 5000) FROM pg_stat_activity a WHERE a.datname = \(source)",
      deadline: 20_000)
    try connection.runScript("CREATE DATABASE \(name) TEMPLATE \(source)", deadline: 20_000)
  }
}
