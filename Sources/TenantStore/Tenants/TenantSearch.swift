import Postgres

/// What a filter's terms are to the server, of a row called `t`.
///
/// The search text holds, lower-cased and each after a blank, site id, name and e-mail, those once more with blanks for
/// `- . @ /`, and URL and origins. Whatever is looked for in one column alone is looked for in the search text too, which
/// has the index.
enum TenantSearch {
  /// What a row must be like; nil: anything.
  static func condition(_ filter: Filter) -> Statement? { all(filter.terms.map(condition)) }

  static func all(_ conditions: [Statement]) -> Statement? {
    guard let first = conditions.first else { return nil }
    return conditions.dropFirst().reduce(first) { "\($0) AND \($1)" }
  }

  static func condition(_ term: Filter.Term) -> Statement {
    let condition = condition(term.test)
    return term.isNegated ? "NOT (\(condition))" : condition
  }

  private static func condition(_ test: Filter.Test) -> Statement {
    switch test {
    case .text(let text): return somewhere(text)
    case .states(let states):
      let names = TenantState.allCases.filter(states.contains).map(\.rawValue)
      // Not as a list of one: by equality the planner knows that the rows of an index come in order.
      return names.count == 1 ? "t.state = \(names[0])::text" : "t.state = ANY (\(names)::text[])"
    case .industries(let names):
      return any(names.map { "t.business_industry LIKE \(escaped($0) + "%")::text" })
    case .email(let text):
      if isShortWord(text) { return "lower(t.contact_email) LIKE \(escaped(text) + "%")::text" }
      return "\(anywhere(text)) AND lower(t.contact_email) LIKE \("%" + escaped(text) + "%")::text"
    case .origin(let text):
      let inOrigins: Statement =
        "array_to_string(t.allowed_origins, ' ') LIKE \("%" + escaped(text) + "%")::text"
      return hasTrigram(text) ? "\(anywhere(text)) AND \(inOrigins)" : inOrigins
    case .permission(let name):
      // Which names those are is found out once, not for each row.
      return """
        t.permissions && ARRAY(
          SELECT p.name FROM landlord.permissions p WHERE p.name LIKE \(escaped(name) + "%")::text)
        """
    case .id(let digits): return within(digits) ?? "false"
    case .created(let time): return condition(time, "t.created_at")
    case .updated(let time): return condition(time, "t.updated_at")
    case .ticket(let words): return condition(words.compactMap(Clue.init))
    }
  }

  private static func any(_ conditions: [Statement]) -> Statement {
    guard let first = conditions.first else { return "false" }
    return conditions.count == 1 ? first : "(\(conditions.dropFirst().reduce(first) { "\($0) OR \($1)" }))"
  }

  // MARK: - Texts

  /// From so many digits on a word may be the beginning of an id without finding many by chance.
  private static let digitsOfID = 6

  private static func somewhere(_ text: String) -> Statement {
    switch Clue(text) {
    case .id(let id): return "t.tenant_id = \(id)::uuid"
    case .email(let address): return anywhere(address)
    case .url(let origin, hasPath: true): return whoHas(origin)
    case .url(_, hasPath: false), .siteID, nil: break
    }
    if text.utf8.count >= digitsOfID, let id = within(text) { return "(\(anywhere(text)) OR \(id))" }
    return anywhere(text)
  }

  private static func within(_ digits: String) -> Statement? {
    TenantID.range(beginning: digits).map {
      "t.tenant_id BETWEEN \($0.lowerBound)::uuid AND \($0.upperBound)::uuid"
    }
  }

  /// Three letters together are looked for anywhere, through their trigrams. Fewer have none except at a word's beginning,
  /// so there they are looked for. Symbols and short words of other scripts have none at all: for them there is an index of
  /// the tenants that hold such characters, and the trigram index, which would be read from end to end, is kept out of it
  /// by the empty text.
  private static func anywhere(_ text: String) -> Statement {
    let pattern = escaped(text)
    if hasTrigram(text) { return "t.search LIKE '%' || lower(\(pattern)::text) || '%'" }
    if text.unicodeScalars.contains(where: isSymbol) {
      return "landlord.has_symbols(t.search) AND t.search || '' LIKE '%' || lower(\(pattern)::text) || '%'"
    }
    if isShortWord(text) { return "t.search LIKE '% ' || lower(\(pattern)::text) || '%'" }
    if let words = beginnings(text) {
      return """
        t.search LIKE '% ' || lower(\(escaped(words))::text) || '%' AND t.search || '' LIKE '%' || lower(\(pattern)::text) || '%'
        """
    }
    return "t.search || '' LIKE '%' || lower(\(pattern)::text) || '%'"
  }

