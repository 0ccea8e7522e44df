import Postgres
import TestServer
import Testing

@testable import TenantStore

@Suite struct BulkTests {
  let fixture = Fixture()

  func apply(_ bulk: Bulk) throws -> [BulkRow] {
    guard case .bulk(let rows) = try fixture.store.answer(to: .bulk(bulk)) else { throw WrongAnswer() }
    return rows
  }

  func preview(_ bulk: Bulk) throws -> BulkPreview {
    guard case .bulkPreview(let preview) = try fixture.store.answer(to: .bulkPreview(bulk)) else {
      throw WrongAnswer()
    }
    return preview
  }

  @Test func eachTenantIsAnsweredForAndARepeatChangesNothing() throws {
    let tenants = try (1...5).map { try fixture.onboard("site-\($0)") }
    let missing = TenantID.random()
    let bulk = Bulk(change: .deactivate, tenants: tenants.map(\.id) + [missing], reason: "contract ended")
    #expect(try preview(bulk) == BulkPreview(changing: 5, gone: 1))

    let rows = try apply(bulk)

    #expect(rows.map(\.tenantID) == bulk.tenants.sorted())
    for row in rows {
      #expect(row.requestID == bulk.requestID(for: row.tenantID))
      #expect(row.written.outcome == (row.tenantID == missing ? .gone : .saved))
      #expect(row.written.tenant?.id == (row.tenantID == missing ? nil : row.tenantID))
    }
    #expect(Set(rows.map(\.requestID)).count == 6)
    let again = try apply(bulk)
    #expect(again.allSatisfy { $0.written.repeated })
    #expect(again.map(\.written.outcome) == rows.map(\.written.outcome))
    #expect(try fixture.history(tenants[0].id).count == 2)
    #expect(try preview(bulk) == BulkPreview(changing: 0, refused: 5, gone: 1))
    guard case .settled(.recorded(let settled)) = try fixture.store.answer(to: .settle(rows[0].requestID))
    else {
      throw WrongAnswer()
    }
    #expect(settled.outcome == rows[0].written.outcome)
  }

  @Test func whatFollowsAfterALostPartIsDoneAndNothingTwice() throws {
    let tenants = try (1...7).map { try fixture.onboard("site-\($0)") }
    let bulk = Bulk(change: .addPermission("data.export"), tenants: tenants.map(\.id))
    let parts = bulk.parts(of: 3)
    #expect(parts.map(\.tenants.count) == [3, 3, 1] && parts.allSatisfy { $0.id == bulk.id })
    _ = try apply(parts[0])

    let rows = try parts.flatMap(apply)

    #expect(rows.map(\.written.repeated) == [true, true, true, false, false, false, false])
    for row in rows {
      #expect(row.written.tenant?.permissions == ["billing.read", "data.export", "users.read"])
      #expect(row.written.tenant?.version == 2)
    }
  }

