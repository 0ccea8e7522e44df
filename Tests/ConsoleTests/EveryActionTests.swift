import TenantStore
import Testing

@testable import Console

/// Every action of every place, as each role: nothing that the role may not do is asked for, and what is refused to the role is
/// noted. The actions are the key table's own, and the places are found by pressing them.
@Suite("Every action as each role") struct EveryActionTests {
  static let sessions: [Session] = Session.Right.allCases.flatMap { right in
    [false, true].map { isLimited in
      var session = Sample.session
      (session.right, session.isLimited) = (right, isLimited)
      return session
    }
  }

  /// A console in each place that keys lead to.
  private func stages(_ session: Session) -> [Place: Stage] {
    var found: [Place: Stage] = [:]
    var open = [Stage.reached(by: session)]
    while let stage = open.popLast() {
      guard found[stage.app.top] == nil else { continue }
      found[stage.app.top] = stage
      for binding in Keymap.standard.bindings(in: stage.app.top) {
        guard let key = binding.keys.first else { continue }
        var next = stage
        next.send(.painted)
        next.send(.key(key))
        open.append(next)
      }
    }
    return found
  }

  @Test(arguments: sessions.filter { $0.right < .admin })
  func whoMayNotChangeAsksForNoChangeAndTheRefusalIsNoted(_ session: Session) {
    let stages = stages(session)
    // Who has no right at all sees no tenant, and less is to be reached.
    #expect(stages.count > (session.right == .none ? 3 : 8), "\(stages.keys)")
    for (place, stage) in stages {
      for binding in Keymap.standard.bindings(in: place) {
        for key in binding.keys {
          var stage = stage
          stage.send(.painted)
          _ = stage.asked()
          let refusal = binding.refusal(stage.app.situation)
          stage.send(.key(key))
          let asked = stage.asked()
          #expect(asked.filter { $0.requestID != nil } == [], "\(key) in \(place)")
          let notes = asked.filter { if case .noteRefusal = $0 { true } else { false } }
          if refusal?.isOfRole == true, session.right > .none {
            #expect(notes.count == 1, "\(key) in \(place)")
          }
          if let refusal { #expect(stage.status.contains(refusal.words.prefix(30)), "\(key) in \(place)") }
        }
      }
    }
  }

  /// That the walk above would find a change, were there one: an admin is refused nothing for the role.
  @Test(arguments: sessions.filter { $0.right == .admin })
  func anAdminIsRefusedOnlyWhatIsForAll(_ session: Session) {
    var refused: Set<String> = []
    for (place, stage) in stages(session) {
      for binding in Keymap.standard.bindings(in: place)
      where binding.refusal(stage.app.situation)?.isOfRole == true { refused.insert(binding.meaning.name) }
    }
    #expect(refused == (session.isLimited ? ["saveView", "removeView", "mend", "keep"] : []))
  }
}

extension Stage {
  /// The console as it is for this person: with tenants where there is a right to see any.
  fileprivate static func reached(by session: Session) -> Stage {
    if session.right > .none { return .list(session: session) }
    var stage = Stage()
    stage.send(.link(.up))
    stage.answer(.session(session))
    _ = stage.asked()
    return stage
  }
}
