/// Why the screen cannot be used. Nothing was changed on the terminal when one of these is thrown.
public enum TerminalError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Standard input or output is no terminal.
  case notATerminal
  /// TERM is not set or empty.
  case noTerminalType
  /// TERM names a terminal that the terminfo database does not know.
  case unknownTerminalType(String)
  /// The terminal cannot move its cursor.
  case tooSimple(String)
  /// A call of the operating system failed, with its `errno`.
  case system(call: String, code: Int32)

  /// One line: what failed and what to do now. Safe for any output.
  public var description: String {
    switch self {
    case .notATerminal:
      "the console needs a terminal: standard input and output must both be one"
    case .noTerminalType:
      "TERM is not set: set it to your terminal's type, for example TERM=xterm-256color"
    case .unknownTerminalType(let name):
      "no terminal type \"\(SafeText(name).text)\" is known here: set TERM to one that is, for example TERM=xterm"
        + " (package ncurses-term has more)"
    case .tooSimple(let name):
      "the terminal type \"\(SafeText(name).text)\" cannot move its cursor: use another terminal, or set TERM"
    case .system(let call, let code):
      "the terminal cannot be used: \(call) failed with error \(code)"
    }
  }
}
