import Glibc
import Testing

@testable import Terminal

/// The screen on a real pseudo-terminal, read back by libvterm. ncurses is one for the whole process: one after the other.
@Suite(.serialized) struct CursesTests {
  /// A `Curses` and the terminal it draws on.
  private final class Stage {
    let far: PseudoTerminal
    let screen: VirtualTerminal
    let curses: Curses
    let modesBefore: [UInt32]

    init(lines: Int = 24, columns: Int = 80, type: String = "xterm-256color", colour: ColourMode = .automatic)
      throws
    {
      // Whoever runs the tests may have said otherwise.
      for name in ["LC_ALL", "LC_CTYPE"] where getenv(name).map({ String(cString: $0) }) == "C" {
        unsetenv(name)
      }
      far = try PseudoTerminal(lines: lines, columns: columns)
      modesBefore = far.modes
      screen = VirtualTerminal(lines: lines, columns: columns)
      curses = try Curses(on: Device(path: far.name), type: type, colour: colour, theme: .terminal)
    }

    /// Shows `frame`; answers how many bytes that took.
    @discardableResult
    func show(_ frame: Frame) -> Int {
      curses.show(frame)
      return take()
    }

    @discardableResult
    func take() -> Int {
      var count = 0
      while case let bytes = far.read(milliseconds: 0), !bytes.isEmpty {
        count += bytes.count
        _ = screen.write(bytes)
      }
      return count
    }
  }

  /// A list as the console draws it: a marker, not a bar.
  private func list(_ size: Size, top: Int = 0, selected: Int) -> Frame {
    var lines = [Line("landlord", .header), Line("  SITE", .heading)]
    for row in top..<(top + size.lines - 3) {
      let marker = Span(row == selected ? ">" : " ", row == selected ? .focus : .text)
      lines.append(
        Line([marker, Span(SafeText(" site-\(row * 7919 % 10_007)"), columns: 20), Span("active", .good)]))
    }
    lines.append(Line("Enter open", .footer))
    return Frame(size: size, lines: lines, cursor: Point(line: 2 + selected - top, column: 0))
  }

