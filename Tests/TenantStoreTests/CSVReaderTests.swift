import Testing

@testable import TenantStore

/// Files as spreadsheets write them, and as nobody should.
@Suite struct CSVReaderTests {
  private func rows(_ text: String) -> [CSVReader.Row] { Array(CSVReader(Array(text.utf8))) }
  private func cells(_ text: String) -> [[String]] { rows(text).map(\.cells) }

  @Test(arguments: [
    "a,b\r\n1,2\r\n", "a,b\n1,2\n", "a,b\n1,2", "\u{FEFF}a,b\r\n1,2", "a;b\r\n1;2", "a\tb\n1\t2\r",
    "\"a\",\"b\"\n\"1\",\"2\"",
  ])
  func theSameTableInEveryForm(_ text: String) {
    #expect(cells(text) == [["a", "b"], ["1", "2"]])
    #expect(rows(text).allSatisfy { $0.problem == nil })
  }

  @Test func quotesHoldSeparatorsQuotesAndLineEnds() {
    let read = rows("a,b\n\"x, \"\"y\"\"\r\nz\",2\nlast,3\n")
    #expect(read.map(\.cells) == [["a", "b"], ["x, \"y\"\r\nz", "2"], ["last", "3"]])
    #expect(read.map(\.line) == [1, 2, 4])
  }

  @Test func emptyLinesAreNoRowsAndEmptyCellsAreCells() {
    let read = rows("a,b\n\n,\n\r\n,2\nx,\n")
    #expect(read.map(\.cells) == [["a", "b"], ["", "2"], ["x", ""]])
    #expect(read.map(\.line) == [1, 5, 6])
  }

  /// A library that goes by characters takes the mark for a part of the comma.
  @Test func aMarkBehindASeparatorHidesNothing() {
    #expect(
      cells("a,\u{301}b,\"\u{301}c\"").map { $0.map { Array($0.utf8) } } == [
        ["a", "\u{301}b", "\u{301}c"].map { Array($0.utf8) }
      ])
  }

  @Test(arguments: [
    ("a\n\"never closed,1\n2\n", 2, "never closed"), ("a\n\"x\"y\nb", 2, "behind a closing quote"),
    ("a\nx\"y\nb", 2, "inside a cell"), ("a\n\nx\ry\nb", 3, "carriage return"), ("a\nx\0y\n", 2, "NUL"),
  ])
  func whatCouldBeReadInTwoWaysIsAProblemOfItsLine(_ text: String, _ line: Int, _ words: String) throws {
    let bad = try #require(rows(text).first { $0.problem != nil })
    #expect(bad.line == line)
    #expect(bad.problem?.contains(words) == true)
    if text.hasSuffix("\nb") { #expect(rows(text).last?.cells == ["b"]) }
  }

  @Test func bytesThatAreNoUTF8AreNotRepaired() {
    let read = Array(CSVReader(Array("a\nZo".utf8) + [0xEB] + Array("\nb".utf8)))
    #expect(read.map { $0.problem == nil } == [true, false, true])
    #expect(Array(CSVReader([0xFF, 0xFE, 0x61, 0x00, 0x0A, 0x00])).first?.problem != nil)
  }

  /// Whatever bytes come, reading ends, and the writer's rows are read as they were.
  @Test func anyBytesAreReadToTheirEnd() {
    var source = SystemRandomNumberGenerator()
    let alphabet = Array("a\",;\t\r\n\u{301}é\0".utf8)
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...40, using: &source)).map { _ in
        alphabet.randomElement(using: &source)!
      }
      #expect(Array(CSVReader(bytes)).count <= bytes.count + 1)
      let cells =
        ["x"]
        + (0..<3).map { _ in
          String(decoding: bytes.filter { $0 != 0 }.shuffled(using: &source), as: UTF8.self)
        }
      let expected = cells.map { cell in
        cell.unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } == true ? "'" + cell : cell
      }
      let read = Array(CSVReader(Array(CSV.row(cells).utf8)))
      #expect(read.first?.cells.map { Array($0.utf8) } == expected.map { Array($0.utf8) })
    }
  }
}
