/// One thing a person did at the keyboard (or the terminal said), after decoding.
public enum Key: Hashable, Sendable {
  /// A typed character; never a control character. Combining marks may come on their own.
  case character(Unicode.Scalar)
  /// Ctrl and a lower-case letter, where it has no key of its own below.
  case control(Character)
  case enter, tab, backTab, escape, backspace, delete, insert
  case up, down, left, right
  case home, end, pageUp, pageDown
  /// F1 to F12, 1-based.
  case function(Int)
  /// A bracketed paste, whole; its text is raw and hostile.
  case paste(String)
  /// The terminal's window got or lost the focus.
  case focusGained, focusLost
  /// A mouse report; only when the mouse is on.
  case mouse(Mouse)
  /// A sequence nobody knows; dropped by everyone, shown by no one.
  case unknown
}

/// A mouse report in screen coordinates, counted from 0.
public struct Mouse: Hashable, Sendable {
  public enum Kind: Hashable, Sendable { case press, release, wheelUp, wheelDown }
  public var kind: Kind
  public var at: Point

  public init(_ kind: Kind, at: Point) {
    self.kind = kind
    self.at = at
  }
}
