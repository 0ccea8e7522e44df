import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("Lifecycle")
struct LifecycleTests {
  private static func after(_ tenant: Tenant, _ state: TenantState) -> Tenant {
    var tenant = tenant
    (tenant.state, tenant.isActive, tenant.updatedAt) = (state, state == .active, Sample.now)
    tenant.version += 1
    return tenant
  }

  @Test func theMenuSaysWhatIsPossibleAndWhyNot() {
    var stage = Stage.list(lines: 14)
    stage.press("x")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants                                                              5 tenants
         SITE             NAME               EMAIL              STATE       UPDATED
       > ac+-- LIFECYCLE of acme -----------------------------------------------+
         ac| ▮ d  deactivate                                                    |
         ac|   r  reactivate   acme is active, not deactivated                  |
         ac+--------------------------------------------------------------------+
         tokyo            東京電力エナジー…  info@tokyo.example active      1y





       d deactivate  r reactivate  Enter choose  Esc back  ? keys
      """)
    stage.press("r")
    #expect(stage.status == "r: acme is active, not deactivated")
    stage.press("<Down><Enter>")
    #expect(stage.status == "acme is active, not deactivated")
    stage.press("<Esc>")
    #expect(stage.app.top == .list)
  }

  @Test func deactivatingTakesAReasonTheSiteIDAndTheButton() {
    var stage = Stage.list(lines: 18)
    stage.press("xd")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants                                                              5 tenants
         SITE             NAME               EMAIL              STATE       UPDATED
       > +-- DEACTIVATE acme in PRODUCTION ---------------------------------------+
         | Acme GmbH                                                              |
         | 2 origins and 2 permissions stop being accepted, and so does its       |
         | secret. Nothing is deleted. Undo: x r.                                 |
         | Reason             [▮                                                ] |
         | Type the site id   [                                                 ] |
         |   [ deactivate ]   Esc cancels. Default: No                            |
         | Tab goes to the button; Enter there does it.                           |
         +------------------------------------------------------------------------+





       Tab next  Enter next or press  n no  Esc back  F1 keys
      """)
    // Enter goes from field to field, never onto the button.
    stage.press("contract ended<Enter>acm<Enter><Enter>")
    #expect(stage.status == "Tab goes to the button")
    stage.press("<Tab><Enter>")
    #expect(stage.asked().isEmpty)
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants                                                              5 tenants
         SITE             NAME               EMAIL              STATE       UPDATED
       > +-- DEACTIVATE acme in PRODUCTION ---------------------------------------+
         | Acme GmbH                                                              |
         | 2 origins and 2 permissions stop being accepted, and so does its       |
         | secret. Nothing is deleted. Undo: x r.                                 |
         | Reason             [contract ended                                   ] |
         | Type the site id   [acm▮                                             ] |
         |   [ deactivate ]   Esc cancels. Default: No                            |
         | ! type the site id exactly as it is in the title                       |
         +------------------------------------------------------------------------+





