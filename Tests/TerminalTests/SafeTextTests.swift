import Glibc
import Testing

@testable import Terminal

// Glibc's module does not show it.
@_silgen_name("wcwidth") private func columnsOfTheCLibrary(_ character: Int32) -> Int32

@Suite struct SafeTextTests {
  @Test(arguments: [
    ("plain", "plain", 5, 0),
    ("", "", 0, 0),
    ("a\u{1B}[31mb", "a[31mb", 6, 1),
    ("a\u{7F}b\u{9B}c\u{85}", "abc", 3, 3),
    ("one\r\ntwo\tthree", "one two three", 13, 1),
    ("acme\u{202E}txt.exe", "acmetxt.exe", 11, 1),
    ("\u{2066}\u{200F}\u{61C}x\u{2069}", "x", 1, 4),
    ("a\u{200B}b\u{200D}c\u{FEFF}d\u{AD}e", "abcde", 5, 4),
    ("flag\u{E0067}\u{E0062}\u{E007F}", "flag", 4, 3),
    ("\u{E000}\u{F8FF}\u{10FFFD}\u{FFFF}\u{378}", "", 0, 5),
    ("\u{301}a", "a", 1, 1),
    ("x\u{2028}y\u{2029}z", "xyz", 3, 2),
    ("日本", "日本", 4, 0),
    ("👩\u{200D}👧", "👩👧", 4, 1),
    ("❤\u{FE0F}", "❤", 1, 1),
    ("ｱ\u{3000}", "ｱ\u{3000}", 3, 0),
    ("\u{115F}\u{3164}한", "한", 2, 2),
  ])
  func cleans(_ raw: String, _ text: String, _ width: Int, _ hidden: Int) {
    let safe = SafeText(raw)
    #expect(Array(safe.text.utf8) == Array(text.utf8))
    #expect(safe.width == width)
    #expect(safe.hidden == hidden)
    #expect(SafeText.hiddenCodePoints(in: raw).count == hidden)
  }

  @Test func aFloodOfMarksIsCutToWhatACellHolds() {
    let safe = SafeText("Z" + String(repeating: "\u{300}", count: 50) + "a")
    #expect(safe.text.unicodeScalars.count == 2 + SafeText.marksKept)
    #expect(safe.width == 2)
    #expect(safe.hidden == 50 - SafeText.marksKept)
  }

  @Test func namesWhatItHid() {
    #expect(SafeText.hiddenCodePoints(in: "a\u{202E}\u{7}\u{E0041}") == ["U+202E", "U+0007", "U+E0041"])
  }

  @Test func cleanTextIsCleanedToItself() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2_000 {
      let once = SafeText(randomText(using: &random))
      let twice = SafeText(once.text)
      #expect(twice.hidden == 0 && twice.width == once.width && twice.text.utf8.elementsEqual(once.text.utf8))
    }
  }

  @Test func widthIsThatOfTheCLibrary() throws {
    // This thread's alone: another test sets that of the process to what it is given.
    let locale = try #require(newlocale(1 << LC_CTYPE, "C.UTF-8", nil))
    let before = uselocale(locale)
    defer {
      uselocale(before)
      freelocale(locale)
    }
    var wrong: [String] = []
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let theirs = columnsOfTheCLibrary(Int32(bitPattern: value))
      let agrees =
        switch DisplayClass(scalar) {
        // Ours to hide, whatever the C library says of it; but what it cannot draw we must hide.
        case .hidden: true
        case .combining: theirs == 0
        case .narrow: theirs == 1
        case .wide: theirs == 2
        }
      if !agrees { wrong.append("U+" + String(value, radix: 16)) }
    }
    #expect(wrong.isEmpty)
  }

  @Test func assignedLettersAreDrawn() {
    let words = [
      "Zürich", "Київ", "Αθήνα", "القاهرة", "תל אביב", "मुंबई", "กรุงเทพ", "東京", "서울", "Ünïcödé", "🦊",
    ]
    for word in words { #expect(SafeText(word).hidden == 0, "\(word)") }
  }

  @Test(arguments: [
    ("landlord", 8, "landlord"), ("landlord", 7, "landlo…"), ("landlord", 1, "…"), ("landlord", 0, ""),
    ("landlord", -3, ""), ("日本語", 6, "日本語"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"),
    ("日本語", 3, "日…"), ("日本語", 2, "…"), ("e\u{301}a", 1, "…"),
  ])
  func clips(_ raw: String, _ columns: Int, _ expected: String) {
    let clipped = SafeText(raw).clipped(to: columns)
    #expect(clipped.text == expected)
    #expect(clipped.width == SafeText(expected).width)
    #expect(clipped.width <= max(0, columns))
  }

  @Test(arguments: [
    ("landlord", 4, "lord"), ("landlord", 0, "landlord"), ("landlord", -1, "landlord"), ("landlord", 9, ""),
    ("日本語", 2, "本語"), ("日本語", 1, " 本語"), ("日本語", 3, " 語"), ("e\u{301}a", 1, "a"),
  ])
  func drops(_ raw: String, _ columns: Int, _ expected: String) {
    let rest = SafeText(raw).dropping(columns: columns)
    #expect(rest.text == expected)
    #expect(rest.width == SafeText(expected).width)
  }

  @Test func cutsAlwaysAddUp() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2_000 {
      let safe = SafeText(randomText(using: &random))
      let column = Int.random(in: 0...(safe.width + 2))
      let rest = safe.dropping(columns: column)
      #expect(rest.width == max(0, safe.width - column))
      #expect(SafeText(rest.text).width == rest.width)
      let start = safe.start(columns: column)
      #expect(start.width <= column && start.width >= min(column, safe.width) - 1)
      #expect(SafeText(start.text).width == start.width)
      #expect(SafeText(safe.clipped(to: column).text).width <= column)
    }
  }

  @Test func textsThatOnlyLookTheSameDiffer() {
    #expect(SafeText("Caf\u{E9}") != SafeText("Cafe\u{301}"))
    #expect(SafeText("Caf\u{E9}") == SafeText("Caf\u{E9}"))
    // To Unicode the sign of Kelvin is a K.
    #expect(SafeText("\u{212A}") != SafeText("K"))
    #expect(Set([SafeText("Caf\u{E9}"), SafeText("Cafe\u{301}")]).count == 2)
  }
}

/// Up to 30 characters, hostile ones among them.
func randomText(using random: inout SystemRandomNumberGenerator) -> String {
  let pools: [ClosedRange<UInt32>] = [
    0x20...0x7E, 0x0...0x9F, 0x300...0x36F, 0x4E00...0x4EFF, 0x1F300...0x1F6FF, 0x2000...0x206F,
    0x0...0x10FFFF,
  ]
  var text = String.UnicodeScalarView()
  for _ in 0..<Int.random(in: 0...30, using: &random) {
    let value = UInt32.random(in: pools.randomElement(using: &random)!, using: &random)
    if let scalar = Unicode.Scalar(value) { text.append(scalar) }
  }
  return String(text)
}
