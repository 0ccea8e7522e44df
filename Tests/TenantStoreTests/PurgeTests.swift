import Postgres
import TenantStore
import TestServer
import Testing

/// Purging a tenant of the sample platform, whose tables are protected: by two people, in batches, and for good.
@Suite struct PurgeTests {
  private let conninfo = TestServer.shared.database(.platform, as: .superuser)
  private let superuser: Connection
  /// Two who may change tenants.
  private let ana: Store
  private let bea: Store
  private let tenant: Tenant
  private let purge = PurgeID.random()

  init() throws {
    let server = TestServer.shared
    superuser = server.connect(conninfo)
    let owner = server.connect(server.conninfo(conninfo, as: .platformAdmin))
    let protector = Protector(admin: owner, owner: owner)
    for table in SamplePlatform.tables { _ = try protector.protect(ProtectTarget(table: table), reason: "x") }
    ana = Store(conninfo: server.conninfo(conninfo, as: .admin), wake: {})
    bea = Store(conninfo: server.conninfo(conninfo, as: .platformAdmin), wake: {})
    // No waiting time: the purge date is the moment of deactivation.
    _ = try ana.answer(to: .changeSetting(SettingChange(name: "purge_days", value: "0")))
    let id = TenantID(SamplePlatform.tenant(7))!
    let answer = try ana.answer(
      to: .deactivate(Transition(tenantID: id, expectedVersion: nil, reason: "contract ended")))
    guard case .written(let written) = answer, let now = written.tenant else { throw WrongAnswer() }
    tenant = now
  }

  private func preview() throws -> PurgePreview {
    guard
      case .lifecycle(.purgePreview(let preview?)) = try ana.answer(to: .lifecycle(.purgePreview(tenant.id)))
    else { throw WrongAnswer() }
    return preview
  }

  /// The outcome of a step, with its rule.
  private func step(_ store: Store, _ kind: PurgeStep.Kind) throws -> String {
    let step = PurgeStep(
      kind, purgeID: purge, tenantID: tenant.id, expectedVersion: nil, reason: "asked for by the customer")
    guard case .written(let written) = try store.answer(to: .lifecycle(.purgeStep(step))) else {
      throw WrongAnswer()
    }
    return written.outcome.rawValue + (written.rule.map { ":\($0)" } ?? "")
  }

  private func batch(_ store: Store, _ most: Int = 700) throws -> PurgedRows? {
    guard case .lifecycle(.purged(let rows)) = try store.answer(to: .lifecycle(.purgeRows(purge, most: most)))
    else { throw WrongAnswer() }
    return rows
  }

