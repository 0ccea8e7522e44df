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
         SI+-- LIFECYCLE of acme -----------------------------------------------+ED
       > ac| ▮ s  suspend                                                       |
         ac|   e  resume       acme is active, not suspended                    |
         ac|   d  deactivate                                                    |
         ac|   r  reactivate   acme is active, not deactivated                  |
         to|   p  purge        acme is active, not deactivated                  |
           +--------------------------------------------------------------------+




       s suspend  e resume  d deactivate  r reactivate  p purge  Esc back  ? keys
      """)
    stage.press("r")
    #expect(stage.status == "r: acme is active, not deactivated")
    stage.press("<Down><Enter>")
    #expect(stage.status == "acme is active, not suspended")
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
         +-- DEACTIVATE acme in PRODUCTION ---------------------------------------+
       > | Acme GmbH                                                              |
         | 2 origins and 2 permissions stop being accepted, and so does its       |
         | secret. Nothing is deleted. Undo: x r, until its purge date.           |
         | Reason             [▮                                                ] |
         | Ticket             [                                                 ] |
         | Until              [                                                 ] |
         | Type the site id   [                                                 ] |
         |   [ deactivate ]   Esc cancels. Default: No                            |
         | Tab goes to the button; Enter there does it.                           |
         +------------------------------------------------------------------------+




       Tab next  Enter next or press  n no  Esc back  F1 keys
      """)
    // Enter goes from field to field, never onto the button.
    stage.press("contract ended<Enter><Enter><Enter>acm<Enter><Enter>")
    #expect(stage.status == "Tab goes to the button")
    stage.press("<Tab><Enter>")
    #expect(stage.changes().isEmpty)
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants                                                              5 tenants
         +-- DEACTIVATE acme in PRODUCTION ---------------------------------------+
       > | Acme GmbH                                                              |
         | 2 origins and 2 permissions stop being accepted, and so does its       |
         | secret. Nothing is deleted. Undo: x r, until its purge date.           |
         | Reason             [contract ended                                   ] |
         | Ticket             [                                                 ] |
         | Until              [                                                 ] |
         | Type the site id   [acm▮                                             ] |
         |   [ deactivate ]   Esc cancels. Default: No                            |
         | ! type the site id exactly as it is in the title                       |
         +------------------------------------------------------------------------+




       Tab next  Enter next or press  n no  Esc back  F1 keys
      """)
    stage.press("e<Tab><Enter>")
    #expect(
      stage.changes() == [
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
       Audit     entry 12; to undo: x r, until its purge date









       Enter go on  Esc back  ? keys
      """)
    stage.press("<Enter>")
    #expect(stage.frame.picture.contains("DEACTIVATED 11d"))
    #expect(stage.changes() == [.page(PageRequest(limit: 200))])
  }

  @Test func theSiteIDCannotBePasted() {
    var stage = Stage.list()
    stage.press("xdwhy<Tab><Tab><Tab>")
    stage.send(.key(.paste("acme")))
    #expect(stage.status == "paste is off here: type the site id")
    stage.press("<Tab><Enter>")
    #expect(stage.changes().isEmpty)
  }

  @Test func onlyAKeyPressedAfterTheButtonWasSeenCounts() {
    var stage = Stage.list()
    stage.press("xdwhy<Tab><Tab><Tab>acme")
    stage.pressAtOnce("<Tab><Enter>")
    #expect(stage.changes().isEmpty)
    #expect(stage.status == "not taken: it was typed before this was on the screen")
    stage.press("y<Space>")
    #expect(stage.changes().isEmpty)
    stage.press("<Enter>")
    #expect(stage.changes().count == 1)
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
         | Ticket             [                                                 ] |
         | Until              [                                                 ] |
         |   [ reactivate ]   Esc cancels. Default: No                            |
         | Tab goes to the button; Enter there does it.                           |
         +------------------------------------------------------------------------+



       Tab next  Enter next or press  n no  Esc back  F1 keys
      """)
    stage.press("<Tab><Tab><Tab><Enter>")
    #expect(stage.changes().isEmpty)
    #expect(stage.frame.picture.contains("! say why first"))
    stage.press("they paid<Tab><Tab><Tab><Enter>")
    #expect(
      stage.changes() == [
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
    stage.press("xdwhy<Tab><Tab><Tab>acme<Tab><Enter>")
    _ = stage.changes()
    var now = Sample.acme
    now.version = 9
    now.allowedOrigins = []
    stage.answer(.written(Written(outcome: .stale, tenant: now)))
    #expect(stage.app.top == .transition)
    #expect(stage.status == "changed by someone else meanwhile, now version 9, active: look again")
    #expect(stage.frame.picture.contains("0 origins"))
    stage.press("<Tab><Tab><Tab><Tab><Enter>")
    #expect(stage.changes().isEmpty)
    stage.press("acme<Tab><Enter>")
    guard case .lifecycle(.change(.deactivate, let again))? = stage.changes().first else {
      Issue.record("the second agreement is sent")
      return
    }
    #expect(again.expectedVersion == 9)
    #expect(again.requestID != Sample.id(0xA01))
  }

  @Test func anUnknownOutcomeIsSettledInTheDialog() {
    var stage = Stage.list()
    stage.press("xdwhy<Tab><Tab><Tab>acme<Tab><Enter>")
    _ = stage.changes()
    stage.fail(.unknown(Sample.id(0xA01))) { $0.requestID != nil }
    #expect(stage.changes() == [.settle(Sample.id(0xA01))])
    #expect(stage.frame.picture.contains("UNKNOWN"))
    stage.press("<Esc>")
    #expect(stage.app.top == .transition)
    stage.answer(.settled(.never))
    #expect(stage.status == "your change of 17:00:00Z did not commit, and will not: press the button again")
    stage.press("<Enter>")
    guard case .lifecycle(.change(.deactivate, let again))? = stage.changes().first else {
      Issue.record("the button works again")
      return
    }
    #expect(again.requestID != Sample.id(0xA01))
  }

  @Test func theDialogFitsTheSmallestScreen() {
    var stage = Stage.list(columns: 40, lines: 10)
    stage.press("xdwhy<Tab><Tab><Tab>ac")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db…primary
      +-- DEACTIVATE acme in PRODUCTION -----+
      | Reason            [why             ] |
      | Ticket            [                ] |
      | Until             [                ] |
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
      | Ticket            [                ] |
      | Until             [                ] |
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
    stage.press("xdwhy<Tab><Tab><Tab>acme<Tab><Enter>")
    stage.answer(
      .written(Written(outcome: .saved, entryID: 12, tenant: Self.after(Sample.acme, .deactivated))))
    stage.press("<Enter>")
    #expect(stage.app.top == .detail)
    #expect(stage.frame.picture.contains("acme  DEACTIVATED  Acme GmbH"))
    _ = stage.changes()
    stage.press("<Esc>")
    #expect(stage.changes() == [.page(PageRequest(limit: 200))])
  }
}

extension Stage {
  /// What was asked since the last look, but for what a question about a tenant's state looks up by itself.
  mutating func changes() -> [Request] {
    asked().filter { request in
      if case .lifecycle(let request) = request {
        request.requestID != nil
      } else {
        request != .run(.resources)
      }
    }
  }
}
