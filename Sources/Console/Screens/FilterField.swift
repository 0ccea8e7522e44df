import TenantStore
import Terminal

/// The filter as it is typed, and what it means.
struct FilterField: Sendable {
  var field = TextField()
  var isFocused = false

  /// Words, lower-cased, and `state:` with the name of a state or its beginning.
  var filter: Filter {
    var filter = Filter()
    for word in words {
      if let name = Self.stateName(word) {
        filter.states.formUnion(Self.states(name))
      } else {
        filter.words.append(word)
      }
    }
    return filter
  }

  /// What is not understood (yet); nil: all is.
  var problem: SafeText? {
    let unknown = words.contains {
      Self.stateName($0).map { !$0.isEmpty && Self.states($0).isEmpty } ?? false
    }
    guard unknown else { return nil }
    return SafeText("state: is one of " + TenantState.allCases.map(\.rawValue).joined(separator: ", "))
  }

  private var words: [String] {
    field.text.lowercased().unicodeScalars.split { $0.properties.isWhitespace }.map { String($0) }
  }

  private static func stateName(_ word: String) -> String? {
    word.hasPrefix("state:") ? String(word.dropFirst("state:".count)) : nil
  }

  private static func states(_ name: String) -> [TenantState] {
    name.isEmpty ? [] : TenantState.allCases.filter { $0.rawValue.hasPrefix(name) }
  }
}
