import Postgres
import TenantStore
import TestServer
import Testing

/// Protecting the sample platform's tables: that it is done whole, can be gone on with, and is written down.
@Suite struct ProtectTests {
  let conninfo = TestServer.shared.database(.platform, as: .superuser)
  let superuser: Connection
  let protector: Protector

  init() {
    superuser = TestServer.shared.connect(conninfo)
    let admin = TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .platformAdmin))
    protector = Protector(admin: admin, owner: admin, tries: 1)
  }

  private func connect(_ login: TestServer.Login) -> Connection {
    TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: login))
  }

  private func acts() throws -> [String] {
    try superuser.run(
      """
      SELECT action || ' ' || (record::jsonb ->> 'table') || ' ' || coalesce(reason, '-')
      FROM landlord.audit_entries WHERE action LIKE '%protect%' ORDER BY entry_id
      """, deadline: 5_000
    ).map { $0.string(0) }
  }

  private func error(_ body: () throws(ProtectError) -> Void) -> ProtectError? {
    do {
      try body()
      return nil
    } catch { return error }
  }

  @Test func aTableAndItsPartitionsAreProtectedOnceAndForAll() throws {
    for table in SamplePlatform.tables {
      let target = ProtectTarget(table: table)
      #expect(try protector.protect(target, reason: "SUP-1") > 0)
      #expect(try protector.plan(for: target) == [])
      #expect(try protector.protect(target, reason: "SUP-2") == 0)
    }
    #expect(
      try Protector.protectedTables(connect(.support)).map {
        "\($0.name) \($0.column) \($0.form) \($0.holds)"
      } == [
        "platform.messages tenant_id registry true", "platform.messages_2026_01 tenant_id registry true",
        "platform.messages_2026_02 tenant_id registry true", "platform.messages_rest tenant_id registry true",
        "platform.orders tenant_id registry true",
      ])
    #expect(try acts() == ["protect platform.orders SUP-1", "protect platform.messages SUP-1"])
    let owners = try superuser.run(
      """
      SELECT DISTINCT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.relnamespace = 'platform'::regnamespace
      """, deadline: 5_000)
    #expect(owners.map { $0.string(0) } == ["platform_owner"])
  }

  @Test func theSchemasFunctionDoesTheSameInOneCall() throws {
    let owner = connect(.platformOwner)
    try superuser.run("SELECT landlord.protect_grant('platform.orders')", deadline: 5_000)
    for table in SamplePlatform.tables {
      #expect(
        try owner.run("SELECT landlord.protect(\(table)::regclass)", deadline: 60_000).exactlyOne.int64(0) > 0
      )
      #expect(try protector.plan(for: ProtectTarget(table: table)) == [])
    }
  }

  /// After each step that can be the last before a kill.
  @Test(arguments: 0..<7)
  func whatWasBegunIsGoneOnWith(_ done: Int) throws {
    let target = ProtectTarget(table: "platform.orders")
    let steps = try protector.plan(for: target)
    #expect(steps.count == 7)
    for step in steps.prefix(done) { try superuser.runScript(try #require(step.sql), deadline: 30_000) }

    #expect(try protector.protect(target, reason: nil) == 7 - done)
    #expect(try protector.plan(for: target) == [])
  }

  @Test func anIndexThatAKillLeftUnfinishedIsBuiltAnew() throws {
    let writer = connect(.platformOwner)
    try writer.runScript("BEGIN; UPDATE platform.orders SET amount = 1 WHERE order_id = 1", deadline: 5_000)
    let builder = connect(.platformOwner)
    try builder.start("CREATE INDEX CONCURRENTLY orders_landlord_tenant ON platform.orders (tenant_id)")
    let unfinished: Statement = """
      SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE c.relname = 'orders_landlord_tenant' AND NOT i.indisvalid
      """
    #expect(try eventually { try superuser.run(unfinished, deadline: 5_000).exactlyOne.int64(0) == 1 })
    try TestServer.shared.kill(builder.processID)
    try writer.runScript("ROLLBACK", deadline: 5_000)

    let target = ProtectTarget(table: "platform.orders")
    #expect(try protector.plan(for: target).contains { $0.what == "remove the unfinished index" })
    #expect(try protector.protect(target, reason: nil) == 8)
    #expect(try superuser.run(unfinished, deadline: 5_000).exactlyOne.int64(0) == 0)
    #expect(try protector.plan(for: target) == [])
  }

  @Test func whoHoldsTheTableIsNotWaitedForLong() throws {
    let reader = connect(.platformOwner)
    try reader.runScript("BEGIN; SELECT FROM platform.orders LIMIT 1", deadline: 5_000)
    let target = ProtectTarget(table: "platform.orders")
    guard case .busy = error({ () throws(ProtectError) in _ = try protector.protect(target, reason: nil) })
    else {
      Issue.record("it was let in")
      return
    }
    #expect(try acts() == ["protect platform.orders -", "protect unfinished platform.orders -"])
    try reader.runScript("COMMIT", deadline: 5_000)
    #expect(try protector.protect(target, reason: nil) == 7)
  }

  @Test func aPartitionThatComesLaterIsFoundByTheNextRun() throws {
    let target = ProtectTarget(table: "platform.messages")
    _ = try protector.protect(target, reason: nil)
    try connect(.platformOwner).runScript(
      "CREATE TABLE platform.messages_2027 PARTITION OF platform.messages FOR VALUES FROM ('2027-01-01Z') TO ('2028-01-01Z')",
      deadline: 5_000)
    // Index and key it has from its parent.
    #expect(try protector.plan(for: target).map(\.what) == ["lay the floor"])
    #expect(try protector.protect(target, reason: nil) == 1)
  }

  @Test func partitionsOfPartitionsAndTablesThatInheritAreProtectedToo() throws {
    try superuser.runScript(
      """
      SET ROLE platform_owner;
      CREATE TABLE platform.events (tenant_id uuid, at date) PARTITION BY RANGE (at);
      CREATE TABLE platform.events_2026 PARTITION OF platform.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')
        PARTITION BY HASH (tenant_id);
      CREATE TABLE platform.events_2026_a PARTITION OF platform.events_2026 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
      CREATE TABLE platform.events_2026_b PARTITION OF platform.events_2026 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
      CREATE TABLE platform."Events, other" PARTITION OF platform.events DEFAULT;
      CREATE TABLE platform.notes (tenant_id uuid);
      CREATE TABLE platform.long_notes (body text) INHERITS (platform.notes);
      RESET ROLE;
      INSERT INTO platform.events SELECT t.tenant_id, day FROM landlord.tenants t, unnest('{2026-01-05,2027-01-05}'::date[]) day
      """, deadline: 10_000)
    for table in ["platform.events", "platform.notes"] {
      let target = ProtectTarget(table: table)
      #expect(try protector.protect(target, reason: nil) > 0)
      #expect(try protector.plan(for: target) == [])
    }
    #expect(
      try Protector.protectedTables(superuser).map(\.name) == [
        #"platform."Events, other""#, "platform.events", "platform.events_2026", "platform.events_2026_a",
        "platform.events_2026_b", "platform.long_notes", "platform.notes",
      ])
  }

  @Test func nobodyWithLimitsIsToldWhichTenantsThereAre() throws {
    let told = try superuser.run(
      """
      SELECT r.rolname FROM pg_roles r
      WHERE r.rolname LIKE 'landlord%' AND has_function_privilege(r.oid, 'landlord.is_tenant(uuid)', 'EXECUTE') ORDER BY 1
      """, deadline: 5_000)
    #expect(
      told.map { $0.string(0) } == [
        "landlord_admin", "landlord_auditor", "landlord_owner", "landlord_support",
      ])
  }

  @Test func onlyTheOwnerAndItsMembersProtect() throws {
    let admin = connect(.admin)
    let target = ProtectTarget(table: "platform.orders")
    #expect(try Protector(admin: admin, owner: connect(.platformOwner)).plan(for: target).count == 7)
    try superuser.runScript("GRANT USAGE ON SCHEMA platform TO admin", deadline: 5_000)
    let refused = error { () throws(ProtectError) in
      _ = try Protector(admin: admin, owner: admin).protect(target, reason: nil)
    }
    #expect(refused == .notOwner(table: "platform.orders", owner: "platform_owner"))
    #expect(try Protector(admin: admin, owner: connect(.platformOwner)).protect(target, reason: nil) == 7)
    let support = connect(.support)
    guard
      case .notPermitted = error({ () throws(ProtectError) in
        _ = try Protector(admin: support, owner: connect(.platformOwner)).protect(target, reason: nil)
      })
    else {
      Issue.record("support protected a table")
      return
    }
    #expect(
      error { () throws(ProtectError) in _ = try protector.plan(for: ProtectTarget(table: "platform.none")) }
        == .noSuchTable("platform.none"))
  }

  @Test func whatIsOpenedAgainIsWrittenDownAndLeavesNothing() throws {
    let before = try superuser.run(
      "SELECT relacl::text FROM pg_class WHERE relname = 'messages'", deadline: 5_000)
    let target = ProtectTarget(table: "platform.messages")
    #expect(
      error { () throws(ProtectError) in _ = try protector.unprotect(target, reason: "x") }
        == .notProtected("platform.messages"))
    _ = try protector.protect(target, reason: nil)
    #expect(try protector.unprotect(target, reason: "SUP-9") == 4)

    #expect(try Protector.protectedTables(superuser) == [])
    #expect(try acts() == ["protect platform.messages -", "unprotect platform.messages SUP-9"])
    let rest = try superuser.run(
      """
      SELECT c.relname FROM pg_class c
      WHERE c.relnamespace = 'platform'::regnamespace AND (c.relrowsecurity OR c.relforcerowsecurity
        OR EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
        OR EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.confrelid = 'landlord.tenants'::regclass))
      """, deadline: 5_000)
    #expect(rest.map { $0.string(0) } == [])
    let after = try superuser.run(
      "SELECT relacl::text FROM pg_class WHERE relname = 'messages'", deadline: 5_000)
    // But for TRUNCATE, REFERENCES and TRIGGER, which the platform's code needs for nothing.
    #expect(before.exactlyOne.string(0).contains("landlord_tenant=arwdDxt"))
    #expect(after.exactlyOne.string(0).contains("landlord_tenant=arwd"))
    #expect(!after.exactlyOne.string(0).contains("landlord_tenant=arwdD"))
    #expect(!after.exactlyOne.string(0).contains("landlord_owner"))
  }

  @Test func theFootprintCountsATenantsRowsTableByTable() throws {
    for table in SamplePlatform.tables { _ = try protector.protect(ProtectTarget(table: table), reason: nil) }
    let rows = try connect(.support).run(
      "SELECT relation, tenant_rows FROM landlord.footprint(\(SamplePlatform.tenant(7))::uuid)",
      deadline: 5_000)
    #expect(
      rows.map { "\($0.string(0)) \($0.int64(1))" } == ["platform.messages 800", "platform.orders 1200"])
    // Someone else's policy for everyone would run as landlord's owner.
    try superuser.runScript("CREATE POLICY mine ON platform.orders USING (true)", deadline: 5_000)
    let fewer = try connect(.support).run(
      "SELECT relation FROM landlord.footprint(\(SamplePlatform.tenant(7))::uuid)", deadline: 5_000)
    #expect(fewer.map { $0.string(0) } == ["platform.messages"])
  }

  @Test func theDoorsOfATenantAreTriedAndItsRowsCounted() throws {
    _ = try protector.protect(ProtectTarget(table: SamplePlatform.tables[0]), reason: "SUP-1")
    let store = Store(conninfo: TestServer.shared.conninfo(conninfo, as: .support), wake: {})
    let id = TenantID(SamplePlatform.tenant(7))!
    guard case .isolation(let open?) = try store.answer(to: .isolation(id)) else { throw WrongAnswer() }
    #expect(open.tables.map(\.rows).allSatisfy { $0 > 0 } && !open.tables.isEmpty)
    try superuser.run(
      "UPDATE landlord.tenants SET state = 'deactivated' WHERE tenant_id = \(id)::uuid", deadline: 5_000)
    guard case .isolation(let shut?) = try store.answer(to: .isolation(id)) else { throw WrongAnswer() }
    #expect(!shut.secretOpens && shut.originOpens != true && shut.permissionHolds != true)
    #expect(shut.tables == open.tables)
    guard case .isolation(nil) = try store.answer(to: .isolation(.random())) else { throw WrongAnswer() }
  }
}
