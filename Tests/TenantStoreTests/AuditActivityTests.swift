import TenantStore
import TestServer
import Testing

/// How much happened, and who last changed what.
@Suite struct AuditActivityTests {
  let fixture = Fixture()

  private func activity(
    _ filter: String = "", days: Int = 3, as login: TestServer.Login = .auditor
  ) throws -> AuditActivity {
    let request = AuditActivityRequest(filter: .parse(filter), days: days)
    guard case .auditActivity(let found) = try fixture.store(as: login).answer(to: .auditActivity(request))
    else { throw WrongAnswer() }
    return found
  }

  private func update(_ tenant: Tenant, _ name: String, reason: String? = nil, as version: Int64? = nil)
    throws
  {
    _ = try fixture.written(
      .update(
        Update(
          tenantID: tenant.id, expectedVersion: version, changes: [.name: .text(name)], reason: reason)))
  }

  @Test func eventsAreCountedByDayActionAndPerson() throws {
    TestServer.awaitQuietDay()
    let acme = try fixture.onboard("acme")
    try update(acme, "One")
    try update(acme, "Two")
    try update(acme, "Late", as: 1)
    _ = try fixture.store(as: .support).answer(
      to: .noteRefusal(action: "update", tenant: acme.id, what: "no right"))
    // The first entry two days ago, one second before midnight in UTC; another one before all of these days.
    try fixture.behind().runScript(
      """
      ALTER TABLE landlord.audit_entries DISABLE TRIGGER refuse_change;
      UPDATE landlord.audit_entries SET at = (date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC') - interval '1 day 1 s'
      WHERE tenant_id = '\(acme.id)' AND seq = 1;
      UPDATE landlord.audit_entries SET at = now() - interval '9 days' WHERE tenant_id = '\(acme.id)' AND seq = 2
      """, deadline: 5_000)

    let all = try activity()
    #expect(all.days == [1, 0, 3])
    #expect(all.actions == [.init("update", 3), .init("register", 1)])
    #expect(all.actors == [.init("admin", 3), .init("support", 1)])
    #expect(all.start.microseconds % 86_400_000_000 == 0)
    #expect(all.includesAttempts)
    let own = try activity(as: .support)
    #expect(own.days == [1, 0, 2])
    #expect(!own.includesAttempts)
    #expect(try activity("outcome:stale").days == [0, 0, 1])
    #expect(try activity("field:name outcome:refused", days: 1).days == [0])
    #expect(try activity("tenant:acme outcome:saved", days: 30).total == 3)
    #expect(throws: StoreError.self) { try activity(as: .stranger) }
  }

  @Test func daysAreThoseOfUTCWhateverTheTimeZone() throws {
    TestServer.awaitQuietDay()
    try fixture.onboard("acme")
    let expected = try activity(days: 2)
    for zone in ["Pacific/Auckland", "America/Los_Angeles"] {
      let store = Store(conninfo: fixture.conninfo + " options='-c TimeZone=\(zone)'", wake: {})
      guard
        case .auditActivity(let found) = try store.answer(to: .auditActivity(AuditActivityRequest(days: 2)))
      else { throw WrongAnswer() }
      #expect(found.start == expected.start)
      #expect(found.days == expected.days)
    }
  }

  @Test func eachFieldKnowsWhoLastChangedItWhenAndWhy() throws {
    let acme = try fixture.onboard("acme", [.websiteURL: .absent])
    try update(acme, "One", reason: "SUP-1")
    try update(acme, "Two", reason: "SUP-2")
    let blue = try fixture.onboard("blue")

    guard case .lastChanges(let changes) = try fixture.store.answer(to: .lastChanges(acme.id)) else {
      throw WrongAnswer()
    }

    #expect(
      changes.map { "\($0.field) \($0.action) \($0.version ?? 0) \($0.reason ?? "-")" } == [
        "allowedOrigins register 1 -", "businessIndustry register 1 -", "contactEmail register 1 -",
        "permissions register 1 -", "siteId register 1 -", "state register 1 -", "tenantName update 3 SUP-2",
      ])
    #expect(changes.allSatisfy { $0.actor == "admin" })
    #expect(
      try fixture.store(as: .limitedAdmin).answer(to: .lastChanges(blue.id)) == .lastChanges([]))
  }
}
