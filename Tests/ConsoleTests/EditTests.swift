import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("Editing")
struct EditTests {
  static func changed(_ change: (inout Tenant) -> Void) -> Tenant {
    var tenant = Sample.acme
    tenant.version += 1
    tenant.updatedAt = Sample.now
    change(&tenant)
    return tenant
  }

  @Test func theFormHoldsWhatIsStored() {
    var stage = Stage.list(lines: 20)
    stage.press("e")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Edit acme  version 3

        Site id         acme  (cannot be changed)
      > Name            Acme GmbH▮
        Contact e-mail  ops@acme.example
        Website
        Industry        retail
        Origins         https://acme.example
                        https://shop.acme.example
        Permissions     billing, reports
        Reason

                        [ Review and save ]





       Ctrl-o review and save  Tab next  Enter next or choose  Esc back  F1 keys
      """)
    stage.press("<Ctrl-o>")
    #expect(stage.status == "nothing was changed")
    stage.press("<Esc>")
    #expect(stage.app.top == .list)
  }

  @Test func aChangeOfTheNameNeedsTheDiffAndAYes() {
    var stage = Stage.list(lines: 16)
    stage.press("e AG<Ctrl-o>")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       ▮ave these changes of acme?  y saves, n goes back. Default: no

        Name
          - Acme GmbH
          + Acme GmbH AG









       y yes  n no  Esc back  ? keys
      """)
    _ = stage.asked()
    stage.press("y")
    #expect(
      stage.asked() == [
        .update(
          Update(
            requestID: Sample.id(0xA01), tenantID: Sample.acme.id, expectedVersion: 3,
            changes: [.name: .text("Acme GmbH AG")]))
      ])
    stage.answer(
      .written(Written(outcome: .saved, entryID: 99, tenant: Self.changed { $0.name = "Acme GmbH AG" })))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Receipt

       ▮hat      edited acme (Acme GmbH AG)
       From, to  version 3 -> 4; name Acme GmbH -> Acme GmbH AG
       Who       ana on db1.eu/saas (production)
       When      2026-11-23 17:00:00Z
       Audit     entry 99; to undo: u, or [ and z







       Enter go on  Esc back  ? keys
      """)
    stage.press("<Esc>")
    #expect(stage.frame.picture.contains("Acme GmbH AG"))
    #expect(stage.asked() == [.page(PageRequest(limit: 200))])
  }

  @Test func aChangeOfOriginsNeedsAReasonAndSaysWhatItTouches() {
    var stage = Stage.list(lines: 22)
    stage.press("e<Tab><Tab><Tab><Tab><End><Enter>https://new.example<Ctrl-o>")
    #expect(stage.app.top == .form)
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Edit acme  version 3

        Site id         acme  (cannot be changed)
        Name            Acme GmbH
        Contact e-mail  ops@acme.example
        Website
        Industry        retail
        Origins         https://acme.example
                        https://new.example
                        https://shop.acme.example
        Permissions     billing, reports
      > Reason          ▮
                        ! say why: origins or permissions change

                        [ Review and save ]




       not saved: a reason is needed
       Ctrl-o review and save  Tab next  Enter next or choose  Esc back  F1 keys
      """)
    stage.press("moved shop<Ctrl-o>")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       ▮ave these changes of acme?  y saves, n goes back. Default: no

        Origins
          + https://new.example

        0 origins no longer accepted, 1 accepted from now on; 3 in all afterwards.
        Reason: moved shop













       y yes  n no  Esc back  ? keys
      """)
    _ = stage.asked()
    stage.press("y")
    guard case .update(let update)? = stage.asked().first else {
      Issue.record("an update is sent")
      return
    }
    #expect(update.reason == "moved shop")
    #expect(Set(update.changes.keys) == [.allowedOrigins])
  }

  @Test func anErrorOfTheServerIsALineAndTheFormStays() {
    var stage = Stage.list(lines: 22)
    stage.press("e AG<Ctrl-o>y")
    stage.fail(.lockHeld(by: nil)) { $0.requestID != nil }
    #expect(stage.app.top == .form)
    #expect(stage.status == "editing acme: someone else holds it right now; try again")
    #expect(stage.frame.picture.contains("Acme GmbH AG"))
    stage.press("<Ctrl-o>y")
    stage.fail(.notPermitted("update_tenant")) { $0.requestID != nil }
    #expect(stage.status == "editing acme: not permitted: update_tenant")
    #expect(
      stage.asked().contains(.noteRefusal(action: "edit", tenant: Sample.acme.id, what: "update_tenant")))
    stage.press("<Ctrl-o>y")
    stage.fail(.brokenOff("deadlock detected")) { $0.requestID != nil }
    #expect(stage.frame.picture.contains("the server broke it off, nothing was changed: deadlock detected"))
    stage.press("<Ctrl-o>y")
    stage.answer(.written(Written(outcome: .gone)))
    #expect(stage.status == "not saved: there is no such tenant any more")
  }

  @Test func typedAheadNothingIsConfirmed() {
    var stage = Stage.list(lines: 22)
    stage.pressAtOnce("e AG<Ctrl-o>y")
    #expect(stage.asked().allSatisfy { $0.requestID == nil })
    #expect(stage.status == "not taken: it was typed before this was on the screen")
    stage.press("y")
    #expect(stage.asked().contains { $0.requestID != nil })
  }

  @Test func anAnswerThatComesUnderTheHelpScreenClosesBoth() {
    var stage = Stage.list(lines: 22)
    stage.press("e AG<Ctrl-o>y?")
    #expect(stage.app.top == .help)
    stage.answer(
      .written(Written(outcome: .saved, entryID: 1, tenant: Self.changed { $0.name = "Acme GmbH AG" })))
    #expect(stage.app.top == .receipt)
  }
}
