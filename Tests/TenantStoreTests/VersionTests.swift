import Postgres
import TenantStore
import TestServer
import Testing

/// Tenants as they were, on a real server.
@Suite struct VersionTests {
  let fixture = Fixture()

  private func version(_ id: TenantID, _ moment: Moment) throws -> TenantVersion? {
    guard case .version(let version) = try fixture.store.answer(to: .version(id, moment)) else {
      throw WrongAnswer()
    }
    return version
  }

  private func update(_ tenant: Tenant, _ changes: [TenantField: FieldValue]) throws -> Tenant {
    try #require(
      try fixture.written(
        .update(
          Update(tenantID: tenant.id, expectedVersion: tenant.version, changes: changes, reason: "SUP-1"))
      ).tenant)
  }

  @Test func everyVersionComesBackByteForByte() throws {
    let first = try fixture.onboard("acme", [.name: .text("Zoë \"X\" \\ 株式会社 👩‍👩‍👧")])
    let second = try update(first, [.name: .text("Café"), .websiteURL: .absent, .allowedOrigins: .list([])])
    let third = try update(second, [.permissions: .list([])])
    for (number, tenant, before) in [(1, first, nil), (2, second, first), (3, third, second)] {
      let found = try #require(try version(first.id, .version(Int64(number))))
      #expect(found.tenant == tenant && found.before == before && found.newest == 3)
    }
    let found = try #require(try version(first.id, .version(2)))
    #expect(found.actor == "admin" && found.action == "update" && found.reason == "SUP-1")
    #expect(try version(first.id, .version(4)) == nil && version(first.id, .version(0)) == nil)
  }

  @Test func aMomentIsTheLastChangeThatWasNotAfterIt() throws {
    let first = try fixture.onboard()
    let second = try update(first, [.name: .text("B")])
    let at = try #require(try version(first.id, .version(2))).at
    #expect(try version(first.id, .at(at))?.tenant == second)
    #expect(try version(first.id, .at(Instant(microseconds: at.microseconds - 1)))?.tenant == first)
    #expect(try version(first.id, .at(Instant(microseconds: 0))) == nil)
  }

  @Test func theListAsOfAMomentHasAllOfThenAndNothingOfLater() throws {
    var tenants = try ["a", "b", "c", "d", "e"].map { try fixture.onboard("site-" + $0) }
    let moment = Instant.now()
    tenants.sort { $0.siteID < $1.siteID }
    _ = try update(tenants[1], [.name: .text("changed later")])
    try fixture.onboard("site-0")
    try fixture.onboard("site-f")
    var seen: [Tenant] = []
    var anchor = PageRequest.Anchor.first
    while true {
      let page = try fixture.page(PageRequest(anchor: anchor, limit: 2, asOf: moment))
      seen += page.rows
      guard page.rows.count == 2, let last = page.cursors.last else { break }
      anchor = .after(last)
    }
    #expect(seen == tenants)
    let backward = try fixture.page(PageRequest(anchor: .last, limit: 3, asOf: moment))
    #expect(backward.rows == Array(tenants.suffix(3)))
    #expect(try fixture.page(PageRequest(asOf: Instant(microseconds: 0))).rows == [])
  }

  @Test func myLastChangeIsMineAlone() throws {
    let tenant = try fixture.onboard()
    _ = try fixture.behind().run(
      "UPDATE landlord.tenants SET tenant_name = 'by another' WHERE tenant_id = \(tenant.id)::uuid",
      deadline: 5_000)
    guard case .version(let mine?) = try fixture.store.answer(to: .lastOwnChange) else { throw WrongAnswer() }
    #expect(mine.tenant == tenant && mine.before == nil && mine.newest == 2)
    guard case .version(let none) = try fixture.store(as: .support).answer(to: .lastOwnChange) else {
      throw WrongAnswer()
    }
    #expect(none == nil)
  }

  @Test(
    arguments: [
      ("2026-11-01", "2026-11-01T00:00:00Z"), ("2026-11-01T09:30:00Z", "2026-11-01T09:30:00Z"),
      ("7d", "2026-11-21T12:00:00Z"), ("30m", "2026-11-28T11:30:00Z"), ("0h", "2026-11-28T12:00:00Z"),
      ("", nil), ("d", nil), ("7", nil), ("-7d", nil), ("2026-13-01", nil), ("yesterday", nil),
    ] as [(String, String?)])
  func momentsAreTyped(_ text: String, _ moment: String?) {
    let now = Instant("2026-11-28T12:00:00Z")!
    #expect(Instant(typed: text, now: now)?.description == moment)
  }
}
