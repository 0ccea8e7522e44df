import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("What becomes of an onboarding")
struct OnboardOutcomeTests {
  @Test func reviewShowsEverythingAndAsks() {
    var stage = OnboardTests.filled()
    stage.press("<Ctrl-o>")
    #expect(stage.frame.picture.contains("Makes its row, its secret; and what is listed: being read..."))
    stage.answer(.run(.resources([])))
    // What was not seen when the key was pressed is not agreed to.
    stage.send(.key(.character("y")))
    #expect(stage.status == "not taken: it was typed before this was on the screen")
    stage.press("j")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       ▮nboard this tenant?  y saves, n goes back. Default: no

        Makes its row, its secret; nothing else is listed: in service at once

        Site id
          + nova-retail
        Name
          + Nova Retail
        Contact e-mail
          + ops@nova.example
        Website
          + https://nova.example
        Industry
          + retail
        Origins
          + https://nova.example
          + https://shop.nova.example
        Permissions
          + billing
          + reports


       y yes  n no  Esc back  ? keys
      """)
    _ = stage.asked()
    stage.press("y")
    #expect(stage.asked() == [OnboardTests.request])
    #expect(stage.frame.picture.contains("Saving..."))
    stage.press("y<Esc>")
    #expect(stage.asked().isEmpty)
    #expect(stage.status == "a change is on its way: wait for its outcome")
  }

  @Test func theSecretIsShownOnceAndTheReceiptFollows() {
    var stage = OnboardTests.filled()
    stage.press("<Ctrl-o>y")
    stage.answer(.written(Written(outcome: .saved, entryID: 4711, tenant: OnboardTests.nova)))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       nova-retail is onboarded. This is its secret:

        ▮AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8

       This is the only time it is shown: only its hash is kept. Store it now (y
       copies it), then press s.

       Tenant id  00000000-0000-4000-8000-000000000b02
       It took    0:00













       s I have stored it  w write the sheet  ? keys
      """)
    stage.press("y<Enter><Esc>q<Space>")
    #expect(stage.app.top == .secret)
    stage.press("s")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Receipt

       ▮hat      onboarded nova-retail (Nova Retail)
       From, to  nothing -> version 1
       Who       ana on db1.eu/saas (production)
       When      2026-11-23 17:00:00Z
       Audit     entry 4711; to undo: x d (its site id is never given again)















       Enter go on  Esc back  ? keys
      """)
    _ = stage.asked()
    stage.press("<Enter>")
    #expect(stage.app.top == .list)
    let place = Cursor(key: "nova-retail", id: OnboardTests.nova.id)
    #expect(stage.asked() == [.page(PageRequest(anchor: .from(place), limit: 200))])
    #expect(!stage.frame.picture.contains(Sample.secret.text))
  }

  @Test func theServersRefusalLandsOnItsFieldAndNothingTypedIsLost() {
    var stage = OnboardTests.filled()
    stage.press("<Ctrl-o>y")
    stage.fail(.field(FieldProblem(field: .siteID, rule: "site_id_taken", message: "this site id is taken")))
    {
      $0.requestID != nil
    }
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Onboard a tenant  >1 Name!  2 Contact   3 Origins   4 Review

        Name            Nova Retail
      > Site id         nova-retail▮
                        ! this site id is taken
















       not saved: the server refused a field
       Ctrl-o review and save  Tab next  Enter next or choose  Esc back  F1 keys
      """)
    // The mended form goes out under the same id, with the same secret.
    _ = stage.asked()
    stage.press("2<Ctrl-o>y")
    guard case .onboard(let again)? = stage.asked().last else {
      Issue.record("the mended form is sent")
      return
    }
    #expect(again.requestID == Sample.id(0xA01))
    #expect(again.fields[.siteID] == .text("nova-retail2"))
  }

  @Test func aLostLineIsUnknownUntilItIsSettledAndTheSecretIsStillShown() {
    var stage = OnboardTests.filled()
    stage.press("<Ctrl-o>y")
    _ = stage.wanted()
    stage.fail(.unknown(Sample.id(0xA01))) { $0.requestID != nil }
    #expect(stage.asked() == [.settle(Sample.id(0xA01))])
    #expect(
      stage.frame.picture.contains("The line was lost: the outcome is UNKNOWN. Asking what became of it..."))
    stage.answer(.settled(.running))
    #expect(stage.wanted() == [.wakeAfter(milliseconds: 1000, .settle(Sample.id(0xA01)))])
    #expect(stage.frame.picture.contains("The outcome is still UNKNOWN."))
    stage.press("<Esc>")
    #expect(stage.app.top == .review)
    stage.send(.alarm(.settle(Sample.id(0xA01))))
    #expect(stage.asked() == [.settle(Sample.id(0xA01))])
    stage.fail(.unavailable("still down")) { if case .settle = $0 { true } else { false } }
    #expect(stage.wanted() == [.wakeAfter(milliseconds: 2000, .settle(Sample.id(0xA01)))])
    stage.send(.alarm(.settle(Sample.id(0xA01))))
    stage.answer(
      .settled(.recorded(Written(outcome: .saved, repeated: true, entryID: 4711, tenant: OnboardTests.nova))))
    #expect(stage.app.top == .secret)
    #expect(stage.frame.picture.contains(Sample.secret.text))
    #expect(stage.status == "the line was lost; your change of 17:00:00Z did commit (audit 4711)")
  }

  @Test func whoLeavesWhileItIsUnknownIsToldWhatToLookAt() {
    var stage = OnboardTests.filled()
    stage.press("<Ctrl-o>y")
    stage.fail(.unknown(Sample.id(0xA01))) { $0.requestID != nil }
    _ = stage.wanted()
    stage.press("<Ctrl-c>")
    #expect(stage.frame.picture.contains("a change cannot be called back; Ctrl-c again quits"))
    stage.press("<Ctrl-c>")
    guard case .quit(6, let parting?)? = stage.wanted().last else {
      Issue.record("it is left with 6")
      return
    }
    #expect(parting.contains("the outcome of your change of 17:00:00Z is unknown"))
    #expect(parting.contains("\(Sample.id(0xA01) as RequestID)"))
  }

  @Test func whatNeverArrivedIsTriedAgainUnderAnotherIDWithEverythingTyped() {
    var stage = OnboardTests.filled()
    stage.press("<Ctrl-o>y")
    stage.fail(.unknown(Sample.id(0xA01))) { $0.requestID != nil }
    stage.answer(.settled(.never))
    #expect(stage.app.top == .form)
    #expect(stage.frame.picture.contains("your change of 17:00:00Z did not commit, and will not:"))
    #expect(stage.frame.picture.contains("https://shop.nova.example"))
    _ = stage.asked()
    stage.press("<Ctrl-o>y")
    guard case .onboard(let again)? = stage.asked().last else {
      Issue.record("the form is sent again")
      return
    }
    #expect(again.requestID != Sample.id(0xA01))
    #expect(again.verifier == Sample.secret.verifier)
  }
}
