/// What a word points to, without the brackets and full stops that stand around it in a text.
enum Clue: Equatable {
  case id(TenantID)
  case email(String)
  /// An address on the web: its origin, and whether more than that was written.
  case url(origin: String, hasPath: Bool)
  case siteID(String)

  /// Whether nothing else looks like this; any word could be a site id.
  var isCertain: Bool {
    switch self {
    case .id, .email, .url: true
    case .siteID: false
    }
  }

  init?(_ word: String) {
    let word = TenantRules.asciiLowercased(Self.bare(word))
    if let id = TenantID(word) {
      self = .id(id)
    } else if let url = Self.url(word) {
      self = url
    } else if EmailRules.broken(word) == nil, word.unicodeScalars.last != "@" {
      self = .email(word)
    } else if SiteIDRules.broken(word) == nil {
      self = .siteID(word)
    } else {
      return nil
    }
  }

  private static func bare(_ word: String) -> String {
    let around = ScalarSet([
      0x21...0x22, 0x27...0x29, 0x2C...0x2C, 0x2E...0x2E, 0x3A...0x3C, 0x3E...0x3F, 0x5B...0x5B, 0x5D...0x5D,
      0x7B...0x7D,
    ])
    var rest = word.unicodeScalars[...]
    rest = rest.drop(while: around.contains)
    while let last = rest.last, around.contains(last) { rest.removeLast() }
    if rest.starts(with: "mailto:".unicodeScalars) { rest = rest.dropFirst(7) }
    return String(rest)
  }

  private static func url(_ word: String) -> Clue? {
    for scheme in ["https://", "http://"] where word.utf8.starts(with: scheme.utf8) {
      let rest = word.unicodeScalars.dropFirst(scheme.utf8.count)
      let host = rest.prefix { !"/?#".unicodeScalars.contains($0) }
      if host.isEmpty { return nil }
      return .url(origin: scheme + String(host), hasPath: rest.count > host.count)
    }
    return nil
  }
}
