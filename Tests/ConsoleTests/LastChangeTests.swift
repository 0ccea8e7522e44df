import TenantStore
import Terminal
import Testing

@testable import Console

/// The line that tells who last changed the field that has the focus.
@Suite("Who last changed a field") struct LastChangeTests {
  private static let changes: Answer = .lastChanges([
    LastChange(
      field: "tenantName", entryID: 9, at: Sample.ago(seconds: 86_400), actor: "ben", action: "update",
      version: 3, reason: "SUP-2 moved"),
    LastChange(
      field: "siteId", entryID: 1, at: Sample.ago(seconds: 90_000), actor: "bea", action: "register",
      version: 1,
      reason: nil),
  ])

  @Test func theDetailTellsOfTheFieldThatHasTheFocus() {
    var stage = Stage.list(lines: 18)
    stage.press("<Enter>")
    stage.answer(.tenant(Sample.acme))
    #expect(stage.asked().contains(.lastChanges(Sample.acme.id)))
    stage.answer(Self.changes)
    #expect(
      stage.frame.picture.contains(" Site id: as given by bea 2026-11-22 16:00:00Z (register, version 1)"))
    stage.press("j")
    #expect(stage.asked() == [])
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       acme  active  Acme GmbH
       [1 Overview]  2 Origins and permissions   3 History

        Site id         acme
      ▮ Name            Acme GmbH
        Contact e-mail  ops@acme.example
        Website         (not set)
        Industry        retail
        State           active
        Active          yes
        Version         3
        Created         2026-10-24 17:00:00Z  (30d)
        Updated         2026-11-23 16:58:00Z  (2m)

       Name: changed by ben 2026-11-22 17:00:00Z (update, version 3): SUP-2 moved

       1 overview  2 origins  3 history  e edit  x lifecycle  a audit  ? keys
      """)
  }

  @Test func theFormTellsItToo() {
    var stage = Stage.list(lines: 20)
    stage.press("e")
    #expect(stage.asked().contains(.lastChanges(Sample.acme.id)))
    stage.answer(Self.changes)
    #expect(
      stage.frame.picture.contains(" Name: changed by ben 2026-11-22 17:00:00Z (update, version 3): SUP-2"))
    stage.press("<Tab>")
    #expect(!stage.frame.picture.contains("changed by"))
  }
}
