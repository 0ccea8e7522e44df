import TenantStore
import Terminal

/// Saved views of the list, and how it refreshes by itself.
extension ListScreen {
  /// The list as it is now, to be kept.
  var present: SavedView {
    SavedView(name: "", filter: filter.field.text, sort: window.sort, columns: arrangement.names)
  }

  mutating func show(_ view: SavedView, _ turn: inout Turn) {
    arrange(Arrangement(names: view.columns), &turn)
    window.sort(by: view.sort)
    show(view.filter, &turn)
  }

  mutating func refreshByItself(_ isRefreshing: Bool, _ turn: inout Turn) {
    self.isRefreshing = isRefreshing
    round += 1
    if isRefreshing { turn.wake(after: Self.pause, .refresh(round)) }
    turn.say(isRefreshing ? "refreshing every 30 seconds; R stops" : "no longer refreshing by itself")
  }

  /// Refreshes where nothing is being read or typed, and asks to be woken again.
  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) {
    if alarm == .typed(lulls) { lookRound(&turn) }
    guard alarm == .refresh(round), isRefreshing else { return }
    if window.isLoaded, window.reading.isEmpty { window.refresh(&turn) }
    turn.wake(after: Self.pause, alarm)
  }
}
