import Testing

@testable import Terminal

@Suite struct LettersTests {
  @Test(arguments: [
    ("plain", "plain"), ("┌─┐│└┘", "+-+|++"), ("cut…", "cut~"), ("日本é\u{301}", "?????"), ("→ ●", "> *"),
  ])
  func asciiDrawsLikenessesOfTheSameWidth(_ text: String, _ drawn: String) {
    #expect(Letters.ascii.drawn(text) == drawn)
    #expect(SafeText(drawn).width == SafeText(text).width)
    #expect(Letters.unicode.drawn(text) == text)
  }

  @Test func asciiIsAsciiWhateverComes() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2_000 {
      let safe = SafeText(randomText(using: &random))
      let drawn = Letters.ascii.drawn(safe.text)
      #expect(drawn.utf8.allSatisfy { $0 < 0x7F } && drawn.utf8.count == safe.width)
    }
  }
}
