/// The control strings that turn on what terminfo has no names for. ncurses turns none of it off, not even in `endwin`.
enum ModeString {
  /// A paste comes with marks around it, so that it cannot press keys.
  static let pasteOn = Array("\u{1B}[?2004h".utf8)
  /// Presses and wheel turns, as numbers in text, so that a column beyond 223 can be said.
  static let mouseOn = Array("\u{1B}[?1000h\u{1B}[?1006h".utf8)
  static let mouseOff = Array("\u{1B}[?1006l\u{1B}[?1000l".utf8)
  static let allOff = mouseOff + Array("\u{1B}[?2004l".utf8)

  /// xterm's way back to plain letters also leaves the line-drawing ones (ESC ( B), which we never enter: a tenth of what a key
  /// costs. A whole repaint keeps it, in case another program has entered them.
  static func withoutLetterSet(_ bytes: [UInt8]) -> [UInt8] {
    var kept: [UInt8] = []
    kept.reserveCapacity(bytes.count)
    for byte in bytes {
      kept.append(byte)
      if byte == 66 && kept.suffix(3) == [27, 40, 66] { kept.removeLast(3) }
    }
    return kept
  }

  /// A string of terminfo without the delays ("$<5>") that terminals of glass needed.
  static func unpadded(_ string: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(string.utf8)[...]
    while let first = rest.first {
      if rest.starts(with: [36, 60]), let end = rest.firstIndex(of: 62) {
        rest = rest[(end + 1)...]
      } else {
        bytes.append(first)
        rest = rest.dropFirst()
      }
    }
    return bytes
  }
}
