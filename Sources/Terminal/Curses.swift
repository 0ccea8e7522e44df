import CNcurses
import Glibc

/// The screen. The only file that calls ncurses.
///
/// ncurses works out what to send, but writes into a file in memory: it writes after each movement of the cursor, and a terminal
/// would show half a paint. What has collected goes out in one `write`. The terminal's modes, its size and its keys are
/// therefore ours (`Device`, `KeyDecoder`). One in a process at a time; used from one thread.
public final class Curses {
  /// The size that is drawn for; changes by `resize` only.
  public private(set) var size: Size
  /// The descriptor to poll for reading, and for writing while `isBehind`.
  public var input: Int32 { device.descriptor }

  let device: Device
  private let memory: UnsafeMutablePointer<FILE>
  private let screen: OpaquePointer
  var decoder = KeyDecoder()
  private var palette: Palette
  private let letters: Letters
  private var theme: Theme
  private var hasMouse = false
  private var isUp = false, isClosed = false
  /// The terminal shows its other screen. ncurses enters it with its first paint, and never again: after a stop we do.
  private var isOtherScreen = false
  /// Goes out in front of the next paint, in the same write.
  private var lead: [UInt8] = []
  /// What the terminal shows; nil when that is unknown and all must be drawn.
  private var shown: Frame?
  private var newest: Frame?
  var pace = Pace()

  /// Takes over the terminal: other screen, raw keys, bracketed paste. Nothing is drawn before the first `show`.
  /// `theme` is used as far as `colour` and the terminal allow. On an error the terminal is as it was.
  public convenience init(colour: ColourMode = .automatic, theme: Theme = .terminal) throws(TerminalError) {
    let type = getenv("TERM").map { String(cString: $0) } ?? ""
    if type.isEmpty { throw .noTerminalType }
    try self.init(on: Device(), type: type, colour: colour, theme: theme)
  }

  /// The same on a terminal that is already open, of the type that `type` names in the terminfo database.
  init(on device: Device, type: String, colour: ColourMode, theme: Theme) throws(TerminalError) {
    self.device = device
    letters = Letters.chosen()
    guard let memory = landlord_memory_file() else { throw .system(call: "memfd_create", code: errno) }
    // Otherwise setupterm puts a size of its own in the place of one that the description lacks.
    use_env(false)
    var reason: Int32 = 0  // Without a place for it setupterm would print it and end the process.
    let isKnown = setupterm(type, fileno(memory), &reason) == OK
    size = device.size
    guard isKnown, landlord_capability("cup") != nil, let screen = Self.newScreen(type, memory, size) else {
      fclose(memory)
      throw isKnown ? .tooSimple(type) : .unknownTerminalType(type)
    }
    self.memory = memory
    self.screen = screen
    resizeterm(Int32(size.lines), Int32(size.columns))
    // A paint is never broken off because keys are waiting: we paint once they are all handled.
    typeahead(-1)
    nonl()
    idlok(landlord_screen(), true)
    palette = Palette(colour: colour)
    self.theme = palette.hasColours ? theme : .mono
    layGround()
    takeTerminal()
  }

  deinit { close() }

  /// A file in memory has no size. Most descriptions name one; for one that does not (linux) newterm must be told.
  private static func newScreen(_ type: String, _ memory: UnsafeMutablePointer<FILE>, _ size: Size)
    -> OpaquePointer?
  {
    if tigetnum("lines") > 0 && tigetnum("cols") > 0 { return newterm(type, memory, memory) }
    use_env(true)
    setenv("LINES", String(size.lines), 1)
    setenv("COLUMNS", String(size.columns), 1)
    defer {
      unsetenv("LINES")
      unsetenv("COLUMNS")
    }
    return newterm(type, memory, memory)
  }

  /// Shows `frame`: sends what differs from what the terminal shows, in one write; nothing where nothing differs.
  /// While the terminal is still taking an earlier paint, or has not said that it has, only the newest frame is remembered:
  /// `catchUp` or the next `show` shows it.
  public func show(_ frame: Frame) {
    newest = frame
    catchUp()
  }

  /// The terminal has not taken the last paint: poll `input` for writing, then `catchUp`.
  public var isBehind: Bool { device.isBehind }

