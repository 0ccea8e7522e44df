import Postgres
import TenantStore
import TestServer
import Testing

/// The life of a tenant as the schema keeps it: which state follows on which, on what terms, and what opens meanwhile.
@Suite struct SchemaLifecycleTests {
  private let database = Database()
  private let superuser: Connection
  private let admin: Connection
  private let acme: TenantID

  init() throws {
    superuser = database.connect(.superuser)
    admin = database.connect(.admin)
    acme = try database.register(admin, #"{"allowedOrigins": ["https://a.example"]}"#)
  }

  private static let states = ["provisioning", "active", "suspended", "deactivated", "purged"]
  /// Said here a second time, so that neither the table nor the trigger can lose one.
  private static let allowed: Set<String> = [
    "provisioning active", "provisioning deactivated", "active suspended", "active deactivated",
    "suspended active",
    "suspended deactivated", "deactivated active", "deactivated purged",
  ]

  private static let cleared =
    "tenant_name = '', contact_email = '', website_url = NULL, allowed_origins = '{}'"
  private static let filled = "tenant_name = 'Acme', contact_email = 'a@b.example'"

  /// The tenant in a state, whatever it was.
  private func place(in state: String) throws {
    try superuser.runScript(
      """
      BEGIN; ALTER TABLE landlord.tenants DISABLE TRIGGER keep_transition;
      UPDATE landlord.tenants SET state = '\(state)', \(state == "purged" ? Self.cleared : Self.filled);
      DELETE FROM landlord.terms;
      ALTER TABLE landlord.tenants ENABLE ALWAYS TRIGGER keep_transition; COMMIT
      """, deadline: 5_000)
  }

  @Test func everyPairOfStatesIsKeptForRawSQLToo() throws {
    for from in Self.states {
      for to in Self.states where to != from {
        try place(in: from)
        let error = try database.complaint(
          superuser,
          """
          UPDATE landlord.tenants SET state = \(to), \(unescaped: to == "purged" ? Self.cleared : Self.filled)
          WHERE tenant_id = \(acme)::uuid
          """)
        let now = try superuser.run("SELECT state FROM landlord.tenants", deadline: 5_000).exactlyOne.string(
          0)
        if Self.allowed.contains("\(from) \(to)") {
          #expect(error == nil && now == to, "\(from) to \(to): \(error?.message ?? "")")
        } else {
          #expect(error?.constraint == "state_transition" && error?.sqlState == "23514", "\(from) to \(to)")
          #expect(now == from)
        }
      }
    }
    let table = try superuser.run(
      "SELECT from_state || ' ' || to_state FROM landlord.transitions WHERE from_state NOT IN ('new', to_state)",
      deadline: 5_000)
    #expect(Set(table.map { $0.string(0) }) == Self.allowed)
  }

  @Test func theRuleHoldsForAReplicaToo() throws {
    let error = #expect(throws: PostgresError.self) {
      try superuser.runScript(
        "SET session_replication_role = replica; UPDATE landlord.tenants SET state = 'purged'",
        deadline: 5_000)
    }
    guard case .server(let server)? = error else { throw WrongAnswer() }
    #expect(server.constraint == "state_transition")
  }

  @Test func aTenantBeginsInServiceOrBeforeIt() throws {
    for (place, state) in Self.states.enumerated() {
      let error = try database.complaint(
        superuser,
        """
        INSERT INTO landlord.tenants (tenant_id, site_id, tenant_name, contact_email, business_industry, state)
        VALUES (gen_random_uuid(), \("site-\(place)"), 'Site', 'a@b.example', 'retail', \(state))
        """)
      #expect(error?.constraint == (place < 2 ? nil : "state_transition"), "\(state)")
    }
  }

  private func call(_ function: String, _ more: String = "") throws -> String {
    try database.outcome(
      admin,
      "landlord.\(unescaped: function)(gen_random_uuid(), \(acme)::uuid, NULL, 'why'\(unescaped: more))")
  }

