import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("One tenant")
struct DetailTests {
  private static func detail(_ place: Int = 0, lines: Int = 18) -> Stage {
    var stage = Stage.list(lines: lines)
    for _ in 0..<place { stage.press("j") }
    stage.press("<Enter>")
    return stage
  }

  private static func entry(
    _ seq: Int64, _ action: String, reason: String? = nil, _ changes: [AuditEntry.FieldChange]
  )
    -> AuditEntry
  {
    AuditEntry(
      entryID: 100 + seq, seq: seq, at: Sample.ago(seconds: 1000 - seq), actor: "ben", action: action,
      version: seq,
      requestID: nil, reason: reason, changed: changes.map(\.field), changes: changes)
  }

  @Test func theOverviewShowsEveryFieldAtOnceAndReadsItAnew() {
    var stage = Self.detail()
    #expect(stage.asked() == [.tenant(.id(Sample.acme.id))])
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       acme  active  Acme GmbH
       [1 Overview]  2 Origins and permissions   3 History

      ▮ Site id         acme
        Name            Acme GmbH
        Contact e-mail  ops@acme.example
        Website         (not set)
        Industry        retail
        State           active
        Active          yes
        Version         3
        Created         2026-10-24 17:00:00Z  (30d)
        Updated         2026-11-23 16:58:00Z  (2m)
        Tenant id       00000000-0000-4000-8000-000000000001
        Activity

       1 overview  2 origins  3 history  e edit  x lifecycle  a audit  ? keys
      """)
    var renamed = Sample.acme
    renamed.name = "Acme AG"
    stage.answer(.tenant(renamed))
    #expect(stage.frame.picture.contains("acme  active  Acme AG"))
  }

  @Test func originsAndPermissionsHaveAPageOfTheirOwn() {
    var stage = Self.detail()
    stage.press("2")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       acme  active  Acme GmbH
        1 Overview  ▮2 Origins and permissions]  3 History

        Origins (2)
          https://acme.example
          https://shop.acme.example

        Permissions (2)
          billing
          reports






       1 overview  2 origins  3 history  e edit  x lifecycle  a audit  ? keys
      """)
  }

  @Test func hiddenCharactersAreCountedAndStatesAreWords() {
    #expect(Self.detail(3).frame.picture.contains("Acmecorp [1 hidden]"))
    #expect(Self.detail(2).frame.picture.contains("acme-eu  DEACTIVATED  Acme Europe S.A."))
  }

  @Test func theHistoryTellsWhatChanged() {
    var stage = Self.detail()
    stage.answer(.tenant(Sample.acme))
    _ = stage.asked()
    stage.press("3")
    #expect(stage.asked() == [.history(Sample.acme.id, before: nil, limit: 50)])
    stage.answer(
      .history([
        Self.entry(
          3, "update", reason: "SUP-21044",
          [
            .init(field: "contactEmail", old: "old@acme.example", new: "ops@acme.example"),
            .init(field: "websiteUrl", old: "https://acme.example", new: nil),
          ]),
        Self.entry(
          2, "deactivate", reason: "trial ended", [.init(field: "state", old: "active", new: "deactivated")]),
        Self.entry(1, "register", []),
      ]))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       acme  active  Acme GmbH
        1 Overview   2 Origins and permissions  [3 History]

       ▮ #3    2026-11-23 16:43:23Z  update  by ben  version 3, entry 103
               Reason: SUP-21044
               Contact e-mail:
                 - old@acme.example
                 + ops@acme.example
               Website:
                 - https://acme.example
                 + (not set)
         #2    2026-11-23 16:43:22Z  deactivate  by ben  version 2, entry 102
               Reason: trial ended
               State:
                 - active

       1 overview  2 origins  3 history  e edit  x lifecycle  a audit  ? keys
      """)
    stage.press("j")
    #expect(stage.frame.picture.contains(" > #2"))
    // Coming back does not ask again.
    stage.press("13")
    #expect(stage.asked().isEmpty)
  }

  @Test func aLongHistoryComesInPages() {
    var stage = Self.detail()
    stage.press("3")
    stage.answer(.history((0..<50).map { Self.entry(100 - $0, "update", []) }))
    _ = stage.asked()
    for _ in 0..<25 { stage.press("j") }
    #expect(stage.asked() == [.history(Sample.acme.id, before: 51, limit: 50)])
    stage.answer(.history((0..<50).map { Self.entry(50 - $0, "update", []) }))
    stage.press("G")
    #expect(stage.frame.picture.contains("#1 "))
    #expect(stage.asked() == [.history(Sample.acme.id, before: 1, limit: 50)])
    stage.answer(.history([]))
    stage.press("kj")
    #expect(stage.asked().isEmpty)
  }

  @Test func escGoesBackToTheListAndGivesUpOnWhatIsRead() {
    var stage = Self.detail()
    let ticket = stage.open[0].ticket
    _ = stage.wanted()
    stage.press("<Esc>")
    #expect(stage.wanted() == [.cancel(ticket)])
    #expect(stage.app.top == .list)
  }

  @Test func aTenantThatIsGoneIsSaid() {
    var stage = Self.detail()
    stage.answer(.tenant(nil))
    #expect(stage.frame.picture.contains("GONE"))
    #expect(stage.status == "this tenant is no longer there")
  }
}
