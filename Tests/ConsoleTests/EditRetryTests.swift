import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("Editing again")
struct EditRetryTests {
  @Test func aRetriedWriteHasAnIDThatWasNotUsedUp() {
    var stage = Stage.list(lines: 22)
    stage.press("e AG<Ctrl-o>y")
    stage.answer(.written(Written(outcome: .refused, rule: "tenant_purged", tenant: Sample.acme)))
    #expect(stage.status == "not saved: refused by the rule tenant_purged")
    _ = stage.asked()
    stage.press("<Ctrl-o>y")
    #expect(stage.asked().last?.requestID == Sample.id(0xA02))
    stage.fail(.requestReused) { $0.requestID != nil }
    stage.press("<Ctrl-o>y")
    #expect(stage.asked().last?.requestID == Sample.id(0xA03))
    // Nothing was recorded under it: it serves again.
    stage.fail(.unavailable("down")) { $0.requestID != nil }
    stage.press("<Ctrl-o>y")
    #expect(stage.asked().last?.requestID == Sample.id(0xA03))
  }

  @Test func aFieldThatNobodyTouchedIsNeitherJudgedNorWritten() {
    var odd = Sample.acme
    // Not what the rules of today allow; it may stay as it is.
    odd.contactEmail = "no address"
    var stage = Stage.list([odd])
    stage.press("e AG<Tab><Tab><Ctrl-o>")
    #expect(stage.app.top == .review)
    _ = stage.asked()
    stage.press("y")
    guard case .update(let update)? = stage.asked().first else {
      Issue.record("an update is sent")
      return
    }
    #expect(Set(update.changes.keys) == [.name])
  }

  @Test func whatATenantsTextSaysIsNeverDrawnRaw() {
    var evil = Sample.acme
    evil.name = "\u{1B}[2Jevil\u{202E}\u{7}"
    evil.contactEmail = "a\u{9B}31m@x.example"
    evil.allowedOrigins = ["https://a\u{1B}]0;x.example"]
    var stage = Stage.list([evil])
    for script in ["", "<Enter>", "2", "e", "<Esc><Esc>", "xd"] {
      stage.press(script)
      let drawn = stage.frame.lines.flatMap(\.spans).flatMap { Array($0.text.text.unicodeScalars) }
      #expect(!drawn.contains { $0.properties.generalCategory == .control || $0 == "\u{202E}" })
    }
  }
}