  @Test func theTerminalShowsWhatThePictureSays() throws {
    let stage = try Stage(lines: 12, columns: 30)
    var random = SystemRandomNumberGenerator()
    for round in 0..<400 {
      // Given: letters of whose width libvterm's older tables think the same.
      var pools: [ClosedRange<UInt32>] = [
        0x20...0x7E, 0x0...0x9F, 0xA1...0x17F, 0x4E00...0x4EFF, 0x200B...0x202E,
      ]
      // ncurses forgets a mark on a wide character in the last columns; then there are no marks in this round.
      let columns = Bool.random() ? 30 : 29
      if columns < 30 { pools.append(0x300...0x34E) }
      let lines = (0..<Int.random(in: 0...12)).map { _ in
        Line(
          (0..<Int.random(in: 0...4)).map { _ in
            let scalars = (0..<Int.random(in: 0...16)).map { _ in
              Unicode.Scalar(UInt32.random(in: pools.randomElement(using: &random)!, using: &random))!
            }
            let text = SafeText(String(String.UnicodeScalarView(scalars)))
            return Span(
              text, Role.allCases.randomElement()!, columns: Bool.random() ? Int.random(in: 0...12) : nil)
          })
      }
      let cursor = Point(line: Int.random(in: 0..<12), column: Int.random(in: 0..<30))
      let frame = Frame(
        size: Size(columns: 30, lines: 12), lines: lines.map { LineLayout($0, columns: columns).line },
        cursor: cursor)

      // When
      stage.show(frame)

      // Then
      let shown = stage.screen.text.unicodeScalars.map(\.value)
      try #require(shown == frame.picture.unicodeScalars.map(\.value), "round \(round):\n\(frame.picture)")
      #expect(
        stage.screen.cursor == (cursor.line, cursor.column),
        "wanted \(cursor), is \(stage.screen.cursor) on:\n\(stage.screen.text)")
    }
  }

  @Test func aKeyCostsFewBytesAndNothingCostsNone() throws {
    let size = Size(columns: 80, lines: 24)
    let stage = try Stage()
    stage.show(list(size, selected: 0))

    // Within the page.
    for selected in 1..<21 { #expect(stage.show(list(size, selected: selected)) <= 40) }
    // Scrolling: the terminal moves the lines itself.
    #expect(stage.show(list(size, top: 1, selected: 21)) <= 150)
    #expect(stage.show(list(size, top: 2, selected: 22)) <= 150)
    // Nothing changed.
    #expect(stage.show(list(size, top: 2, selected: 22)) == 0)
  }

  @Test func modesAreRestoredOnClose() throws {
    // Given
    let stage = try Stage()
    stage.show(Frame(size: stage.curses.size, lines: [Line("x")]))
    stage.curses.mouse = true
    stage.take()
    #expect(
      stage.screen.modes
        == VirtualTerminal.Modes(otherScreen: true, cursorShown: false, mouse: true, bracketedPaste: true))

    // When
    stage.curses.close()
    stage.curses.close()
    stage.take()

    // Then
    #expect(stage.screen.modes == VirtualTerminal.Modes())
    #expect(stage.far.modes == stage.modesBefore)
    #expect(stage.show(Frame(size: stage.curses.size, lines: [Line("y")])) == 0)
  }

  @Test func keysAreRawWhileItIsUp() throws {
    let stage = try Stage()
    stage.far.write(Keyboard.bytes("<C-c><C-z>é<Enter><Down><Esc>"))
    var keys: [Key] = []
    for _ in 0..<100 where keys.count < 5 {
      usleep(1_000)
      if case .keys(let more) = stage.curses.read() { keys += more }
    }
    #expect(keys == [.control("c"), .control("z"), .character("é"), .enter, .down])
    #expect(stage.curses.isWaiting)
    #expect(stage.curses.timeout() == [.escape])
  }

  @Test func aTerminalThatDoesNotReadGetsTheNewestFrameOnly() throws {
    // Given: far more paints than a pseudo-terminal holds.
    let stage = try Stage()
    let size = stage.curses.size
    for number in 0..<2_000 {
      let text = String(repeating: "\(number % 10)", count: 79)
      stage.curses.show(Frame(size: size, lines: (0..<24).map { _ in Line(SafeText(text)) }))
    }
    #expect(stage.curses.isBehind)

    // When
    let last = Frame(size: size, lines: [Line("the last one")])
    stage.curses.show(last)
    var bytes = 0
    for _ in 0..<1_000 {
      bytes += stage.take()
      if !stage.curses.isBehind && bytes > 0 && stage.screen.text == last.picture { break }
      stage.curses.catchUp()
    }

    // Then: what was in the pipe, one paint broken off, and the last.
    #expect(stage.screen.text == "the last one")
    #expect(bytes < 200_000)
  }

  @Test func everySizeIsDrawn() throws {
    let stage = try Stage()
    for (lines, columns) in [(1, 1), (1, 80), (40, 1), (2, 3), (10, 40), (60, 200), (24, 80)] {
      stage.far.resize(lines: lines, columns: columns)
      stage.screen.resize(lines: lines, columns: columns)
      let size = stage.curses.resize()
      #expect(size == Size(columns: columns, lines: lines))
      let frame = list(Size(columns: columns, lines: max(4, lines)), selected: 0)
      stage.show(Frame(size: size, lines: frame.lines, cursor: frame.cursor))
      #expect(stage.screen.text == Frame(size: size, lines: frame.lines).picture)
    }
  }

  @Test func aRepaintMendsWhatOthersWrote() throws {
    let stage = try Stage()
    let frame = list(stage.curses.size, selected: 3)
    stage.show(frame)
    _ = stage.screen.write(Array("\u{1B}[5;5Hdirt from elsewhere".utf8))
    #expect(stage.show(frame) == 0)
    stage.curses.repaint()
    stage.show(frame)
    #expect(stage.screen.text == frame.picture)
  }

  @Test func rolesHaveTheColoursOfTheTheme() throws {
    let stage = try Stage()
    let line = Line([Span("a"), Span("b", .bad), Span("c", .production), Span("d", .focus)])
    stage.show(Frame(size: stage.curses.size, lines: [line]))
    #expect(stage.screen.cell(line: 0, column: 0) == VirtualTerminal.Cell(text: "a"))
    #expect(
      stage.screen.cell(line: 0, column: 1) == VirtualTerminal.Cell(text: "b", isBold: true, foreground: 1))
    #expect(
      stage.screen.cell(line: 0, column: 2)
        == VirtualTerminal.Cell(text: "c", isBold: true, foreground: 7, background: 1))
    #expect(
      stage.screen.cell(line: 0, column: 3) == VirtualTerminal.Cell(text: "d", isBold: true)
    )
  }

  @Test(arguments: ["linux", "screen", "tmux-256color", "ansi", "vt220"])
  func otherTerminalsAreServed(_ type: String) throws {
    let stage = try Stage(type: type)
    let frame = list(stage.curses.size, selected: 3)
    stage.show(frame)
    #expect(stage.screen.text == frame.picture)
    #expect(getenv("LINES") == nil)
  }

  @Test(arguments: [("xterm-256color", ColourMode.never), ("vt100", .automatic)])
  func withoutColoursProductionStillStandsOut(_ type: String, _ colour: ColourMode) throws {
    let stage = try Stage(type: type, colour: colour)
    let line = Line([Span("a", .bad), Span("P", .production), Span("H", .header)])
    stage.show(Frame(size: stage.curses.size, lines: [line]))
    let cells = (0..<3).map { stage.screen.cell(line: 0, column: $0) }
    for cell in cells { #expect(cell.foreground == nil && cell.background == nil) }
    #expect(cells[1].isReversed && cells[1].isUnderlined)
    #expect(cells[2].isReversed && !cells[2].isUnderlined)
  }

  @Test func terminalsThatCannotServeAreRefused() throws {
    for (type, error) in [
      ("dumb", TerminalError.tooSimple("dumb")), ("nonsense", .unknownTerminalType("nonsense")),
    ] {
      let far = try PseudoTerminal(lines: 24, columns: 80)
      let before = far.modes
      #expect(throws: error) {
        try Curses(on: Device(path: far.name), type: type, colour: .automatic, theme: .terminal)
      }
      #expect(far.modes == before)
      #expect(far.read(milliseconds: 20).isEmpty)
    }
  }

  /// Over a slow line every write is taken at once: only the terminal itself knows what has arrived.
  @Test func pagesWaitForATerminalThatHasNotSaidItHasTheLast() throws {
    let stage = try Stage()
    func page(_ number: Int) -> Frame { list(stage.curses.size, top: number * 100, selected: number * 100) }
    func answer() {
      stage.far.write(Array("\u{1B}[0n".utf8))
      while stage.curses.read() == .keys([]), stage.curses.hold != nil {}
    }
    stage.show(page(0))
    answer()

    // When pages follow each other and the terminal says nothing
    for number in 1...9 { stage.show(page(number)) }

    // Then the last ones were held back, and the newest is shown as soon as it answers
    #expect(stage.curses.hold != nil)
    #expect(stage.show(page(10)) == 0)
    while stage.curses.hold != nil { answer() }
    #expect(stage.show(page(10)) > 0)
    #expect(stage.screen.text == page(10).picture)
  }
}