  @Test func listsAreAddedToAndTakenFrom() throws {
    let a = try fixture.onboard("site-a", [.allowedOrigins: .list(["https://a.example"])])
    let b = try fixture.onboard(
      "site-b", [.allowedOrigins: .list(["https://x.example", "https://a.example"])])
    func run(_ change: Bulk.Change) throws -> [Written] {
      let bulk = Bulk(change: change, tenants: [a.id, b.id])
      let expected = try preview(bulk)
      let rows = try apply(bulk)
      #expect(rows.filter { $0.written.entryID != nil }.count == expected.changing, "\(change)")
      let writes = rows.map(\.written)
      return a.id < b.id ? writes : writes.reversed()
    }
    #expect(
      try run(.addOrigin("https://x.example")).map(\.tenant?.allowedOrigins) == [
        ["https://a.example", "https://x.example"], ["https://x.example", "https://a.example"],
      ])
    #expect(
      try run(.removeOrigin("https://a.example")).map(\.tenant?.allowedOrigins) == [
        ["https://x.example"], ["https://x.example"],
      ])
    #expect(
      try run(.removePermission("users.read")).map(\.tenant?.permissions) == [
        ["billing.read"], ["billing.read"],
      ])
    #expect(try run(.setIndustry("media")).map(\.tenant?.industry) == ["media", "media"])
    #expect(try run(.setIndustry("media")).map(\.entryID) == [nil, nil])
  }

  @Test func aBrokenRuleIsOneTenantsOwn() throws {
    let full = try fixture.onboard(
      "full", [.allowedOrigins: .list((1...50).map { "https://a\($0).example" })])
    let other = try fixture.onboard("other")

    let rows = try apply(Bulk(change: .addOrigin("https://new.example"), tenants: [full.id, other.id]))

    let outcomes = Dictionary(uniqueKeysWithValues: rows.map { ($0.tenantID, $0.written) })
    #expect(outcomes[full.id]?.outcome == .refused && outcomes[full.id]?.rule == "allowed_origins_count")
    #expect(outcomes[other.id]?.outcome == .saved)
    let wrong = try apply(Bulk(change: .setIndustry("nosuch"), tenants: [other.id]))
    #expect(wrong[0].written.rule == "business_industry_known")
    let reasonless = try apply(Bulk(change: .deactivate, tenants: [other.id]))
    #expect(reasonless[0].written.rule == "reason_required")
    #expect(!TenantRules.explanation(of: "business_industry_known").isEmpty)
  }

  @Test func whoMayOnlyLookMayNotDoIt() throws {
    let tenant = try fixture.onboard()
    let bulk = Bulk(change: .setIndustry("media"), tenants: [tenant.id])
    #expect(throws: StoreError.self) { try fixture.store(as: .support).answer(to: .bulk(bulk)) }
    #expect(try fixture.page(PageRequest()).rows[0].industry == "retail")
  }

  @Test func theIDOfAPartFollowsFromBoth() {
    let bulk = Bulk(id: RequestID("0a1b2c3d-1111-4222-8333-0123456789ab")!, change: .reactivate, tenants: [])
    let tenant = TenantID("1a1b2c3d-1111-4222-8333-0123456789ab")!
    #expect(bulk.requestID(for: tenant) == bulk.requestID(for: tenant))
    #expect(bulk.requestID(for: tenant) != Bulk(change: .reactivate, tenants: []).requestID(for: tenant))
    let digits = Array(bulk.requestID(for: tenant).description.utf8)
    #expect(digits[14] == UInt8(ascii: "8") && "89ab".utf8.contains(digits[19]))
  }
}

@Suite struct ViewTests {
  let fixture = Fixture()

  func views() throws -> [SavedView] {
    guard case .views(let views) = try fixture.store(as: .support).answer(to: .views) else {
      throw WrongAnswer()
    }
    return views
  }

  func change(_ kind: ViewChange.Kind) throws -> Written {
    try fixture.written(.changeView(ViewChange(kind)))
  }

  @Test func aViewIsSharedReplacedAndRemovedAndAudited() throws {
    var view = SavedView(
      name: "Zürich's retail 🎉", filter: "industry:retail \"a b\" 100%",
      sort: Sort(.updatedAt, descending: true),
      columns: ["siteId", "tenantName:30"])
    #expect(try change(.save(view)).entryID != nil)
    #expect(try change(.save(SavedView(name: "all"))).outcome == .saved)
    #expect(try views() == [view, SavedView(name: "all")].sorted { $0.name < $1.name })

    #expect(try change(.save(view)).entryID == nil)
    view.columns = []
    #expect(try change(.save(view)).entryID != nil)
    #expect(try change(.remove(name: "all")).entryID != nil)
    #expect(try change(.remove(name: "all")).outcome == .gone)

    #expect(try views() == [view])
    let entries = try fixture.value(
      "SELECT string_agg(e.action, ',' ORDER BY e.seq) FROM landlord.audit_entries e WHERE e.tenant_id = '00000000-0000-0000-0000-000000000000'"
    )
    #expect(entries == "save view,save view,save view,remove view")
  }

  @Test(arguments: [
    (SavedView(name: ""), "view_name_form"), (SavedView(name: " a"), "view_name_form"),
    (SavedView(name: "a", filter: "x\u{1}"), "view_filter_form"),
    (SavedView(name: "a", columns: ["site id"]), "view_columns_form"),
    (SavedView(name: "a", columns: ["siteId:x"]), "view_columns_form"),
  ])
  func whatIsNoViewIsRefusedByItsRule(_ view: SavedView, _ rule: String) {
    let error = #expect(throws: StoreError.self) {
      try fixture.store.answer(to: .changeView(ViewChange(.save(view))))
    }
    #expect(error?.rule == rule)
  }

  @Test func whoMayOnlyLookMayNotSaveOne() {
    #expect(throws: StoreError.self) {
      try fixture.store(as: .support).answer(to: .changeView(ViewChange(.save(SavedView(name: "a")))))
    }
  }
}
