import Postgres
import TenantStore
import TestServer
import Testing

@Suite struct TenantRequestTests {
  let fixture = Fixture()

  @Test func aTenantComesBackAsItWasGiven() throws {
    let tenant = try fixture.onboard("acme", [.name: .text("Café \"X\" \\ 株式会社 👩‍👩‍👧")])

    #expect(tenant.name == "Café \"X\" \\ 株式会社 👩‍👩‍👧")
    #expect(tenant.version == 1 && tenant.state == .active && tenant.isActive)
    #expect(tenant.createdAt == tenant.updatedAt)
    #expect(abs(tenant.createdAt.microseconds - Instant.now().microseconds) < 60_000_000)
    #expect(try fixture.store.answer(to: .tenant(.id(tenant.id))) == .tenant(tenant))
    #expect(try fixture.store.answer(to: .tenant(.siteID("acme"))) == .tenant(tenant))
    #expect(try fixture.store.answer(to: .tenant(.siteID("acm"))) == .tenant(nil))
  }

  @Test func optionalFieldsMayBeAbsentOrEmpty() throws {
    let tenant = try fixture.onboard(
      "bare", [.websiteURL: .absent, .allowedOrigins: .list([]), .permissions: .list([])])
    #expect(tenant.websiteURL == nil && tenant.allowedOrigins == [] && tenant.permissions == [])
  }

  @Test func onlyTouchedFieldsAreWritten() throws {
    let tenant = try fixture.onboard()

    let answer = try fixture.written(
      .update(Update(tenantID: tenant.id, expectedVersion: 1, changes: [.websiteURL: .absent])))

    var expected = tenant
    expected.websiteURL = nil
    expected.version = 2
    expected.updatedAt = try #require(answer.tenant).updatedAt
    #expect(answer.outcome == .saved && !answer.repeated && answer.entryID != nil)
    #expect(answer.tenant == expected)
    #expect(expected.updatedAt > tenant.updatedAt)
  }

  @Test func aChangeThatChangesNothingIsSavedWithoutAnEntry() throws {
    let tenant = try fixture.onboard()
    let answer = try fixture.written(
      .update(Update(tenantID: tenant.id, expectedVersion: 1, changes: [.name: .text(tenant.name)])))
    #expect(answer == Written(outcome: .saved, tenant: tenant))
    #expect(try fixture.history(tenant.id).count == 1)
  }

  @Test func aStaleEditChangesNothingAndWritesNoAudit() throws {
    let tenant = try fixture.onboard()
    _ = try fixture.written(
      .update(Update(tenantID: tenant.id, expectedVersion: 1, changes: [.name: .text("B")])))

    let answer = try fixture.written(
      .update(Update(tenantID: tenant.id, expectedVersion: 1, changes: [.name: .text("C")])))

    #expect(answer.outcome == .stale && answer.entryID == nil)
    #expect(answer.tenant?.name == "B" && answer.tenant?.version == 2)
    #expect(try fixture.history(tenant.id).count == 2)
  }

  @Test func withoutAVersionTheTouchedFieldsAreWrittenWhateverItIs() throws {
    let tenant = try fixture.onboard()
    _ = try fixture.written(
      .update(Update(tenantID: tenant.id, expectedVersion: 1, changes: [.name: .text("B")])))
    let answer = try fixture.written(
      .update(Update(tenantID: tenant.id, expectedVersion: nil, changes: [.contactEmail: .text("x@y")])))
    #expect(answer.tenant?.name == "B" && answer.tenant?.contactEmail == "x@y" && answer.tenant?.version == 3)
  }

