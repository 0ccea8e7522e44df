import CVTerm

/// A terminal without a window (libvterm): bytes in, cells out. It knows what a real xterm would show, and which modes
/// a program has left behind.
final class VirtualTerminal {
  /// One cell as a person sees it.
  struct Cell: Equatable {
    /// Empty for a blank cell that was never written, and for the second half of a wide character.
    var text = ""
    var isBold = false
    var isUnderlined = false
    var isReversed = false
    /// The palette's number; nil for the terminal's own colour.
    var foreground: Int?
    var background: Int?
  }

  /// Which modes are on. A terminal as a program should leave it equals `Modes()`.
  struct Modes: Equatable {
    var otherScreen = false
    var cursorShown = true
    var mouse = false
    var bracketedPaste = false
  }

  private(set) var lines: Int
  private(set) var columns: Int
  private let terminal: OpaquePointer
  private let screen: OpaquePointer
  private let properties = Properties()
  private let callbacks: UnsafeMutablePointer<VTermScreenCallbacks>

  /// What the callback of libvterm writes to; a class of its own, so that a pointer to it can be handed out.
  private final class Properties {
    var modes = Modes()
  }

  init(lines: Int = 24, columns: Int = 80) {
    self.lines = lines
    self.columns = columns
    terminal = vterm_new(Int32(lines), Int32(columns))
    vterm_set_utf8(terminal, 1)
    screen = vterm_obtain_screen(terminal)
    vterm_screen_enable_altscreen(screen, 1)
    callbacks = .allocate(capacity: 1)
    callbacks.initialize(to: VTermScreenCallbacks())
    callbacks.pointee.settermprop = { property, value, user in
      guard let user, let value else { return 0 }
      let properties = Unmanaged<Properties>.fromOpaque(user).takeUnretainedValue()
      switch property {
      case VTERM_PROP_ALTSCREEN: properties.modes.otherScreen = value.pointee.boolean != 0
      case VTERM_PROP_CURSORVISIBLE: properties.modes.cursorShown = value.pointee.boolean != 0
      case VTERM_PROP_MOUSE: properties.modes.mouse = value.pointee.number != 0
      default: break
      }
      return 1
    }
    vterm_screen_set_callbacks(screen, callbacks, Unmanaged.passUnretained(properties).toOpaque())
    vterm_screen_reset(screen, 1)
  }

  deinit {
    vterm_free(terminal)
    callbacks.deallocate()
  }

  /// Takes what a program wrote. Answers what the terminal says back (to questions, if any were asked).
  func write(_ bytes: [UInt8]) -> [UInt8] {
    _ = bytes.withUnsafeBytes {
      vterm_input_write(terminal, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
    }
    return answer()
  }

  func resize(lines: Int, columns: Int) {
    self.lines = lines
    self.columns = columns
    vterm_set_size(terminal, Int32(lines), Int32(columns))
  }

  var modes: Modes {
    var modes = properties.modes
    // There is no property for it; but the terminal puts marks around a paste only when it is on.
    vterm_keyboard_start_paste(terminal)
    modes.bracketedPaste = !answer().isEmpty
    vterm_keyboard_end_paste(terminal)
    _ = answer()
    return modes
  }

  /// The place of the cursor, counted from 0.
  var cursor: (line: Int, column: Int) {
    var place = VTermPos()
    vterm_state_get_cursorpos(vterm_obtain_state(terminal), &place)
    return (Int(place.row), Int(place.col))
  }

  func cell(line: Int, column: Int) -> Cell {
    var raw = VTermScreenCell()
    vterm_screen_get_cell(screen, VTermPos(row: Int32(line), col: Int32(column)), &raw)
    var cell = Cell()
    withUnsafeBytes(of: raw.chars) { characters in
      for value in characters.bindMemory(to: UInt32.self) {
        // −1 marks the second half of a wide character.
        guard value != 0, value != UInt32.max, let scalar = Unicode.Scalar(value) else { break }
        cell.text.unicodeScalars.append(scalar)
      }
    }
    cell.isBold = raw.attrs.bold != 0
    cell.isUnderlined = raw.attrs.underline != 0
    cell.isReversed = raw.attrs.reverse != 0
    cell.foreground = Self.number(raw.fg)
    cell.background = Self.number(raw.bg)
    return cell
  }

  /// One line as text, blanks at its end left out.
  func text(line: Int) -> String {
    var text = ""
    var column = 0
    while column < columns {
      let cell = cell(line: line, column: column)
      text += cell.text.isEmpty ? " " : cell.text
      column += width(line: line, column: column)
    }
    while text.unicodeScalars.last == " " { text.unicodeScalars.removeLast() }
    return text
  }

  /// The whole screen as text, a line each; empty lines at the end left out.
  var text: String {
    var texts = (0..<lines).map { text(line: $0) }
    while texts.last?.isEmpty == true { texts.removeLast() }
    return texts.joined(separator: "\n")
  }

  private func width(line: Int, column: Int) -> Int {
    var raw = VTermScreenCell()
    vterm_screen_get_cell(screen, VTermPos(row: Int32(line), col: Int32(column)), &raw)
    return max(1, Int(raw.width))
  }

  private static func number(_ colour: VTermColor) -> Int? {
    let isDefault = colour.type & UInt8(VTERM_COLOR_DEFAULT_MASK.rawValue) != 0
    let isIndexed = colour.type & UInt8(VTERM_COLOR_TYPE_MASK.rawValue) == VTERM_COLOR_INDEXED.rawValue
    return isIndexed && !isDefault ? Int(colour.indexed.idx) : nil
  }

  private func answer() -> [UInt8] {
    var buffer = [CChar](repeating: 0, count: 1024)
    let count = vterm_output_read(terminal, &buffer, buffer.count)
    return buffer.prefix(count).map(UInt8.init(bitPattern:))
  }
}
