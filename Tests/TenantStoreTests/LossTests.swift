import Postgres
import TenantStore
import TestServer
import Testing

/// The line breaks before, while and after each writing request: what the store then says must agree with the database.
@Suite struct LossTests {
  let fixture = Fixture()
  let proxy = CuttingProxy(to: .shared)
  var store: Store { Store(conninfo: fixture.conninfo + " host='\(proxy.directory)'", wake: {}) }

  enum Write: CaseIterable, Sendable {
    case onboard, update, deactivate, reactivate, changeSetting, addIndustry, retirePermission

    /// What of the statement is on the wire and in no other.
    var text: String {
      switch self {
      case .onboard: "register_tenant"
      case .update: "update_tenant"
      case .deactivate: "deactivate_tenant"
      case .reactivate: "reactivate_tenant"
      case .changeSetting: "set_setting"
      case .addIndustry: "add_industry"
      case .retirePermission: "retire_permission"
      }
    }
  }

  /// The request, and a query that is true once it has been carried out.
  func prepared(_ write: Write) throws -> (Request, Statement) {
    let tenant = try fixture.onboard()
    func transition() -> Transition { Transition(tenantID: tenant.id, expectedVersion: nil, reason: "x") }
    switch write {
    case .onboard:
      return (
        .onboard(Fixture.onboarding("new")),
        "SELECT EXISTS (SELECT FROM landlord.tenants WHERE site_id = 'new')"
      )
    case .update:
      return (
        .update(Update(tenantID: tenant.id, expectedVersion: 1, changes: [.name: .text("Changed")])),
        "SELECT tenant_name = 'Changed' FROM landlord.tenants"
      )
    case .deactivate: return (.deactivate(transition()), "SELECT state = 'deactivated' FROM landlord.tenants")
    case .reactivate:
      _ = try fixture.written(.deactivate(transition()))
      return (.reactivate(transition()), "SELECT state = 'active' FROM landlord.tenants")
    case .changeSetting:
      return (
        .changeSetting(SettingChange(name: "environment", value: "test")),
        "SELECT EXISTS (SELECT FROM landlord.settings WHERE value = 'test')"
      )
    case .addIndustry:
      return (
        .changeCatalogue(CatalogueChange(catalogue: .industries, kind: .add, name: "mining")),
        "SELECT EXISTS (SELECT FROM landlord.industries WHERE name = 'mining')"
      )
    case .retirePermission:
      return (
        .changeCatalogue(CatalogueChange(catalogue: .permissions, kind: .retire, name: "users.read")),
        "SELECT retired FROM landlord.permissions WHERE name = 'users.read'"
      )
    }
  }

  func isDone(_ query: Statement) throws -> Bool {
    try fixture.behind().run(query, deadline: 10_000).exactlyOne.bool(0)
  }

  func settled(_ id: RequestID, by store: Store) throws -> Settlement {
    while true {
      guard case .settled(let settlement) = try store.answer(to: .settle(id)) else { throw WrongAnswer() }
      if settlement != .running { return settlement }
    }
  }

