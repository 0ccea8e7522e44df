extension TenantRules {
  /// What a person typed, as it will be stored: trimmed; the name in NFC; e-mail untouched otherwise; an empty URL absent;
  /// site id lower-cased; origins in serialised form where that is unambiguous; permissions sorted, without duplicates.
  /// Empty lines of a list are dropped. What is wrong beyond that stays, for `problem` to tell.
  public static func normalized(_ field: TenantField, _ value: FieldValue) -> FieldValue {
    switch (field, value) {
    case (.siteID, .text(let text)): .text(asciiLowercased(trimmed(text)))
    case (.name, .text(let text)): .text(NormalForm.composed(trimmed(text)))
    case (.contactEmail, .text(let text)), (.industry, .text(let text)): .text(trimmed(text))
    case (.websiteURL, .text(let text)): trimmed(text).isEmpty ? .absent : .text(trimmed(text))
    case (.allowedOrigins, .list(let list)): .list(list.map(serialisedOrigin).filter { !$0.isEmpty })
    case (.permissions, .list(let list)): .list(sortedOnce(list.map(trimmed).filter { !$0.isEmpty }))
    case (_, .text), (_, .list), (_, .absent): value
    }
  }

  static func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars
    let start = scalars.drop(while: ScalarSet.whiteSpace.contains)
    guard let end = start.lastIndex(where: { !ScalarSet.whiteSpace.contains($0) }) else { return "" }
    return String(start[...end])
  }

  static func asciiLowercased(_ text: String) -> String {
    var lower = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      lower.append(("A"..."Z").contains(scalar) ? Unicode.Scalar(scalar.value + 32)! : scalar)
    }
    return String(lower)
  }

  /// Lower case, without a slash at the end and without the scheme's default port. A path, a star or a missing scheme stay
  /// as they are: guessing what was meant would open another origin than the person looked at.
  private static func serialisedOrigin(_ text: String) -> String {
    var origin = asciiLowercased(trimmed(text))
    let secure = origin.utf8.starts(with: "https://".utf8)
    guard secure || origin.utf8.starts(with: "http://".utf8) else { return origin }
    let rest = origin.utf8.dropFirst(secure ? 8 : 7)
    if rest.filter({ $0 == UInt8(ascii: "/") }).count == 1, rest.count > 1, rest.last == UInt8(ascii: "/") {
      origin.unicodeScalars.removeLast()
    }
    let port = secure ? ":443" : ":80"
    if origin.unicodeScalars.suffix(port.count).elementsEqual(port.unicodeScalars) {
      origin.unicodeScalars.removeLast(port.count)
    }
    return origin
  }

  private static func sortedOnce(_ list: [String]) -> [String] {
    var once: [String] = []
    for name in list.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    where !(once.last?.isSameBytes(as: name) ?? false) {
      once.append(name)
    }
    return once
  }

  /// A site id made from a name: lower-case ASCII letters, digits and hyphens, at most 63; may be empty. Accents are dropped
  /// and a few letters spelt out; a script that has no letters of ours gives nothing.
  public static func suggestedSiteID(from name: String) -> String {
    var id: [Character] = []
    for scalar in NormalForm.decomposed(name.lowercased()).unicodeScalars {
      switch scalar {
      case "a"..."z", "0"..."9": id.append(Character(scalar))
      case "ß": id += "ss"
      case "æ": id += "ae"
      case "œ": id += "oe"
      case "ø": id.append("o")
      case "ł": id.append("l")
      case "đ", "ð": id.append("d")
      case "þ": id += "th"
      case "ı": id.append("i")
      case "&": id += id.last == "-" || id.isEmpty ? "and-" : "-and-"
      case "'", "’": break
      default:
        let isMark = scalar.properties.generalCategory == .nonspacingMark
        if !isMark && !id.isEmpty && id.last != "-" { id.append("-") }
      }
    }
    id = Array(id.prefix(63))
    while id.last == "-" { id.removeLast() }
    while id.first == "-" { id.removeFirst() }
    return TenantID(String(id)) == nil ? String(id) : ""
  }
}