  private func rule(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      if case .server(_, let message)? = error as? StoreError { return message }
      return (error as? StoreError)?.rule
    }
  }

  private func count(_ sql: String) throws -> Int64 {
    try superuser.run("\(unescaped: sql)", deadline: 10_000).exactlyOne.int64(0)
  }

  @Test func whatGoesIsWhatTwoPeopleSawAndNothingOfOthers() throws {
    let seen = try preview()
    #expect(
      seen.tables == [
        TouchedTable(table: "platform.messages", rows: 800),
        TouchedTable(table: "platform.orders", rows: 1200),
      ])
    #expect(try step(ana, .request(seen)) == "saved")
    #expect(rule { _ = try batch(ana) } == "purge_unapproved")
    #expect(try step(ana, .approve(digest: seen.digest)) == "refused:purge_by_two")
    #expect(
      try step(bea, .approve(digest: String(repeating: "0", count: 64))) == "refused:purge_preview_changed")
    #expect(try step(bea, .approve(digest: seen.digest)) == "saved")
    #expect(try step(bea, .approve(digest: seen.digest)) == "refused:purge_once")
    #expect(try step(ana, .finish) == "refused:purge_rows_remain")

    // Whoever goes on: each batch looks at what is left.
    var gone: Int64 = 0
    var batches = 0
    while let rows = try batch(batches.isMultiple(of: 2) ? ana : bea) {
      gone += rows.rows
      batches += 1
      #expect(rows.rows <= 700)
    }
    #expect(gone == 2000 && batches > 3)
    #expect(try step(ana, .finish) == "saved")
    #expect(try step(ana, .finish) == "refused:purge_once")
    #expect(rule { _ = try batch(ana) } == "purge_once")

    #expect(try count("SELECT count(*) FROM platform.orders WHERE tenant_id = '\(tenant.id)'") == 0)
    #expect(try count("SELECT count(*) FROM platform.orders") == 60_000 - 1200)
    #expect(try count("SELECT count(*) FROM platform.messages") == 40_000 - 800)
    #expect(try count("SELECT count(*) FROM landlord.tenant_secrets WHERE tenant_id = '\(tenant.id)'") == 0)
    let left = try superuser.run(
      """
      SELECT t.state, t.tenant_name || t.contact_email || coalesce(t.website_url, ''), t.allowed_origins = '{}', t.site_id
      FROM landlord.tenants t WHERE t.tenant_id = \(tenant.id)::uuid
      """, deadline: 5_000
    ).exactlyOne
    #expect(left.string(0) == "purged" && left.string(1) == "" && left.bool(2))
    // What the audit said stays, what was predicted and what went stands in it, and it is whole.
    let note = try superuser.run(
      """
      SELECT e.record::jsonb -> 'predicted' = e.record::jsonb -> 'actual', e.actor FROM landlord.audit_entries e
      WHERE e.action = 'purge terms'
      """, deadline: 5_000
    ).exactlyOne
    #expect(note.bool(0) && note.string(1) == "admin")
    #expect(try count("SELECT count(*) FROM landlord.audit_entries WHERE record LIKE '%Tenant 7%'") > 0)
    #expect(try AuditVerifier(superuser).verify().findings == [])
  }

  @Test func aTombstoneKeepsItsIdsForGood() throws {
    let seen = try preview()
    #expect(try step(ana, .request(seen)) == "saved" && step(bea, .approve(digest: seen.digest)) == "saved")
    while try batch(bea, 100_000) != nil {}
    #expect(try step(bea, .finish) == "saved")
    for sql in [
      "DELETE FROM landlord.tenants WHERE tenant_id = '\(tenant.id)'",
      "UPDATE landlord.tenants SET state = 'active' WHERE tenant_id = '\(tenant.id)'",
    ] {
      #expect(throws: PostgresError.self) { try superuser.runScript(sql, deadline: 5_000) }
    }
    guard case .availability(let free) = try ana.answer(to: .availability(siteID: tenant.siteID)) else {
      throw WrongAnswer()
    }
    #expect(free != .free)
    let change = Update(
      tenantID: tenant.id, expectedVersion: nil, changes: [.name: .text("Back again")], reason: nil)
    guard case .written(let written) = try ana.answer(to: .update(change)) else { throw WrongAnswer() }
    #expect(written.rule == "tenant_purged")
    guard case .lifecycle(.doors(let doors)) = try ana.answer(to: .lifecycle(.doors(tenant.id))) else {
      throw WrongAnswer()
    }
    #expect(doors.count == 4 && !doors.contains { $0.opens == true })
  }

  @Test func whatChangedSinceItWasSeenIsNotPurged() throws {
    let seen = try preview()
    #expect(try step(ana, .request(seen)) == "saved" && step(bea, .approve(digest: seen.digest)) == "saved")
    try superuser.run(
      "INSERT INTO platform.orders VALUES (99999, \(tenant.id)::uuid, 'x', 1, now())", deadline: 5_000)
    #expect(rule { _ = try batch(ana) } == "purge_preview_changed")
    #expect(try step(ana, .request(seen)) == "refused:purge_preview_changed")
    // Asked for anew it needs to be agreed to anew.
    #expect(try step(ana, .request(preview())) == "saved")
    #expect(rule { _ = try batch(ana) } == "purge_unapproved")
  }

  @Test func aPurgeExpiresAndWaitsForItsDate() throws {
    let seen = try preview()
    #expect(try step(ana, .request(seen)) == "saved" && step(bea, .approve(digest: seen.digest)) == "saved")
    try superuser.run("UPDATE landlord.purges SET expires_at = now() - interval '1 second'", deadline: 5_000)
    #expect(rule { _ = try batch(ana) } == "purge_expired")
    try superuser.run("UPDATE landlord.terms SET until = now() + interval '1 hour'", deadline: 5_000)
    #expect(rule { _ = try batch(ana) } == "purge_date_to_come")
    let back = try ana.answer(
      to: .reactivate(Transition(tenantID: tenant.id, expectedVersion: nil, reason: "they paid")))
    guard case .written(let written) = back else { throw WrongAnswer() }
    #expect(written.outcome == .saved)
    #expect(rule { _ = try batch(ana) } == "state_transition")
  }

  @Test func aTableThatCannotBeCountedStopsItBeforeItBegins() throws {
    try superuser.run("CREATE POLICY mine ON platform.orders USING (true)", deadline: 5_000)
    let seen = try preview()
    #expect(seen.tables.contains(TouchedTable(table: "platform.orders", rows: nil)))
    #expect(try step(ana, .request(seen)) == "refused:purge_uncounted")
  }

  @Test func theTermsShowHowFarItIs() throws {
    let seen = try preview()
    #expect(try step(ana, .request(seen)) == "saved" && step(bea, .approve(digest: seen.digest)) == "saved")
    _ = try batch(ana, 100)
    guard case .lifecycle(.terms(let terms?)) = try ana.answer(to: .lifecycle(.terms(tenant.id))),
      let shown = terms.purge
    else { throw WrongAnswer() }
    #expect(shown.id == purge && shown.preview == seen && shown.requestedBy == "admin")
    #expect(shown.approvedBy == "platform_admin" && shown.startedAt != nil)
    #expect(shown.deleted == [TouchedTable(table: "platform.messages", rows: 100)])
    #expect(terms.until != nil)
  }

  @Test func whatTwoAgreeToDoesNotChangeWithTheRowsOfOthers() throws {
    func add(_ rows: Int, to tenant: TenantID) throws {
      try superuser.run(
        """
        INSERT INTO platform.orders SELECT 1000000 + n + \(tenant == self.tenant.id ? 0 : 50_000)::int, \(tenant)::uuid,
          'x', 1, now() FROM generate_series(1, \(rows)::int) n
        """, deadline: 60_000)
    }
    try add(11_000, to: tenant.id)
    let seen = try preview()
    #expect(
      seen.tables.first { $0.table == "platform.orders" }
        == TouchedTable(table: "platform.orders", rows: 12_200))
    #expect(try step(ana, .request(seen)) == "saved")
    try add(20_000, to: TenantID(SamplePlatform.tenant(8))!)
    #expect(try step(bea, .approve(digest: seen.digest)) == "saved")
    #expect(try preview() == seen)
  }

  @Test func whatIsManyIsEstimatedAndSaidSo() throws {
    let tables = try superuser.run(
      "SELECT relation, tenant_rows, estimated FROM landlord.touched(\(tenant.id)::uuid, 500)",
      deadline: 10_000)
    for row in tables {
      #expect(row.bool(2))
      // The same pages every time, so it is an estimate that does not move.
      #expect((501...2400).contains(row.int64(1)), "\(row.string(0))")
    }
    #expect(tables.count == 2)
  }
}