  @Test(arguments: CuttingProxy.Cut.allCases)
  func aBulkWhoseLineWasLostIsSentAgainAndDoneOnce(_ cut: CuttingProxy.Cut) throws {
    let store = store
    let tenants = try (1...3).map { try fixture.onboard("site-\($0)") }
    let bulk = Bulk(change: .addPermission("data.export"), tenants: tenants.map(\.id))
    proxy.cut(cut, at: "apply_requests")

    let first = Result { () throws(StoreError) in try store.answer(to: .bulk(bulk)) }
    // Sent again as often as its line is lost: after an answer the cut may come as late as the next sending.
    var again = Result { () throws(StoreError) in try store.answer(to: .bulk(bulk)) }
    if again == .failure(.unknown(bulk.id)) {
      again = Result { () throws(StoreError) in try store.answer(to: .bulk(bulk)) }
    }
    guard case .bulk(let rows) = try again.get() else { throw WrongAnswer() }

    if cut != .afterAnswer { #expect(first == .failure(.unknown(bulk.id))) }
    #expect(rows.map(\.tenantID) == bulk.tenants.sorted())
    #expect(rows.map(\.written.outcome) == [.saved, .saved, .saved])
    if cut == .afterAnswer || cut == .withinAnswer || cut == .beforeClient {
      #expect(rows.map(\.written.repeated) == [true, true, true])
    }
    for tenant in tenants { #expect(try fixture.history(tenant.id).count == 2) }
  }

  @Test(arguments: Write.allCases, CuttingProxy.Cut.allCases)
  func whatTheStoreSaysAgreesWithTheDatabase(_ write: Write, _ cut: CuttingProxy.Cut) throws {
    let store = store
    let (request, query) = try prepared(write)
    let id = try #require(request.requestID)
    proxy.cut(cut, at: write.text)

    let result = Result { () throws(StoreError) in try store.answer(to: request) }

    switch cut {
    case .afterAnswer:
      guard case .success(.written(let written)) = result else {
        Issue.record("\(result)")
        return
      }
      #expect(written.outcome == .saved && !written.repeated)
      #expect(try isDone(query))
    case .beforeServer, .whileRunning, .withinAnswer, .beforeClient:
      #expect(result == .failure(.unknown(id)))
      switch try settled(id, by: store) {
      case .recorded(let written):
        #expect(written.outcome == .saved)
        #expect(cut != .beforeServer)
        #expect(try isDone(query))
      case .never:
        #expect(cut != .beforeClient && cut != .withinAnswer)
        #expect(try !isDone(query))
        // The id is fenced: a late arrival changes nothing.
        guard case .written(let late) = try store.answer(to: request) else { throw WrongAnswer() }
        #expect(late.outcome == .refused && late.rule == "request_fenced")
        #expect(try !isDone(query))
      case .running: Issue.record("settled waits for the end")
      }
    }
  }

  @Test(arguments: Write.allCases)
  func aWriteOnALineThatWasCutAtRestIsCarriedOutOnAFreshOne(_ write: Write) throws {
    let store = store
    let (request, query) = try prepared(write)
    _ = try store.answer(to: .settle(.random()))
    proxy.cutAll()
    guard case .written(let written) = try store.answer(to: request) else { throw WrongAnswer() }
    #expect(written.outcome == .saved && !written.repeated)
    #expect(try isDone(query))
  }

  @Test(arguments: Write.allCases)
  func aWriteWhoseAnswerNeverComesIsUnknownAndItsRecordTells(_ write: Write) throws {
    let store = store
    let (request, query) = try prepared(write)
    let id = try #require(request.requestID)
    // What is to be short is the time for the answer: the line is there before.
    _ = try store.answer(to: .settle(.random()))
    proxy.swallow(at: write.text)

    #expect(throws: StoreError.unknown(id)) { try store.answer(to: request, deadline: 3_000) }

    // The line was let go, so that the question does not wait for it.
    guard case .recorded(let written) = try settled(id, by: store) else {
      Issue.record("not recorded")
      return
    }
    #expect(written.outcome == .saved)
    #expect(try isDone(query))
  }

  @Test func aReadIsPutOnceMoreAndThenGivenUp() throws {
    let store = store
    for cut in [CuttingProxy.Cut.beforeServer, .whileRunning, .withinAnswer, .beforeClient] {
      proxy.cut(cut, at: "landlord.industries")
      guard case .catalogues = try store.answer(to: .catalogues) else { throw WrongAnswer() }
      proxy.cut(cut, at: "landlord.industries")
      proxy.cut(cut, at: "landlord.industries")
      let error = #expect(throws: StoreError.self) { try store.answer(to: .catalogues) }
      guard case .unavailable = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      guard case .catalogues = try store.answer(to: .catalogues) else { throw WrongAnswer() }
    }
  }

  @Test func aSettlementThatIsLostIsAskedAgain() throws {
    let store = store
    proxy.cut(.beforeClient, at: "settle_request")
    #expect(try store.answer(to: .settle(.random())) == .settled(.never))
  }

  @Test func aWriteWhoseTransactionIsOpenIsRunningUntilItEnds() throws {
    let store = store
    let tenant = try fixture.onboard()
    let holder = fixture.behind()
    try holder.runScript("BEGIN; SELECT FROM landlord.tenants FOR UPDATE", deadline: 5_000)
    proxy.cut(.whileRunning, at: "update_tenant")
    let update = Update(tenantID: tenant.id, expectedVersion: 1, changes: [.name: .text("Late")])
    #expect(throws: StoreError.unknown(update.requestID)) { try store.answer(to: .update(update)) }

    // Before it waits for the row it could still be fenced.
    try #require(
      eventually {
        try fixture.value(
          """
          SELECT count(*)::text FROM pg_stat_activity
          WHERE datname = current_database() AND query LIKE '%update_tenant%' AND wait_event_type = 'Lock'
          """) == "1"
      })

    #expect(try store.answer(to: .settle(update.requestID)) == .settled(.running))
    try holder.runScript("ROLLBACK", deadline: 5_000)

    guard case .recorded(let written) = try settled(update.requestID, by: store) else {
      Issue.record("not recorded")
      return
    }
    #expect(written.outcome == .saved && written.tenant?.name == "Late")
  }
}
