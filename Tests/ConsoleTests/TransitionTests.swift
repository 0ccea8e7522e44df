import TenantStore
import Terminal
import Testing

@testable import Console

/// Suspending and purging: what is asked, what it will touch, and what became of the doors.
@Suite("Transitions") struct TransitionTests {
  private static let tables = [
    TouchedTable(table: "shop.events", rows: 120_000, isEstimated: true),
    TouchedTable(table: "shop.orders", rows: 203),
  ]

  private static func after(_ state: TenantState, _ tenant: Tenant = Sample.acme) -> Tenant {
    var tenant = tenant
    (tenant.state, tenant.isActive, tenant.updatedAt) = (state, state == .active, Sample.now)
    if state != .purged { tenant.version += 1 }
    return tenant
  }

  private static func doors(_ opens: Bool) -> Answer {
    .lifecycle(
      .doors(
        ["reads", "writes", "secret", "origins"].map {
          Door(name: $0, opens: $0 == "reads" ? opens : false, isAllowed: false)
        }))
  }

  private static func later(_ milliseconds: Int64) -> Event {
    .clock(Instant(microseconds: Sample.now.microseconds + milliseconds * 1000))
  }

  @Test func suspendingTakesTermsAndWatchesTheDoorsUntilAllAreShut() {
    var stage = Stage.list(lines: 18)
    stage.press("xs")
    #expect(stage.asked() == [.lifecycle(.touched(Sample.acme.id)), .run(.resources)])
    stage.answer(.run(.resources([])))
    stage.answer(.lifecycle(.touched(Self.tables)))
    stage.press("unpaid<Tab>FIN-7<Tab>30d<Tab><Space>")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants                                                              5 tenants
         +-- SUSPEND acme in PRODUCTION ------------------------------------------+
       > | Acme GmbH                                                              |
         | Nothing can be written for it any more. It may read, and its origins   |
         | and secret stay accepted. ~120,203 rows in 2 tables can only be read.  |
         | Undo: x e.                                                             |
         | Reason             [unpaid                                           ] |
         | Ticket             [FIN-7                                            ] |
         | Until              [30d                                              ] |
         | Access             [▮ead  (Space changes it)]                          |
         |   [ suspend ]   Esc cancels. Default: No                               |
         | Tab goes to the button; Enter there does it.                           |
         +------------------------------------------------------------------------+



       Tab next  Enter next or press  n no  Esc back  F1 keys
      """)
    stage.press("<Tab><Enter>")
    let until = Instant(microseconds: Sample.now.microseconds + 30 * 86_400 * 1_000_000)
    #expect(
      stage.asked() == [
        .lifecycle(
          .change(
            .suspend,
            Transition(
              requestID: Sample.id(0xA01), tenantID: Sample.acme.id, expectedVersion: 3, reason: "unpaid",
              ticket: "FIN-7", until: until, access: .read, predicted: Self.tables)))
      ])
    stage.answer(.written(Written(outcome: .saved, entryID: 12, tenant: Self.after(.suspended))))
    #expect(stage.asked() == [.lifecycle(.doors(Sample.acme.id)), .lifecycle(.touched(Sample.acme.id))])
    stage.send(Self.later(3))
    stage.answer(Self.doors(true))
    #expect(stage.frame.picture.contains("reads STILL OPEN, writes refused after 3 ms"))
    #expect(stage.wanted().contains(.wakeAfter(milliseconds: 200, .doors)))
    stage.send(Self.later(203))
    stage.send(.alarm(.doors))
    #expect(stage.asked() == [.lifecycle(.doors(Sample.acme.id))])
    stage.answer(Self.doors(false))
    stage.answer(.lifecycle(.touched([TouchedTable(table: "shop.orders", rows: 203)])))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Receipt

       ▮hat      suspended acme (Acme GmbH)
       From, to  version 3 -> 4; active -> suspended
       Who       ana on db1.eu/saas (production)
       When      2026-11-23 17:00:00Z
       Audit     entry 12; to undo: x e
       Rows      shop.events ~120000 -> gone, shop.orders 203 -> 203 (predicted ->
                 actual)
       Doors     reads refused after 203 ms, writes refused after 3 ms, secret
                 refused after 3 ms, origins refused after 3 ms





       Enter go on  Esc back  ? keys
      """)
    #expect(stage.wanted().isEmpty)
    stage.press("y")
    guard case .copy(let text)? = stage.wanted().first else {
      Issue.record("the receipt is copied")
      return
    }
    #expect(text.contains("Doors     reads refused after 203 ms"))
  }

  @Test func whoIsEasilyTakenForTheTenantIsNamedBeforeItGoes() {
    for keys in ["xd", "jjxp"] {
      var stage = Stage.list()
      stage.press(keys)
      stage.answer(.lifecycle(.twins(["acme-test", "acne"])))
      #expect(stage.frame.picture.contains("Not to be taken for acme-test, acne."))
    }
  }

  @Test func aDateThatHasPassedIsNotTaken() {
    var stage = Stage.list()
    stage.press("xswhy<Tab><Tab>2020-01-01<Tab><Tab><Enter>")
    #expect(stage.frame.picture.contains("! write a day that lies ahead, 2026-12-01, or 30d"))
    #expect(stage.asked().filter { $0.requestID != nil } == [])
  }

  @Test func whatIsOverdueStandsOnTheDetail() {
    var stage = Stage.list()
    stage.press("<Enter>")
    stage.answer(.tenant(Self.after(.suspended)))
    let due = Instant(microseconds: Sample.now.microseconds - 3_600_000_000)
    stage.answer(.lifecycle(.terms(Terms(ticket: "FIN-7", until: due))))
    #expect(stage.frame.picture.contains("Until           2026-11-23T16:00:00Z, OVERDUE to be resumed"))
    #expect(stage.frame.picture.contains("Ticket          FIN-7"))
  }

  @Test func theHeaderSaysWhenTheRunByDateIsLate() {
    var stage = Stage()
    stage.overdue = 3
    stage.send(.link(.up))
    stage.answer(.session(Sample.session))
    stage.answer(.catalogues(Sample.catalogues))
    #expect(stage.frame.picture.contains("as ana (admin)  ! 3 OVERDUE"))
  }

  // MARK: - Purging

  private static let preview = PurgePreview(
    text: "{}", digest: String(repeating: "ab", count: 32),
    tables: [TouchedTable(table: "shop.orders", rows: 7000)])

  private static func purge(by person: String, approvedBy: String? = nil) -> Purge {
    Purge(
      id: PurgeID("00000000-0000-4000-8000-000000000001")!, preview: preview, reason: "GDPR",
      requestedBy: person,
      requestedAt: Sample.now, expiresAt: Instant(microseconds: Sample.now.microseconds + 7_000_000),
      approvedBy: approvedBy)
  }

  /// The dialog for a deactivated tenant, whose purge date has passed.
  private static func dialog(_ purge: Purge?) -> Stage {
    var stage = Stage.list(lines: 22)
    stage.press("jjxp")
    let date = Instant(microseconds: Sample.now.microseconds - 1)
    stage.answer(.lifecycle(.terms(Terms(until: date, purge: purge))))
    stage.answer(.lifecycle(.purgePreview(preview)))
    _ = stage.asked()
    return stage
  }

  @Test func onePersonAsksOnWhatItTakes() {
    var stage = Self.dialog(nil)
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants                                                              5 tenants
         SITE             NAME               EMAIL              STATE       UPDATED
        +-- PURGE acme-eu in PRODUCTION -------------------------------------------+
        | Acme Europe S.A.                                                         |
       >| Takes 7,000 rows in 1 table, its name, e-mail, URL, secret and 1 origin. |
        | A tombstone stays, and so does what the audit says. There is no undo.    |
        | Purge date 2026-11-23 16:59:59Z.                                         |
        | Nobody has asked for it yet.                                             |
        | Reason             [▮                                                  ] |
        | Type the site id   [                                                   ] |
        |   [ ask for the purge ]   Esc cancels. Default: No                       |
        | Tab goes to the button; Enter there does it.                             |
        +--------------------------------------------------------------------------+







       Tab next  Enter next or press  n no  Esc back  F1 keys
      """)
    stage.press("GDPR<Tab>acme-eu<Tab><Enter>")
    guard case .lifecycle(.purgeStep(let step))? = stage.asked().first else {
      Issue.record("the purge is asked for")
      return
    }
    #expect(step.kind == .request(Self.preview) && step.reason == "GDPR")
    #expect(step.expectedVersion == Sample.acmeEurope.version)
  }

  @Test func nobodyAgreesToTheirOwn() {
    var stage = Self.dialog(Self.purge(by: "ana"))
    #expect(stage.frame.picture.contains("[ nothing to do now ]"))
    stage.press("me too<Tab>acme-eu<Tab><Enter>")
    #expect(stage.asked() == [])
    #expect(stage.status == "there is nothing to be done now: what it waits for stands above")
  }

  @Test func anotherAgreesToTheVeryPreview() {
    var stage = Self.dialog(Self.purge(by: "bea"))
    #expect(stage.frame.picture.contains("bea asked for it"))
    stage.press("seen<Tab>acme-eu<Tab><Enter>")
    guard case .lifecycle(.purgeStep(let step))? = stage.asked().first else {
      Issue.record("it is agreed to")
      return
    }
    #expect(step.kind == .approve(digest: Self.preview.digest))
  }

  @Test func rowsGoInBatchesUntilTheTombstoneIsLeft() {
    var stage = Self.dialog(Self.purge(by: "bea", approvedBy: "ana"))
    let id = Self.purge(by: "bea").id
    stage.press("GDPR<Tab>acme-e<Tab><Enter>")
    #expect(stage.asked() == [])
    stage.press("u<Tab><Enter>")
    #expect(stage.asked() == [.lifecycle(.purgeRows(id, most: 5000))])
    stage.answer(.lifecycle(.purged(PurgedRows(table: "shop.orders", rows: 5000))))
    #expect(stage.frame.picture.contains("5000 of 7000"))
    stage.answer(.lifecycle(.purged(PurgedRows(table: "shop.orders", rows: 2000))))
    _ = stage.asked()
    stage.answer(.lifecycle(.purged(nil)))
    guard case .lifecycle(.purgeStep(let step))? = stage.asked().first else {
      Issue.record("the tombstone is left")
      return
    }
    #expect(step.kind == .finish && step.purgeID == id)
    var after = Self.after(.purged, Sample.acmeEurope)
    after.name = ""
    stage.answer(.written(Written(outcome: .saved, entryID: 99, tenant: after)))
    #expect(stage.frame.picture.contains("purged acme-eu"))
    #expect(stage.asked().contains(.lifecycle(.doors(after.id))))
  }

  @Test func whatWasBrokenOffIsGoneOnWith() {
    var stage = Self.dialog(Self.purge(by: "bea", approvedBy: "ana"))
    stage.press("GDPR<Tab>acme-eu<Tab><Enter>")
    stage.fail(.unavailable("the line is gone")) {
      if case .lifecycle(.purgeRows) = $0 { true } else { false }
    }
    var begun = Self.purge(by: "bea", approvedBy: "ana")
    begun.startedAt = Sample.now
    begun.deleted = [TouchedTable(table: "shop.orders", rows: 5000)]
    stage.answer(.lifecycle(.terms(Terms(until: Sample.now, purge: begun))))
    #expect(stage.frame.picture.contains("It is begun: 5,000 rows in 1 table are gone."))
    #expect(stage.frame.picture.contains("[ purge ]"))
  }
}
