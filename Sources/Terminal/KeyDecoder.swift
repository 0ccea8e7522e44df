/// Bytes from the terminal in, keys out. Pure, and driven byte by byte, so where a read happens to end changes nothing.
///
/// It decodes UTF-8, both forms of the arrows, the function keys of xterm, rxvt and the Linux console, mouse reports,
/// bracketed pastes and focus reports. Modifiers on keys with a name are ignored. Answers that the terminal gives to questions
/// of an earlier program are swallowed. Bytes that make no sense become `.unknown`; nothing makes it wait for ever, as
/// long as `timeout` is called while `isWaiting`.
public struct KeyDecoder: Sendable {
  /// How long to wait for the rest of a sequence before `timeout` is called, in milliseconds.
  public static let patience = 50
  /// A paste is cut after this many bytes; the rest is read and dropped.
  public static let pasteLimit = 64 * 1024
  /// A control sequence with more bytes of parameters than this is none that we know.
  private static let parameterLimit = 64
  /// A paste whose end never comes is given up after this many timeouts without a byte (two seconds).
  private static let pastePatience = 40
  private static let pasteEnd = Array("\u{1B}[201~".utf8)

  private enum State {
    case ground
    /// After ESC.
    case escape
    /// After ESC [, with the parameters so far in `parameters`.
    case control
    /// Inside a control sequence that is too long to be one of ours.
    case overlong
    /// After ESC [ [: a function key of the Linux console.
    case linuxFunction
    /// Inside the three bytes of an old mouse report.
    case oldMouse
    /// After ESC O.
    case single
    /// Inside a string the terminal sends (OSC, DCS, APC, PM, SOS); ends with ST or BEL.
    case string
    /// After an ESC inside such a string.
    case stringEscape
    /// Inside a UTF-8 character.
    case utf8
    /// Inside a bracketed paste.
    case paste
  }

  private var state = State.ground
  private var parameters: [UInt8] = []
  private var character: [UInt8] = []
  /// The character being read came after ESC: an Alt chord, which is nobody's.
  private var isAlt = false
  private var pasted: [UInt8] = []
  /// How many bytes of `pasteEnd` the last bytes were.
  private var endMatched = 0
  private var quietTimeouts = 0
  private var keys: [Key] = []
  private var answers = 0

  public init() {}

  /// A sequence has begun and its end has not come: wait no longer than `patience` for more bytes, then call `timeout`.
  public var isWaiting: Bool { state != .ground }

  /// The keys that `bytes` complete, in order; may be empty.
  public mutating func feed(_ bytes: some Sequence<UInt8>) -> [Key] {
    quietTimeouts = 0
    for byte in bytes { step(byte) }
    defer { keys.removeAll() }
    return keys
  }

  /// The keys that result when nothing more comes for now: a lone ESC is the Escape key, any other beginning is `.unknown`.
  /// A paste goes on through pauses of up to two seconds.
  public mutating func timeout() -> [Key] {
    switch state {
    case .ground: return []
    case .escape:
      state = .ground
      return [.escape]
    case .paste:
      quietTimeouts += 1
      if quietTimeouts < Self.pastePatience { return [] }
      append(Self.pasteEnd.prefix(endMatched))
      finishPaste()
      defer { keys.removeAll() }
      return keys
    case .string, .stringEscape, .overlong:
      state = .ground
      return []
    case .control, .linuxFunction, .oldMouse, .single, .utf8:
      state = .ground
      isAlt = false
      return [.unknown]
    }
  }

  /// How often the terminal has answered that it is there, since the last time this was asked.
  mutating func takeAnswers() -> Int {
    defer { answers = 0 }
    return answers
  }

  private mutating func step(_ byte: UInt8) {
    switch state {
    case .ground: ground(byte)
    case .escape: escape(byte)
    case .control: control(byte)
    case .overlong:
      if byte == 0x1B { state = .escape } else if !(0x20...0x3F).contains(byte) { state = .ground }
    case .linuxFunction:
      state = .ground
      keys.append((0x41...0x45).contains(byte) ? .function(Int(byte) - 0x40) : .unknown)
    case .oldMouse:
      parameters.append(byte)
      if parameters.count == 3 { finish(oldMouse(parameters)) }
    case .single: single(byte)
    case .string:
      if byte == 0x07 || byte == 0x18 || byte == 0x1A {
        state = .ground
      } else if byte == 0x1B {
        state = .stringEscape
      }
    case .stringEscape:
      state = .ground
      // Anything but ST: the string was cut off, and this ESC began something new.
      if byte != 0x5C { escape(byte) }
    case .utf8: continueCharacter(byte)
    case .paste: paste(byte)
    }
  }

