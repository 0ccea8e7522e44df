/// Keys as text in a test, and the bytes an xterm sends for them.
enum Keyboard {
  /// "ab<Down><Enter><C-c><lt>": names in angle brackets, everything else as it is. A name nobody knows is a mistake in the test.
  static func bytes(_ keys: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = keys[...]
    while let first = rest.first {
      if first == "<", let end = rest.firstIndex(of: ">") {
        bytes += named(String(rest[rest.index(after: rest.startIndex)..<end]))
        rest = rest[rest.index(after: end)...]
      } else {
        bytes += Array(String(first).utf8)
        rest = rest.dropFirst()
      }
    }
    return bytes
  }

  private static func named(_ name: String) -> [UInt8] {
    if name.hasPrefix("C-"), let letter = name.utf8.last { return [letter & 0x1F] }
    guard let sequence = sequences[name] else { preconditionFailure("no key is called <\(name)>") }
    return Array(sequence.utf8)
  }

  private static let sequences = [
    "Enter": "\r", "Tab": "\t", "S-Tab": "\u{1B}[Z", "Esc": "\u{1B}", "Backspace": "\u{7F}", "lt": "<",
    "Space": " ",
    "Up": "\u{1B}[A", "Down": "\u{1B}[B", "Right": "\u{1B}[C", "Left": "\u{1B}[D",
    "Home": "\u{1B}[H", "End": "\u{1B}[F", "PageUp": "\u{1B}[5~", "PageDown": "\u{1B}[6~",
    "Delete": "\u{1B}[3~", "Insert": "\u{1B}[2~", "F1": "\u{1B}OP",
  ]
}
