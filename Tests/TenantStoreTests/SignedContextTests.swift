import Postgres
import TenantStore
import TestServer
import Testing

/// Signed mode: who can run SQL as the platform cannot go from one tenant to another.
@Suite struct SignedContextTests {
  let fixture = Fixture()
  let acme: TenantID
  let bolt: TenantID
  let key: ContextKey

  init() throws {
    acme = try fixture.onboard("acme").id
    bolt = try fixture.onboard("bolt").id
    key = try Self.rotate(fixture)
    let change = SettingChange(name: "context_mode", value: "signed")
    #expect(try fixture.written(.changeSetting(change)).outcome == .saved)
  }

  private static func keys(_ fixture: Fixture) throws -> ContextKeys {
    guard case .contextKeys(let keys) = try fixture.store.answer(to: .contextKeys) else {
      throw WrongAnswer()
    }
    return keys
  }

  private static func rotate(_ fixture: Fixture) throws -> ContextKey {
    let bytes = ContextKey.randomBytes()
    #expect(try fixture.written(.rotateContextKey(KeyRotation(key: bytes))).outcome == .saved)
    return ContextKey(number: try #require(keys(fixture).live.first).number, bytes: bytes)
  }

  private func platform() -> Connection {
    TestServer.shared.connect(TestServer.shared.conninfo(fixture.conninfo, as: .platform))
  }

  private func signature(
    _ id: TenantID, _ connection: Connection, by key: ContextKey? = nil, expiry: Int64 = 9_999_999_999
  ) -> String {
    (key ?? self.key).signature(for: id, expiry: expiry, backend: connection.processID)
  }

  /// The rule by which an injected statement that enters `id` is refused; nil: it was let in.
  private func rule(_ connection: Connection, _ id: TenantID, _ signature: String) throws -> String? {
    try connection.runScript(
      """
      BEGIN; SET LOCAL landlord.tenant_id = '\(id)'; SET LOCAL landlord.context_signature = '\(signature)'
      """, deadline: 5_000)
    defer { try? connection.runScript("ROLLBACK", deadline: 5_000) }
    do {
      try connection.run("SELECT landlord.current_tenant()", deadline: 5_000)
      return nil
    } catch .server(let error) { return error.constraint }
  }

  @Test func theRightSignatureIsLetInAndNoOther() throws {
    let here = platform()
    let elsewhere = platform()
    let own = signature(acme, here)
    #expect(try rule(here, acme, own) == nil)

    #expect(try rule(here, acme, "") == "context_unsigned")
    #expect(try rule(here, acme, "1.2.3") == "signature_form")
    #expect(try rule(here, acme, "99" + own) == "signature_key")
    #expect(try rule(here, bolt, own) == "signature_forged")
    #expect(try rule(elsewhere, acme, own) == "signature_forged")
    let last: Character = own.last == "0" ? "1" : "0"
    #expect(try rule(here, acme, String(own.dropLast()) + String(last)) == "signature_forged")
    let longer = own.split(separator: ".").enumerated().map { $0 == 1 ? "99999999999" : $1 }
    #expect(try rule(here, acme, longer.joined(separator: ".")) == "signature_forged")
    #expect(try rule(here, acme, signature(acme, here, expiry: 1_700_000_000)) == "signature_expired")
    let forged = ContextKey(number: key.number, bytes: ContextKey.randomBytes())
    #expect(try rule(here, acme, signature(acme, here, by: forged)) == "signature_forged")
  }

  @Test func twoKeysLiveAndTheThirdOldestIsForgotten() throws {
    let here = platform()
    let second = try Self.rotate(fixture)
    #expect(try rule(here, acme, signature(acme, here)) == nil)
    #expect(try rule(here, acme, signature(acme, here, by: second)) == nil)
    let third = try Self.rotate(fixture)
    #expect(try rule(here, acme, signature(acme, here)) == "signature_key")
    #expect(try rule(here, acme, signature(acme, here, by: second)) == nil)
    #expect(try rule(here, acme, signature(acme, here, by: third)) == nil)
    #expect(try Self.keys(fixture).live.map(\.number) == [third.number, second.number])
  }

  @Test func theSchemaSignsAsTheProgramDoesAndVerifiesBoth() throws {
    let here = platform()
    let place = ContextPlace(tenantID: acme, backend: Int(here.processID))
    guard case .contextSignature(let signed?) = try fixture.store.answer(to: .signContext(place, seconds: 60))
    else { throw WrongAnswer() }
    #expect(try rule(here, acme, signed) == nil)
    let expiry = try #require(Int64(signed.split(separator: ".")[1]))
    #expect(signature(acme, here, expiry: expiry) == signed)
    let read = try #require(ContextKey(key.text))
    #expect(signature(acme, here, by: read, expiry: expiry) == signed)

    func problem(_ signature: String) throws -> Answer {
      try fixture.store.answer(to: .verifyContext(place, signature: signature))
    }
    #expect(try problem(signed) == .contextProblem(rule: nil))
    #expect(try problem(signature(bolt, here)) == .contextProblem(rule: "signature_forged"))
    let error = #expect(throws: StoreError.self) {
      try fixture.store.answer(to: .signContext(place, seconds: 100_000))
    }
    #expect(error?.rule == "signature_seconds")
  }

