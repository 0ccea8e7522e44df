import Glibc

/// Copying through the terminal (OSC 52): the only way that also works from a server over ssh.
///
/// The terminal neither confirms nor refuses, and many ask to be told first that programs may copy.
enum Clipboard {
  /// Who is between us and the terminal, and must be made to pass the sequence on.
  enum Path: Equatable {
    case direct
    /// tmux takes the sequence itself where `set-clipboard` is on, and passes on a wrapped one where `allow-passthrough`
    /// is: it gets both. The clipboard is then set twice to the same.
    case tmux
    /// GNU screen passes on what is wrapped, in pieces that fit its buffer.
    case screen
    /// A terminal without a clipboard, on which the sequence might be seen as text.
    case none
  }

  /// Terminals take a sequence of 100,000 bytes at most; this is the text that fits, in base64.
  static let limit = 74_994
  /// GNU screen keeps at most 768 bytes of a string.
  private static let piece = 512

  static func path(environment: (String) -> String?) -> Path {
    let type = environment("TERM") ?? ""
    if environment("TMUX")?.isEmpty == false || type.hasPrefix("tmux") { return .tmux }
    if environment("STY")?.isEmpty == false || type.hasPrefix("screen") { return .screen }
    return ["linux", "vt100", "vt220", "dumb", "ansi", "cons25"].contains(type) ? .none : .direct
  }

  /// The bytes that set the clipboard to `text`, which is within the limit.
  static func sequence(_ text: String, _ path: Path) -> [UInt8] {
    let plain = Array("\u{1B}]52;c;".utf8) + base64(Array(text.utf8)) + [0x07]
    switch path {
    case .direct: return plain
    case .none: return []
    case .tmux:
      let doubled = plain.flatMap { $0 == 0x1B ? [$0, $0] : [$0] }
      return plain + Array("\u{1B}Ptmux;".utf8) + doubled + Array("\u{1B}\\".utf8)
    case .screen:
      return stride(from: 0, to: plain.count, by: piece).flatMap { start in
        Array("\u{1B}P".utf8) + plain[start..<min(plain.count, start + piece)] + Array("\u{1B}\\".utf8)
      }
    }
  }

  /// Source: RFC 4648, section 4.
  static func base64(_ bytes: [UInt8]) -> [UInt8] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let three = bytes[start..<min(bytes.count, start + 3)]
      let bits = three.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - three.count))
      for place in 0..<4 {
        text.append(place <= three.count ? alphabet[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
      }
    }
    return text
  }
}

/// Why a text could not be copied.
public enum CopyProblem: Equatable, Sendable, CustomStringConvertible {
  /// It has this many bytes.
  case tooLong(Int)
  /// This terminal has no clipboard.
  case noClipboard

  public var description: String {
    switch self {
    case .tooLong(let bytes): "it has \(bytes) bytes, and terminals take \(Clipboard.limit)"
    case .noClipboard: "this terminal has no clipboard"
    }
  }
}

extension Curses {
  /// Gives `text` to the terminal for its clipboard, all of it or nothing. Nil: sent; whether the terminal took it, it does not say.
  public func copy(_ text: String) -> CopyProblem? {
    let path = Clipboard.path { getenv($0).map { String(cString: $0) } }
    if path == .none { return .noClipboard }
    let bytes = text.utf8.count
    if bytes > Clipboard.limit { return .tooLong(bytes) }
    device.send(Clipboard.sequence(text, path))
    return nil
  }
}
