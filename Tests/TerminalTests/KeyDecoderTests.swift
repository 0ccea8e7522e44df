import Testing

@testable import Terminal

@Suite struct KeyDecoderTests {
  @Test(arguments: [
    ("a", [Key.character("a")]),
    ("é日🦊", [.character("é"), .character("日"), .character("🦊")]),
    ("\r\n\t", [.enter, .enter, .tab]),
    ("\u{3}\u{1A}\u{1}", [.control("c"), .control("z"), .control("a")]),
    ("\u{7F}\u{8}", [.backspace, .backspace]),
    ("\u{0}\u{1C}\u{1F}", [.unknown, .unknown, .unknown]),
    ("\u{1B}[A\u{1B}[B\u{1B}[C\u{1B}[D", [.up, .down, .right, .left]),
    ("\u{1B}OA\u{1B}OB\u{1B}OC\u{1B}OD", [.up, .down, .right, .left]),
    ("\u{1B}[1;5A\u{1B}O5B\u{1B}[1;2C", [.up, .down, .right]),
    ("\u{1B}[H\u{1B}[F\u{1B}[1~\u{1B}[4~\u{1B}[7~\u{1B}[8~", [.home, .end, .home, .end, .home, .end]),
    ("\u{1B}[2~\u{1B}[3~\u{1B}[5~\u{1B}[6~\u{1B}[5;5~", [.insert, .delete, .pageUp, .pageDown, .pageUp]),
    ("\u{1B}OP\u{1B}[11~\u{1B}[[A\u{1B}[15~\u{1B}[24~", [1, 1, 1, 5, 12].map(Key.function)),
    ("\u{1B}[1;5R\u{1B}[R\u{1B}OR", [.function(3), .function(3), .function(3)]),
    ("\u{1B}[Z\u{1B}OM\u{1B}Oy", [.backTab, .enter, .character("9")]),
    ("\u{1B}[I\u{1B}[O", [.focusGained, .focusLost]),
    ("\u{1B}[<0;10;5M", [.mouse(Mouse(.press, at: Point(line: 4, column: 9)))]),
    ("\u{1B}[<0;300;5m", [.mouse(Mouse(.release, at: Point(line: 4, column: 299)))]),
    ("\u{1B}[<64;1;1M", [.mouse(Mouse(.wheelUp, at: Point(line: 0, column: 0)))]),
    ("\u{1B}[<65;1;1M", [.mouse(Mouse(.wheelDown, at: Point(line: 0, column: 0)))]),
    ("\u{1B}[<35;4;4M\u{1B}[<66;1;1M", []),
    ("\u{1B}[<0;0;0M\u{1B}[<1;2M", [.unknown, .unknown]),
    ("\u{1B}[M !!", [.mouse(Mouse(.press, at: Point(line: 0, column: 0)))]),
    ("\u{1B}[200~a\r\nb\u{1B}[201~c", [.paste("a\r\nb"), .character("c")]),
    ("\u{1B}[200~\u{1B}[20\u{1B}\u{1B}[200~\u{1B}[201~", [.paste("\u{1B}[20\u{1B}\u{1B}[200~")]),
    ("\u{1B}[200~\u{1B}[201~\u{1B}[201~x", [.paste(""), .character("x")]),
    // Answers to what an earlier program asked: attributes, cursor, modes, colours, a DCS string.
    ("\u{1B}[?64;1;2cj", [.character("j")]),
    ("\u{1B}[12;40R\u{1B}[0n\u{1B}[?2026;2$yj", [.character("j")]),
    ("\u{1B}]11;rgb:1e1e/1e1e/1e1e\u{7}j", [.character("j")]),
    ("\u{1B}]10;?\u{1B}\\\u{1B}P>|xterm(380)\u{1B}\\j", [.character("j")]),
    // Alt chords are left alone: neither an Escape nor the letter.
    ("\u{1B}x\u{1B}éj", [.unknown, .unknown, .character("j")]),
    ("\u{1B}\u{1B}[A", [.escape, .up]),
    ("\u{1B}[999~\u{1B}[?\u{1}a", [.unknown, .unknown, .control("a"), .character("a")]),
  ])
  func decodes(_ bytes: String, _ keys: [Key]) {
    var decoder = KeyDecoder()
    #expect(decoder.feed(bytes.utf8) == keys)
    #expect(!decoder.isWaiting)
  }

