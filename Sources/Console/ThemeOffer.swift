import Synchronization
import Terminal

/// A theme that can be chosen. Its name is at hand; how it looks is read when it is asked for, because most never are.
public struct ThemeOffer: Sendable {
  /// Read once and kept: the library that reads files of themes does not give all of its memory back.
  private final class Look: Sendable {
    private let read: @Sendable () -> Theme
    private let known: Mutex<Theme?>

    init(_ known: Theme? = nil, read: @escaping @Sendable () -> Theme) {
      self.read = read
      self.known = Mutex(known)
    }

    var theme: Theme {
      known.withLock { known in
        let theme = known ?? read()
        known = theme
        return theme
      }
    }
  }

  public let name: String
  private let look: Look

  /// `read` answers the theme of that name; it is called once at most.
  public init(_ name: String, read: @escaping @Sendable () -> Theme) {
    self.name = name
    look = Look(read: read)
  }

  public init(_ theme: Theme) {
    name = theme.name
    look = Look(theme) { theme }
  }

  public var theme: Theme { look.theme }
}
