import TenantStore
import Terminal

/// Something for the console to do that was chosen in a box or typed, as data.
enum Command: Equatable, Sendable {
  /// What a key of the screen below would do.
  case meaning(Meaning)
  case copy(Clipping)
  /// Use this theme from now on.
  case theme(Theme)
  /// Show the list under this filter.
  case filter(String)
  /// Open the tenant with this site id or id.
  case open(String)
  /// Onboard many from this file.
  case onboard(String)
  /// Open this tenant.
  case show(Tenant)
  /// Show the list as it was at this moment.
  case travel(Instant)
  /// Show the list like this.
  case view(SavedView)
  /// Go to the connection of this name.
  case connect(String)
  case quit
}
