import TenantStore
import Terminal

/// The list as it was, and the versions of what stands in it.
extension ListScreen {
  /// Shows the whole list as it was at this moment; nil: as it is now, where it was left.
  mutating func travel(to moment: Instant?, _ turn: inout Turn) {
    guard let moment else {
      window.present()
      if let home { window.load(Filter(), at: home, &turn) } else { window.load(Filter(), &turn) }
      home = nil
      return turn.say("the present again")
    }
    guard moment <= turn.now else { return turn.say("that moment is still to come", .warning) }
    if !isPast { home = window.place }
    filter.field.replace(with: "")
    filter.isFocused = false
    marks.clear()
    turn.cancel(&counting)
    counted = ""
    window.load(asOf: moment, &turn)
  }

  /// The selected tenant, as it is or as it was.
  func open(_ turn: inout Turn) {
    guard let tenant = window.tenant else { return }
    if let moment = window.asOf {
      turn.push(VersionScreen(tenant, at: .at(moment)))
    } else {
      turn.push(DetailScreen(tenant))
    }
  }

  /// The version before that of the selected tenant.
  func older(_ turn: inout Turn) {
    guard let tenant = window.tenant else { return }
    turn.push(VersionScreen(tenant, at: .version(max(1, tenant.version - 1))))
  }
}
