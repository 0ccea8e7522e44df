import TenantStore
import Terminal

/// Keys.
extension App {
  mutating func press(_ key: Key) -> [Effect] {
    if case .mouse(let report) = key { return take(report) }
    guard let name = key.name else { return [] }
    status = nil
    let again = isInterrupted
    isInterrupted = false
    let place = Chrome.isTooSmall(size) ? .tooSmall : top
    if place != .tooSmall {
      var isTaken = false
      let effects = turn(at: stack.count - 1) { isTaken = $0.type(key, &$1) }
      if isTaken { return effects }
    }
    guard let binding = keymap.binding(for: key, in: place) else {
      status = Status(
        text: SafeText("\(name) does nothing here: \(keymap.helpKey(in: place)) shows the keys"),
        role: .faint)
      return []
    }
    return perform(binding, calledBy: name, again: again)
  }

  /// Does what the binding stands for in the place where it is, or says why it is not possible now.
  mutating func perform(_ binding: Keymap.Binding, calledBy name: String, again: Bool = false) -> [Effect] {
    let screen = stack[stack.count - 1]
    if let refusal = binding.refusal(situation) {
      var turn = newTurn()
      turn.refuse(binding.meaning, refusal, calledBy: name, on: screen.subject)
      return take(turn, at: stack.count - 1)
    }
    switch binding.meaning {
    case .app(.interrupt): return interrupt(again: again)
    case .app(let action): return perform(action)
    case .screen(.page(.refresh)) where session?.schema != .current || session?.right == Session.Right.none:
      return ask()
    case .screen(let action): return turn(at: stack.count - 1) { $0.act(action, &$1) }
    }
  }

  /// What decides whether an action is possible on the screen that is on top.
  var situation: Keymap.Situation {
    let screen = stack[stack.count - 1]
    return Keymap.Situation(
      session: session, subject: screen.subject, isWriting: screen.isWriting,
      isPast: screen.isPast)
  }

  /// Quits; with a change on its way its outcome stays unknown, which the person is told with what to look at.
  private func leave() -> Effect {
    guard stack.contains(where: \.isWriting) else { return .quit(0) }
    return .quit(
      6,
      parting: stack.compactMap(\.parting).last
        ?? "the outcome of what was under way is unknown: look at what it was about before you try again")
  }

  /// Gives up on what is being read; says that another Ctrl-c quits.
  mutating func interrupt(again: Bool) -> [Effect] {
    if again { return [leave()] }
    isInterrupted = true
    var effects: [Effect] = []
    let isWriting = stack.contains(where: \.isWriting)
    let tickets = stack.flatMap(\.reading) + (asking.map { [$0] } ?? [])
    for ticket in tickets {
      effects.append(.cancel(ticket))
      effects += answered(ticket, .failure(.cancelled))
    }
    status =
      if isWriting {
        Status(
          text: "a change cannot be called back; Ctrl-c again quits and leaves its outcome unknown",
          role: .warning)
      } else {
        Status(text: tickets.isEmpty ? "Ctrl-c again quits" : "cancelled; Ctrl-c again quits", role: .text)
      }
    return effects
  }
}
