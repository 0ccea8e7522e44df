import TenantStore
import Terminal

/// A form's dealings with its draft: nothing is kept before it is known what lies there, and nothing is taken away before the form's
/// write is settled, unless the person says so.
struct DraftKeeper: Sendable {
  private enum State: Equatable {
    /// What lies there is being looked at.
    case opening
    /// What is typed is kept; `isDue`: a wake-up to do so is on its way.
    case keeping(isDue: Bool)
    /// The person is asked whether to go on with what was found.
    case offering
    /// Nothing is kept for this form, and what lies there is left alone.
    case off
  }

  let name: DraftName?
  private var state = State.off
  /// The write is settled: what was kept goes when the form does.
  private var isSettled = false
  /// When something was typed last.
  private(set) var edited = Instant(microseconds: 0)

  var isKeeping: Bool { if case .keeping = state { true } else { false } }

  /// So long after a key what was typed is written: the most that a crash takes.
  private static let delay = 700

  init(_ form: DraftForm?, _ session: Session?) { name = form.flatMap { DraftName($0, session) } }

  mutating func open(_ turn: inout Turn) {
    guard let name else { return }
    state = .opening
    turn.effects.append(.openDraft(name))
  }

  mutating func edited(_ turn: inout Turn) {
    edited = turn.now
    guard state == .keeping(isDue: false), let name else { return }
    state = .keeping(isDue: true)
    turn.wake(after: Self.delay, .keepDraft(name))
  }

  /// True when it is time to keep what was typed.
  mutating func isTime(_ alarm: Alarm) -> Bool {
    guard let name, alarm == .keepDraft(name), state == .keeping(isDue: true) else { return false }
    state = .keeping(isDue: false)
    return true
  }

  /// Answers the draft to offer, if one was found. `isTouched`: something was typed meanwhile, and is to be kept.
  mutating func took(_ news: DraftNews, isTouched: Bool, _ turn: inout Turn) -> Draft? {
    switch news {
    case .none:
      guard state == .opening else { return nil }
      state = .keeping(isDue: false)
      if isTouched { edited(&turn) }
    case .found(let text):
      if let draft = Draft(reading: text) {
        state = .offering
        return draft
      }
      state = .off
      turn.say(
        "the draft that lies here is damaged: it is left as it is, and what you type now is not kept",
        .warning)
    case .elsewhere:
      state = .off
      turn.say(
        "this form is open in another console, which keeps the draft: what you type here is not kept",
        .warning)
    case .problem(let why):
      state = .off
      turn.say(SafeText("what you type is not kept as a draft: \(why)"), .warning)
    }
    return nil
  }

  /// The person has said what to do with the draft that was found: it is kept up from now on, or thrown away for what is typed.
  mutating func decided(_ goesOn: Bool, _ turn: inout Turn) {
    guard state == .offering, let name else { return }
    if goesOn {
      state = .keeping(isDue: false)
    } else {
      turn.effects.append(.closeDraft(name, removing: true))
      open(&turn)
    }
  }

  mutating func settled() { isSettled = true }

  /// When the form closes, or the console: what is still to be kept, and the draft let go.
  func closing(_ text: String?) -> [Effect] {
    guard let name, state != .off else { return [] }
    if isSettled { return [.closeDraft(name, removing: true)] }
    let keep = state == .keeping(isDue: true) ? text.map { [Effect.keepDraft(name, $0)] } ?? [] : []
    return keep + [.closeDraft(name, removing: false)]
  }
}