  /// Whether a text is looked for at the beginnings of words only.
  static func isLookedForAtBeginnings(_ text: String) -> Bool {
    !hasTrigram(text) && !text.unicodeScalars.contains(where: isSymbol) && beginnings(text) != nil
      && Clue(text).map { !$0.isCertain } ?? true
  }

  /// Short words with marks between them, such as `a-b`, as the search text has them a second time: with blanks. Nil
  /// where no word begins it.
  private static func beginnings(_ text: String) -> String? {
    let words = String(
      String.UnicodeScalarView(text.unicodeScalars.map { "-.@/".unicodeScalars.contains($0) ? " " : $0 })
    )
    let trimmed = String(words.unicodeScalars.drop { $0 == " " })
    return trimmed.unicodeScalars.first.map(isPlain) ?? false ? trimmed : nil
  }

  /// Whoever has this origin in URL or origins: not one that only begins with it.
  private static func whoHas(_ origin: String) -> Statement {
    let found = "%" + escaped(origin)
    return """
      (t.search LIKE \(found + "%")::text AND t.search || ' ' LIKE ANY (\([found + " %", found + "/%", found + "?%", found + "#%"])::text[]))
      """
  }

  private static func condition(_ clues: [Clue]) -> Statement {
    var (ids, emails, sites): ([String], [String], [String]) = ([], [], [])
    var conditions: [Statement] = []
    for clue in clues {
      switch clue {
      case .id(let id): ids.append(id.description)
      case .email(let address): emails.append(address)
      case .url(let origin, _): conditions.append(whoHas(origin))
      case .siteID(let site): sites.append(site)
      }
    }
    if !ids.isEmpty { conditions.append("t.tenant_id = ANY (\(ids)::uuid[])") }
    if !emails.isEmpty { conditions.append("lower(t.contact_email) = ANY (\(emails)::text[])") }
    if !sites.isEmpty { conditions.append("t.site_id = ANY (\(sites)::text[])") }
    return any(conditions)
  }

  // MARK: - Times

  private static func condition(_ time: TimeTest, _ column: String) -> Statement {
    switch time.moment {
    case .span(let start, let end):
      let (start, end) = (moment(start), moment(end))
      return switch time.comparison {
      case .before: "\(unescaped: column) < \(start)"
      case .notAfter: "\(unescaped: column) < \(end)"
      case .after: "\(unescaped: column) >= \(end)"
      case .notBefore: "\(unescaped: column) >= \(start)"
      case .within: "\(unescaped: column) >= \(start) AND \(unescaped: column) < \(end)"
      }
    case .ago(let seconds):
      // Less than seven days ago is later than seven days before now.
      let comparison =
        switch time.comparison {
        case .before, .within: ">"
        case .notAfter: ">="
        case .after: "<"
        case .notBefore: "<="
        }
      return "\(unescaped: column) \(unescaped: comparison) now() - \(seconds)::bigint * interval '1 second'"
    }
  }

  static func moment(_ instant: Instant) -> Statement {
    "'epoch'::timestamptz + \(instant)::bigint * interval '1 microsecond'"
  }

  // MARK: - Characters

  private static func hasTrigram(_ text: String) -> Bool {
    text.unicodeScalars.split { !($0.properties.isAlphabetic || isDigit($0)) }.contains { $0.count >= 3 }
  }

  private static func isShortWord(_ text: String) -> Bool {
    text.unicodeScalars.count < 3 && text.unicodeScalars.allSatisfy(isPlain)
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || isDigit(scalar)
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  /// As the schema's `has_symbols` says it, of a lower-cased text.
  private static func isSymbol(_ scalar: Unicode.Scalar) -> Bool {
    !(isPlain(scalar) || " .,&'()@/:_-".unicodeScalars.contains(scalar))
  }

  /// Taken literally by LIKE.
  static func escaped(_ word: String) -> String {
    var text = String.UnicodeScalarView()
    for scalar in word.unicodeScalars {
      if scalar == "%" || scalar == "_" || scalar == "\\" { text.append("\\") }
      text.append(scalar)
    }
    return String(text)
  }
}
