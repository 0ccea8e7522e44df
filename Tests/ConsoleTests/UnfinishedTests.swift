import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("Drafts announced by the list")
struct UnfinishedTests {
  private static let lying = LyingDraft(file: DraftTests.name.file, text: DraftTests.kept.text)

  private static func edit(of id: TenantID) -> LyingDraft {
    var draft = DraftTests.kept
    draft.tenantID = id
    return LyingDraft(file: DraftName(.edit(id), DraftTests.session)!.file, text: draft.text)
  }

  private func stage(_ found: [LyingDraft], bindings: [KeyBinding] = []) -> Stage {
    var stage = Stage.list(session: DraftTests.session, bindings: bindings)
    stage.send(.drafts(found))
    return stage
  }

  @Test func theyAreLookedForAtTheStartAndWhenAFormWasLeft() {
    var stage = Stage(lines: 24)
    stage.send(.link(.up))
    stage.answer(.session(DraftTests.session))
    #expect(stage.wanted().contains(.seekDrafts))
    stage.answer(.page(Sample.page(Sample.tenants)))
    stage.press("c")
    _ = stage.wanted()
    stage.press("<Esc>")
    let effects = stage.wanted()
    // What the form lets go is looked for after that.
    #expect(
      effects.firstIndex(of: .seekDrafts)!
        > effects.firstIndex(of: .closeDraft(DraftTests.name, removing: false))!)
    // Whose they are is not known without an installation.
    var stranger = Stage.list()
    stranger.press("c<Esc>")
    #expect(!stranger.wanted().contains(.seekDrafts))
  }

  @Test func theListSaysWhatIsNotFinishedAndWhichKeyGoesOn() {
    var stage = stage([Self.lying])
    #expect(stage.status == "Not finished: c goes on with onboarding Nova Retail")
    // Other words take its place until the next key.
    stage.press("<F12>")
    #expect(stage.status.contains("does nothing here"))
    stage.press("j")
    #expect(stage.status == "Not finished: c goes on with onboarding Nova Retail")
    stage.press("c")
    #expect(!stage.status.contains("Not finished"))
    stage.send(.drafts([]))
    stage.press("<Esc>")
    #expect(stage.status == "")
  }

  @Test func editsAreNamedByTheirTenantAndTheKeysAreThePersonsOwn() {
    var stage = stage(
      [Self.lying, Self.edit(of: Sample.acme.id)], bindings: [KeyBinding(action: "onboard", keys: ["n"])])
    #expect(stage.asked().last == .tenants([Sample.acme.id]))
    stage.answer(.tenants([Sample.acme]))
    #expect(stage.status == "Not finished: n goes on with onboarding Nova Retail, e with the edit of acme")
    stage.send(.drafts([Self.edit(of: Sample.acme.id), Self.edit(of: Sample.wide.id)]))
    stage.answer(.tenants([Sample.acme, Sample.wide]))
    #expect(stage.status == "Not finished: e goes on with 2 edits")
    // Of a tenant that is gone there is nothing to go on with.
    stage.send(.drafts([Self.edit(of: Sample.acme.id)]))
    stage.answer(.tenants([]))
    #expect(stage.status == "")
  }

  @Test func anothersDraftAndADamagedOneAreNoneOfThisPersons() {
    var session = DraftTests.session
    session.user = "bob"
    let others = LyingDraft(file: DraftName(.onboard, session)!.file, text: DraftTests.kept.text)
    let damaged = LyingDraft(file: DraftTests.name.file, text: "\u{1}")
    #expect(stage([others, damaged]).status == "")
  }

  @Test func aNameFromAFileIsCleanAndShort() {
    var draft = DraftTests.kept
    draft.values[0].entries = [String(repeating: "\u{1B}[31m\u{202E}x", count: 40)]
    let stage = stage([LyingDraft(file: DraftTests.name.file, text: draft.text)])
    #expect(stage.status.hasPrefix("Not finished: c goes on with onboarding ") && stage.status.count < 70)
    #expect(!stage.frame.picture.contains("\u{1B}") && !stage.frame.picture.contains("\u{202E}"))
  }
}
