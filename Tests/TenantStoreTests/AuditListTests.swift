import Postgres
import TenantStore
import TestServer
import Testing

/// The list of events: what is in it, in which order, and who sees what.
@Suite struct AuditListTests {
  let fixture = Fixture()

  private func page(_ request: AuditPageRequest, as login: TestServer.Login = .auditor) throws -> AuditPage {
    guard case .auditPage(let page) = try fixture.store(as: login).answer(to: .auditPage(request)) else {
      throw WrongAnswer()
    }
    return page
  }

  private func words(_ filter: String, as login: TestServer.Login = .auditor) throws -> [String] {
    try page(AuditPageRequest(filter: .parse(filter)), as: login).events.map {
      "\($0.siteID ?? "-") \($0.action) \($0.outcome.rawValue)"
    }
  }

  /// Two tenants, four entries, a refused request, a stale one, a noted refusal, a look, a setting.
  private func makePast() throws -> (acme: Tenant, blue: Tenant) {
    let acme = try fixture.onboard("acme")
    let blue = try fixture.onboard("blue")
    _ = try fixture.written(
      .update(
        Update(
          tenantID: acme.id, expectedVersion: nil, changes: [.name: .text("Other")], reason: "SUP-1 moved")))
    _ = try fixture.written(
      .update(Update(tenantID: acme.id, expectedVersion: 1, changes: [.name: .text("Late")])))
    _ = try fixture.written(.reactivate(Transition(tenantID: blue.id, expectedVersion: nil, reason: "SUP-2")))
    try fixture.behind().run(
      "UPDATE landlord.tenants SET tenant_name = 'By hand' WHERE site_id = 'blue'", deadline: 5_000)
    _ = try fixture.store.answer(to: .noteRefusal(action: "onboard", tenant: nil, what: "no right"))
    guard case .look(let look) = try fixture.store.answer(to: .openLook(Look("all contacts"))) else {
      throw WrongAnswer()
    }
    _ = try fixture.store.answer(to: .closeLook(look, outcome: "2 shown"))
    _ = try fixture.written(.changeSetting(SettingChange(name: "environment", value: "test")))
    return (acme, blue)
  }