  @Test func workForATenantSignsItself() throws {
    let conninfo = TestServer.shared.conninfo(fixture.conninfo, as: .platform)
    let signing = TenantConnection(conninfo: conninfo, key: key)
    let seen = try signing.withTenant(acme) {
      try $0.run("SELECT landlord.current_tenant()::text").exactlyOne.string(0)
    }
    #expect(seen == acme.description)
    let error = #expect(throws: TenantContextError.self) {
      try TenantConnection(conninfo: conninfo).withTenant(acme) { _ in }
    }
    guard case .refused("context_unsigned", _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func aParallelPlanAsksInTheProcessThatWasSignedFor() throws {
    try fixture.behind().runScript(
      """
      CREATE TABLE rooms AS SELECT '\(acme)'::uuid AS tenant_id, n FROM generate_series(1, 100000) n;
      ALTER TABLE rooms ENABLE ROW LEVEL SECURITY;
      CREATE POLICY floor ON rooms TO landlord_tenant USING (tenant_id = (SELECT landlord.current_tenant()));
      GRANT SELECT ON rooms TO landlord_tenant;
      ANALYZE rooms
      """, deadline: 20_000)
    let here = platform()
    try here.runScript(
      """
      BEGIN; SET LOCAL landlord.tenant_id = '\(acme)';
      SET LOCAL landlord.context_signature = '\(signature(acme, here))';
      SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0; SET LOCAL min_parallel_table_scan_size = 0
      """, deadline: 5_000)
    let plan = try here.run("EXPLAIN (COSTS OFF) SELECT count(*) FROM rooms", deadline: 5_000)
    #expect(plan.contains { $0.string(0).contains("Workers Planned") })
    #expect(try here.run("SELECT count(*) FROM rooms", deadline: 5_000).exactlyOne.int64(0) == 100_000)
  }

  @Test func theKeysAreReadByNobodyAndLeaveNoTrace() throws {
    let readers = try fixture.behind().run(
      """
      SELECT r.rolname FROM pg_roles r
      WHERE NOT r.rolsuper AND r.rolname NOT IN ('landlord_owner', 'pg_read_all_data')
        AND NOT pg_has_role(r.oid, 'landlord_owner', 'MEMBER')
        AND has_any_column_privilege(r.oid, 'landlord.context_keys', 'SELECT')
      """, deadline: 5_000)
    #expect(readers.map { $0.string(0) } == [])
    let digits = String(key.text.split(separator: ".")[1])
    let traces = try fixture.value(
      """
      SELECT count(*) FROM landlord.audit_entries
      WHERE action = 'rotate context key' AND record LIKE '%contextKey%' AND record NOT LIKE '%' || \(digits) || '%'
      """)
    #expect(traces == "1")
    #expect(!"\(key)".contains(digits) && !String(reflecting: key).contains(digits))
    let rotation = KeyRotation(key: Array(repeating: 0xAB, count: 32))
    #expect(!Request.rotateContextKey(rotation).sql.contains("abab"))
  }

  @Test func whoLooksDoesNotSignAndAWrongModeIsRefused() throws {
    let place = ContextPlace(tenantID: acme, backend: 1)
    for request in [Request.signContext(place, seconds: 1), .rotateContextKey(KeyRotation(key: []))] {
      let error = #expect(throws: StoreError.self) { try fixture.store(as: .support).answer(to: request) }
      guard case .notPermitted = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
    func rule(_ request: Request) -> String? {
      #expect(throws: StoreError.self) { try fixture.store.answer(to: request) }?.rule
    }
    #expect(rule(.changeSetting(SettingChange(name: "context_mode", value: "none"))) == "context_mode_known")
    #expect(rule(.rotateContextKey(KeyRotation(key: [1, 2, 3]))) == "context_key_length")
    for text in [
      "", "1", "1.", "0.\(String(repeating: "a", count: 64))", "1.\(String(repeating: "g", count: 64))",
    ] {
      #expect(ContextKey(text) == nil)
    }
  }
}
