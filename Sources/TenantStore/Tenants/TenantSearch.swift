import Postgres

/// How the words of a filter are looked for. The search text holds, lower-cased and each after a blank, site id, name and
/// e-mail, those once more with blanks for `- . @ /`, and URL and origins. An id is looked for as such.
enum TenantSearch {
  /// What a row of `t` must be like; nil: anything.
  static func condition(_ filter: Filter) -> Statement? {
    var parts = filter.words.map(condition)
    let states = TenantState.allCases.filter(filter.states.contains)
    if states.count == 1 {
      // Not as a list of one: by equality the planner knows that the rows of an index come in order.
      parts.append("t.state = \(states[0].rawValue)::text")
    } else if !states.isEmpty {
      parts.append("t.state = ANY (\(states.map(\.rawValue))::text[])")
    }
    guard let first = parts.first else { return nil }
    return parts.dropFirst().reduce(first) { "\($0) AND \($1)" }
  }

  /// A word of three letters on is looked for anywhere, through its trigrams. One or two letters have none except at a
  /// word's beginning, so there they are looked for. Symbols and short words of other scripts have none at all: for them
  /// there is an index of the tenants that hold such characters, and the trigram index, which would be read from end to
  /// end, is kept out of it by the empty text.
  private static func condition(_ word: String) -> Statement {
    if let id = TenantID(word) { return "t.tenant_id = \(id)::uuid" }
    let pattern = escaped(word)
    if hasTrigram(word) { return "t.search LIKE '%' || lower(\(pattern)::text) || '%'" }
    if word.unicodeScalars.allSatisfy({ $0.isASCII && $0.properties.isAlphabetic || isDigit($0) }) {
      return "t.search LIKE '% ' || lower(\(pattern)::text) || '%'"
    }
    if word.unicodeScalars.contains(where: isSymbol) {
      return "landlord.has_symbols(t.search) AND t.search || '' LIKE '%' || lower(\(pattern)::text) || '%'"
    }
    return "t.search || '' LIKE '%' || lower(\(pattern)::text) || '%'"
  }

  private static func hasTrigram(_ word: String) -> Bool {
    word.unicodeScalars.split { !($0.properties.isAlphabetic || isDigit($0)) }.contains { $0.count >= 3 }
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  /// As the schema's `has_symbols` says it, of a lower-cased text.
  private static func isSymbol(_ scalar: Unicode.Scalar) -> Bool {
    !(("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || isDigit(scalar)
      || " .,&'()@/:_-".unicodeScalars.contains(scalar))
  }

  /// Taken literally by LIKE.
  private static func escaped(_ word: String) -> String {
    var text = String.UnicodeScalarView()
    for scalar in word.unicodeScalars {
      if scalar == "%" || scalar == "_" || scalar == "\\" { text.append("\\") }
      text.append(scalar)
    }
    return String(text)
  }
}
