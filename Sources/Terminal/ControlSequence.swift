/// What a whole control sequence from the terminal means (ECMA-48 5.4; xterm's "Control Sequences").
enum ControlSequence: Equatable {
  case key(Key)
  case pasteBegins
  /// The terminal is there (DSR 5), and has taken all that was sent before it was asked.
  case answer
  /// An answer to a question some earlier program asked, or a report we have no use for.
  case nothing

  /// `parameters` are the bytes between ESC [ and `final`.
  init(_ parameters: [UInt8], final: UInt8) {
    if parameters.first == UInt8(ascii: "<") {
      let numbers = Self.numbers(parameters.dropFirst())
      guard final == UInt8(ascii: "M") || final == UInt8(ascii: "m"), numbers.count == 3 else {
        self = .key(.unknown)
        return
      }
      let key = Self.mouse(
        button: numbers[0], column: numbers[1], line: numbers[2], isRelease: final == UInt8(ascii: "m"))
      self = key.map(ControlSequence.key) ?? .nothing
      return
    }
    // "?", ">" and "=" begin answers only: device attributes, modes, versions.
    if let first = parameters.first, (0x3C...0x3F).contains(first) {
      self = .nothing
      return
    }
    let numbers = Self.numbers(parameters[...])
    switch final {
    case UInt8(ascii: "~"): self = Self.tilde(numbers.first ?? 0)
    // With modifiers it is F3 (1;2 to 1;16), else a report of the cursor's place.
    case UInt8(ascii: "R"):
      let isFunction =
        numbers.isEmpty || (numbers.count == 2 && numbers[0] == 1 && (2...16).contains(numbers[1]))
      self = isFunction ? .key(.function(3)) : .nothing
    case UInt8(ascii: "n") where numbers == [0]: self = .answer
    case UInt8(ascii: "c"), UInt8(ascii: "n"), UInt8(ascii: "t"), UInt8(ascii: "y"): self = .nothing
    default: self = .key(Self.letter(final) ?? .unknown)
    }
  }

  /// The key that ESC O and this byte stand for: the arrows and the keypad in application mode.
  static func single(_ final: UInt8) -> Key {
    switch final {
    case UInt8(ascii: "M"): .enter
    case UInt8(ascii: "I"): .tab
    case UInt8(ascii: "X"): .character("=")
    case UInt8(ascii: "R"): .function(3)
    // The keypad sends its characters shifted by 0x40: "j" is "*", "y" is "9".
    case 0x6A...0x79: .character(Unicode.Scalar(final - 0x40))
    default: letter(final) ?? .unknown
    }
  }

  /// A mouse report as xterm numbers it; nil for what nobody asked for (movement, further wheels).
  static func mouse(button: Int, column: Int, line: Int, isRelease: Bool) -> Key? {
    guard column >= 1, line >= 1, button >= 0 else { return .unknown }
    let at = Point(line: line - 1, column: column - 1)
    if button & 0x20 != 0 { return nil }
    if button & 0x40 != 0 {
      switch button & 3 {
      case 0: return .mouse(Mouse(.wheelUp, at: at))
      case 1: return .mouse(Mouse(.wheelDown, at: at))
      default: return nil
      }
    }
    return .mouse(Mouse(isRelease ? .release : .press, at: at))
  }

  private static func letter(_ final: UInt8) -> Key? {
    switch final {
    case UInt8(ascii: "A"): .up
    case UInt8(ascii: "B"): .down
    case UInt8(ascii: "C"): .right
    case UInt8(ascii: "D"): .left
    case UInt8(ascii: "H"): .home
    case UInt8(ascii: "F"): .end
    case UInt8(ascii: "I"): .focusGained
    case UInt8(ascii: "O"): .focusLost
    case UInt8(ascii: "P"): .function(1)
    case UInt8(ascii: "Q"): .function(2)
    case UInt8(ascii: "S"): .function(4)
    case UInt8(ascii: "Z"): .backTab
    default: nil
    }
  }

  private static func tilde(_ number: Int) -> ControlSequence {
    switch number {
    case 1, 7: .key(.home)
    case 2: .key(.insert)
    case 3: .key(.delete)
    case 4, 8: .key(.end)
    case 5: .key(.pageUp)
    case 6: .key(.pageDown)
    case 11...15: .key(.function(number - 10))
    case 17...21: .key(.function(number - 11))
    case 23, 24: .key(.function(number - 12))
    case 200: .pasteBegins
    // The end of a paste that never began.
    case 201: .nothing
    default: .key(.unknown)
    }
  }

  /// The numbers between semicolons, each at most 65535; what follows a colon or is no digit is left out.
  private static func numbers(_ bytes: ArraySlice<UInt8>) -> [Int] {
    if bytes.isEmpty { return [] }
    return bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { digits in
      digits.prefix { (0x30...0x39).contains($0) }.reduce(0) { min(65535, $0 * 10 + Int($1) - 0x30) }
    }
  }
}
