import Postgres
import TestServer
import Testing

@testable import TenantStore

/// Giving and taking groups, with roles of each test's own: roles are the server's.
@Suite struct AccessTests {
  let fixture = Fixture()
  let name = "ana_\(TenantID.random().description.prefix(8))"

  init() throws { try fixture.behind().runScript("CREATE ROLE \(name) LOGIN", deadline: 5_000) }

  private func access(_ login: TestServer.Login = .superuser) -> Access {
    Access(TestServer.shared.connect(TestServer.shared.conninfo(fixture.conninfo, as: login)))
  }

  private func failure(_ body: () throws -> AccessChange) -> AccessError? {
    do {
      let change = try body()
      Issue.record("was done: \(change)")
      return nil
    } catch { return error as? AccessError }
  }

  /// What the audit has of it, oldest first.
  private func recorded() throws -> [String] {
    try fixture.behind().run(
      """
      SELECT action || ' ' || record FROM landlord.audit_entries
      WHERE tenant_id = '00000000-0000-0000-0000-000000000000' AND record::jsonb ->> 'person' = \(name)::text ORDER BY seq
      """, deadline: 5_000
    ).map { $0.string(0) }
  }

  private func myself() throws -> Person? { try access().people().first { $0.name == name } }

  @Test func whatIsGivenIsRecordedAndWhatIsThereAlreadyIsNot() throws {
    let change = try access().grant(.auditor, to: name, reason: "SUP-1")
    #expect(change.granted == ["landlord_auditor"] && change.entryID != nil)
    #expect(try access().grant(.auditor, to: name, reason: nil) == AccessChange())
    #expect(try myself() == Person(name: name, roles: ["landlord_auditor"]))
    let taken = try access().revoke(.auditor, from: name, reason: nil)
    #expect(taken.revoked == ["landlord_auditor"] && taken.entryID != nil)
    #expect(try access().revoke(.auditor, from: name, reason: nil) == AccessChange())
    #expect(try myself() == nil)
    #expect(
      try recorded() == [
        #"access grant {"person": "\#(name)", "granted": ["landlord_auditor"], "revoked": []}"#,
        #"access revoke {"person": "\#(name)", "granted": [], "revoked": ["landlord_auditor"]}"#,
      ])
  }

  @Test func aLimitMovesThePersonAndTakingAllAwayMovesBack() throws {
    let acme = try fixture.onboard()
    _ = try access().grant(.admin, to: name, reason: nil)
    _ = try access().grant(.support, to: name, reason: nil)

    let limited = try access().limit(
      name, to: [.industry("retail"), .tenant(.siteID("acme")), .tenant(.id(acme.id))], reason: "why")

    #expect(limited.granted == ["landlord_support_limited", "landlord_admin_limited"])
    #expect(limited.revoked == ["landlord_support", "landlord_admin"])
    #expect(limited.limits == 2)
    let person = try #require(try myself())
    #expect(person.roles == ["landlord_admin_limited", "landlord_support_limited"] && person.isLimited)
    #expect(person.industries == ["retail"] && person.tenants == ["acme"] && !person.limitsAreVoid)
    #expect(try access().grant(.auditor, to: name, reason: nil).granted == ["landlord_auditor_limited"])
    let less = try access().unlimit(name, from: [.tenant(.siteID("acme"))], reason: "why")
    #expect(less.granted == [] && less.limits == 1)
    #expect(
      failure { try access().unlimit(name, from: [.industry("media")], reason: "why") } == .noSuchLimit(name))
    let all = try access().unlimit(name, from: [], reason: "why")
    #expect(all.granted == ["landlord_support", "landlord_admin", "landlord_auditor"] && all.limits == 1)
    #expect(try myself()?.isLimited == false)
  }

  /// Limits first, then the group: at no time is more reached than the limits allow.
  @Test func whoHasLimitsIsLetInWithThem() throws {
    _ = try access().limit(name, to: [.industry("retail")], reason: "why")
    #expect(try myself()?.groups == [])
    #expect(try access().grant(.support, to: name, reason: nil).granted == ["landlord_support_limited"])
  }

  @Test func aLimitThatAnotherRoleMakesIdleIsRefusedWhole() throws {
    let team = name + "_team"
    try fixture.behind().runScript(
      "CREATE ROLE \(team) IN ROLE landlord_support; GRANT \(team), landlord_admin TO \(name)",
      deadline: 5_000)
    let error = failure { try access().limit(name, to: [.industry("retail")], reason: "why") }
    guard case .rule(let problem) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(problem.rule == "limit_holds")
    #expect(try myself()?.roles == ["landlord_admin", "landlord_support"])
    #expect(try recorded() == [])
    // Given by hand, past all this: then the list says so.
    try fixture.behind().runScript("GRANT landlord_support_limited TO \(name)", deadline: 5_000)
    #expect(try myself()?.limitsAreVoid == true)
  }

  /// A login that could give the group, but not write that down, gives nothing.
  @Test func noGroupChangesHandsUnrecorded() throws {
    let creator = name + "_creator"
    try fixture.behind().runScript("CREATE ROLE \(creator) LOGIN CREATEROLE", deadline: 5_000)
    let mine = Access(TestServer.shared.connect(fixture.conninfo + " user=\(creator)"))
    #expect(failure { try mine.grant(.support, to: name, reason: nil) } == .mayNotRecord(login: creator))
    #expect(try myself() == nil)
    #expect(failure { try access(.admin).grant(.support, to: name, reason: nil) } != nil)
    #expect(try myself() == nil)
    // Nor where the audit fails at the last moment.
    #expect(
      failure { try access().grant(.support, to: name, reason: "a\u{7}b") }
        == .rule(
          FieldProblem(
            field: nil, rule: "reason_characters", message: "Remove control characters from the reason.")))
    #expect(try myself() == nil)
  }

  /// The login that migrates is no admin, but can become the owner.
  @Test func whoMigratesMayGrantAndRecord() throws {
    let conninfo = TestServer.shared.database(.empty, as: .installer)
    let connection = TestServer.shared.connect(conninfo)
    _ = try Migrator(connection).migrate()
    let access = Access(connection)
    #expect(try access.grant(.support, to: name, reason: nil).entryID != nil)
    #expect(try access.limit(name, to: [.industry("retail")], reason: "why").limits == 1)
    #expect(try access.people().contains { $0.name == name && $0.isLimited })
    #expect(try access.unlimit(name, from: [], reason: "why").revoked == ["landlord_support_limited"])
    #expect(try access.revoke(.support, from: name, reason: nil).revoked == ["landlord_support"])
  }

  @Test func whoIsNotThereIsSaidToBeMadeFirst() throws {
    let error = failure { try access().grant(.admin, to: "no\"body", reason: nil) }
    #expect(
      error?.description
        == #"there is no role "no"body" on this server; make it first: CREATE ROLE "no""body" LOGIN"#)
    #expect(
      failure { try access().grant(.admin, to: "landlord_tenant", reason: nil) }
        == .notAPerson("landlord_tenant"))
    #expect(
      failure { try access().limit(name, to: [.tenant(.siteID("nosuch"))], reason: "why") }
        == .noSuchTenant("nosuch"))
  }

  @Test func whoIsLimitedSeesHimselfAloneAndAStrangerNobody() throws {
    #expect(try access(.limitedSupport).people().map(\.name) == ["support_limited"])
    #expect(try access(.support).people().map(\.name).contains("admin"))
    #expect(throws: AccessError.mayNotLook(login: "stranger")) { try access(.stranger).people() }
  }
}
