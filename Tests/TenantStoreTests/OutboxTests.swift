import Postgres
import TenantStore
import TestServer
import Testing

/// What the platform's other parts are told, and that nothing of it is lost between transactions that overlap.
@Suite struct OutboxTests {
  let database = Database()

  /// "kind site-id version" of those after an event, once there are so many, or after some seconds. A transaction of another
  /// test's database that ends just now is taken for an open one of this, for as long as that takes.
  private func kinds(_ connection: Connection, after event: Int64 = 0, _ count: Int) throws -> [String] {
    var seen: [String] = []
    _ = try eventually {
      seen = try connection.run(
        "SELECT kind || ' ' || site_id || ' ' || version FROM landlord.events_after(\(event)::bigint)",
        deadline: 5_000
      ).map { $0.string(0) }
      return seen.count >= count
    }
    return seen
  }

  private func last(_ connection: Connection, becoming wanted: Int64) throws -> Int64 {
    var seen: Int64 = 0
    _ = try eventually {
      seen = try database.count(connection, "SELECT landlord.last_event()")
      return seen == wanted
    }
    return seen
  }

  private func rename(_ tenant: TenantID, _ name: String) -> Statement {
    """
    SELECT landlord.update_tenant(gen_random_uuid(), \(tenant)::uuid, NULL, jsonb_build_object('tenantName', \(name)::text), NULL)
    """
  }

