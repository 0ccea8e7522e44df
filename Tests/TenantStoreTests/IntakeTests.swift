import TestServer
import Testing

@testable import TenantStore

/// Many tenants from a file, at the real server.
@Suite struct IntakeTests {
  let fixture = Fixture()
  static let head =
    "siteId,tenantName,contactEmail,websiteUrl,businessIndustry,allowedOrigins,permissions\r\n"

  private func intake(_ lines: String..., head: String = head) throws -> Intake {
    try Intake(Array((head + lines.joined(separator: "\r\n")).utf8))
  }

  private func judged(_ intake: Intake, _ plan: IntakePlan? = nil) throws -> Intake {
    var intake = intake
    guard case .catalogues(let catalogues) = try fixture.store.answer(to: .catalogues),
      case .unavailable(let unavailable) = try fixture.store.answer(
        to: .unavailable(siteIDs: intake.right.map(\.siteID)))
    else { throw WrongAnswer() }
    intake.judge(catalogues, unavailable: unavailable, unless: plan?.isKnown ?? { _ in false })
    return intake
  }

  private func send(_ batch: OnboardingBatch) throws -> [BulkRow] {
    guard case .bulk(let rows) = try fixture.store.answer(to: .onboardBatch(batch)) else {
      throw WrongAnswer()
    }
    return rows
  }

  private func planned(_ intake: Intake, _ plan: IntakePlan = IntakePlan(id: .random(), installation: "here"))
    -> IntakePlan
  {
    var plan = plan
    plan.plan(intake, tenantID: { .random() }, secret: { .random() })
    return plan
  }

