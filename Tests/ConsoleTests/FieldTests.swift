import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("Fields")
struct FieldTests {
  private static func field(_ text: String, _ script: String) -> TextField {
    var field = TextField(text)
    for key in keys(script) { _ = field.take(key) }
    return field
  }

  @Test(arguments: [
    ("", "abc", "abc", 3), ("abc", "<Left>x", "abxc", 3), ("abc", "<Home><Del>", "bc", 0),
    ("abc", "<BS><BS>", "a", 1), ("one two  ", "<Ctrl-w>", "one ", 4), ("abc", "<Left><Ctrl-u>", "c", 0),
    ("abc", "<Home><Left><End><Right>", "abc", 3), ("東京", "<Left>x", "東x京", 3),
  ])
  func editsInPlace(_ text: String, _ script: String, _ expected: String, _ column: Int) {
    let field = Self.field(text, script)
    #expect(field.text == expected)
    #expect(field.column == column)
  }

  @Test func aCharacterOfSeveralScalarsGoesAsOne() {
    // An e with an accent of its own, and a family of joined people.
    #expect(Self.field("e\u{301}", "<BS>").text.isEmpty)
    #expect(Self.field("a\u{1F468}\u{200D}\u{1F469}", "<BS>").text == "a")
    #expect(Self.field("e\u{301}x", "<Left><Left>y").text.unicodeScalars.first == "y")
  }

  @Test func theExactScalarsAreKept() {
    let composed = Self.field("", "\u{E9}").text
    let decomposed = Self.field("", "e\u{301}").text
    #expect(!composed.utf8.elementsEqual(decomposed.utf8))
  }

  @Test func aPasteIsOneLineWithItsEndCutOff() {
    var field = TextField("a")
    _ = field.take(.paste("b\r\nc\td\n"))
    #expect(field.text == "ab c d")
    _ = field.take(.paste(String(repeating: "x", count: 10_000)))
    #expect(field.scalars.count == TextField.limit)
  }

  @Test func aLongTextScrollsWithTheCursor() {
    let field = TextField("0123456789")
    let (span, cursor) = field.view(columns: 5, focused: true)
    #expect(span.text.text == "6789")
    #expect(cursor == 4)
    #expect(field.view(columns: 5, focused: false).span.text.text == "0123456789")
  }

  @Test func aListIsEditedLineByLine() {
    var list = LinesField(["one", "two"])
    let press = { (script: String, list: inout LinesField) in
      for key in keys(script) { _ = list.take(key) }
    }
    press("<End><Enter>new", &list)
    #expect(list.entries == ["one", "new", "two"])
    press("<Down><Home><BS>", &list)
    #expect(list.entries == ["one", "newtwo"])
    press("<Left>", &list)
    #expect(list.current == 1)
    _ = list.take(.paste("\nhttps://a.example\r\nhttps://b.example\n"))
    #expect(list.entries.count == 3)
    var first = LinesField(["one"])
    // Moves that leave the list are not its own.
    let takesUp = first.take(.up)
    let takesDown = first.take(.down)
    #expect(!takesUp && !takesDown)
  }

  @Test func absentEmptyAndBlankLookDifferent() {
    #expect([nil, "", "  ", "x"].map { Shown($0).text.text } == ["(not set)", "(empty)", "(2 blank)", "x"])
    #expect(Shown("a\u{200B}b").badge?.text == " [1 hidden]")
  }

  @Test func wrappingLosesNothing() {
    let text = String(repeating: "東a", count: 40)
    let pieces = Shown(text).wrapped(columns: 17)
    #expect(pieces.allSatisfy { $0.reduce(0) { $0 + $1.width } <= 17 })
    #expect(pieces.map { $0.map(\.text.text).joined() }.joined() == text)
  }

  @Test(
    arguments: [
      (0, "1970-01-01 00:00:00Z"), (951_782_400, "2000-02-29 00:00:00Z"),
      (1_795_453_200, "2026-11-23 17:00:00Z"),
      (-1, "1969-12-31 23:59:59Z"), (4_107_542_399, "2100-02-28 23:59:59Z"),
    ] as [(Int64, String)])
  func instantsAreWrittenInUTC(_ seconds: Int64, _ expected: String) {
    #expect(Instant(microseconds: seconds * 1_000_000).utc == expected)
  }

  @Test(arguments: [
    (0, "now"), (59, "now"), (60, "1m"), (7200, "2h"), (86_400, "1d"), (800 * 86_400, "2y"), (-5, "now"),
  ])
  func agesHaveOneUnit(_ seconds: Int64, _ expected: String) {
    #expect(Sample.ago(seconds: seconds).age(at: Sample.now) == expected)
  }

  @Test func largeNumbersAreGrouped() {
    #expect(Words.number(Total(count: 999, estimated: false)) == "999")
    #expect(Words.number(Total(count: 12_480, estimated: true)) == "~12,480")
    #expect(Words.number(Total(count: 1_000_000, estimated: false)) == "1,000,000")
  }
}
