import Postgres
import TenantStore
import TestServer
import Testing

/// What the changing functions promise to any client, and what the audit keeps of it.
@Suite struct SchemaChangeTests {
  let database = Database()

  private func update(_ request: RequestID, _ tenant: TenantID, _ version: Int64?, _ changes: String)
    -> Statement
  {
    "landlord.update_tenant(\(request)::uuid, \(tenant)::uuid, \(version)::bigint, \(changes)::jsonb, NULL)"
  }

  @Test func eightAtOnceUnderOneIDChangeOnce() async throws {
    let tenant = try database.register(database.connect(.admin))
    let request = RequestID.random()

    let outcomes = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<8 {
        group.addTask {
          try database.outcome(
            database.connect(.admin), update(request, tenant, 1, #"{"tenantName": "Once"}"#))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }

    #expect(outcomes.sorted() == ["saved"] + Array(repeating: "saved again", count: 7))
    let admin = database.connect(.admin)
    #expect(try database.count(admin, "SELECT count(*) FROM landlord.audit_entries") == 2)
  }

  @Test func ofTwoWritersOfOneVersionOneIsStale() throws {
    let (first, second) = (database.connect(.admin), database.connect(.admin))
    let tenant = try database.register(first)

    try first.runScript("BEGIN", deadline: 5_000)
    #expect(
      try database.outcome(first, update(.random(), tenant, 1, #"{"tenantName": "First"}"#)) == "saved")
    try second.start(
      "SELECT outcome FROM \(update(.random(), tenant, 1, #"{"tenantName": "Second"}"#))")
    try first.runScript("COMMIT", deadline: 5_000)

    #expect(try second.wait(deadline: 10_000).exactlyOne.string(0) == "stale")
    #expect(
      try first.run("SELECT tenant_name FROM landlord.tenants", deadline: 5_000).exactlyOne.string(0)
        == "First")
  }

  @Test func whatWasNotDoneIsWrittenDownToo() throws {
    let admin = database.connect(.admin)
    let tenant = try database.register(admin)
    let (stale, gone, refused) = (RequestID.random(), RequestID.random(), RequestID.random())
    let reactivate: Statement =
      "landlord.reactivate_tenant(\(refused)::uuid, \(tenant)::uuid, NULL, 'mistake')"

    for again in ["", " again"] {
      #expect(
        try database.outcome(admin, update(stale, tenant, 7, #"{"tenantName": "X"}"#)) == "stale" + again)
      #expect(try database.outcome(admin, update(gone, .nowhere, nil, "{}")) == "gone" + again)
      #expect(try database.outcome(admin, reactivate) == "refused:state_transition" + again)
    }

    let recorded = try admin.run(
      "SELECT outcome FROM landlord.requests WHERE action <> 'register' ORDER BY outcome", deadline: 5_000)
    #expect(recorded.map { $0.string(0) } == ["gone", "refused", "stale"])
    #expect(try database.count(admin, "SELECT count(*) FROM landlord.audit_entries") == 1)
  }

  @Test func anIDBelongsToItsActorAndItsBody() throws {
    let (admin, superuser) = (database.connect(.admin), database.connect(.superuser))
    let tenant = try database.register(admin)
    let request = RequestID.random()
    #expect(try database.outcome(admin, update(request, tenant, nil, #"{"tenantName": "A"}"#)) == "saved")

    let otherBody = try database.complaint(
      admin, "SELECT \(update(request, tenant, nil, #"{"tenantName": "B"}"#))")
    let otherActor = try database.complaint(
      superuser, "SELECT \(update(request, tenant, nil, #"{"tenantName": "A"}"#))")

    for error in [otherBody, otherActor] {
      #expect(error?.sqlState == "LL001" && error?.constraint == "request_body_same")
    }
    #expect(
      try database.complaint(superuser, "SELECT landlord.settle_request(\(request)::uuid)")?.sqlState
        == "42501")
  }

  @Test func settlingSaysWhatBecameOfARequest() throws {
    let (admin, other) = (database.connect(.admin), database.connect(.admin))
    let tenant = try database.register(admin)
    let (done, open, lost) = (RequestID.random(), RequestID.random(), RequestID.random())
    func settle(_ id: RequestID) -> Statement { "landlord.settle_request(\(id)::uuid)" }

    _ = try database.outcome(admin, update(done, tenant, nil, #"{"tenantName": "A"}"#))
    #expect(try database.outcome(other, settle(done)) == "saved again")

    try admin.runScript("BEGIN", deadline: 5_000)
    _ = try database.outcome(admin, update(open, tenant, nil, #"{"tenantName": "B"}"#))
    let running = try other.run("SELECT outcome FROM \(settle(open))", deadline: 10_000)
    #expect(running.exactlyOne.string(0) == "running")
    try admin.runScript("ROLLBACK", deadline: 5_000)

    for _ in 0..<2 {
      let never = try other.run("SELECT outcome FROM \(settle(lost))", deadline: 10_000)
      #expect(never.exactlyOne.string(0) == "never")
    }
    // It arrives after all, and finds its id fenced.
    #expect(
      try database.outcome(admin, update(lost, tenant, nil, #"{"tenantName": "C"}"#))
        == "refused:request_fenced again")
    #expect(
      try admin.run("SELECT tenant_name FROM landlord.tenants", deadline: 5_000).exactlyOne.string(0) == "A")
  }

  @Test func theSiteIDOfATenantThatWentIsStillTaken() throws {
    let superuser = database.connect(.superuser)
    let tenant = try database.register(superuser, siteID: "once")
    try superuser.runScript(
      """
      DELETE FROM landlord.tenant_secrets WHERE tenant_id = '\(tenant)';
      DELETE FROM landlord.tenants WHERE tenant_id = '\(tenant)'
      """, deadline: 5_000)

    #expect(throws: PostgresError.self) { try database.register(superuser, siteID: "once") }
    let last = try superuser.run(
      "SELECT action, record IS NULL FROM landlord.audit_entries ORDER BY seq DESC LIMIT 1", deadline: 5_000
    ).exactlyOne
    #expect(last.string(0) == "direct delete" && last.bool(1))
  }

  @Test func aChangeByHandIsAnEntryWithThePersonAndTheRole() throws {
    let superuser = database.connect(.superuser)
    let tenant = try database.register(superuser)

    try superuser.runScript(
      "SET ROLE landlord_owner; UPDATE landlord.tenants SET contact_email = 'x@y', website_url = 'https://a'; RESET ROLE",
      deadline: 5_000)

    let entry = try superuser.run(
      """
      SELECT action, actor, role, changed, version, request_id IS NULL, client::json ->> 'proven'
      FROM landlord.audit_entries WHERE tenant_id = \(tenant)::uuid ORDER BY seq DESC LIMIT 1
      """, deadline: 5_000
    ).exactlyOne
    #expect(entry.string(0) == "direct update" && entry.string(1) == "postgres")
    #expect(entry.string(2) == "landlord_owner" && entry.int64(4) == 2 && entry.bool(5))
    #expect(entry.strings(3) == ["contactEmail", "websiteUrl"])
  }

  @Test func theNameOfARequestDoesNotOutliveIt() throws {
    let superuser = database.connect(.superuser)
    let tenant = try database.register(superuser)

    try superuser.runScript("BEGIN", deadline: 5_000)
    _ = try database.outcome(superuser, update(.random(), tenant, nil, #"{"tenantName": "A"}"#))
    try superuser.runScript("UPDATE landlord.tenants SET tenant_name = 'B'; COMMIT", deadline: 5_000)

    let actions = try superuser.run("SELECT action FROM landlord.audit_entries ORDER BY seq", deadline: 5_000)
    #expect(actions.map { $0.string(0) } == ["register", "update", "direct update"])
  }

  @Test func manyRequestsAtOnceUndoOnlyWhatIsBroken() throws {
    let admin = database.connect(.admin)
    let (a, b) = (try database.register(admin, siteID: "aaa"), try database.register(admin, siteID: "bbb"))
    let ids = (0..<5).map { _ in RequestID.random() }
    let requests = """
      [{"action": "update", "requestId": "\(ids[0])", "tenantId": "\(a)", "changes": {"tenantName": "New"}},
       {"action": "update", "requestId": "\(ids[1])", "tenantId": "\(b)", "changes": {"tenantName": " bad"}},
       {"action": "deactivate", "requestId": "\(ids[2])", "tenantId": "\(b)", "reason": "done"},
       {"action": "update", "requestId": "\(ids[3])", "tenantId": "\(TenantID.nowhere)", "changes": {}},
       {"action": "update", "requestId": "\(ids[4])", "tenantId": "\(a)", "expectedVersion": 9, "changes": {}}]
      """

    let answers = try admin.run(
      "SELECT request_id, outcome, rule FROM landlord.apply_requests(\(requests)::jsonb)", deadline: 10_000)
    var outcomes: [String: String] = [:]
    for row in answers {
      outcomes[row.string(0)] = row.string(1) + (row.optionalString(2).map { ":" + $0 } ?? "")
    }

    #expect(
      ids.map { outcomes[$0.description] } == [
        "saved", "refused:tenant_name_trimmed", "saved", "gone", "stale",
      ])
    let names = try admin.run(
      "SELECT tenant_name || ' ' || state FROM landlord.tenants ORDER BY site_id", deadline: 5_000)
    #expect(names.map { $0.string(0) } == ["New active", "Acme deactivated"])
    // The mended one goes out under the same id.
    #expect(try database.outcome(admin, update(ids[1], b, nil, #"{"tenantName": "good"}"#)) == "saved")
  }

  @Test func manyAtOnceOverTheSameTenantsDoNotDeadlock() async throws {
    let admin = database.connect(.admin)
    let tenants = try (0..<12).map { try database.register(admin, siteID: "site-\($0)") }

    let saved = try await withThrowingTaskGroup(of: Int64.self) { group in
      for round in 0..<6 {
        let parts = tenants.shuffled().map {
          #"{"action": "update", "requestId": "\#(RequestID.random())", "tenantId": "\#($0)", "changes": {"tenantName": "N\#(round)"}}"#
        }
        let requests = "[\(parts.joined(separator: ","))]"
        group.addTask {
          try database.count(
            database.connect(.admin),
            "SELECT count(*) FROM landlord.apply_requests(\(requests)::jsonb) WHERE outcome = 'saved'")
        }
      }
      return try await group.reduce(0, +)
    }

    #expect(saved == 72)
    #expect(try database.count(admin, Database.brokenEntries) == 0)
  }

  @Test func moreThanFiveHundredAreRefused() throws {
    let admin = database.connect(.admin)
    let list: Statement = "(SELECT jsonb_agg('{}'::jsonb) FROM generate_series(1, 501))"

    let error = try database.complaint(admin, "SELECT landlord.apply_requests(\(list))")

    #expect(error?.sqlState == "22023" && error?.constraint == "requests_form")
  }

  @Test(arguments: [
    (#"{"color": "red"}"#, "22023", "field_known"), (#"{"tenantName": 3}"#, "22023", "field_type"),
    (#"{"permissions": "api.access"}"#, "22023", "field_type"),
    (#"{"allowedOrigins": [1]}"#, "22023", "field_type"),
    (#"[]"#, "22023", "field_type"), (#"{"siteId": "other"}"#, "23514", "site_id_immutable"),
  ])
  func changesOfTheWrongShapeAreNamed(_ changes: String, _ state: String, _ rule: String) throws {
    let admin = database.connect(.admin)
    let tenant = try database.register(admin)

    let error = try database.complaint(admin, "SELECT \(update(.random(), tenant, nil, changes))")

    #expect(error?.sqlState == state && error?.constraint == rule)
  }

  @Test(arguments: [
    (" ", "reason_required"), (String(repeating: "x", count: 501), "reason_length"),
    ("a\u{202E}b", "reason_characters"),
    ("a\tb", "reason_characters"),
  ])
  func aReasonHasRules(_ reason: String, _ rule: String) throws {
    let admin = database.connect(.admin)
    let tenant = try database.register(admin)
    func deactivate(_ reason: String) -> Statement {
      "landlord.deactivate_tenant(gen_random_uuid(), \(tenant)::uuid, NULL, \(reason)::text)"
    }

    #expect(try database.complaint(admin, "SELECT \(deactivate(reason))")?.constraint == rule)
    #expect(
      try database.outcome(admin, deactivate(String(repeating: "x", count: 499) + "\n")) == "saved")
  }

  @Test func aTamperedEntryShows() throws {
    let superuser = database.connect(.superuser)
    let tenant = try database.register(superuser)
    for name in ["A", "B", "C"] {
      _ = try database.outcome(superuser, update(.random(), tenant, nil, #"{"tenantName": "\#(name)"}"#))
    }
    #expect(try database.count(superuser, Database.brokenEntries) == 0)

    // As the owner of the cluster could.
    try superuser.runScript(
      """
      ALTER TABLE landlord.audit_entries DISABLE TRIGGER refuse_change;
      UPDATE landlord.audit_entries SET record = replace(record, '"B"', '"X"') WHERE seq = 3
      """, deadline: 5_000)

    #expect(try database.count(superuser, Database.brokenEntries) == 1)
  }
}

extension Identifier<TenantOwner> {
  /// Of no tenant.
  static let nowhere = Identifier("ffffffff-ffff-4fff-bfff-ffffffffffff")!
}
