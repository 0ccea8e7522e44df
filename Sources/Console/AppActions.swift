import TenantStore
import Terminal

/// What concerns the console as a whole, whatever screen is on top.
extension App {
  mutating func perform(_ action: AppAction) -> [Effect] {
    switch action {
    case .copy: return copy(clippings.first)
    case .copyMenu:
      let clippings = clippings
      return turn(at: stack.count - 1) { $1.push(CopyMenu(clippings)) }
    case .explain, .commandLine, .palette, .themes, .mouse, .spell: return []
    }
  }

  /// What can be copied from the screen on top, the most likely first.
  var clippings: [Clipping] {
    let screen = stack[stack.count - 1]
    return screen.clippings + (screen.subject.map { Clipping.all(of: $0, as: tenantForms) } ?? [])
  }

  /// Does what was chosen in a box that is closed now, on the screen that was below it.
  mutating func perform(_ command: Command) -> [Effect] {
    switch command {
    case .copy(let clipping): return copy(clipping)
    }
  }

  mutating func copy(_ clipping: Clipping?) -> [Effect] {
    guard let clipping else {
      status = Status(text: "nothing to copy here", role: .warning)
      return []
    }
    status = Status(text: clipping.notice, role: .text)
    return [.copy(clipping.text)]
  }
}
