/// Width and height of a screen, in columns and lines. Either may be 1, never less.
public struct Size: Hashable, Sendable {
  public var columns: Int
  public var lines: Int

  public init(columns: Int, lines: Int) {
    self.columns = max(1, columns)
    self.lines = max(1, lines)
  }
}

/// A place on the screen, counted from 0 at the top left.
public struct Point: Hashable, Sendable {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// What a piece of text is for. A theme says how each role looks; no screen names a colour.
public enum Role: UInt8, CaseIterable, Sendable {
  /// Ordinary text.
  case text
  /// The bar at the top: product, environment, server, person.
  case header
  /// The same bar when the server says it is production: different without colour, too.
  case production
  /// Column titles and section titles.
  case heading
  /// The row, field or button that has the focus.
  case focus
  /// Less important text: hints, ages, empty values.
  case faint
  /// A state that is as it should be (active, saved).
  case good
  /// A state that wants attention (suspended, stale, a warning).
  case warning
  /// An error, or a state that is off (deactivated, refused).
  case bad
  /// Text a person is typing into.
  case field
  /// A mark for what cannot be shown: hidden characters, NULL, cut text.
  case badge
  /// The part of a value that changed (a diff's new side).
  case added
  /// The part of a value that went (a diff's old side).
  case removed
  /// The frame of a dialog.
  case border
  /// The footer: what the keys do here.
  case footer
  /// The name of a key inside the footer or help.
  case key
}

/// A run of text in one role. With `columns` it takes exactly that many columns (cut with "…" or padded with
/// blanks at the terminal's edge of the program, not here), without it takes its own width.
public struct Span: Equatable, Sendable {
  public var text: SafeText
  public var role: Role
  public var columns: Int?

  public init(_ text: SafeText, _ role: Role = .text, columns: Int? = nil) {
    self.text = text
    self.role = role
    self.columns = columns
  }

  /// The columns this span takes on the screen.
  public var width: Int { columns ?? text.width }
}

/// One line of the screen, from the left edge. What is right of its last span is blank.
public struct Line: Equatable, Sendable {
  public var spans: [Span]

  public init(_ spans: [Span] = []) { self.spans = spans }
  public init(_ text: SafeText, _ role: Role = .text) { spans = [Span(text, role)] }

  public var width: Int { spans.reduce(0) { $0 + $1.width } }
}

/// A whole screen as a value: what `view` answers and what the terminal shows.
/// `lines` may be shorter than the screen (the rest is blank), never longer.
public struct Frame: Equatable, Sendable {
  public var size: Size
  public var lines: [Line]
  /// Where the hardware cursor stands: always on the focused thing. Nil only where nothing has the focus.
  public var cursor: Point?

  public init(size: Size, lines: [Line] = [], cursor: Point? = nil) {
    self.size = size
    self.lines = Array(lines.prefix(size.lines))
    self.cursor = cursor
  }
}
