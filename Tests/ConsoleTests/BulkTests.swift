import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("Bulk changes")
struct BulkTests {
  private static let bulkID: RequestID = Sample.id(0xA02)

  private static func row(_ tenant: Tenant, _ written: Written) -> BulkRow {
    BulkRow(tenantID: tenant.id, requestID: Sample.id(1), written: written)
  }

  private static func isBulk(_ request: Request) -> Bool {
    if case .bulk = request { true } else { false }
  }

  /// Three tenants are marked and all that is needed is typed: the preview is asked for.
  private static func reviewed() -> Stage {
    var stage = Stage.list(lines: 18)
    stage.press("vjjvb<Enter>")
    stage.answer(.catalogues(Sample.catalogues))
    _ = stage.wanted()
    stage.press("SUP-7 ended<Ctrl-o>")
    return stage
  }

  /// The same, agreed to.
  private static func running() -> Stage {
    var stage = reviewed()
    stage.answer(.bulkPreview(BulkPreview(changing: 2, refused: 1)))
    _ = stage.asked()
    stage.press("y")
    return stage
  }

  /// A list of this many, all marked, with an industry on its way to them.
  private static func many(_ count: Int) -> Stage {
    var stage = Stage.list(Sample.many(0..<count), lines: 18)
    stage.press("*")
    stage.answer(.matching(Sample.many(0..<count).map(\.id)))
    stage.press("bjjjjjj<Enter>")
    stage.answer(.catalogues(Sample.catalogues))
    stage.press("<Enter><Enter><Tab>why<Ctrl-o>")
    stage.answer(.bulkPreview(BulkPreview(changing: count)))
    return stage
  }

  @Test func withoutMarksTheKeySaysHowToMark() {
    var stage = Stage.list()
    stage.press("b")
    #expect(stage.status == "nothing is marked: Space marks one, v a range, * all that match")
    #expect(stage.app.top == .list)
  }

  @Test func allThatMatchAreMarkedByTheirIDsAndShownAsANumber() {
    var stage = Stage.list(Sample.many(0..<150), lines: 12)
    stage.press("*")
    #expect(stage.asked() == [.matching(Filter(), limit: 10_001)])
    stage.answer(.matching(Sample.many(0..<3_000).map(\.id)))
    #expect(stage.frame.picture.contains("3,000 marked"))
    // Once more takes them away.
    stage.press("*")
    stage.answer(.matching(Sample.many(0..<3_000).map(\.id)))
    #expect(!stage.frame.picture.contains("marked"))
    stage.press("*")
    stage.answer(.matching(Sample.many(0..<10_001).map(\.id)))
    #expect(stage.status == "not marked: that would be more than 10,000 tenants")
    #expect(!stage.frame.picture.contains("0 marked"))
  }

  @Test func whatItWouldTouchIsShownInNumbersBeforeAnythingIsSent() {
    var stage = Self.reviewed()
    let ids = [Sample.acme, Sample.acmeTest, Sample.acmeEurope].map(\.id)
    #expect(
      stage.asked() == [
        .bulkPreview(Bulk(id: Self.bulkID, change: .deactivate, tenants: ids, reason: "SUP-7 ended"))
      ])
    stage.press("y")
    #expect(stage.status == "what it would touch is not read yet")
    stage.answer(.bulkPreview(BulkPreview(changing: 2, refused: 1)))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       ▮eactivate: 3 tenants in PRODUCTION

               2  would change
               1  their state forbids it

        Their origins, permissions and secrets stop being accepted. Nothing is
        deleted.
        Reason: SUP-7 ended

        y does it, one tenant after the other; n goes back. Default: no