  private mutating func finish(_ key: Key?) {
    state = .ground
    if let key { keys.append(key) }
  }

  private mutating func ground(_ byte: UInt8) {
    switch byte {
    case 0x1B: state = .escape
    // LF too: it is what a paste without brackets, or a terminal in an odd mode, sends for Enter.
    case 0x0D, 0x0A: emit(.enter)
    case 0x09: emit(.tab)
    case 0x08, 0x7F: emit(.backspace)
    case 0x01...0x1A: emit(.control(Character(Unicode.Scalar(byte + 0x60))))
    case 0x00, 0x1C...0x1F: emit(.unknown)
    case 0x20...0x7E: emit(.character(Unicode.Scalar(byte)))
    case 0xC2...0xF4:
      character = [byte]
      state = .utf8
    default: emit(.unknown)
    }
  }

  private mutating func emit(_ key: Key) {
    keys.append(isAlt ? .unknown : key)
    isAlt = false
    state = .ground
  }

  private mutating func escape(_ byte: UInt8) {
    state = .ground
    switch byte {
    case UInt8(ascii: "["):
      parameters = []
      state = .control
    case UInt8(ascii: "O"):
      parameters = []
      state = .single
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"), UInt8(ascii: "X"):
      state = .string
    case 0x1B:
      keys.append(.escape)
      state = .escape
    default:
      isAlt = true
      ground(byte)
    }
  }

  private mutating func control(_ byte: UInt8) {
    switch byte {
    case 0x5B where parameters.isEmpty: state = .linuxFunction
    case 0x4D where parameters.isEmpty: state = .oldMouse
    case 0x20...0x3F:
      parameters.append(byte)
      if parameters.count > Self.parameterLimit {
        keys.append(.unknown)
        state = .overlong
      }
    case 0x40...0x7E:
      switch ControlSequence(parameters, final: byte) {
      case .pasteBegins:
        pasted = []
        endMatched = 0
        state = .paste
      case .key(let key): finish(key)
      case .answer:
        answers += 1
        finish(nil)
      case .nothing: finish(nil)
      }
    default:
      finish(.unknown)
      ground(byte)
    }
  }

  private mutating func single(_ byte: UInt8) {
    switch byte {
    // An old way to say modifiers: ESC O 5 A.
    case 0x30...0x39 where parameters.count < 2: parameters.append(byte)
    case 0x21...0x7E: finish(ControlSequence.single(byte))
    default:
      finish(.unknown)
      ground(byte)
    }
  }

  private mutating func continueCharacter(_ byte: UInt8) {
    guard byte & 0xC0 == 0x80, isPossible(second: byte) else {
      emit(.unknown)
      ground(byte)
      return
    }
    character.append(byte)
    let length = character[0] < 0xE0 ? 2 : character[0] < 0xF0 ? 3 : 4
    if character.count < length { return }
    let scalar = String(decoding: character, as: UTF8.self).unicodeScalars.first!
    // C1 controls are typed by no one.
    emit(scalar.value < 0xA0 ? .unknown : .character(scalar))
  }

  /// Overlong forms, surrogates and values above U+10FFFF show in the second byte (Unicode, table 3-7).
  private func isPossible(second byte: UInt8) -> Bool {
    if character.count > 1 { return true }
    switch character[0] {
    case 0xE0: return byte >= 0xA0
    case 0xED: return byte < 0xA0
    case 0xF0: return byte >= 0x90
    case 0xF4: return byte < 0x90
    default: return true
    }
  }

  private mutating func paste(_ byte: UInt8) {
    if byte == Self.pasteEnd[endMatched] {
      endMatched += 1
      if endMatched == Self.pasteEnd.count { finishPaste() }
      return
    }
    // Only its first byte is an ESC, so a broken match can begin anew nowhere but here.
    if endMatched > 0 { append(Self.pasteEnd.prefix(endMatched)) }
    endMatched = byte == 0x1B ? 1 : 0
    if byte != 0x1B && pasted.count < Self.pasteLimit { pasted.append(byte) }
  }

  private mutating func append(_ bytes: some Collection<UInt8>) {
    pasted.append(contentsOf: bytes.prefix(Self.pasteLimit - pasted.count))
  }

  private mutating func finishPaste() {
    finish(.paste(String(decoding: pasted, as: UTF8.self)))
    pasted = []
    endMatched = 0
    quietTimeouts = 0
  }

  private func oldMouse(_ bytes: [UInt8]) -> Key? {
    let numbers = bytes.map { Int($0) - 32 }
    return ControlSequence.mouse(
      button: numbers[0], column: numbers[1], line: numbers[2], isRelease: numbers[0] & 3 == 3)
  }
}