  /// Milliseconds until the newest frame is shown even if the terminal says nothing: `show` it again then, or when a read
  /// has brought the answer. Nil: it is not held back.
  public var hold: Int? { newest == shown ? nil : pace.hold() }

  /// Goes on with a paint that the terminal did not take at once, then shows the newest frame.
  public func catchUp() {
    guard isUp, device.flush(), pace.hold() == nil, let newest else { return }
    draw(newest)
  }

  /// Draws everything anew at the next `show`, whatever another program has written over the screen.
  public func repaint() {
    shown = nil
    clearok(landlord_terminal_screen(), true)
  }

  /// Takes the terminal's present size as the one to draw for, and answers it.
  @discardableResult
  public func resize() -> Size {
    size = device.size
    resizeterm(Int32(size.lines), Int32(size.columns))
    if isUp { device.setReset(reset) }
    repaint()
    return size
  }

  /// The terminal has colours, and they are wanted.
  public var hasColours: Bool { palette.hasColours }

  /// Looks like this from the next `show` on. Without colours it stays as it is.
  public func use(_ theme: Theme) {
    if !palette.hasColours || theme == self.theme { return }
    self.theme = theme
    layGround()
    shown = nil
  }

  /// What is plain, and what is erased, gets the ground's colours from ncurses.
  private func layGround() {
    landlord_ground(landlord_screen(), palette.look(of: theme.ground).pair)
    werase(landlord_screen())
  }

  /// The mouse reports presses and wheel turns; off at first, since then the terminal's own selecting works.
  public var mouse: Bool {
    get { hasMouse }
    set {
      if newValue == hasMouse { return }
      hasMouse = newValue
      if isUp { device.send(newValue ? ModeString.mouseOn : ModeString.mouseOff) }
    }
  }

  /// Ctrl-z: gives the terminal back, stops the process group, and when it is continued takes the terminal again and
  /// draws all anew. Where nothing could continue the process, it is not stopped.
  public func suspend() {
    guard isUp else { return }
    isUp = false
    awaitAnswers()
    device.restore()
    device.stop()
    resume()
  }

  /// Takes the terminal again after a stop that was not ours (SIGCONT): its modes and its content are unknown.
  /// `size` is as it is now.
  public func resume() {
    if isClosed { return }
    takeTerminal()
    if isOtherScreen { lead = Self.capability("smcup") + lead }
    resize()
    if let newest { show(newest) }
  }

  /// Gives the terminal back as it was. Also done by a crash. Calling it again does nothing.
  public func close() {
    if isClosed { return }
    isClosed = true
    isUp = false
    awaitAnswers()
    device.restore()
    delscreen(screen)
    fclose(memory)
  }

  private func takeTerminal() {
    device.enter(reset: reset)
    isUp = true
    lead = ModeString.pasteOn + (hasMouse ? ModeString.mouseOn : [])
  }

  /// Modes off, plain letters and colours, the cursor seen, the other screen left. A terminal without
  /// another screen keeps our last one, and the shell goes on below it.
  private var reset: [UInt8] {
    if !isOtherScreen { return ModeString.allOff }
    let leave =
      landlord_capability("rmcup") != nil
      ? Self.capability("rmcup")
      : (landlord_move_to(Int32(size.lines - 1), 0).map { ModeString.unpadded(String(cString: $0)) } ?? [])
        + [
          13, 10,
        ]
    return ModeString.allOff + Self.capability("sgr0") + Self.capability("op")
      + Self.capability("cnorm") + leave
  }

  private func draw(_ frame: Frame) {
    if frame == shown { return }
    let window = landlord_screen()
    let lines = padded(frame.lines)
    var before = (shown?.lines).map(padded)
    if let old = before, let scroll = Scroll(from: old, to: lines) {
      landlord_scroll(
        window, Int32(scroll.rows.lowerBound), Int32(scroll.rows.upperBound), Int32(scroll.lines))
      before = scroll.applied(to: old)
    }
    for row in lines.indices where before?[row] != lines[row] { draw(lines[row], row: row, in: window) }
    if let cursor = frame.cursor {
      curs_set(1)
      wmove(
        window, Int32(min(max(0, cursor.line), size.lines - 1)),
        Int32(min(max(0, cursor.column), size.columns - 1)))
    } else {
      curs_set(0)
    }
    wnoutrefresh(window)
    doupdate()
    let isWhole = shown == nil
    let paint = lead + (isWhole ? collected() : ModeString.lean(collected()))
    shown = frame
    if !isOtherScreen {
      isOtherScreen = true
      device.setReset(reset)
    }
    device.send(paint + pace.question(after: paint.count, isWhole: isWhole))
    lead = []
  }