  @Test func whateverIsDoneToATenantIsAnEventOfItsTransaction() throws {
    let admin = database.connect(.admin)
    let behind = database.connect(.superuser)
    let request = RequestID.random()
    let acme = try database.register(admin, request: request)
    try admin.run(rename(acme, "Other"), deadline: 5_000)
    try admin.run(rename(acme, "Other"), deadline: 5_000)
    _ = try database.outcome(
      admin, "landlord.deactivate_tenant(gen_random_uuid(), \(acme)::uuid, NULL, 'why')")
    _ = try database.outcome(
      admin, "landlord.reactivate_tenant(gen_random_uuid(), \(acme)::uuid, NULL, 'why')")
    try behind.run("UPDATE landlord.tenants SET contact_email = 'by@hand.example'", deadline: 5_000)
    try behind.runScript(
      "BEGIN; UPDATE landlord.tenants SET tenant_name = 'Never'; ROLLBACK", deadline: 5_000)

    #expect(
      try kinds(admin, 5) == [
        "tenant.onboarded acme 1", "tenant.updated acme 2", "tenant.deactivated acme 3",
        "tenant.reactivated acme 4", "tenant.updated acme 5",
      ])
    let first = try admin.run(
      "SELECT request_id, array_to_string(changed, ','), state FROM landlord.outbox ORDER BY event_id LIMIT 1",
      deadline: 5_000
    ).exactlyOne
    #expect(first.string(0) == request.description)
    #expect(first.string(1) == "siteId,tenantName,contactEmail,businessIndustry,state")
    #expect(try database.count(admin, "SELECT count(*) FROM landlord.outbox WHERE request_id IS NULL") == 1)
  }

  @Test(arguments: [
    ("NULL", "'active'", "false", "tenant.onboarded"),
    ("NULL", "'provisioning'", "NULL", "tenant.registered"),
    ("'provisioning'", "'active'", "false", "tenant.onboarded"),
    ("'provisioning'", "'provisioning'", "false", "tenant.updated"),
    ("'active'", "'suspended'", "false", "tenant.suspended"),
    ("'active'", "'active'", "false", "tenant.updated"),
    ("'suspended'", "'suspended'", "true", "tenant.suspended"),
    ("'suspended'", "'suspended'", "false", "tenant.updated"),
    ("'suspended'", "'active'", "false", "tenant.resumed"),
    ("'suspended'", "'deactivated'", "false", "tenant.deactivated"),
    ("'deactivated'", "'active'", "false", "tenant.reactivated"),
    ("'deactivated'", "'purged'", "false", "tenant.purged"), ("'purged'", "NULL", "NULL", "tenant.removed"),
  ])
  func aChangeOfStateHasAName(_ was: String, _ becomes: String, _ access: String, _ kind: String) throws {
    let named = try database.connect(.superuser).run(
      "SELECT landlord.event_kind(\(unescaped: was), \(unescaped: becomes), \(unescaped: access))",
      deadline: 5_000)
    #expect(named.exactlyOne.string(0) == kind)
  }

  /// The lower number is committed later: who had gone on to the higher one would never see it.
  @Test func whatIsCommittedLaterUnderALowerNumberIsNotPassedOver() throws {
    let (early, late, reader) = (
      database.connect(.admin), database.connect(.admin), database.connect(.support)
    )
    let acme = try database.register(early)
    let bolt = try database.register(early, siteID: "bolt")

    try early.runScript("BEGIN", deadline: 5_000)
    try early.run(rename(acme, "Early"), deadline: 5_000)
    try late.run(rename(bolt, "Late"), deadline: 5_000)
    let before = try kinds(reader, 2)
    let last = try last(reader, becoming: 2)
    try early.runScript("COMMIT", deadline: 5_000)
    let after = try kinds(reader, after: last, 2)

    #expect(before == ["tenant.onboarded acme 1", "tenant.onboarded bolt 1"])
    #expect(last == 2)
    #expect(after == ["tenant.updated acme 2", "tenant.updated bolt 2"])
  }

  /// The other way round: the transaction that began first writes last.
  @Test func whatIsWrittenLastByTheOldestTransactionIsNotPassedOver() throws {
    let (old, young, reader) = (
      database.connect(.admin), database.connect(.admin), database.connect(.support)
    )
    let acme = try database.register(old)
    let bolt = try database.register(old, siteID: "bolt")

    // Its number among the transactions is given to it here.
    try old.runScript("BEGIN; SELECT landlord.note_refusal('none', NULL, '')", deadline: 5_000)
    try young.runScript("BEGIN", deadline: 5_000)
    try young.run(rename(bolt, "Young"), deadline: 5_000)
    try old.run(rename(acme, "Old"), deadline: 5_000)
    try old.runScript("COMMIT", deadline: 5_000)
    // The old one has the higher number of event and the lower one of transaction, and the young one is still open.
    let first = try kinds(reader, after: 2, 1)
    let last = try last(reader, becoming: 4)
    try young.runScript("COMMIT", deadline: 5_000)

    #expect(first == ["tenant.updated acme 2"])
    #expect(last == 4)
    #expect(try kinds(reader, after: last, 1) == ["tenant.updated bolt 2"])
    #expect(try kinds(reader, after: 2, 2) == ["tenant.updated acme 2", "tenant.updated bolt 2"])
  }

  @Test func aTenantsEventsNeverChangePlaces() throws {
    let (old, young, reader) = (
      database.connect(.admin), database.connect(.admin), database.connect(.support)
    )
    let acme = try database.register(old)

    try old.runScript("BEGIN; SELECT landlord.note_refusal('none', NULL, '')", deadline: 5_000)
    try young.run(rename(acme, "Young"), deadline: 5_000)
    try old.run(rename(acme, "Old"), deadline: 5_000)
    try old.runScript("COMMIT", deadline: 5_000)

    #expect(
      try kinds(reader, 3) == ["tenant.onboarded acme 1", "tenant.updated acme 2", "tenant.updated acme 3"])
  }

  @Test func aTransactionOfAnotherDatabaseHoldsNothingUp() throws {
    let other = TestServer.shared.connect(TestServer.shared.database(.schema, as: .admin))
    try other.runScript("BEGIN; SELECT landlord.note_refusal('none', NULL, '')", deadline: 5_000)
    let admin = database.connect(.admin)
    _ = try database.register(admin)

    #expect(try kinds(admin, 1) == ["tenant.onboarded acme 1"])
  }

  @Test func whoListensSeesEventsAndNothingElse() throws {
    let listener = database.connect(.listener)
    let acme = try database.register(database.connect(.admin))

    #expect(try kinds(listener, 1) == ["tenant.onboarded acme 1"])
    #expect(try database.complaint(listener, "SELECT site_id FROM landlord.tenants")?.sqlState == "42501")
    #expect(try database.complaint(listener, rename(acme, "X"))?.sqlState == "42501")
    #expect(try database.complaint(listener, "SELECT landlord.events_after(77)")?.constraint == "event_known")
    #expect(try kinds(database.connect(.limitedSupport), 0) == [])
    #expect(try database.complaint(database.connect(.platform), "SELECT landlord.events_after(0)") != nil)
  }

  @Test func afterARestoreIntoAYoungerServerTheEventsGoOn() throws {
    let admin = database.connect(.admin)
    let behind = database.connect(.superuser)
    let acme = try database.register(admin)
    // As if the server they come from had had many more transactions.
    try behind.run("UPDATE landlord.outbox SET xid = '9000000000'", deadline: 5_000)
    try admin.run(rename(acme, "New"), deadline: 5_000)
    #expect(try kinds(admin, 0) == [])

    #expect(try Migrator(behind).mendOutbox())

    #expect(try kinds(admin, 2) == ["tenant.onboarded acme 1", "tenant.updated acme 2"])
    #expect(try !Migrator(behind).mendOutbox())
  }

  @Test func theBellRingsOnceForATransactionHoweverManyTenantsItChanges() throws {
    let admin = database.connect(.admin)
    _ = try database.register(admin)
    _ = try database.register(admin, siteID: "bolt")
    let bell = try EventBell(conninfo: database.server.conninfo(database.conninfo, as: .listener))
    #expect(try !bell.rang(within: 0))

    try database.connect(.superuser).run("UPDATE landlord.tenants SET tenant_name = 'All'", deadline: 5_000)

    #expect(try bell.rang(within: 10_000))
    #expect(try !bell.rang(within: 0))
  }
}