       y yes  n no  Esc back  ? keys
      """)
    // A key that came before the numbers were on the screen is no yes.
    stage.pressAtOnce("y")
    #expect(stage.asked().isEmpty)
    stage.press("n")
    #expect(stage.app.top == .form)
    #expect(stage.asked().isEmpty)
  }

  @Test func eachTenantHasItsOutcomeAndTheOthersStayMarked() {
    var stage = Self.running()
    #expect(stage.asked().count == 1)
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       ▮eactivate: 3 tenants
       Working... Esc stops after the part on its way

       [....................] 0 of 3  0:00












       r go on  Esc back  ? keys
      """)
    var done = Sample.acme
    (done.state, done.version, done.updatedAt) = (.deactivated, 4, Sample.now)
    stage.answer(
      .bulk([
        Self.row(Sample.acme, Written(outcome: .saved, entryID: 40, tenant: done)),
        Self.row(Sample.acmeTest, Written(outcome: .saved, entryID: 41, tenant: Sample.acmeTest)),
        Self.row(
          Sample.acmeEurope, Written(outcome: .refused, rule: "state_transition", tenant: Sample.acmeEurope)),
      ]))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       ▮eactivate: 3 tenants
       Done. Every tenant has its outcome; Esc goes back.

       What      deactivate: 2 of 3 tenants changed
       Others    1 refused
       Who       ana on db1.eu/saas (production)
       When      2026-11-23 17:00:00Z
       Audit     2 entries, 40 to 41; bulk 00000000-0000-4000-8000-000000000a02

        acme-eu                   REFUSED: Its state forbids this.
        acme                      done, entry 40
        acme-test                 done, entry 41




       r go on  Esc back  ? keys
      """)
    let saved = [Sample.acme.id, Sample.acmeTest.id].sorted()
    #expect(stage.wanted() == [.resources(.carryOut(saved))])
    stage.send(.clock(Instant(microseconds: Sample.now.microseconds + 2_000_000)))
    // Another's.
    stage.send(.reported(.carriedOut([Sample.acme.id], [])))
    #expect(stage.frame.picture.contains("Elsewhere being carried to their resources... 0:02"))
    stage.send(.reported(.carriedOut(saved, [RunScreenTests.run(.done), RunScreenTests.run(.failed)])))
    #expect(stage.frame.picture.contains("Elsewhere 1 of 2 not carried; nova: a step failed"))
    _ = stage.asked()
    stage.press("<Esc>")
    #expect(stage.app.top == .list)
    #expect(stage.asked() == [.page(PageRequest(limit: 200))])
    #expect(stage.frame.picture.contains("1 marked"))
  }

  @Test func aLostLineIsUnknownUntilTheSamePartWasAnswered() {
    var stage = Self.running()
    let sent = stage.asked()
    stage.fail(.unknown(Self.bulkID), where: Self.isBulk)
    #expect(stage.frame.picture.contains("3 outcomes UNKNOWN"))
    #expect(stage.wanted() == [.wakeAfter(milliseconds: 2000, .settle(Self.bulkID))])
    // It cannot be left half-known.
    stage.press("<Esc>")
    #expect(stage.app.top == .bulk)
    #expect(stage.status == "not before it is known what became of the part on its way")
    stage.send(.alarm(.settle(Self.bulkID)))
    #expect(stage.asked() == sent)
    stage.fail(.unavailable("no route"), where: Self.isBulk)
    #expect(stage.frame.picture.contains("3 outcomes UNKNOWN"))
    stage.send(.alarm(.settle(Self.bulkID)))
    #expect(stage.asked() == sent)
    let tenants = [Sample.acme, Sample.acmeTest, Sample.acmeEurope]
    stage.answer(
      .bulk(tenants.map { Self.row($0, Written(outcome: .saved, repeated: true, entryID: 50, tenant: $0)) }))
    #expect(stage.frame.picture.contains("3 of 3 tenants changed"))
    #expect(!stage.frame.picture.contains("UNKNOWN"))
  }

  @Test func moreThanTenTakeTheirNumberTypedOutAndTheButton() {
    var stage = Self.many(150)
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       set the industry energy: 150 tenants in PRODUCTION

             150  would change

        What they have there now is replaced.
        Reason: why

        Type the number that would change    [▮           ]
        [ do it ]   Esc cancels. Default: No
        Tab goes to the button; Enter there does it.






       Tab next  Enter next or press  n no  Esc back  F1 keys
      """)
    _ = stage.asked()
    stage.press("15<Tab><Enter>")
    #expect(stage.asked().isEmpty)
    #expect(stage.frame.picture.contains("! type the number of tenants that would change, in digits"))
    stage.press("0<Enter>")
    #expect(stage.status == "Tab goes to the button")
    stage.press("<Tab><Enter>")
    guard case .bulk(let part)? = stage.asked().first else {
      Issue.record("the button sends the first part")
      return
    }
    #expect(part.change == .setIndustry("energy"))
    #expect(part.tenants == Sample.many(0..<100).map(\.id))
  }

  @Test func theNumberCannotBePasted() {
    var stage = Self.many(150)
    stage.send(.key(.paste("150")))
    #expect(stage.status == "paste is off here: type the number")
  }

  @Test func itStopsBetweenPartsAndGoesOnWithTheRest() {
    var stage = Self.many(150)
    stage.press("150<Tab><Enter>")
    stage.press("<Esc>")
    #expect(stage.status == "stopping when the part on its way is answered")
    _ = stage.asked()
    let tenants = Sample.many(0..<150)
    stage.answer(
      .bulk(tenants[..<100].map { Self.row($0, Written(outcome: .saved, entryID: 9, tenant: $0)) }))
    #expect(stage.asked().isEmpty)
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       ▮et the industry energy: 150 tenants
       Stopped: r goes on with the rest, Esc goes back

       What      set the industry energy: 100 of 150 tenants changed
       Others    50 not done yet
       Who       ana on db1.eu/saas (production)
       When      2026-11-23 16:58:00Z
       Audit     100 entries, 9 to 9; bulk 00000000-0000-4000-8000-000000000a02

        site-000100               not done yet
        site-000101               not done yet
        site-000102               not done yet
        site-000103               not done yet
        site-000104               not done yet
        site-000105               not done yet
       stopping when the part on its way is answered
       r go on  Esc back  ? keys
      """)
    stage.press("r")
    guard case .bulk(let part)? = stage.asked().first else {
      Issue.record("r sends the next part")
      return
    }
    #expect(part.tenants == tenants[100...].map(\.id))
    stage.answer(
      .bulk(tenants[100...].map { Self.row($0, Written(outcome: .saved, entryID: 10, tenant: $0)) }))
    #expect(stage.frame.picture.contains("150 of 150 tenants changed"))
  }

  @Test func whatWasDoneBeforeItStoppedIsCarriedToTheResources() {
    var stage = Self.running()
    stage.fail(.lockHeld(by: nil), where: Self.isBulk)
    #expect(!stage.wanted().contains { if case .resources = $0 { true } else { false } })
    stage.press("r<Esc>")
    var done = Sample.acme
    done.state = .deactivated
    stage.answer(.bulk([Self.row(Sample.acme, Written(outcome: .saved, entryID: 40, tenant: done))]))
    #expect(stage.wanted().contains(.resources(.carryOut([Sample.acme.id]))))
  }

  @Test func anErrorBeforeAnythingWasDoneStopsIt() {
    var stage = Self.running()
    stage.fail(.lockHeld(by: nil), where: Self.isBulk)
    #expect(stage.frame.picture.contains("someone else holds it right now"))
    #expect(stage.frame.picture.contains("3 not done yet"))
    stage.press("<Esc>")
    #expect(stage.frame.picture.contains("3 marked"))
  }

  @Test func anOriginIsJudgedBeforeItIsSent() {
    var stage = Stage.list(lines: 18)
    stage.press("<Space>bjj<Enter>shop.example<Tab>why<Ctrl-o>")
    #expect(stage.app.top == .form)
    #expect(stage.status == "not saved: a field is not right yet")
    #expect(!stage.asked().contains { if case .bulkPreview = $0 { true } else { false } })
    stage.press("<Ctrl-u>https://shop.example<Ctrl-o>")
    guard case .bulkPreview(let bulk)? = stage.asked().last else {
      Issue.record("the preview is asked for")
      return
    }
    #expect(bulk.change == .addOrigin("https://shop.example"))
  }
}
