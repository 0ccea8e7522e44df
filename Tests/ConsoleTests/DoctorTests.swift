import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("The isolation doctor")
struct DoctorTests {
  private static let off = Finding(
    check: Check.named("rls_off")!, object: "shop.orders", relation: "shop.orders",
    what: "row-level security is off",
    mend: Mend(["ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY"], runsAs: "shop_owner", isAllowed: true))
  private static let path = Finding(
    check: Check.named("path_to_bypass")!, object: "role shop_web", what: "shop_web has BYPASSRLS",
    mend: Mend(["ALTER ROLE shop_web NOBYPASSRLS"], runsAs: nil, isAllowed: false))
  private static let notifies = Finding(
    check: Check.named("notifies")!, object: "shop.orders", relation: "shop.orders",
    what: "its trigger tell calls shop.tell(), which sends a payload")
  private static let superuser = Finding(
    check: Check.named("bypasser")!, object: "role postgres", what: "is a superuser and can log in")

  /// Answers the groups of checks in their order.
  private static func answer(_ stage: inout Stage) {
    for group in CheckGroup.allCases {
      let findings: [Finding] =
        switch group {
        case .tables: [off]
        case .roles: [path, superuser]
        case .surroundings: [notifies]
        case .policies, .keys, .grants, .views, .functions: []
        }
      stage.answer(.examined(Examined(tables: 12, findings: findings)))
    }
  }

  /// The doctor's screen after a run.
  static func stage(_ session: Session = Sample.session, lines: Int = 14) -> Stage {
    var stage = Stage.list(session: session, lines: lines)
    stage.press("i")
    stage.answer(
      .lastExamination(
        KeptExamination(
          at: Sample.ago(seconds: 86_400), actor: "ben",
          findings: [
            path.key, superuser.key, FindingKey(check: "rls_off", object: "shop.carts", what: "gone"),
          ])))
    answer(&stage)
    _ = stage.wanted()
    return stage
  }

  @Test func groupsAreAskedForOneAfterTheOther() {
    var stage = Stage.list(lines: 14)
    stage.press("i")
    #expect(stage.asked() == [.examine(.tables, table: nil), .lastExamination])
    stage.answer(.examined(Examined(tables: 12, findings: [Self.off])))
    #expect(stage.asked() == [.examine(.policies, table: nil)])
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Isolation doctor  12 tables: 1 failure, 0 warnings, 0 notes
       [##..................] 1 of 8  0:00, about 0:00 to go  policies... Ctrl-c stops
              NEW CHECK                 OF                          WHAT
      ▮ FAIL      rls_off               shop.orders                 row-level securit…








       Enter open  F mend  f failures  s keep this run  Esc back  r refresh  ? keys
      """)
  }

  @Test func ctrlCStopsTheRun() {
    var stage = Stage.list(lines: 14)
    stage.press("i")
    stage.answer(.examined(Examined(tables: 12, findings: [Self.off])))
    _ = stage.wanted()
    stage.press("<Ctrl-c>")
    #expect(stage.open.isEmpty)
    #expect(stage.frame.picture.contains("stopped after 1 of 8 groups of checks: r looks again"))
    stage.press("r")
    #expect(stage.asked().contains(.examine(.tables, table: nil)))
  }

  @Test func theWorstComesFirstAndWhatIsNewIsMarked() {
    let stage = Self.stage()
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Isolation doctor  12 tables: 3 failures, 0 warnings, 1 note
       2 new, 1 mended since 2026-11-22 17:00:00Z  (ben)
              NEW CHECK                 OF                          WHAT
      ▮ FAIL  new rls_off               shop.orders                 row-level securit…
        FAIL      path_to_bypass        role shop_web               shop_web has BYPA…
        FAIL  new notifies              shop.orders                 its trigger tell …
        NOTE      bypasser              role postgres               is a superuser an…





       Enter open  F mend  f failures  s keep this run  Esc back  r refresh  ? keys
      """)
  }

  @Test func onlyFailuresCanBeShown() {
    var stage = Self.stage()
    #expect(stage.frame.picture.contains("bypasser"))
    stage.press("f")
    #expect(!stage.frame.picture.contains("bypasser"))
    #expect(stage.frame.picture.contains("(only failures)"))
    stage.press("f")
    #expect(stage.frame.picture.contains("bypasser"))
  }

