import Testing

@testable import Terminal

@Suite struct PictureTests {
  @Test func spansAreCutAndPaddedToTheirColumns() {
    // Given
    let row = Line([
      Span("> ", .focus), Span("acme-europe", columns: 8), Span(" "), Span("Acme", .faint, columns: 6),
      Span("|"),
    ])

    // When
    let frame = Frame(size: Size(columns: 40, lines: 3), lines: [Line("Tenants", .heading), row])

    // Then
    #expect(
      frame.picture == """
        Tenants
        > acme-eu… Acme  |
        """)
    #expect(
      frame.rolePicture == """
        TTTTTTT
        FF         ......
        """)
  }

  @Test func nothingGoesBeyondTheRightEdge() {
    for columns in 1...12 {
      let frame = Frame(
        size: Size(columns: columns, lines: 1), lines: [Line([Span("日本"), Span("Ltd", columns: 5)])])
      let layout = LineLayout(frame.lines[0], columns: columns)
      #expect(layout.width <= columns)
    }
    #expect(Frame(size: Size(columns: 5, lines: 1), lines: [Line("landlord")]).picture == "land…")
  }

  @Test func aBoxLiesOverTheLines() {
    // Given
    var frame = Frame(
      size: Size(columns: 12, lines: 4),
      lines: [Line("abcdefghijkl"), Line("日本語日本語"), Line([Span("short")])])

    // When
    frame.overlay(
      [Line("+---+", .border), Line("|x|", .border), Line("+---+"), Line("+---+"), Line("lost")],
      at: Point(line: 0, column: 3), width: 5)

    // Then
    #expect(
      frame.picture == """
        abc+---+ijkl
        日 |x|  本語
        sho+---+
           +---+
        """)
    #expect(frame.rolePicture == "   #####\n   ###")
  }

  @Test func aBoxPartlyOffTheScreenIsCut() {
    var frame = Frame(size: Size(columns: 6, lines: 2), lines: [Line("abcdef")])
    frame.overlay([Line("12345"), Line("67890")], at: Point(line: -1, column: -2), width: 5)
    frame.overlay([Line("XYZ")], at: Point(line: 1, column: 5), width: 3)
    frame.overlay([Line("never")], at: Point(line: 0, column: 9), width: 3)
    #expect(frame.picture == "890def\n     X")
  }

  @Test(arguments: [
    ("", 0, "", 0), ("   ", 3, "", 0), (" é ", 1, "é", 1), ("a b", 0, "a b", 0), ("日  ", 0, "日", 2),
  ])
  func blanksAroundATextAreCounted(_ text: String, _ before: Int, _ between: String, _ after: Int) {
    let trimmed = LineLayout.trimmed(text)
    #expect(trimmed.before == before && trimmed.text == between && trimmed.after == after)
  }

  @Test func showsTheCursor() {
    let frame = Frame(
      size: Size(columns: 9, lines: 2), lines: [Line("a"), Line("> b")], cursor: Point(line: 1, column: 0))
    #expect(frame.pictureWithCursor == "a\n▮ b")
  }

  @Test func anOverlayNeverChangesWhatLiesBeside() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<1_000 {
      // Given
      let columns = Int.random(in: 1...30)
      let below = Line([
        Span(SafeText(randomText(using: &random))), Span(SafeText(randomText(using: &random)), .bad),
      ])
      var frame = Frame(size: Size(columns: columns, lines: 1), lines: [below])
      let at = Int.random(in: -5...30)
      let width = Int.random(in: 0...12)

      // When
      frame.overlay(
        [Line(SafeText(randomText(using: &random)))], at: Point(line: 0, column: at), width: width)

      // Then
      let over = LineLayout(frame.lines[0], columns: columns)
      let under = LineLayout(below, columns: columns)
      #expect(over.width <= columns)
      if at > 0 && width > 0 {
        let kept = min(at, under.width)
        #expect(over.part(from: 0, to: kept).line == under.part(from: 0, to: kept).line)
      }
    }
  }
}
