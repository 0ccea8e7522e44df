/// A colour of a cell.
public enum Colour: Hashable, Sendable {
  /// The terminal's own foreground or background.
  case standard
  /// One of the terminal's palette: 0 to 7 the basic ones, 8 to 15 their bright forms, up to 255 where it has them.
  case palette(UInt8)

  /// Its number on a terminal with `available` colours; −1 is the terminal's own.
  /// Where there are only eight the bright ones become the basic ones.
  func number(of available: Int) -> Int {
    switch self {
    case .standard: return -1
    case .palette(let number):
      if Int(number) < available { return Int(number) }
      return number < 16 && available >= 8 ? Int(number % 8) : -1
    }
  }
}

/// How text looks: colours and attributes.
public struct Style: Hashable, Sendable {
  public struct Attributes: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let bold = Attributes(rawValue: 1)
    public static let dim = Attributes(rawValue: 2)
    public static let underline = Attributes(rawValue: 4)
    public static let reverse = Attributes(rawValue: 8)
  }

  public var foreground: Colour
  public var background: Colour
  public var attributes: Attributes

  public init(
    _ foreground: Colour = .standard, on background: Colour = .standard, _ attributes: Attributes = []
  ) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }
}

extension Style {
  /// A blank in this style looks different from one of the ground it stands on.
  func showsOnBlanks(of ground: Style) -> Bool {
    background != ground.background || !attributes.isDisjoint(with: [.underline, .reverse])
  }
}

/// How each role looks. A plain value: a role without a style of its own looks like ordinary text.
public struct Theme: Equatable, Sendable {
  public var name: String
  public var styles: [Role: Style]

  public init(name: String, styles: [Role: Style]) {
    self.name = name
    self.styles = styles
  }

  public subscript(role: Role) -> Style { styles[role] ?? styles[.text] ?? Style() }

  /// What the whole screen stands on: the colours of ordinary text, without its attributes.
  public var ground: Style { Style(self[.text].foreground, on: self[.text].background) }

  /// The focus is bold and not reversed: a marker's place keeps its role when the marker moves on, and must then not be seen.
  /// The terminal's own sixteen colours on its own background, so it fits whatever the person has chosen there.
  public static let terminal = Theme(
    name: "terminal",
    styles: [
      .header: Style(.standard, on: .standard, .reverse),
      .production: Style(.palette(7), on: .palette(1), .bold),
      .heading: Style(.standard, on: .standard, .bold),
      .focus: Style(.standard, on: .standard, .bold),
      .faint: Style(.standard, on: .standard, .dim),
      .good: Style(.palette(2)),
      .warning: Style(.palette(3)),
      .bad: Style(.palette(1), on: .standard, .bold),
      .field: Style(.standard, on: .standard, .underline),
      .badge: Style(.palette(5), on: .standard, .bold),
      .added: Style(.palette(2)),
      .removed: Style(.palette(1)),
      .border: Style(.palette(6)),
      .footer: Style(),
      .key: Style(.standard, on: .standard, .bold),
    ])

  /// No colour at all. Production is bold and underlined in its reversed bar; every state is a word anyway.
  public static let mono = Theme(
    name: "mono",
    styles: [
      .header: Style(.standard, on: .standard, .reverse),
      .production: Style(.standard, on: .standard, [.reverse, .bold, .underline]),
      .heading: Style(.standard, on: .standard, .bold),
      .focus: Style(.standard, on: .standard, .bold),
      .faint: Style(.standard, on: .standard, .dim),
      .warning: Style(.standard, on: .standard, .bold),
      .bad: Style(.standard, on: .standard, .bold),
      .field: Style(.standard, on: .standard, .underline),
      .badge: Style(.standard, on: .standard, .reverse),
      .added: Style(.standard, on: .standard, .bold),
      .removed: Style(.standard, on: .standard, .dim),
      .key: Style(.standard, on: .standard, .bold),
    ])
}

/// Whether colours are used.
public enum ColourMode: String, CaseIterable, Sendable {
  /// As far as the terminal has them.
  case automatic = "auto"
  /// Never: attributes only.
  case never

  /// What the person asked for: `--color`, then `NO_COLOR` (set and not empty, see no-color.org).
  public static func chosen(flag: ColourMode?, environment: [String: String]) -> ColourMode {
    if let flag { return flag }
    return (environment["NO_COLOR"] ?? "").isEmpty ? .automatic : .never
  }
}
