import TenantStore
import Terminal

/// The characters of a tenant's values that cannot be seen, spelled out where they are.
enum HiddenCharacters {
  /// Nil: there are none.
  static func page(of tenant: Tenant) -> PageScreen? {
    var lines: [Line] = []
    for field in TenantField.allCases {
      for value in values(tenant[field]) where !SafeText.hiddenCodePoints(in: value).isEmpty {
        lines += [
          Line([Span(" "), Span(Words.name(of: field), .heading)]), Line([Span("   ")] + spelled(value)),
        ]
        lines += names(value) + [Line()]
      }
    }
    guard !lines.isEmpty else { return nil }
    let title = Line(SafeText(" Hidden characters of \(tenant.siteID)"), .heading)
    return PageScreen([title, Line()] + lines, clippings: [])
  }

  private static func values(_ value: FieldValue) -> [String] {
    switch value {
    case .text(let text): [text]
    case .list(let list): list
    case .absent: []
    }
  }

  /// The value with each hidden character as "[U+200B]" in its place.
  private static func spelled(_ value: String) -> [Span] {
    var spans: [Span] = []
    var seen = ""
    for (character, isHidden) in SafeText.parts(of: value) {
      if isHidden {
        if !seen.isEmpty { spans.append(Span(SafeText(seen))) }
        seen = ""
        spans.append(Span(SafeText("[\(SafeText.name(of: character))]"), .badge))
      } else {
        seen.unicodeScalars.append(character)
      }
    }
    return seen.isEmpty ? spans : spans + [Span(SafeText(seen))]
  }

  /// One line for each kind: its number, its name in Unicode, how often.
  private static func names(_ value: String) -> [Line] {
    var counts: [(scalar: Unicode.Scalar, count: Int)] = []
    for (character, isHidden) in SafeText.parts(of: value) where isHidden {
      if let place = counts.firstIndex(where: { $0.scalar == character }) {
        counts[place].count += 1
      } else {
        counts.append((character, 1))
      }
    }
    return counts.map { scalar, count in
      let name = scalar.properties.nameAlias ?? scalar.properties.name ?? "no name"
      return Line(
        SafeText(
          "     \(SafeText.name(of: scalar))  \(name.lowercased())\(count > 1 ? ", \(count) times" : "")"),
        .faint)
    }
  }
}
