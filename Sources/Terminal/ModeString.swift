/// The control strings that turn on what terminfo has no names for. ncurses turns none of it off, not even in `endwin`.
enum ModeString {
  /// A paste comes with marks around it, so that it cannot press keys.
  static let pasteOn = Array("\u{1B}[?2004h".utf8)
  /// Presses and wheel turns, as numbers in text, so that a column beyond 223 can be said.
  static let mouseOn = Array("\u{1B}[?1000h\u{1B}[?1006h".utf8)
  static let mouseOff = Array("\u{1B}[?1006l\u{1B}[?1000l".utf8)
  static let allOff = mouseOff + Array("\u{1B}[?2004l".utf8)

  /// What ncurses says twice is a fifth of what a key costs. xterm's way back to plain letters also leaves the line-drawing
  /// ones (ESC ( B), which we never enter; and colours are taken back just before all is. A whole repaint keeps both, in case
  /// another program has left something behind.
  static func lean(_ bytes: [UInt8]) -> [UInt8] {
    var kept: [UInt8] = []
    kept.reserveCapacity(bytes.count)
    for byte in bytes {
      kept.append(byte)
      // Nothing that can be left out ends otherwise.
      guard byte == 66 || byte == 109 || byte == 59 else { continue }
      if byte == 66 && kept.suffix(3) == [27, 40, 66] { kept.removeLast(3) }
      for all in allBack where byte == all.last && kept.suffix(all.count) == all[...] {
        for colours in coloursBack where kept.dropLast(all.count).suffix(colours.count) == colours[...] {
          kept.removeLast(all.count + colours.count)
          kept += all
        }
      }
    }
    return kept
  }

  /// How a change of attributes begins that takes everything back first.
  private static let allBack = ["\u{1B}[m", "\u{1B}[0;"].map { Array($0.utf8) }
  private static let coloursBack = ["\u{1B}[39m", "\u{1B}[39;49m"].map { Array($0.utf8) }

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
