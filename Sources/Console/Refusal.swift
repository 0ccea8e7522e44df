import TenantStore
import Terminal

extension Keymap {
  /// Why an action is not possible now, in words that say what to do.
  struct Refusal: Equatable, Sendable, ExpressibleByStringInterpolation {
    var words: String
    /// The person's role does not allow it, whatever is selected: noted, as far as clients note what they refuse.
    var isOfRole = false

    init(stringLiteral words: String) { self.words = words }

    static func ofRole(_ words: String) -> Refusal {
      var refusal = Refusal(stringLiteral: words)
      refusal.isOfRole = true
      return refusal
    }

    /// What is to be asked for so that it is noted; nil where it is not, or cannot be.
    func note(of meaning: Meaning, on subject: Tenant?, _ session: Session?) -> Request? {
      guard isOfRole, let session, session.schema == .current, !session.readOnly, session.right > .none else {
        return nil
      }
      return .noteRefusal(
        action: meaning.name, tenant: meaning.isOfSubject ? subject?.id : nil, what: "role \(session.role)")
    }
  }
}

extension Session {
  /// The person's right, and that it has limits.
  var role: String { right.rawValue + (isLimited ? ", limited" : "") }
}

extension Turn {
  /// Says why something is not possible, and notes it where the person's role is why.
  mutating func refuse(
    _ meaning: Meaning, _ refusal: Keymap.Refusal, calledBy name: String? = nil, on subject: Tenant?
  ) {
    say(SafeText((name.map { $0 + ": " } ?? "") + refusal.words), .warning)
    guard let note = refusal.note(of: meaning, on: subject, session) else { return }
    // No answer is waited for.
    effects.append(.send(note, Ticket(nextTicket)))
    nextTicket += 1
  }
}

extension PlainConsole {
  /// The same in a line of text. That it cannot be noted is no news for the person.
  func refuse(_ action: Action, _ refusal: Keymap.Refusal, on subject: Tenant?) {
    say("Not possible: \(refusal.words)")
    guard let note = refusal.note(of: .screen(action), on: subject, session) else { return }
    _ = try? store.answer(to: note)
  }
}

extension Meaning {
  /// Whether it is done to the selected tenant.
  fileprivate var isOfSubject: Bool {
    switch self {
    case .app, .screen(.list), .screen(.page(.saveView)), .screen(.page(.removeView)): false
    case .screen: true
    }
  }
}
