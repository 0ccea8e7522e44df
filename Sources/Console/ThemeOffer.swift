import Terminal

/// A theme that can be chosen. Its name is at hand; how it looks is read when it is asked for, because most never are.
public struct ThemeOffer: Sendable {
  public let name: String
  private let read: @Sendable () -> Theme

  /// `read` answers the theme of that name; it may be called again.
  public init(_ name: String, read: @escaping @Sendable () -> Theme) {
    self.name = name
    self.read = read
  }

  public init(_ theme: Theme) { self.init(theme.name) { theme } }

  public var theme: Theme { read() }
}
