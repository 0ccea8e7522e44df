import Terminal

/// A keymap with the keys that a person wants instead of ours.
extension Keymap {
  /// Actions whose keys are part of a promise: how a question is answered, how one gets out. They stay as they are.
  fileprivate static let fixed: Set<Meaning> = Set(
    [
      .dialog(.press), .dialog(.back), .dialog(.nextField), .dialog(.previousField), .dialog(.confirm),
      .dialog(.refuse), .dialog(.switchSide), .dialog(.stored), .tenant(.lifecycle),
    ].map(Meaning.screen) + LifecycleAction.allCases.map { .screen(.lifecycle($0)) }
      + [.app(.interrupt), .app(.background)])

  /// The standard keys with these changes. What cannot be done is left as it was and said in words, with both names where
  /// two actions want the same key.
  static func standard(with changes: [KeyBinding]) -> (keymap: Keymap, problems: [String]) {
    if changes.isEmpty { return (standard, []) }
    var table = standard.table
    var problems: [String] = []
    for change in changes {
      var wanted = table
      do {
        let keys = try change.keys.map { name throws(Problem) in
          guard let key = Key(named: name) else { throw Problem("\(name) is no key") }
          return key
        }
        try apply(change.action, keys, to: &wanted)
        table = wanted
      } catch {
        problems.append("keys: \(change.action): \(error.words)")
      }
    }
    return (Keymap(table), problems)
  }

  private struct Problem: Error {
    var words: String
    init(_ words: String) { self.words = words }
  }

  private static func apply(_ action: String, _ keys: [Key], to table: inout [Binding]) throws(Problem) {
    let places = table.indices.filter {
      table[$0].meaning.word == action && !table[$0].places.isSubset(of: typed)
    }
    guard let first = places.first else { throw Problem("there is no action of this name") }
    guard !fixed.contains(table[first].meaning) else { throw Problem("its keys cannot be changed") }
    guard !keys.isEmpty else { throw Problem("it would have no key") }
    for place in places {
      let own = table[place]
      for other in table where other.meaning != own.meaning && !other.places.isDisjoint(with: own.places) {
        if let key = keys.first(where: other.keys.contains) {
          throw Problem(
            "\(key.name ?? "") is the key of \(other.meaning.word) already; give that another one first")
        }
      }
    }
    for place in places { table[place].keys = keys }
  }
}

extension Keymap.Binding {
  /// Where a text is typed the keys that move about stay as they are: other keys are letters there.
  var canBeChanged: Bool { !Keymap.fixed.contains(meaning) && !places.isSubset(of: Keymap.typed) }
}

extension Key {
  /// The key that help calls so; nil where none is.
  init?(named name: String) {
    let named: [Key] = [
      .character(" "), .enter, .tab, .backTab, .escape, .backspace, .delete, .insert, .up, .down, .left,
      .right,
      .home, .end, .pageUp, .pageDown,
    ]
    if let key = (named + (1...12).map(Key.function)).first(where: { $0.name == name }) {
      self = key
    } else if name.hasPrefix("Ctrl-"), name.utf8.count == 6, let letter = name.last, letter.isASCII,
      letter.isLowercase, !["h", "i", "j", "m"].contains(letter)
    {
      // Ctrl-h, i, j and m are Backspace, Tab and Enter to a terminal.
      self = .control(letter)
    } else if name.unicodeScalars.count == 1, let scalar = name.unicodeScalars.first, scalar.value > 0x20 {
      self = .character(scalar)
    } else {
      return nil
    }
  }
}