  @Test func eachFunctionActsFromItsStatesOnly() throws {
    let acts: [(String, Set<String>, String)] = [
      ("activate_tenant", ["provisioning"], "active"),
      ("suspend_tenant", ["active", "suspended"], "suspended"),
      ("resume_tenant", ["suspended"], "active"),
      ("deactivate_tenant", ["provisioning", "active", "suspended"], "deactivated"),
      ("reactivate_tenant", ["deactivated"], "active"),
    ]
    for (function, states, after) in acts {
      for state in Self.states {
        try place(in: state)
        let outcome = try call(function)
        #expect(
          outcome == (states.contains(state) ? "saved" : "refused:state_transition"), "\(function) \(state)")
        let now = try superuser.run("SELECT state FROM landlord.tenants", deadline: 5_000).exactlyOne.string(
          0)
        #expect(now == (states.contains(state) ? after : state))
      }
    }
    #expect(try database.count(admin, Database.brokenEntries) == 0)
  }

  @Test func aRequestIsRepeatedWithItsTermsAndNoOthers() throws {
    let request = RequestID.random()
    let suspend = { (ticket: String) throws -> String? in
      let call: Statement = """
        landlord.suspend_tenant(\(request)::uuid, \(acme)::uuid, 1, 'why', 'read', \(ticket)::text, '2100-01-01Z')
        """
      if let error = try database.complaint(admin, "SELECT \(call)") { return error.constraint }
      return try database.outcome(admin, call)
    }
    #expect(try suspend("SUP-1") == "saved again")
    #expect(try suspend("SUP-2") == "request_body_same")
  }

  @Test func theTermsAreKeptWithTheStateAndNotedInTheChain() throws {
    #expect(
      try call("suspend_tenant", ", 'read', 'SUP-1', '2100-01-01Z', '{\"shop.orders\": 3}'") == "saved")
    let terms = try superuser.run(
      "SELECT ticket, until = '2100-01-01Z' FROM landlord.terms", deadline: 5_000
    ).exactlyOne
    #expect(terms.string(0) == "SUP-1" && terms.bool(1))
    let note = try admin.run(
      """
      SELECT e.reason, e.version IS NULL, e.record::jsonb ->> 'ticket', e.record::jsonb ->> 'until', e.record::jsonb -> 'predicted',
        e.record::jsonb -> 'actual'
      FROM landlord.audit_entries e WHERE e.action = 'suspend terms'
      """, deadline: 5_000
    ).exactlyOne
    #expect(note.string(0) == "why" && note.bool(1) && note.string(2) == "SUP-1")
    #expect(note.string(3) == "2100-01-01T00:00:00Z")
    #expect(note.string(4) == #"{"shop.orders": 3}"# && note.string(5) == "{}")

    #expect(try call("resume_tenant") == "saved")
    #expect(try database.count(superuser, "SELECT count(*) FROM landlord.terms") == 0)
    let access = try superuser.run("SELECT suspended_access FROM landlord.tenants", deadline: 5_000)
    #expect(access.exactlyOne.string(0) == "none")
    let store = Store(conninfo: database.conninfo, wake: {})
    guard case .history(let entries) = try store.answer(to: .history(acme, before: nil, limit: 9)) else {
      throw WrongAnswer()
    }
    #expect(entries.map(\.action) == ["resume", "suspend terms", "suspend", "register"])
    #expect(
      entries[0].changes.first { $0.field == "state" }
        == .init(field: "state", old: "suspended", new: "active"))
    #expect(entries[1].version == nil && entries[1].changes.contains { $0.new == "SUP-1" && $0.old == nil })
    let outcome = try AuditVerifier(superuser).verify()
    #expect(outcome.findings == [])
  }

  @Test(arguments: [
    ("suspend_tenant", ", 'some'", "suspended_access_known"),
    ("suspend_tenant", ", 'none', ''", "ticket_form"),
    ("suspend_tenant", ", 'none', E'a\\nb'", "ticket_form"),
    ("suspend_tenant", ", 'none', NULL, now() - interval '1 second'", "until_to_come"),
    ("deactivate_tenant", ", NULL, now() + interval '89 days'", "purge_date_early"),
  ])
  func termsHaveRulesWithNames(_ function: String, _ more: String, _ rule: String) throws {
    let error = try database.complaint(
      admin,
      "SELECT landlord.\(unescaped: function)(gen_random_uuid(), \(acme)::uuid, NULL, 'why'\(unescaped: more))"
    )
    #expect(error?.constraint == rule)
    #expect(error.map { StoreError($0) }?.rule == rule)
  }

  @Test func aDeactivatedTenantComesBackUntilItsPurgeDate() throws {
    #expect(try call("deactivate_tenant") == "saved")
    let days = try superuser.run(
      "SELECT extract(day FROM until - now())::int FROM landlord.terms", deadline: 5_000)
    #expect([89, 90].contains(days.exactlyOne.int64(0)))
    try superuser.run("UPDATE landlord.terms SET until = now()", deadline: 5_000)
    #expect(try call("reactivate_tenant") == "refused:purge_date_passed")
    let raw = try database.complaint(superuser, "UPDATE landlord.tenants SET state = 'active'")
    #expect(raw?.constraint == "purge_date_passed")
    try superuser.run("UPDATE landlord.terms SET until = now() + interval '1 minute'", deadline: 5_000)
    #expect(try call("reactivate_tenant") == "saved")
  }

  @Test func whatIsDueIsDoneOnce() throws {
    #expect(try call("suspend_tenant", ", 'read', 'SUP-1', '2100-01-01Z'") == "saved")
    let bolt = try database.register(admin, siteID: "bolt")
    try superuser.runScript(
      """
      UPDATE landlord.terms SET until = now() - interval '1 hour';
      INSERT INTO landlord.terms (tenant_id, until) VALUES ('\(bolt)', now() - interval '1 hour')
      """, deadline: 5_000)
    // Someone else is at one of the two: it is left to them.
    let other = database.connect(.superuser)
    try other.runScript(
      "BEGIN; SELECT FROM landlord.tenants WHERE tenant_id = '\(bolt)' FOR UPDATE", deadline: 5_000)
    #expect(try run() == ["acme active"])
    try other.runScript("ROLLBACK", deadline: 5_000)
    #expect(try run() == ["bolt suspended"])
    #expect(try run() == [])
    let why = try superuser.run(
      "SELECT reason FROM landlord.audit_entries WHERE action = 'resume'", deadline: 5_000)
    #expect(why.exactlyOne.string(0).contains("(SUP-1)"))
    #expect(try database.count(admin, Database.brokenEntries) == 0)
  }

  private func run() throws -> [String] {
    try admin.run("SELECT site_id || ' ' || state FROM landlord.run_due(NULL, 100)", deadline: 5_000)
      .map { $0.string(0) }
  }

  @Test func theDoorsAreTriedAsTheTenantAndLeaveNoContext() throws {
    let opens = { (query: Statement) throws -> [Bool?] in
      try database.connect(.support).run(query, deadline: 5_000).map { $0.optionalBool(0) }
    }
    let doors: Statement = "SELECT opens FROM landlord.doors(\(acme)::uuid)"
    #expect(try opens(doors) == [true, true, true, true])
    _ = try call("suspend_tenant", ", 'read'")
    #expect(try opens(doors) == [true, false, true, true])
    _ = try call("suspend_tenant")
    #expect(try opens(doors) == [false, false, false, false])
    #expect(
      try opens("SELECT bool_or(opens <> allowed) FROM landlord.doors(\(acme)::uuid)") == [false])
    let left = try database.connect(.support).run(
      """
      SELECT coalesce(current_setting('landlord.tenant_id', true), '')
      FROM (SELECT count(*) FROM landlord.doors(\(acme)::uuid) OFFSET 0) AS tried
      """, deadline: 5_000)
    #expect(left.exactlyOne.string(0) == "")
    try superuser.run(
      "INSERT INTO landlord.settings (name, value) VALUES ('context_mode', 'signed')", deadline: 5_000)
    _ = try call("resume_tenant")
    // Nobody can sign yet.
    #expect(try opens(doors) == [false, false, true, true])
    try admin.run(
      "SELECT landlord.rotate_context_key(gen_random_uuid(), sha256('key'), NULL)", deadline: 5_000)
    #expect(try opens(doors) == [true, true, true, true])
  }

  @Test(arguments: [
    ("acme", "acme-eu", true), ("acme", "acne", true), ("acme", "acmes", true), ("acme", "ace", true),
    ("acme0", "acmeo", true), ("ac-me", "acme", true), ("bill", "b1ll", true), ("acme", "acme", false),
    ("acme", "bolt", false), ("acme", "acmecorp", false), ("acme", "emca", false),
  ])
  func twinsAreThoseThatPeopleMixUp(_ a: String, _ b: String, _ expected: Bool) {
    #expect(Twins.areTwins(a, b) == expected)
    #expect(Twins.areTwins(b, a) == expected)
  }

  @Test func twinsAreFoundBesideTheTenant() throws {
    for site in ["acme-eu", "acmf", "bolt", "zeta"] { _ = try database.register(admin, siteID: site) }
    let store = Store(conninfo: server(.support), wake: {})
    guard case .lifecycle(.twins(let found)) = try store.answer(to: .lifecycle(.twins(acme))) else {
      throw WrongAnswer()
    }
    #expect(found == ["acme-eu", "acmf"])
  }

  private func server(_ login: TestServer.Login) -> String {
    TestServer.shared.conninfo(database.conninfo, as: login)
  }
}