  @Test func aFindingTellsWhyAndHowToMendIt() {
    var stage = Self.stage(lines: 22)
    stage.press("<Enter>")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
      ▮FAIL  rls_off of shop.orders  new

       row-level security is off

       Why
         Policies that are not switched on hold nobody.

       What mends it
         ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY;

         as     shop_owner
         locks  the table, against everyone, for a moment; gives up if it has to wait
            two seconds

         F runs it, y copies it.





       F mend  Esc back  ? keys
      """)
    stage.press("y")
    #expect(stage.wanted() == [.copy("ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY;")])
  }

  @Test func aMendIsAskedForRunAndReceipted() {
    var stage = Self.stage(lines: 22)
    stage.press("F")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Isolation doctor  12 tables: 3 failures, 0 warnings, 1 note
       2 new, 1 mended since 2026-11-22 17:00:00Z  (ben)
              NEW CHECK                 OF                          WHAT
      > +-- MEND shop.orders in PRODUCTION ----------------------------------------+t…
        | ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY;                       |A…
        |                                                                          | …
        | as shop_owner                                                            |n…
        | locks the table, against everyone, for a moment; gives up if it has to   |
        | wait two seconds                                                         |
        | Reason   [▮                                                            ] |
        |   [ run it ]   Esc cancels. Default: No                                  |
        | Tab goes to the button; Enter there does it.                             |
        +--------------------------------------------------------------------------+







       Tab next  Enter next or press  n no  Esc back  F1 keys
      """)
    stage.press("<Tab><Enter>")
    #expect(stage.asked() == [], "a reason is wanted first")
    stage.press("SUP-7<Tab><Enter>")
    let mending = Mending(
      requestID: Sample.id(0xA01), finding: Self.off.key, mend: Self.off.mend!, reason: "SUP-7")
    #expect(stage.asked() == [.mend(mending)])
    stage.answer(.written(Written(outcome: .saved, entryID: 77)))
    #expect(stage.frame.picture.contains("mended rls_off of shop.orders"))
    #expect(stage.frame.picture.contains("entry 77"))
    stage.press("<Enter>")
    #expect(stage.asked() == [.examine(.tables, table: nil), .lastExamination], "it looks again")
  }

  @Test func aMendThatFailsSaysWhyAndCanBeTriedAgain() {
    var stage = Self.stage()
    stage.press("<Enter>FSUP-7<Tab><Enter>")
    stage.fail(.lockHeld(by: nil)) { if case .mend = $0 { true } else { false } }
    #expect(stage.status.contains("mending shop.orders: someone else holds it right now"))
    _ = stage.asked()
    stage.press("<Enter>")
    #expect(stage.asked().count == 1)
  }

  @Test func whatCannotBeRunSaysWhy() {
    var stage = Self.stage()
    stage.press("jF")
    #expect(stage.status == "It takes a superuser, or whoever administers the roles: give them the SQL.")
    stage.press("jF")
    #expect(stage.status == "no single statement mends this")
    var session = Sample.session
    session.right = .support
    stage = Self.stage(session)
    stage.press("F")
    #expect(stage.status.hasPrefix("F: ana may look but not change"))
    #expect(stage.asked() == [.noteRefusal(action: "mend", tenant: nil, what: "role support")])
  }

  @Test func aRunIsKeptToCompareTheNextWith() {
    var stage = Self.stage()
    stage.press("s")
    let keys = [Self.off, Self.path, Self.notifies, Self.superuser].map(\.key)
    #expect(
      stage.asked() == [.keepExamination(ExaminationKeeping(requestID: Sample.id(0xA01), findings: keys))])
    stage.answer(.written(Written(outcome: .saved, entryID: 78)))
    #expect(stage.status == "this run is kept: the next ones are compared with it")
    #expect(stage.asked() == [.lastExamination])
  }

  @Test func hostileNamesAreCleaned() {
    var stage = Stage.list(lines: 14)
    stage.press("i")
    var finding = Self.off
    finding.object = "shop.\"a\u{1B}[2Jb\u{202E}\""
    stage.answer(.examined(Examined(tables: 1, findings: [finding])))
    stage.press("<Enter>")
    #expect(!stage.frame.picture.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
  }

  @Test func aTenantsDoorsAreTriedAndItsRowsCounted() {
    var stage = Stage.list(lines: 16)
    stage.press("<Enter>i")
    #expect(stage.asked().contains(.isolation(Sample.acme.id)))
    stage.answer(
      .isolation(
        TenantIsolation(
          secretOpens: true, originOpens: false, permissionHolds: nil,
          tables: [.init(table: "shop.messages", rows: 14_203), .init(table: "shop.orders", rows: 7)])))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
      ▮Isolation of acme

        Its doors, tried now
          secret        open
          origins       SHUT
          permissions   (none)

        Its rows in protected tables
                14,203  shop.messages
                     7  shop.orders




       Esc back  ? keys
      """)
    stage.press("<Esc>")
    #expect(stage.app.top == .detail)
  }
}