  @Test func eachLineIsJudgedByAllRules() throws {
    _ = try fixture.onboard("taken")
    let intake = try judged(
      intake(
        "acme,Acme GmbH,ops@acme.example,,retail,\"https://acme.example,https://shop.acme.example/\",billing.read",
        "A B,Acme,ops@acme.example,,retail,,", "bolt,Bolt,nobody,,whaling,,",
        "acme,Acme 2,a@b.example,,retail,,",
        "taken,Taken,a@b.example,,retail,,", "dim,Dim,a@b.example,,retail,http://dim.example,nothing.known",
        "short,Short",
        "open,\"Open"))
    #expect(intake.lines.map(\.number) == Array(2...9))
    #expect(
      intake.lines.map { $0.problems.map(\.rule) } == [
        [], ["site_id_form"], ["contact_email_form", "business_industry_known"], ["site_id_in_file"],
        ["site_id_taken"],
        ["allowed_origins_https", "permissions_known"], ["csv_form"], ["csv_form"],
      ])
    #expect(
      intake.right.first?.fields[.allowedOrigins]
        == .list(["https://acme.example", "https://shop.acme.example"]))
    #expect(intake.lines[3].problems.first?.message == "Line 2 of this file has this site id too.")
  }

  @Test func theFirstLineNamesTheColumnsInAnyOrderAndAnExportIsTakenAsItIs() throws {
    let swapped = try intake(
      "retail;a@b.example;Acme;ACME", head: "businessindustry;ContactEmail;tenantName;siteId\n")
    #expect(swapped.right.first?.siteID == "acme")
    let export = try intake(
      "x,acme,Acme,a@b.example,retail,true",
      head: "tenantId,siteId,tenantName,contactEmail,businessIndustry,isActive\n")
    #expect(export.unused == ["tenantId", "isActive"])
    for head in [
      "", "siteId,tenantName\n", "siteId,siteId,tenantName,contactEmail,businessIndustry\n", "\"siteId\n",
      "site\n",
    ] {
      #expect(throws: Intake.Problem.self) { try intake("acme", head: head) }
    }
  }

  @Test func eachIsMadeForItselfAndARepeatMakesNothing() throws {
    var plan = planned(
      try judged(intake("acme,Acme,a@b.example,,retail,,", "bolt,Bolt,a@b.example,,energy,,")))
    let batch = plan.batches(reason: "SUP-1")[0]
    // Between the look and the writing somebody takes one of the names.
    _ = try fixture.onboard("bolt")

    let rows = try send(batch)
    plan.take(rows)

    #expect(plan.entries.map(\.outcome) == [.saved, .refused])
    #expect(plan.entries[1].why.hasPrefix("Another tenant has"))
    let secret = plan.entries[0].secret
    #expect(
      try fixture.store.answer(to: .verifySecret(plan.entries[0].tenantID, verifier: secret.verifier))
        == .secret(matches: true))
    #expect(try send(batch).map(\.written.repeated) == [true, false])
    let history = try fixture.history(plan.entries[0].tenantID)
    #expect(history.map(\.reason) == ["SUP-1"] && history.map(\.action) == ["register"])
  }

  @Test func whatIsGoneOnWithKeepsItsIDsAndSecretsAndMendedLinesAreNew() throws {
    let first = try intake(
      "acme,Acme,a@b.example,,retail,,", "bolt,Bolt,a@b.example,,energy,,", "watt,Watt,nobody,,energy,,")
    var plan = planned(try judged(first))
    let rows = try send(plan.batches(of: 1, reason: nil)[0])
    // The process dies here: what was written to the file before is all there is.
    let kept = try #require(IntakeResults.plan(Array(IntakeResults.text(plan).utf8)))
    plan.take(rows)
    let mended = try judged(
      intake(
        "watt,Watt,a@b.example,,energy,,", "bolt,Bolt,a@b.example,,energy,,",
        "acme,Acme,a@b.example,,retail,,"), kept)
    #expect(mended.wrong.isEmpty)

    var again = planned(mended, kept)
    for batch in again.batches(of: 2, reason: nil) { again.take(try send(batch)) }

    #expect(
      again.entries.map(\.siteID) == ["watt", "bolt", "acme"]
        && again.entries.allSatisfy { $0.outcome == .saved })
    #expect(again.entries[2].secret.text == plan.entries[0].secret.text)
    #expect(again.entries[2].entryID == plan.entries[0].entryID)
    for entry in again.entries {
      #expect(
        try fixture.store.answer(to: .verifySecret(entry.tenantID, verifier: entry.secret.verifier))
          == .secret(matches: true))
      #expect(try fixture.history(entry.tenantID).count == 1)
    }
    #expect(planned(mended, again).batches(reason: nil).isEmpty)
  }

  @Test func theWholeIsUndoneAndAnsweredForOneByOne() throws {
    var plan = planned(
      try judged(intake("acme,Acme,a@b.example,,retail,,", "bolt,Bolt,a@b.example,,energy,,")))
    plan.take(try send(plan.batches(reason: nil)[0]))
    let acme = plan.entries[0].tenantID
    _ = try fixture.store.answer(
      to: .deactivate(Transition(tenantID: acme, expectedVersion: nil, reason: "by hand")))

    guard
      case .bulk(let rows) = try fixture.store.answer(
        to: .bulk(Bulk(change: .deactivate, tenants: plan.made, reason: "wrong file")))
    else { throw WrongAnswer() }
    plan.undid(rows)

    #expect(plan.entries.map(\.outcome) == [.undone, .undone] && plan.made.isEmpty)
    #expect(try fixture.history(plan.entries[1].tenantID).first?.reason == "wrong file")
  }

  @Test func aFileOfResultsIsReadOnlyWhole() throws {
    var plan = planned(
      try intake("acme,\"=Acme, \"\"x\"\"\",a@b.example,,retail,,", "bolt,Bolt,a@b.example,,energy,,"))
    plan.take([
      BulkRow(
        tenantID: plan.entries[0].tenantID, requestID: plan.entries[0].requestID,
        written: Written(outcome: .refused, rule: "site_id_taken"))
    ])
    let text = IntakeResults.text(plan)
    let read = try #require(IntakeResults.plan(Array(text.utf8)))
    #expect(read.id == plan.id && read.installation == "here")
    #expect(read.entries.map(\.secret.text) == plan.entries.map(\.secret.text))
    #expect(
      read.entries.map(\.outcome) == [.refused, .planned] && read.entries[0].why == plan.entries[0].why)
    for bytes in [
      [], Array("x".utf8), Array(text.utf8.dropLast(30)), Array((text + "x,y\n").utf8), [0xFF, 0],
    ] {
      #expect(IntakeResults.plan(bytes) == nil)
    }
  }

  /// A spreadsheet would take it for a formula, and CSV's guard against that would spoil it.
  @Test func noSecretBeginsWithAHyphen() throws {
    var offered = [
      TenantSecret("-AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")!,
      TenantSecret("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")!,
    ]
    var plan = IntakePlan(id: .random(), installation: "here")
    plan.plan(
      try intake("acme,Acme,a@b.example,,retail,,"), tenantID: { .random() },
      secret: { offered.removeFirst() })
    #expect(plan.entries[0].secret.text.hasPrefix("AAE"))
  }

  @Test func whoIsLimitedMakesOnlyWhatIsWithinTheLimits() throws {
    let database = Database()
    let admin = Store(conninfo: database.server.conninfo(database.conninfo, as: .admin), wake: {})
    defer { admin.close() }
    try database.connect(.admin).run(
      "SELECT landlord.limit_person(gen_random_uuid(), 'admin_limited', 'retail', NULL, 'why')",
      deadline: 5000)
    let limited = Store(conninfo: database.server.conninfo(database.conninfo, as: .limitedAdmin), wake: {})
    defer { limited.close() }
    var plan = planned(try intake("acme,Acme,a@b.example,,retail,,", "bolt,Bolt,a@b.example,,energy,,"))
    guard case .bulk(let rows) = try limited.answer(to: .onboardBatch(plan.batches(reason: nil)[0])) else {
      throw WrongAnswer()
    }
    plan.take(rows)
    #expect(rows.map(\.written.rule) == [nil, "business_industry_reach"])
    #expect(plan.entries.map(\.outcome) == [.saved, .refused])
    #expect(try limited.answer(to: .unavailable(siteIDs: ["acme", "bolt"])) == .unavailable(["acme"]))
  }
}
