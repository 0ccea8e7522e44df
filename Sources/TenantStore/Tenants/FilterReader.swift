/// Takes a filter's text apart: words, quoted phrases, and values behind the names of `Key`.
struct FilterReader<Key: CaseIterable & RawRepresentable<String>> {
  /// `[!][key:]value`, the value in quotes or up to white space.
  struct Part {
    var isNegated = false
    var key: Key?
    var isQuoted = false
    var value = ""
  }

  private var rest: Substring.UnicodeScalarView

  init(_ text: String) { rest = text[...].unicodeScalars }

  mutating func next() -> Part? {
    rest = rest.drop(while: ScalarSet.whiteSpace.contains)
    guard let first = rest.first else { return nil }
    var part = Part()
    if first == "!", let second = rest.dropFirst().first, !ScalarSet.whiteSpace.contains(second) {
      part.isNegated = true
      rest.removeFirst()
    }
    part.key = takeKey()
    if rest.first == "\"" {
      part.isQuoted = true
      part.value = takeQuoted()
    } else {
      let word = rest.prefix { !ScalarSet.whiteSpace.contains($0) }
      rest = rest.dropFirst(word.count)
      part.value = TenantRules.asciiLowercased(String(word))
    }
    return part
  }

  private mutating func takeKey() -> Key? {
    for key in Key.allCases {
      let name = key.rawValue + ":"
      let beginning = String(rest.prefix(name.utf8.count))
      if TenantRules.asciiLowercased(beginning).isSameBytes(as: name) {
        rest = rest.dropFirst(name.utf8.count)
        return key
      }
    }
    return nil
  }

  /// Up to the closing quote, or to the end while it is being typed. Two quotes are one that is meant.
  private mutating func takeQuoted() -> String {
    var text = String.UnicodeScalarView()
    rest.removeFirst()
    while let scalar = rest.popFirst() {
      if scalar == "\"" {
        guard rest.first == "\"" else { break }
        rest.removeFirst()
      }
      text.append(scalar)
    }
    return TenantRules.asciiLowercased(String(text))
  }

  /// A text so that it is read as a text again.
  static func written(_ text: String) -> String {
    var reader = FilterReader(text)
    let plain = reader.next().map {
      $0.key == nil && !$0.isNegated && !$0.isQuoted && $0.value.isSameBytes(as: text)
    }
    return plain ?? false ? text : "\"" + doubled(text) + "\""
  }

  /// A value so that it is read as one again.
  static func quoted(_ value: String) -> String {
    let isPlain = !ScalarSet.whiteSpace.meets(value) && value.unicodeScalars.first != "\"" && !value.isEmpty
    return isPlain ? value : "\"" + doubled(value) + "\""
  }

  private static func doubled(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.flatMap { $0 == "\"" ? ["\"", "\""] : [$0] }))
  }
}
