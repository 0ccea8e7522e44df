import Testing

@testable import Terminal

@Suite struct ClipboardTests {
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"), ("\u{7F}é", "f8Op"),
  ]) func base64IsThatOfTheStandard(_ plain: String, _ coded: String) {
    #expect(String(decoding: Clipboard.base64(Array(plain.utf8)), as: UTF8.self) == coded)
  }

  @Test func aTerminalGetsTheSequenceItself() {
    #expect(text(.direct) == "^]52;c;Zm9v!")
  }

  @Test func tmuxGetsItOnceForItselfAndOnceToPassOn() {
    #expect(text(.tmux) == "^]52;c;Zm9v!^Ptmux;^^]52;c;Zm9v!^\\")
  }

  @Test func screenGetsPiecesThatFitItsBuffer() {
    let long = String(repeating: "x", count: 900)
    let plain = Clipboard.sequence(long, .direct)
    let wrapped = String(decoding: Clipboard.sequence(long, .screen), as: UTF8.self)
    let pieces = wrapped.split(separator: "\u{1B}P", omittingEmptySubsequences: true)
    #expect(pieces.count == 3)
    for piece in pieces { #expect(piece.utf8.count <= 768 && piece.hasSuffix("\u{1B}\\")) }
    #expect(
      Array(pieces.map { $0.dropLast(2) }.joined().utf8) == plain, "what is inside is the whole sequence")
  }

  @Test func theWayIsSeenInTheEnvironment() {
    func path(_ environment: [String: String]) -> Clipboard.Path {
      Clipboard.path { environment[$0] }
    }
    #expect(path(["TERM": "xterm-256color"]) == .direct)
    #expect(path(["TERM": "screen-256color", "TMUX": "/tmp/x,1,0"]) == .tmux)
    #expect(path(["TERM": "tmux-256color"]) == .tmux)
    #expect(path(["TERM": "screen.xterm-256color", "STY": "12.tty"]) == .screen)
    #expect(path(["TERM": "linux"]) == Clipboard.Path.none)
  }

  private func text(_ path: Clipboard.Path) -> String {
    String(
      Clipboard.sequence("foo", path).map { byte -> Character in
        byte == 0x1B ? "^" : byte == 0x07 ? "!" : Character(Unicode.Scalar(byte))
      })
  }
}
