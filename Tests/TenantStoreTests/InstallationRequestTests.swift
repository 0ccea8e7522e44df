import Postgres
import TenantStore
import TestServer
import Testing

@Suite struct InstallationRequestTests {
  let fixture = Fixture()

  func session(_ store: Store) throws -> Session {
    guard case .session(let session) = try store.answer(to: .session) else { throw WrongAnswer() }
    return session
  }

  @Test func theSessionSaysWhoAndWhatAndWhere() throws {
    let session = try session(fixture.store)
    #expect(session.user == "admin" && session.right == .admin && !session.bypassesPolicies)
    #expect(
      session.host == "local" && session.schema == .current && !session.readOnly && session.environment == nil
    )
    #expect(session.serverVersion.contains("."))
  }

  @Test(arguments: [
    (TestServer.Login.support, Session.Right.support, false), (.auditor, .auditor, false),
    (.stranger, .none, false), (.superuser, .admin, false), (.limitedSupport, .support, true),
    (.limitedAdmin, .admin, true), (.limitedAuditor, .auditor, true),
  ])
  func theRightIsTheRoles(_ login: TestServer.Login, _ right: Session.Right, _ isLimited: Bool) throws {
    let session = try session(fixture.store(as: login))
    #expect(session.right == right && session.isLimited == isLimited)
    #expect(session.bypassesPolicies == (login == .superuser))
  }

  @Test func policiesDoNotHoldForWhoOwnsTheTenants() throws {
    #expect(try !session(fixture.store(as: .platformAdmin)).bypassesPolicies)
    try fixture.behind().runScript(
      "ALTER TABLE landlord.tenants OWNER TO \(TestServer.Login.platformOwner.rawValue)", deadline: 5_000)
    #expect(try session(fixture.store(as: .platformAdmin)).bypassesPolicies)
  }

  @Test func withoutTheSchemaTheSessionSaysSo() throws {
    let store = Store(conninfo: TestServer.shared.database(.empty, as: .installer), wake: {})
    let session = try session(store)
    #expect(session.schema == .absent && session.user == "installer")
    let error = #expect(throws: StoreError.self) { try store.answer(to: .page(PageRequest())) }
    guard case .server = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func aSchemaOfAnotherOriginIsForeign() throws {
    let conninfo = TestServer.shared.database(.empty, as: .superuser)
    try TestServer.shared.connect(conninfo).runScript("CREATE SCHEMA landlord", deadline: 5_000)
    guard case .foreign = try session(Store(conninfo: conninfo, wake: {})).schema else {
      Issue.record("not foreign")
      return
    }
  }

  @Test func aMigrationThatIsMissingIsNamed() throws {
    try fixture.behind().runScript(
      "DELETE FROM landlord.migrations WHERE name = (SELECT max(name) FROM landlord.migrations)",
      deadline: 5_000)
    #expect(try session(fixture.store).schema == .behind([try #require(Migration.all.last).name]))
  }

  @Test func theEnvironmentIsASetting() throws {
    let change = SettingChange(name: "environment", value: "production")
    #expect(try fixture.written(.changeSetting(change)).outcome == .saved)
    #expect(try session(fixture.store).isProduction)
    #expect(try fixture.written(.changeSetting(change)).repeated)
    #expect(
      try fixture.written(.changeSetting(SettingChange(name: "environment", value: ""))).outcome == .saved)
    #expect(try session(fixture.store).environment == nil)
    let error = #expect(throws: StoreError.self) {
      try fixture.store.answer(to: .changeSetting(SettingChange(name: "environment", value: "a\nb")))
    }
    #expect(error?.rule == "setting_value_form")
  }

  @Test func aReadOnlySessionIsToldAndWritesAreRefused() throws {
    let store = Store(conninfo: fixture.conninfo + " options='-c default_transaction_read_only=on'", wake: {})
    #expect(try session(store).readOnly)
    #expect(throws: StoreError.readOnly) { try store.answer(to: .onboard(Fixture.onboarding())) }
  }

  @Test func cataloguesAreAddedToAndRetiredFrom() throws {
    func change(_ catalogue: CatalogueChange.Catalogue, _ kind: CatalogueChange.Kind, _ name: String) throws
      -> Written
    {
      try fixture.written(.changeCatalogue(CatalogueChange(catalogue: catalogue, kind: kind, name: name)))
    }
    for catalogue in CatalogueChange.Catalogue.allCases {
      #expect(try change(catalogue, .add, "new.one").outcome == .saved)
      #expect(try change(catalogue, .retire, "new.one").outcome == .saved)
      #expect(try change(catalogue, .retire, "never-there").outcome == .gone)
      let error = #expect(throws: StoreError.self) { try change(catalogue, .add, "Not A Name") }
      #expect(error?.rule == "catalogue_name_form")
    }
    guard case .catalogues(let catalogues) = try fixture.store.answer(to: .catalogues) else {
      throw WrongAnswer()
    }
    #expect(catalogues.industries.contains(.init(name: "new.one", retired: true)))
    #expect(catalogues.permissions.contains(.init(name: "new.one", retired: true)))
    #expect(catalogues.industries.map(\.name) == catalogues.industries.map(\.name).sorted())
  }

  @Test func retiredItemsStayButAreNotNewlyChosen() throws {
    let tenant = try fixture.onboard()
    for (catalogue, name) in [(CatalogueChange.Catalogue.industries, "retail"), (.permissions, "users.read")]
    {
      _ = try fixture.written(
        .changeCatalogue(CatalogueChange(catalogue: catalogue, kind: .retire, name: name)))
    }

    let kept = try fixture.written(
      .update(
        Update(
          tenantID: tenant.id, expectedVersion: nil,
          changes: [.name: .text("Kept"), .permissions: .list(["users.read"])])))
    #expect(kept.outcome == .saved)
    func rule(_ changes: [TenantField: FieldValue]) -> String? {
      #expect(throws: StoreError.self) {
        try fixture.store.answer(to: .onboard(Fixture.onboarding("other", changes)))
      }?.rule
    }
    #expect(rule([.permissions: .list([])]) == "business_industry_retired")
    #expect(rule([.industry: .text("media")]) == "permissions_retired")
    #expect(rule([.industry: .text("nonsense"), .permissions: .list([])]) == "business_industry_known")
    #expect(rule([.industry: .text("media"), .permissions: .list(["nonsense"])]) == "permissions_known")
  }
}
