import Postgres
import TestServer
import Testing

@testable import TenantStore

@Suite struct FindTests {
  let fixture = Fixture()

  func sites(_ text: String, _ sort: Sort = Sort()) throws -> [String] {
    try fixture.page(PageRequest(filter: .parse(text), sort: sort)).rows.map(\.siteID)
  }

  @Test func everyTermFindsItsOwn() throws {
    let acme = try fixture.onboard(
      "acme-eu", [.name: .text("Acme Europe"), .permissions: .list(["billing.read"])])
    try fixture.onboard(
      "a-b-shop",
      [
        .name: .text("A-B Kiosk O'Neil"), .contactEmail: .text("Info@Kiosk.example"), .websiteURL: .absent,
        .industry: .text("media"), .allowedOrigins: .list([]),
        .permissions: .list(["users.read", "users.write"]),
      ])
    let old = try fixture.onboard(
      "old-one", [.name: .text("Был склад"), .allowedOrigins: .list(["https://shop.acme.example.org"])])
    _ = try fixture.written(.deactivate(Transition(tenantID: old.id, expectedVersion: nil, reason: "over")))
    try fixture.behind().runScript(
      """
      ALTER TABLE landlord.tenants DISABLE TRIGGER ALL;
      UPDATE landlord.tenants SET created_at = '2025-06-15T12:00:00Z', updated_at = '2025-06-15T12:00:00Z' WHERE site_id = 'old-one'
      """, deadline: 5_000)
    let id = acme.id.description
    let expected: [(String, [String])] = [
      ("industry:media", ["a-b-shop"]), ("!industry:media", ["acme-eu", "old-one"]),
      ("industry:med industry:ret state:deact", ["old-one"]),
      ("email:@kiosk", ["a-b-shop"]), ("email:in", ["a-b-shop"]), ("email:nfo", ["a-b-shop"]),
      ("email:fo", []),
      ("origin:shop.acme", ["acme-eu", "old-one"]),
      ("origin:https://acme.example:8443", ["acme-eu", "old-one"].dropLast()),
      ("permission:users", ["a-b-shop", "old-one"]),
      ("permission:billing.read !permission:users", ["acme-eu"]),
      ("permission:nosuch", []), ("id:\(id.prefix(9))", ["acme-eu"]), (String(id.prefix(8)), ["acme-eu"]),
      (id.uppercased(), ["acme-eu"]), ("!\(id)", ["a-b-shop", "old-one"]),
      ("created:>2026-01-01", ["a-b-shop", "acme-eu"]), ("created:<2026", ["old-one"]),
      ("created:2025-06-15", ["old-one"]), ("created:<2025-06-15", []), ("created:<=2025-06-15", ["old-one"]),
      ("created:>2025-06-15", ["a-b-shop", "acme-eu"]), ("updated:<7d", ["a-b-shop", "acme-eu"]),
      ("updated:>7d", ["old-one"]), ("!state:active", ["old-one"]),
      ("state:active state:deactivated", ["a-b-shop", "acme-eu", "old-one"]),
      ("\"acme europe\"", ["acme-eu"]), ("\"europe acme\"", []), ("!acme !shop", []),
      ("!europe kiosk", ["a-b-shop"]),
      ("a-b", ["a-b-shop"]), ("b-s", ["a-b-shop"]), ("-b", ["a-b-shop"]), ("o'n", ["a-b-shop"]),
      ("'", ["a-b-shop"]),
      ("e-e", []), ("склад", ["old-one"]), ("бы", ["old-one"]),
      ("https://shop.acme.example/a/b?c=d#e", ["acme-eu"]),
      ("https://shop.acme.example", ["acme-eu", "old-one"]),
      ("https://acme.example/", ["acme-eu", "old-one"]), ("<mailto:INFO@kiosk.example>,", ["a-b-shop"]),
      ("Hello, the shop of info@kiosk.example has been down since monday", ["a-b-shop"]),
      ("Ticket 4711: customer \(id) says the page is blank", ["acme-eu"]),
      ("our tenant a-b-shop cannot log in any more since yesterday", ["a-b-shop"]),
      ("they see https://shop.acme.example/cart?x=1 failing today", ["acme-eu"]),
      ("there is no tenant named anywhere in this long text", []),
    ]
    for (text, sites) in expected {
      for sort in [Sort(.siteID), Sort(.createdAt), Sort(.industry, descending: true)] {
        #expect(try self.sites(text, sort).sorted() == Array(sites), "\(text)")
      }
      #expect(
        try fixture.store.answer(to: .total(.parse(text)))
          == .total(Total(count: Int64(sites.count), estimated: false)),
        "\(text)")
      guard case .matching(let ids) = try fixture.store.answer(to: .matching(.parse(text), limit: 100)),
        case .tenants(let found) = try fixture.store.answer(to: .tenants(ids))
      else { throw WrongAnswer() }
      #expect(ids == ids.sorted() && found.map(\.siteID).sorted() == Array(sites), "\(text)")
    }
  }

  @Test func aSearchIsGivenUpAfterASecondWithWhatItHas() throws {
    let connection = fixture.behind()
    try connection.runScript(
      """
      ALTER TABLE landlord.tenants DISABLE TRIGGER ALL;
      INSERT INTO landlord.tenants (tenant_id, site_id, tenant_name, contact_email, business_industry)
      SELECT gen_random_uuid(), 'site-' || lpad(i::text, 6, '0'), 'Needle', 'a@x.example', 'retail'
      FROM generate_series(1, 6000) i
      """, deadline: 60_000)
    // One where the first leg looks, one behind.
    try connection.runScript(
      "UPDATE landlord.tenants SET tenant_name = 'Other' WHERE site_id BETWEEN 'site-000002' AND 'site-005999'",
      deadline: 60_000)
    var query = Request.page(PageRequest(filter: .parse("needle"), limit: 10)).query
    let reader = TestServer.shared.connect(fixture.conninfo)
    guard case .then(let far) = query.decode(try reader.run(query.statement, deadline: 5_000), reader),
      case .page(let partial)? = far.late?.answer
    else { throw WrongAnswer() }
    #expect(far.late?.after == 1000 && partial.isPartial && partial.rows.map(\.siteID) == ["site-000001"])
    guard case .answer(.page(let whole)) = far.decode(try reader.run(far.statement, deadline: 5_000), reader)
    else {
      throw WrongAnswer()
    }
    #expect(!whole.isPartial && whole.rows.map(\.siteID) == ["site-000001", "site-006000"])
    query = Request.page(PageRequest(filter: .parse("needle"), limit: 10, isThorough: true)).query
    guard case .then(let patient) = query.decode(try reader.run(query.statement, deadline: 5_000), reader)
    else {
      throw WrongAnswer()
    }
    #expect(patient.late == nil)
  }

  @Test func inALargeTableMoreOfItsRowsAreLookedAtBeforeAllThatMatch() throws {
    let behind = fixture.behind()
    try behind.runScript(
      """
      ALTER TABLE landlord.tenants DISABLE TRIGGER ALL;
      INSERT INTO landlord.tenants (tenant_id, site_id, tenant_name, contact_email, business_industry)
      SELECT gen_random_uuid(), 'site-' || lpad(i::text, 6, '0'), CASE WHEN i % 1000 = 0 THEN 'Needle' ELSE 'Other' END,
        'a@x.example', 'retail'
      FROM generate_series(1, 9000) i;
      ANALYZE landlord.tenants
      """, deadline: 60_000)
    let reader = TestServer.shared.connect(fixture.conninfo)
    func second(_ limit: Int) throws -> (query: Query, isFar: Bool) {
      let first = Request.page(PageRequest(filter: .parse("needle"), limit: limit)).query
      guard case .then(let next) = first.decode(try reader.run(first.statement, deadline: 5_000), reader)
      else {
        throw WrongAnswer()
      }
      let plan = try reader.run("EXPLAIN \(next.statement)", deadline: 5_000).map { $0.string(0) }
      return (next, plan.contains { $0.contains("Sort Key: (GREATEST(") })
    }
    #expect(try second(8).isFar)

    try behind.runScript(
      "UPDATE pg_class SET reltuples = 10000000 WHERE oid = 'landlord.tenants'::regclass", deadline: 5_000)

    let step = try second(8)
    guard case .page(let partial)? = step.query.late?.answer,
      case .answer(.page(let whole)) = step.query.decode(
        try reader.run(step.query.statement, deadline: 5_000), reader)
    else { throw WrongAnswer() }
    #expect(!step.isFar && step.query.late?.after == 1000 && partial.isPartial && partial.rows.count == 4)
    #expect(!whole.isPartial && whole.rows.map(\.siteID) == (1...8).map { "site-00\($0)000" })
    // So many are not to be expected in the rows of a second step.
    #expect(try second(41).isFar)
    // Where they are not there all the same, all are looked for.
    #expect(try !second(20).isFar)
    #expect(try fixture.page(PageRequest(filter: .parse("needle"), limit: 20)).rows.count == 9)
  }

  @Test func aSlowSearchAnswersPartlyAndItsLineGoesOn() throws {
    // Whoever looks at the permissions waits, so both legs of this search do.
    try fixture.behind().runScript(
      """
      ALTER TABLE landlord.tenants DISABLE TRIGGER ALL;
      INSERT INTO landlord.tenants (tenant_id, site_id, tenant_name, contact_email, business_industry, permissions)
      SELECT gen_random_uuid(), 'site-' || lpad(i::text, 6, '0'), 'Name', 'a@x.example', 'retail',
        CASE WHEN i IN (2, 4100) THEN '{billing.read}'::text[] ELSE '{}' END
      FROM generate_series(1, 4100) i;
      ALTER TABLE landlord.permissions ENABLE ROW LEVEL SECURITY;
      CREATE POLICY slow ON landlord.permissions USING ((SELECT pg_sleep(1.3)) IS NOT NULL)
      """, deadline: 60_000)
    let request = PageRequest(filter: .parse("permission:billing"))
    let start = Monotonic.milliseconds
    let partial = try fixture.page(request)
    #expect(partial.isPartial && partial.rows.map(\.siteID) == ["site-000002"])
    #expect(Monotonic.milliseconds - start >= 2_300)

    // The next question on the same line is not hit by the request to cancel.
    for _ in 1...20 { #expect(try fixture.page(PageRequest(limit: 1)).rows.count == 1) }
    var thorough = request
    thorough.isThorough = true
    let whole = try fixture.page(thorough)
    #expect(!whole.isPartial && whole.rows.map(\.siteID) == ["site-000002", "site-004100"])
  }

  @Test func theEndOfTheListIsSeenByTheFirstLegAlone() throws {
    for number in 1...5 { try fixture.onboard("site-\(number)") }
    let query = Request.page(PageRequest(filter: .parse("site"), limit: 100)).query
    let reader = TestServer.shared.connect(fixture.conninfo)
    guard case .then(let far) = query.decode(try reader.run(query.statement, deadline: 5_000), reader) else {
      throw WrongAnswer()
    }
    let plan = try reader.run("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) \(far.statement)", deadline: 5_000)
      .map { $0.string(0) }.joined(separator: "\n")
    #expect(plan.contains("never executed"), "\(plan)")
    #expect(try sites("site").count == 5)
  }

  @Test func theFirstLegIsAWalkInOrder() throws {
    let reader = TestServer.shared.connect(fixture.conninfo)
    try fixture.onboard()
    for column in SortColumn.allCases {
      let place = try fixture.page(PageRequest(sort: Sort(column))).cursors[0]
      for anchor in [PageRequest.Anchor.first, .last, .after(place), .before(place)] {
        let statement = Request.page(
          PageRequest(filter: .parse("acme"), sort: Sort(column, descending: true), anchor: anchor)
        ).query.statement
        let plan = try reader.run("EXPLAIN (COSTS OFF) \(statement)", deadline: 5_000).map { $0.string(0) }
        // One sort at most, of the rows themselves where the table is too small for its index.
        #expect(plan.first?.contains("Limit") ?? false)
        #expect(
          plan.first { $0.hasPrefix("  ->  ") }?.contains("Subquery Scan") ?? false,
          "\(column) \(plan.joined(separator: "\n"))")
      }
    }
  }

  @Test func activityCountsTheWeeks() throws {
    let tenant = try fixture.onboard()
    _ = try fixture.written(
      .deactivate(Transition(tenantID: tenant.id, expectedVersion: nil, reason: "over")))
    _ = try fixture.written(
      .reactivate(Transition(tenantID: tenant.id, expectedVersion: nil, reason: "back")))
    try fixture.behind().runScript(
      """
      ALTER TABLE landlord.audit_entries DISABLE TRIGGER ALL;
      UPDATE landlord.audit_entries SET at = at - interval '15 days' WHERE seq = 1
      """, deadline: 5_000)
    #expect(try fixture.store.answer(to: .activity(tenant.id, weeks: 4)) == .activity([0, 1, 0, 2]))
    #expect(try fixture.store.answer(to: .activity(tenant.id, weeks: 2)) == .activity([0, 2]))
    #expect(try fixture.store.answer(to: .activity(.random(), weeks: 3)) == .activity([0, 0, 0]))
  }

  @Test func theSQLOfARequestRunsAsItIsShown() throws {
    try fixture.onboard("acme", [.name: .text("O'Hara \\ Söhne")])
    let shown = Request.page(PageRequest(filter: .parse("\"o'hara \\ söhne\""))).sql
    #expect(!shown.contains("$1"))
    let rows = try TestServer.shared.connect(fixture.conninfo).run("\(unescaped: shown)", deadline: 5_000)
    #expect(rows.map { $0.string(1) } == ["acme"])
    let secret = TenantSecret.random()
    var onboarding = Fixture.onboarding()
    onboarding.verifier = secret.verifier
    let digits = secret.verifier.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    #expect(!Request.onboard(onboarding).sql.contains(digits))
    #expect(!Request.verifySecret(.random(), verifier: secret.verifier).sql.contains(digits))
  }

  @Test func aSmallTotalIsCountedAndALargeOneSampled() throws {
    try fixture.behind().runScript(
      """
      ALTER TABLE landlord.tenants DISABLE TRIGGER ALL;
      INSERT INTO landlord.tenants (tenant_id, site_id, tenant_name, contact_email, business_industry)
      SELECT gen_random_uuid(), 'site-' || lpad(i::text, 6, '0'), CASE WHEN i % 400 = 0 THEN 'Needle' ELSE 'Hay' END,
        'a@x.example', 'retail'
      FROM generate_series(1, 24000) i;
      ANALYZE landlord.tenants
      """, deadline: 60_000)
    func total(_ text: String) throws -> Total {
      guard case .total(let total) = try fixture.store.answer(to: .total(.parse(text))) else {
        throw WrongAnswer()
      }
      return total
    }
    #expect(try total("") == Total(count: 24_000, estimated: true))
    // What is not counted soon enough is told from the sample.
    for (text, count) in [("needle", 60), ("nowhere", 0)] as [(String, Int64)] {
      #expect(try eventually { try total(text) == Total(count: count, estimated: false) }, "\(text)")
    }
    let common = try total("hay")
    #expect(common.estimated && (20_000...26_000).contains(common.count), "\(common)")
  }
}