  /// A line for each row of the screen.
  private func padded(_ lines: [Line]) -> [Line] {
    Array(lines.prefix(size.lines)) + Array(repeating: Line(), count: max(0, size.lines - lines.count))
  }

  private func draw(_ line: Line, row: Int, in window: UnsafeMutablePointer<WINDOW>?) {
    let layout = LineLayout(line, columns: size.columns)
    wmove(window, Int32(row), 0)
    for run in layout.runs {
      let style = theme[run.role]
      // Where a blank shows nothing of its style it is drawn plain: ncurses then need not send it, nor the style around it.
      let (before, text, after) =
        style.showsOnBlanks(of: theme.ground) ? (0, run.text.text, 0) : LineLayout.trimmed(run.text.text)
      if before > 0 { draw(SafeText.blanks(before).text, Style(), in: window) }
      draw(text, style, in: window)
      if after > 0 { draw(SafeText.blanks(after).text, Style(), in: window) }
    }
    var plain: Int32 = 0
    wattr_set(window, 0, 0, &plain)
    if layout.width < size.columns { wclrtoeol(window) }
  }

  private func draw(_ text: String, _ style: Style, in window: UnsafeMutablePointer<WINDOW>?) {
    var (attributes, pair) = palette.look(of: style)
    wattr_set(window, attributes, 0, &pair)
    var drawn = letters.drawn(text)
    drawn.withUTF8 { bytes in
      _ = bytes.withMemoryRebound(to: CChar.self) { waddnstr(window, $0.baseAddress, Int32($0.count)) }
    }
  }

  /// What ncurses has written since the last time.
  private func collected() -> [UInt8] {
    fflush(memory)
    let file = fileno(memory)
    let length = lseek(file, 0, SEEK_CUR)
    if length <= 0 { return [] }
    let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
      count = max(0, pread(file, buffer.baseAddress, length, 0))
    }
    lseek(file, 0, SEEK_SET)
    return bytes
  }

  private static func capability(_ name: String) -> [UInt8] {
    landlord_capability(name).map { ModeString.unpadded(String(cString: $0)) } ?? []
  }
}

/// The colour pairs and attributes that ncurses knows styles by; pairs are made as they are needed.
private struct Palette {
  /// The terminal has colours and the person wants them.
  let hasColours: Bool
  /// By the numbers of foreground and background; pair 0 is the terminal's own.
  private var pairs: [SIMD2<Int32>: Int32] = [SIMD2(-1, -1): 0]

  init(colour: ColourMode) {
    hasColours = colour != .never && has_colors() && start_color() == OK && use_default_colors() == OK
  }

  mutating func look(of style: Style) -> (attributes: attr_t, pair: Int32) {
    var attributes: attr_t = 0
    if style.attributes.contains(.bold) { attributes |= landlord_bold() }
    if style.attributes.contains(.dim) { attributes |= landlord_dim() }
    if style.attributes.contains(.underline) { attributes |= landlord_underline() }
    if style.attributes.contains(.reverse) { attributes |= landlord_reverse() }
    return (attributes, hasColours ? pair(style) : 0)
  }

  private mutating func pair(_ style: Style) -> Int32 {
    let available = Int(landlord_colours())
    let colours = SIMD2(
      Int32(style.foreground.number(of: available)), Int32(style.background.number(of: available)))
    if let pair = pairs[colours] { return pair }
    let pair = Int32(pairs.count)
    // A terminal may have fewer pairs than a theme asks for: then the text is plain, not wrong.
    guard init_extended_pair(pair, colours.x, colours.y) == OK else { return 0 }
    pairs[colours] = pair
    return pair
  }
}