  @Test func theNewestComesFirstAndRefusalsStandBeside() throws {
    _ = try makePast()

    #expect(
      try words("") == [
        "- set setting saved", "- look looked", "- onboard refused", "blue direct update saved",
        "blue reactivate refused", "acme update stale", "acme update saved", "blue register saved",
        "acme register saved",
      ])
  }

  @Test func whoIsNoAuditorSeesAllButTheAttempts() throws {
    _ = try makePast()

    let page = try page(AuditPageRequest(), as: .support)

    #expect(!page.includesAttempts)
    #expect(page.events.count == 7)
    #expect(page.events.allSatisfy { $0.cursor.source != .attempt })
    #expect(throws: StoreError.self) { try self.page(AuditPageRequest(), as: .stranger) }
  }

  @Test func anEventTellsWhoWhatWhyAndFromWhere() throws {
    _ = try makePast()

    let event = try #require(
      try page(AuditPageRequest(filter: .parse("action:update outcome:saved"))).events.first)

    #expect(event.actor == "admin")
    #expect(event.reason == "SUP-1 moved")
    #expect(event.version == 2)
    #expect(event.seq == 2)
    #expect(event.requestID != nil)
    #expect(event.client == AuditClient())
    #expect(event.changes == [.init(field: "tenantName", old: "Acme GmbH", new: "Other")])
    let look = try #require(try page(AuditPageRequest(filter: .parse("outcome:looked"))).events.first)
    #expect(look.note == "2 shown: {\"what\": \"all contacts\"}")
  }

  @Test func eachKeyOfTheFilterNarrows() throws {
    let (acme, _) = try makePast()
    let request = try #require(
      try page(AuditPageRequest(filter: .parse("outcome:stale"))).events.first?.requestID)

    #expect(
      try words("tenant:blue") == [
        "blue direct update saved", "blue reactivate refused", "blue register saved",
      ])
    #expect(try words("tenant:\(acme.id)").count == 3)
    #expect(try words("actor:postgres") == ["blue direct update saved"])
    #expect(try words("action:direct") == ["blue direct update saved"])
    #expect(try words("field:name !action:register").count == 2)
    #expect(try words("outcome:refused") == ["- onboard refused", "blue reactivate refused"])
    #expect(try words("outcome:refused", as: .support) == ["blue reactivate refused"])
    #expect(try words("request:\(request)") == ["acme update stale"])
    #expect(try words("sup-1") == ["acme update saved"])
    #expect(try words("\"by hand\"") == ["blue direct update saved"])
    #expect(try words("100%").isEmpty)
    #expect(try words("since:1h").count == 9)
    #expect(try words("until:1h").isEmpty)
    #expect(try words("since:2020 until:2021").isEmpty)
    #expect(
      try words("!tenant:blue !tenant:acme") == ["- set setting saved", "- look looked", "- onboard refused"])
  }

  @Test(arguments: [1, 2, 4, 20])
  func pagesMeetWithoutAGapOrARepeatInBothDirections(_ limit: Int) throws {
    _ = try makePast()
    // Many at the very same instant, of each source.
    try fixture.behind().runScript(
      """
      UPDATE landlord.requests SET at = '2026-01-01'; UPDATE landlord.attempts SET at = '2026-01-01';
      ALTER TABLE landlord.audit_entries DISABLE TRIGGER refuse_change;
      UPDATE landlord.audit_entries SET at = '2026-01-01' WHERE action <> 'register'
      """, deadline: 5_000)
    let all = try page(AuditPageRequest()).events

    var down: [AuditEvent] = []
    var request = AuditPageRequest(limit: limit)
    while case let events = try page(request).events, let last = events.last {
      down += events
      request.anchor = .after(last.cursor)
    }
    var up: [AuditEvent] = []
    request.anchor = .last
    while case let events = try page(request).events, let first = events.first {
      up = events + up
      request.anchor = .before(first.cursor)
    }

    #expect(all.count == 9)
    #expect(down == all)
    #expect(all.map(\.cursor) == all.map(\.cursor).sorted(by: >))
    #expect(up == all)
    #expect(try page(AuditPageRequest(anchor: .from(all[4].cursor))).events == Array(all[4...]))
  }

  @Test func theTailHoldsTheNewestOfWhatCameAndNoMoreThanAsked() throws {
    let acme = try fixture.onboard("acme")
    func tail(_ tail: AuditTail?, limit: Int) throws -> ([Int64?], AuditTail) {
      let request = AuditPageRequest(filter: .parse("tenant:acme"), limit: limit)
      guard case .auditTail(let page, let next) = try fixture.store.answer(to: .auditTail(tail, request))
      else {
        throw WrongAnswer()
      }
      return (page.events.map(\.version), next)
    }
    let (none, start) = try tail(nil, limit: 9)
    for name in ["One", "Two", "Three"] {
      _ = try fixture.written(
        .update(Update(tenantID: acme.id, expectedVersion: nil, changes: [.name: .text(name)])))
    }

    #expect(none == [])
    // A transaction that was open somewhere at the start makes it look further back, and may give what came before once more.
    #expect(try tail(start, limit: 9).0.prefix(3) == [4, 3, 2])
    #expect(try tail(start, limit: 2).0 == [4, 3])
  }

  @Test func aLookThatWasNeverClosedIsClosedByTheNextOne() throws {
    do {
      let gone = fixture.store(as: .support)
      _ = try gone.answer(to: .openLook(Look("all contacts")))
      gone.close()
    }
    let running = fixture.store(as: .admin)
    guard case .look(let open) = try running.answer(to: .openLook(Look("all contacts"))) else {
      throw WrongAnswer()
    }

    // The server takes a moment to notice that a client has gone.
    let isClosed = try eventually {
      _ = try fixture.store(as: .auditor).answer(to: .openLook(Look("all contacts")))
      return try fixture.value("SELECT outcome FROM landlord.attempts WHERE actor = 'support'")
        == "broken off"
    }

    #expect(isClosed)
    #expect(
      try fixture.value("SELECT outcome FROM landlord.attempts WHERE attempt_id = \(open)::bigint") == nil)
    _ = try running.answer(to: .closeLook(open, outcome: "3 shown"))
    #expect(
      try fixture.value("SELECT outcome FROM landlord.attempts WHERE attempt_id = \(open)::bigint")
        == "3 shown")
  }
}