  @Test(
    arguments: [
      ([0x80], [Key.unknown]),
      ([0xC3, 0x28], [.unknown, .character("(")]),
      ([0xC0, 0xAF], [.unknown, .unknown]),
      ([0xED, 0xA0, 0x80], [.unknown, .unknown, .unknown]),
      ([0xF4, 0x90, 0x80, 0x80], [.unknown, .unknown, .unknown, .unknown]),
      ([0xC2, 0x9B], [.unknown]),
      ([0xFF, 0x61], [.unknown, .character("a")]),
      ([0xE6, 0x97, 0x1B, 0x5B, 0x41], [.unknown, .up]),
    ] as [([UInt8], [Key])])
  func badBytesAreUnknownKeysAndEatNothingElse(_ bytes: [UInt8], _ keys: [Key]) {
    var decoder = KeyDecoder()
    #expect(decoder.feed(bytes) == keys)
    #expect(!decoder.isWaiting)
  }

  @Test func aLoneEscapeIsToldByTheTimeout() {
    var decoder = KeyDecoder()
    #expect(decoder.feed([0x1B]) == [])
    #expect(decoder.isWaiting)
    #expect(decoder.timeout() == [.escape])
    #expect(!decoder.isWaiting)
    #expect(decoder.timeout() == [])
  }

  @Test(arguments: ["\u{1B}[", "\u{1B}[1;", "\u{1B}O", "\u{1B}[[", "\u{1B}[M!"])
  func aBrokenOffSequenceIsUnknown(_ start: String) {
    var decoder = KeyDecoder()
    #expect(decoder.feed(start.utf8) == [])
    #expect(decoder.timeout() == [.unknown])
    #expect(decoder.feed("j".utf8) == [.character("j")])
  }

  @Test func aPasteSurvivesPausesButNotForEver() {
    var decoder = KeyDecoder()
    #expect(decoder.feed("\u{1B}[200~slow".utf8) == [])
    #expect(decoder.timeout() == [])
    #expect(decoder.feed(" line\u{1B}[20".utf8) == [])
    var keys: [Key] = []
    var timeouts = 0
    while decoder.isWaiting && timeouts < 1_000 {
      keys += decoder.timeout()
      timeouts += 1
    }
    #expect(keys == [.paste("slow line\u{1B}[20")])
    #expect(decoder.feed("j".utf8) == [.character("j")])
  }

  @Test func aHugePasteIsCut() {
    var decoder = KeyDecoder()
    let text = String(repeating: "x", count: 3 * KeyDecoder.pasteLimit)
    let keys = decoder.feed("\u{1B}[200~\(text)\u{1B}[201~j".utf8)
    #expect(keys == [.paste(String(repeating: "x", count: KeyDecoder.pasteLimit)), .character("j")])
  }

  @Test func anEndlessSequenceEndsTheWait() {
    var decoder = KeyDecoder()
    let keys = decoder.feed("\u{1B}[\(String(repeating: "1;", count: 5_000))mj".utf8)
    #expect(keys == [.unknown, .character("j")])
  }

  @Test func whereAReadEndsChangesNothing() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<3_000 {
      // Given
      let bytes = hostileBytes(using: &random)
      var whole = KeyDecoder()
      let expected = whole.feed(bytes)

      // When
      var parts = KeyDecoder()
      var keys: [Key] = []
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Int.random(in: 1...min(4, rest.count), using: &random)
        keys += parts.feed(rest.prefix(count))
        rest = rest.dropFirst(count)
      }

      // Then
      #expect(keys == expected, "\(bytes)")
      #expect(parts.isWaiting == whole.isWaiting)
    }
  }

  @Test func noBytesHangTheDecoder() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<3_000 {
      var decoder = KeyDecoder()
      let bytes = hostileBytes(using: &random)
      let keys = decoder.feed(bytes)
      #expect(keys.count <= bytes.count)
      for key in keys {
        if case .character(let scalar) = key {
          #expect(scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value))
        }
      }
      for _ in 0..<100 where decoder.isWaiting { _ = decoder.timeout() }
      #expect(!decoder.isWaiting, "\(bytes)")
      #expect(decoder.feed("j".utf8) == [.character("j")], "\(bytes)")
    }
  }

  /// Random bytes, with the beginnings of sequences more often than chance has them.
  private func hostileBytes(using random: inout SystemRandomNumberGenerator) -> [UInt8] {
    let beginnings = [
      "\u{1B}", "\u{1B}[", "\u{1B}[<", "\u{1B}O", "\u{1B}]", "\u{1B}P", "\u{1B}[200~", "\u{1B}[201~",
      "\u{1B}[M", "\u{1B}[[", "é",
      "日", "1;2", "~",
    ]
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 1...25, using: &random) {
      if Bool.random(using: &random) {
        bytes += Array(beginnings.randomElement(using: &random)!.utf8)
      } else {
        bytes.append(UInt8.random(in: 0...255, using: &random))
      }
    }
    return bytes
  }
}
