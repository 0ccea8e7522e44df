import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("Tenants as they were")
struct VersionScreenTests {
  /// Acme at its versions 1 to 3; the third is how it is now.
  private static let versions: [Tenant] = {
    var first = Sample.acme
    (first.version, first.name, first.permissions) = (1, "Acme", [])
    var second = first
    (second.version, second.name) = (2, "Acme AG")
    return [first, second, Sample.acme]
  }()

  private static func version(_ number: Int, by actor: String = "bea", reason: String? = nil) -> TenantVersion
  {
    TenantVersion(
      tenant: versions[number - 1], before: number > 1 ? versions[number - 2] : nil, newest: 3,
      entryID: Int64(800 + number), at: Sample.ago(seconds: Int64(4 - number) * 86_400), actor: actor,
      action: number == 1 ? "register" : "update", reason: reason)
  }

  /// The second version is on the screen.
  private static func second(columns: Int = 80) -> Stage {
    var stage = Stage.list(columns: columns, lines: 22)
    stage.press("[")
    stage.answer(.version(version(2, reason: "SUP-7 rebranded")))
    stage.answer(.tenant(Sample.acme))
    _ = stage.wanted()
    return stage
  }

  @Test func aVersionShowsWhoChangedWhatAndTheWholeOfIt() {
    var stage = Stage.list(lines: 22)
    stage.press("[")
    #expect(stage.asked() == [.version(Sample.acme.id, .version(2)), .tenant(.id(Sample.acme.id))])
    stage = Self.second()
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       ▮cme  as version 2 of 3  since 2026-11-21 17:00:00Z

        update by bea  entry 802
        Reason: SUP-7 rebranded
        Name
          - Acme
          + Acme AG

        The whole, as it was then
        Site id         acme
        Name            Acme AG
        Contact e-mail  ops@acme.example
        Website         (not set)
        Industry        retail
        Origins         https://acme.example
                        https://shop.acme.example
        Permissions     (none)
        State           active


       [ older  ] newer  z put back  Esc back  r refresh  ? keys
      """)
  }

  @Test func theKeysWalkUpToBothEnds() {
    var stage = Self.second()
    stage.press("[")
    #expect(stage.asked() == [.version(Sample.acme.id, .version(1))])
    stage.answer(.version(Self.version(1)))
    stage.press("[")
    #expect(stage.status == "this is the first version")
    stage.press("]")
    stage.answer(.version(Self.version(2)))
    stage.press("]")
    stage.answer(.version(Self.version(3)))
    _ = stage.asked()
    stage.press("]")
    #expect(stage.status == "this is the newest version: it is so now")
    #expect(stage.asked() == [])
    stage.press("<Esc>")
    #expect(stage.app.top == .list)
  }

  @Test func aFieldIsPutBackAsAnEditLikeAnyOther() {
    var stage = Self.second()
    stage.press("z")
    stage.press("j<Enter>")
    stage.answer(.catalogues(Sample.catalogues))
    #expect(stage.app.top == .review)
    #expect(stage.frame.picture.contains("- Acme GmbH") && stage.frame.picture.contains("+ Acme AG"))
    #expect(stage.frame.picture.contains("Reason: back to version 2"))
    _ = stage.asked()
    stage.press("y")
    guard case .update(let update)? = stage.asked().first else {
      Issue.record("nothing was sent")
      return
    }
    #expect(update.expectedVersion == 3 && update.changes == [.name: .text("Acme AG")])
    #expect(update.reason == "back to version 2")
  }

  @Test func theWholeIsPutBackWithWhatItTouches() {
    var stage = Self.second()
    stage.press("z<Enter>")
    stage.answer(.catalogues(Sample.catalogues))
    #expect(stage.frame.picture.contains("2 permissions taken away"))
    _ = stage.asked()
    stage.press("y")
    guard case .update(let update)? = stage.asked().first else {
      Issue.record("nothing was sent")
      return
    }
    #expect(update.changes == [.name: .text("Acme AG"), .permissions: .list([])])
  }

  @Test func whoMayOnlyLookMayWalkAndPutsNothingBack() {
    var session = Sample.session
    session.right = .support
    var stage = Stage.list(session: session, lines: 22)
    stage.press("[")
    stage.answer(.version(Self.version(2)))
    stage.press("z")
    #expect(stage.status.hasPrefix("z: ana may look but not change"))
  }

  @Test func undoPutsBackWhatMyLastChangeReplaced() {
    var stage = Stage.list(lines: 22)
    stage.press("u")
    #expect(stage.asked() == [.lastOwnChange])
    stage.answer(.version(Self.version(2, by: "ana")))
    stage.answer(.catalogues(Sample.catalogues))
    #expect(stage.frame.picture.contains("- Acme AG") && stage.frame.picture.contains("+ Acme"))
    _ = stage.asked()
    stage.press("y")
    guard case .update(let update)? = stage.asked().first else {
      Issue.record("nothing was sent")
      return
    }
    // On top of what the change left, so that what others did since makes a conflict.
    #expect(update.expectedVersion == 2 && update.changes == [.name: .text("Acme")])
    stage.answer(.written(Written(outcome: .stale, tenant: Sample.acme)))
    #expect(stage.app.top == .conflict)
  }

  @Test func undoOfADeactivationAsksToReactivate() {
    var stage = Stage.list(lines: 22)
    stage.press("u")
    var version = Self.version(2, by: "ana")
    version.tenant.state = .deactivated
    version.tenant.name = version.before!.name
    stage.answer(.version(version))
    #expect(stage.app.top == .transition)
    #expect(stage.frame.picture.contains("REACTIVATE acme"))
  }

  @Test func whatCannotBeUndoneIsSaid() {
    var stage = Stage.list(lines: 22)
    stage.press("u")
    stage.answer(.version(nil))
    #expect(stage.status == "there is no change of yours to undo")
    stage.press("u")
    stage.answer(.version(Self.version(1, by: "ana")))
    #expect(stage.status == "your last change onboarded acme: that is not undone, but x d deactivates it")
  }

  @Test func theListOfAMomentHasABannerAndNothingInItCanBeChanged() {
    var stage = Stage.list(lines: 12)
    stage.press("j:at 2026-11-01<Enter>")
    let moment = Instant("2026-11-01T00:00:00Z")!
    #expect(stage.asked() == [.page(PageRequest(limit: TenantWindow.glance, asOf: moment))])
    stage.answer(.page(Sample.page([Self.versions[0]])))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants  as of 2026-11-01 00:00:00Z
         SITE             NAME               EMAIL              STATE       UPDATED
       ▮ acme             Acme               ops@acme.example   active      2m







       Enter open  c onboard  e edit  x lifecycle  / filter  q quit  ? keys
      """)
    for key in ["c", "e", "x", "/", "<Space>", "*", "s", "u", "w"] {
      stage.press(key)
      #expect(
        stage.status.hasSuffix("this is the past: Esc brings the present back"), "\(key): \(stage.status)")
      #expect(stage.asked() == [])
    }
    stage.press("<Enter>")
    #expect(stage.asked().first == .version(Sample.acme.id, .at(moment)))
    stage.press("<Esc><Esc>")
    #expect(stage.asked().contains { if case .page(let page) = $0 { page.asOf == nil } else { false } })
    stage.answer(.page(Sample.page(Array(Sample.tenants.dropFirst()))))
    #expect(!stage.frame.picture.contains("as of"))
  }

  @Test func aMomentToComeIsRefused() {
    var stage = Stage.list(lines: 12)
    stage.press(":at 2031-01-01<Enter>")
    #expect(stage.status == "that moment is still to come")
    #expect(stage.asked() == [])
  }
}
