import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("Keys of one's own")
struct KeySettingsTests {
  @Test func anActionGetsOtherKeysEverywhereAtOnce() {
    var stage = Stage.list(lines: 80, bindings: [KeyBinding(action: "onboard", keys: ["n", "F2"])])
    #expect(stage.frame.picture.contains("n onboard"))
    stage.press("c")
    #expect(stage.status == "c does nothing here: ? shows the keys")
    stage.press("?")
    #expect(stage.frame.picture.contains("   n F2            onboard a tenant"))
    stage.press("<Esc><F2>")
    #expect(stage.app.top == .form)
  }

  @Test func twoActionsOnOneKeyAreReportedByBothNamesAndNothingChanges() {
    let (keymap, problems) = Keymap.standard(with: [KeyBinding(action: "onboard", keys: ["e"])])
    #expect(problems == ["keys: onboard: e is the key of edit already; give that another one first"])
    #expect(keymap.binding(for: .character("c"), in: .list)?.meaning == .screen(.list(.onboard)))
    #expect(keymap.binding(for: .character("e"), in: .list)?.meaning == .screen(.tenant(.edit)))
  }

  @Test func keysCanBeSwappedByWayOfAThird() {
    let (keymap, problems) = Keymap.standard(with: [
      KeyBinding(action: "edit", keys: ["E"]), KeyBinding(action: "onboard", keys: ["e"]),
    ])
    #expect(problems == [])
    #expect(keymap.binding(for: .character("e"), in: .list)?.meaning == .screen(.list(.onboard)))
    #expect(keymap.binding(for: .character("E"), in: .detail)?.meaning == .screen(.tenant(.edit)))
  }

  @Test(arguments: [
    ("fly", ["f"], "there is no action of this name"), ("edit", ["Hyper-e"], "Hyper-e is no key"),
    ("confirm", ["x"], "its keys cannot be changed"), ("edit", [], "it would have no key"),
    ("edit", ["Ctrl-m"], "Ctrl-m is no key"),
  ]) func whatCannotBeIsSaid(_ action: String, _ keys: [String], _ why: String) {
    let (keymap, problems) = Keymap.standard(with: [KeyBinding(action: action, keys: keys)])
    #expect(problems == ["keys: \(action): \(why)"])
    #expect(keymap.footers == Keymap.standard.footers)
  }

  @Test func aFieldKeepsItsKeys() {
    var stage = Stage.list(bindings: [KeyBinding(action: "up", keys: ["W"])])
    stage.press("/W")
    #expect(stage.frame.picture.contains("/ W"))
    stage.press("<Esc>jjW")
    #expect(stage.frame.cursor == Point(line: 4, column: 1))
  }

  @Test func problemsAreShownOnceTheConsoleIsUp() {
    let stage = Stage.list(bindings: [KeyBinding(action: "fly", keys: ["f"])])
    #expect(stage.status == "keys: fly: there is no action of this name")
  }

  @Test func everyKeyOfTheTableIsFoundByItsName() {
    for binding in Keymap.standard.table {
      for key in binding.keys { #expect(key.name.flatMap(Key.init(named:)) == key, "\(key)") }
    }
  }

  @Test func noActionHasTheNameOfAnother() {
    let words =
      Action.allCases.map { Meaning.screen($0).word } + AppAction.allCases.map { Meaning.app($0).word }
    #expect(Set(words).count == words.count)
  }
}
