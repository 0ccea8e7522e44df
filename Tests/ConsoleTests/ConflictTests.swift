import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("Two people, one tenant")
struct ConflictTests {
  @Test func aStaleEditShowsThreeSidesAndMergesOnRequest() {
    var stage = Stage.list(lines: 22)
    stage.press("e AG<Tab><End>.de<Tab>https://mine.example<Ctrl-o>y")
    let theirs = EditTests.changed {
      $0.contactEmail = "it@acme.example"
      $0.industry = "energy"
    }
    stage.answer(.written(Written(outcome: .stale, tenant: theirs)))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Changed meanwhile: you began from version 3, it is at version 4 now

         Name            only you changed it: yours is taken
           base    Acme GmbH
           theirs  Acme GmbH
           mine    Acme GmbH AG
       ▮ Contact e-mail  both changed it: Space chooses
           base    ops@acme.example
           theirs  it@acme.example
           mine    ops@acme.example.de
         Website         only you changed it: yours is taken
           base    (not set)
           theirs  (not set)
           mine    https://mine.example
         Industry        they changed it: theirs is taken
           base    retail
           theirs  energy
           mine    retail


       Ctrl-o merge and review  Space mine or theirs  Esc back  ? keys
      """)
    stage.press("<Ctrl-o>")
    #expect(stage.status == "Contact e-mail: both changed it; Space chooses mine or theirs")
    stage.press("<Space>")
    #expect(stage.frame.picture.contains("both changed it: MINE is taken"))
    stage.press("<Space><Ctrl-o>")
    #expect(stage.app.top == .review)
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       ▮ave these changes of acme?  y saves, n goes back. Default: no

        Name
          - Acme GmbH
          + Acme GmbH AG
        Website
          - (not set)
          + https://mine.example












       y yes  n no  Esc back  ? keys
      """)
    _ = stage.asked()
    stage.press("y")
    #expect(
      stage.asked() == [
        .update(
          Update(
            requestID: Sample.id(0xA02), tenantID: Sample.acme.id, expectedVersion: 4,
            changes: [.name: .text("Acme GmbH AG"), .websiteURL: .text("https://mine.example")]))
      ])
  }

  @Test func theConflictCanBeLeftWithEverythingTyped() {
    var stage = Stage.list(lines: 22)
    stage.press("e AG<Ctrl-o>y")
    stage.answer(.written(Written(outcome: .stale, tenant: EditTests.changed { $0.name = "Other" })))
    stage.press("<Esc>")
    #expect(stage.app.top == .form)
    #expect(stage.frame.picture.contains("Acme GmbH AG"))
  }
}