       Tab next  Enter next or press  n no  Esc back  F1 keys
      """)
    stage.press("e<Tab><Enter>")
    #expect(
      stage.asked() == [
        .deactivate(
          Transition(
            requestID: Sample.id(0xA01), tenantID: Sample.acme.id, expectedVersion: 3,
            reason: "contract ended"))
      ])
    stage.answer(
      .written(Written(outcome: .saved, entryID: 12, tenant: Self.after(Sample.acme, .deactivated))))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Receipt

       ▮hat      deactivated acme (Acme GmbH)
       From, to  version 3 -> 4; active -> deactivated
       Who       ana on db1.eu/saas (production)
       When      2026-11-23 17:00:00Z
       Audit     entry 12; to undo: x r









       Enter go on  Esc back  ? keys
      """)
    stage.press("<Enter>")
    #expect(stage.frame.picture.contains("DEACTIVATED 11d"))
    #expect(stage.asked() == [.page(PageRequest(limit: 200))])
  }

  @Test func theSiteIDCannotBePasted() {
    var stage = Stage.list()
    stage.press("xdwhy<Tab>")
    stage.send(.key(.paste("acme")))
    #expect(stage.status == "paste is off here: type the site id")
    stage.press("<Tab><Enter>")
    #expect(stage.asked().isEmpty)
  }

  @Test func onlyAKeyPressedAfterTheButtonWasSeenCounts() {
    var stage = Stage.list()
    stage.press("xdwhy<Tab>acme")
    stage.pressAtOnce("<Tab><Enter>")
    #expect(stage.asked().isEmpty)
    #expect(stage.status == "not taken: it was typed before this was on the screen")
    stage.press("y<Space>")
    #expect(stage.asked().isEmpty)
    stage.press("<Enter>")
    #expect(stage.asked().count == 1)
  }

  @Test func reactivatingTakesAReason() {
    var stage = Stage.list(lines: 16)
    stage.press("jjxr")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants                                                              5 tenants
         +-- REACTIVATE acme-eu in PRODUCTION ------------------------------------+
         | Acme Europe S.A.                                                       |
         | 1 origin and 0 permissions are accepted again, and so is its secret.   |
       > | Undo: x d.                                                             |
         | Reason             [▮                                                ] |
         |   [ reactivate ]   Esc cancels. Default: No                            |
         | Tab goes to the button; Enter there does it.                           |
         +------------------------------------------------------------------------+





       Tab next  Enter next or press  n no  Esc back  F1 keys
      """)
    stage.press("<Tab><Enter>")
    #expect(stage.asked().isEmpty)
    #expect(stage.frame.picture.contains("! say why first"))
    stage.press("they paid<Tab><Enter>")
    #expect(
      stage.asked() == [
        .reactivate(
          Transition(
            requestID: Sample.id(0xA01), tenantID: Sample.acmeEurope.id, expectedVersion: 7,
            reason: "they paid"))
      ])
    stage.answer(
      .written(Written(outcome: .saved, entryID: 13, tenant: Self.after(Sample.acmeEurope, .active))))
    #expect(stage.frame.picture.contains("to undo: x d"))
  }

  @Test func aTenantThatChangedMeanwhileIsLookedAtAgain() {
    var stage = Stage.list()
    stage.press("xdwhy<Tab>acme<Tab><Enter>")
    _ = stage.asked()
    var now = Sample.acme
    now.version = 9
    now.allowedOrigins = []
    stage.answer(.written(Written(outcome: .stale, tenant: now)))
    #expect(stage.app.top == .transition)
    #expect(stage.status == "changed by someone else meanwhile, now version 9, active: look again")
    #expect(stage.frame.picture.contains("0 origins"))
    stage.press("<Tab><Tab><Enter>")
    #expect(stage.asked().isEmpty)
    stage.press("acme<Tab><Enter>")
    guard case .lifecycle(.change(.deactivate, let again))? = stage.asked().first else {
      Issue.record("the second agreement is sent")
      return
    }
    #expect(again.expectedVersion == 9)
    #expect(again.requestID != Sample.id(0xA01))
  }

  @Test func anUnknownOutcomeIsSettledInTheDialog() {
    var stage = Stage.list()
    stage.press("xdwhy<Tab>acme<Tab><Enter>")
    _ = stage.asked()
    stage.fail(.unknown(Sample.id(0xA01))) { $0.requestID != nil }
    #expect(stage.asked() == [.settle(Sample.id(0xA01))])
    #expect(stage.frame.picture.contains("UNKNOWN"))
    stage.press("<Esc>")
    #expect(stage.app.top == .transition)
    stage.answer(.settled(.never))
    #expect(stage.status == "it never arrived and nothing was changed: press the button again")
    stage.press("<Enter>")
    guard case .lifecycle(.change(.deactivate, let again))? = stage.asked().first else {
      Issue.record("the button works again")
      return
    }
    #expect(again.requestID != Sample.id(0xA01))
  }

  @Test func theDialogFitsTheSmallestScreen() {
    var stage = Stage.list(columns: 40, lines: 10)
    stage.press("xdwhy<Tab>ac")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db…primary
      +-- DEACTIVATE acme in PRODUCTION -----+
      | secret. Nothing is deleted. Undo: x  |
      | r.                                   |
      | Reason            [why             ] |
      | Type the site id  [ac▮             ] |
      |   [ deactivate ]   Esc cancels. Def… |
      | Tab goes to the button; Enter there… |

       Tab next  n no  Esc back  F1 keys
      """)
    stage.press("me<Tab>")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db…primary
      +-- DEACTIVATE acme in PRODUCTION -----+
      | r.                                   |
      | Reason            [why             ] |
      | Type the site id  [acme            ] |
      |   ▮ deactivate ]   Esc cancels. Def… |
      | Tab goes to the button; Enter there… |
      +--------------------------------------+

       Tab next  n no  Esc back  F1 keys
      """)
  }

  @Test func fromTheDetailTheListHearsOfTheChange() {
    var stage = Stage.list()
    stage.press("<Enter>")
    stage.answer(.tenant(Sample.acme))
    stage.press("xdwhy<Tab>acme<Tab><Enter>")
    stage.answer(
      .written(Written(outcome: .saved, entryID: 12, tenant: Self.after(Sample.acme, .deactivated))))
    stage.press("<Enter>")
    #expect(stage.app.top == .detail)
    #expect(stage.frame.picture.contains("acme  DEACTIVATED  Acme GmbH"))
    _ = stage.asked()
    stage.press("<Esc>")
    #expect(stage.asked() == [.page(PageRequest(limit: 200))])
  }
}