  @Test func whatIsNotThereIsGone() throws {
    let nobody = TenantID.random()
    #expect(try fixture.store.answer(to: .tenant(.id(nobody))) == .tenant(nil))
    let answer = try fixture.written(.update(Update(tenantID: nobody, expectedVersion: nil, changes: [:])))
    #expect(answer == Written(outcome: .gone))
    #expect(
      try fixture.written(.deactivate(Transition(tenantID: nobody, expectedVersion: nil, reason: "x")))
        .outcome
        == .gone)
  }

  @Test func deactivatedAndReactivatedEachOnce() throws {
    let tenant = try fixture.onboard()
    func transition(_ reason: String = "contract ended") -> Transition {
      Transition(tenantID: tenant.id, expectedVersion: nil, reason: reason)
    }

    let down = try fixture.written(.deactivate(transition()))
    #expect(down.outcome == .saved && down.tenant?.state == .deactivated && down.tenant?.isActive == false)
    let again = try fixture.written(.deactivate(transition()))
    #expect(again.outcome == .refused && again.rule == "state_transition")
    let up = try fixture.written(.reactivate(transition("came back")))
    #expect(up.outcome == .saved && up.tenant?.state == .active)
    #expect(try fixture.written(.reactivate(transition())).outcome == .refused)
    #expect(try fixture.history(tenant.id).map(\.action) == ["reactivate", "deactivate", "register"])
  }

  @Test func aTransitionNeedsAReason() throws {
    let tenant = try fixture.onboard()
    let error = #expect(throws: StoreError.self) {
      try fixture.store.answer(
        to: .deactivate(Transition(tenantID: tenant.id, expectedVersion: nil, reason: " ")))
    }
    #expect(error?.rule == "reason_required")
  }

  @Test func aSiteIDIsGivenOnce() throws {
    let tenant = try fixture.onboard("acme")
    #expect(try fixture.store.answer(to: .availability(siteID: "acme")) == .availability(.taken))
    #expect(try fixture.store.answer(to: .availability(siteID: "acme2")) == .availability(.free))
    let error = #expect(throws: StoreError.self) {
      try fixture.store.answer(to: .onboard(Fixture.onboarding("acme")))
    }
    #expect(
      error
        == .field(
          FieldProblem(
            field: .siteID, rule: "site_id_taken",
            message: "Another tenant has or had this site id; choose another.")))
    let owner = fixture.behind()
    try owner.run("DELETE FROM landlord.tenant_secrets WHERE tenant_id = \(tenant.id)::uuid", deadline: 5_000)
    try owner.run("DELETE FROM landlord.tenants WHERE tenant_id = \(tenant.id)::uuid", deadline: 5_000)
    #expect(try fixture.store.answer(to: .availability(siteID: "acme")) == .availability(.used))
  }

  @Test func aRefusedFormMayGoOutMendedUnderTheSameID() throws {
    let id = RequestID.random()
    let error = #expect(throws: StoreError.self) {
      try fixture.store.answer(
        to: .onboard(Fixture.onboarding("acme", [.contactEmail: .text("nobody")], requestID: id)))
    }
    #expect(error?.rule == "contact_email_form")
    #expect(try fixture.written(.onboard(Fixture.onboarding("acme", requestID: id))).outcome == .saved)
  }

  @Test func theSameRequestAgainIsRepeatedAndAnotherUnderItsIDRefused() throws {
    let onboarding = Fixture.onboarding()
    let first = try fixture.written(.onboard(onboarding))
    let second = try fixture.written(.onboard(onboarding))
    #expect(
      !first.repeated && second.repeated && second.tenant == first.tenant && second.entryID == first.entryID)

    var other = onboarding
    other.fields[.name] = .text("Other")
    #expect(throws: StoreError.requestReused) { try fixture.store.answer(to: .onboard(other)) }
  }

  @Test func missingFieldsAreNamed() throws {
    for field in [TenantField.siteID, .name, .contactEmail, .industry] {
      var onboarding = Fixture.onboarding()
      onboarding.fields[field] = nil
      let error = #expect(throws: StoreError.self) { try fixture.store.answer(to: .onboard(onboarding)) }
      guard case .field(let problem) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(problem.field == field)
    }
  }

  @Test func historyTellsOldAndNewFieldByField() throws {
    let tenant = try fixture.onboard()
    _ = try fixture.written(
      .update(
        Update(
          tenantID: tenant.id, expectedVersion: 1,
          changes: [
            .websiteURL: .absent, .permissions: .list([]), .allowedOrigins: .list(["https://new.example"]),
          ],
          reason: "moved")))

    let entries = try fixture.history(tenant.id)

    #expect(entries.map(\.seq) == [2, 1])
    #expect(entries[0].actor == "admin" && entries[0].action == "update" && entries[0].reason == "moved")
    #expect(Set(entries[0].changed) == ["websiteUrl", "permissions", "allowedOrigins"])
    let changes = entries[0].changes.reduce(into: [:]) { $0[$1.field] = $1 }
    #expect(changes["websiteUrl"] == .init(field: "websiteUrl", old: "https://acme.example/", new: nil))
    #expect(changes["permissions"] == .init(field: "permissions", old: "billing.read, users.read", new: ""))
    #expect(changes["allowedOrigins"]?.new == "https://new.example")
    #expect(
      entries[1].changes.first { $0.field == "siteId" } == .init(field: "siteId", old: nil, new: "acme"))
    #expect(try fixture.history(tenant.id, before: 2, limit: 1).map(\.seq) == [1])
    #expect(try fixture.history(tenant.id, limit: 1).map(\.seq) == [2])
  }

  @Test func whoMayOnlyLookIsRefused() throws {
    let tenant = try fixture.onboard()
    for login in [TestServer.Login.support, .auditor] {
      let store = fixture.store(as: login)
      #expect(try store.answer(to: .tenant(.id(tenant.id))) == .tenant(tenant))
      let requests: [Request] = [
        .onboard(Fixture.onboarding("other")),
        .update(Update(tenantID: tenant.id, expectedVersion: nil, changes: [.name: .text("x")])),
        .deactivate(Transition(tenantID: tenant.id, expectedVersion: nil, reason: "x")),
        .reactivate(Transition(tenantID: tenant.id, expectedVersion: nil, reason: "x")),
        .settle(.random()), .changeSetting(SettingChange(name: "environment", value: "x")),
        .changeCatalogue(CatalogueChange(catalogue: .industries, kind: .add, name: "x")),
      ]
      for request in requests {
        let error = #expect(throws: StoreError.self) { try store.answer(to: request) }
        guard case .notPermitted = error else {
          Issue.record("\(String(describing: error))")
          continue
        }
      }
      #expect(try store.answer(to: .noteRefusal(action: "edit", tenant: tenant.id, what: "name")) == .noted)
    }
    #expect(try fixture.value("SELECT count(*)::text FROM landlord.attempts") == "2")
  }

  @Test func aSecretIsKnownByItsHashAlone() throws {
    let secret = TenantSecret.random()
    var onboarding = Fixture.onboarding()
    onboarding.verifier = secret.verifier
    let tenant = try #require(try fixture.written(.onboard(onboarding)).tenant)
    #expect(
      try fixture.store.answer(to: .verifySecret(tenant.id, verifier: secret.verifier))
        == .secret(matches: true))
    #expect(
      try fixture.store.answer(to: .verifySecret(tenant.id, verifier: TenantSecret.random().verifier))
        == .secret(matches: false))
    // Who has made a tenant that is not in service yet, and lost the answer, learns whose secret it has.
    try fixture.behind().run("UPDATE landlord.tenants SET state = 'suspended'", deadline: 5_000)
    #expect(
      try fixture.store.answer(to: .verifySecret(tenant.id, verifier: secret.verifier))
        == .secret(matches: false))
    #expect(
      try fixture.store.answer(to: .verifySecret(tenant.id, verifier: secret.verifier, whileShut: true))
        == .secret(matches: true))
  }

  @Test func aSecretIsNotPrinted() {
    let secret = TenantSecret.random()
    var dumped = ""
    dump(secret, to: &dumped)
    for text in ["\(secret)", String(reflecting: secret), dumped] { #expect(!text.contains(secret.text)) }
    #expect(TenantSecret(secret.text)?.verifier == secret.verifier && secret.text.utf8.count == 43)
    #expect(TenantSecret(secret.text + "A") == nil && TenantSecret("acme") == nil)
  }

  @Test func aNULByteIsAFieldProblem() throws {
    let inJSON = #expect(throws: StoreError.self) {
      try fixture.store.answer(to: .onboard(Fixture.onboarding("acme", [.name: .text("a\0b")])))
    }
    #expect(inJSON?.rule == "no_nul")
    let error = #expect(throws: StoreError.self) { try fixture.store.answer(to: .tenant(.siteID("acme\0x"))) }
    #expect(error?.rule == "no_nul")
  }
}
