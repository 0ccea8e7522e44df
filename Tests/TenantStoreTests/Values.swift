import TenantStore

/// Values near the borders of the rules, the same ones in each run.
struct Values: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func value(of field: TenantField, _ catalogues: Catalogues) -> FieldValue {
    switch field {
    case .siteID: .text(siteID())
    case .name: .text(mutated(pick(["Acme GmbH", "株式会社", "عربي", "é", "👩‍👩‍👧 Toys", "#️⃣", "X"]), Self.nameParts))
    case .contactEmail: .text(mutated(pick(["ops@acme.example", "a@b", "é@ü.example"]), Self.mailParts))
    case .websiteURL: one(in: 30) ? .absent : .text(url())
    case .industry: .text(pick(catalogues.industries.map(\.name) + ["", "Retail", "retail ", "nonsense"]))
    case .allowedOrigins: .list(origins())
    case .permissions:
      .list((0..<Int.random(in: 0...4, using: &self)).map { _ in pick(catalogues.permissions).name })
    }
  }

  private mutating func siteID() -> String {
    if one(in: 10) {
      return mutated("0a1b2c3d-1111-4222-8333-0123456789ab", ["0", "-", "g"], atMost: 1)
    }
    let base = pick(["acme", "a", "ab", "a-b", "9", "acme-eu-1", String(repeating: "x", count: 62)])
    return mutated(base, ["a", "0", "-", "--", "A", "é", "_", ".", " ", "\n", "xyz"])
  }

  private mutating func url() -> String {
    if one(in: 40) {
      return "https://a.example/" + String(repeating: "p", count: Int.random(in: 2028...2034, using: &self))
    }
    let scheme = pick([
      "https://", "http://", "https://", "ftp://", "HTTPS://", "https:/", "", "//", "javascript:",
    ])
    let user = pick(["", "", "", "", "u@", "u:p@", "@"])
    let host = pick([
      "a.example", "A.Example", "é.example", "[::1]", "[::g]", "[]", "1.2.3.4", "", "-a", "a..b", "a_b", "_a",
    ])
    let port = pick(["", "", "", ":80", ":443", ":0", ":65535", ":65536", ":99999", ":080", ":", ":1a"])
    let rest = pick(["", "/", "/p?q#f", "?q", "#f", "/a@b", "/[", "\\"])
    return mutated(scheme + user + host + port + rest, Self.mailParts, atMost: 1)
  }

  private mutating func origins() -> [String] {
    if one(in: 20) { return (0..<Int.random(in: 48...53, using: &self)).map { "https://h\($0).example" } }
    if one(in: 20) {
      let label = String(repeating: "a", count: 61)
      let long = Array(repeating: label, count: 4).joined(separator: ".")
      return ["https://" + long + String(repeating: "b", count: Int.random(in: 8...14, using: &self))]
    }
    if one(in: 20) { return ["https://a.example", "https://b.example", "https://a.example"] }
    return (0..<Int.random(in: 0...3, using: &self)).map { _ in
      let scheme = pick(["https://", "https://", "https://", "http://", "HTTPS://", "", "ws://"])
      let host = pick([
        "a.example", "a.example", "b.example", "localhost", "localhostx", "A.example", "*", "*.a.example",
        "1.2.3.4",
        "01.2.3.4", "256.1.1.1", "1.2.3", "[::1]", "[::G]", "a_b.example", "-a.example", "a.1b",
        "xn--caf-dma.example",
        "a..b", "a.", "localhost.a",
      ])
      let port = pick([
        "", "", "", ":8443", ":443", ":80", ":0", ":65535", ":65536", ":99999", ":08", ":", ":3000",
      ])
      return mutated(
        scheme + host + port, ["/", "\n", " ", "\nhttps://c.example", "é", ":443"], atMost: one(in: 6) ? 1 : 0
      )
    }
  }

  /// The text with up to three parts put in, or something taken out, or made long.
  private mutating func mutated(_ text: String, _ parts: [String], atMost: Int = 3) -> String {
    var scalars = Array(text.unicodeScalars)
    for _ in 0..<Int.random(in: 0...atMost, using: &self) {
      let place = pick([0, scalars.count, Int.random(in: 0...scalars.count, using: &self)])
      switch Int.random(in: 0...8, using: &self) {
      case 0 where !scalars.isEmpty: scalars.remove(at: min(place, scalars.count - 1))
      case 1: scalars.insert(border(), at: place)
      case 2 where one(in: 4):
        scalars.insert(
          contentsOf: Array(repeating: "x", count: Int.random(in: 190...260, using: &self)), at: place)
      default: scalars.insert(contentsOf: pick(parts).unicodeScalars, at: place)
      }
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  /// A code point at the border of one of the rules' sets, or any at all; none that is newer than the server's tables, and
  /// never NUL, which no text can hold.
  private mutating func border() -> Unicode.Scalar {
    while true {
      let number =
        one(in: 2)
        ? pick(Self.borders) + UInt32.random(in: 0...2, using: &self) - 1
        : UInt32.random(in: 1...0x10FFFF, using: &self)
      guard let scalar = Unicode.Scalar(number), number > 0, let age = scalar.properties.age, age.major <= 14
      else {
        continue
      }
      return scalar
    }
  }

  private mutating func pick<T>(_ list: [T]) -> T { list[Int.random(in: 0..<list.count, using: &self)] }

  private mutating func one(in many: Int) -> Bool { Int.random(in: 0..<many, using: &self) == 0 }

  private static let nameParts = [
    " ", "\u{A0}", "\t", "e\u{301}", "\u{301}", "\u{200D}", "\u{200C}", "\u{FE0F}", "#\u{FE0F}", "\u{202E}",
    "\u{200B}",
    "\u{1F600}", "\u{7F}", "\n", "é", "ﬁ", "\u{212B}", "a\u{200D}b", "\u{E0041}", "\u{3000}", "\u{2028}",
  ]
  private static let mailParts = [
    " ", "@", "\u{A0}", "é", "\u{200D}", "\u{FE0F}", "\n", "<", ">", "\"", "\\", "^", "`", "{", "|", "}", "~",
    "a", "\u{7F}",
  ]
  private static let borders: [UInt32] = [
    0x1F, 0x20, 0x7F, 0x9F, 0xA0, 0xAD, 0xD7, 0xF7, 0x34F, 0x61C, 0x115F, 0x1160, 0x1680, 0x17B4, 0x17B5,
    0x180B, 0x180F,
    0x2000, 0x200A, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202E, 0x202F, 0x203C,
    0x205F, 0x2060,
    0x2065, 0x2066, 0x2069, 0x206A, 0x206F, 0x2070, 0x2100, 0x2800, 0x2BFF, 0x3000, 0x3030, 0x3040, 0x3164,
    0xFE00, 0xFE0D,
    0xFE0E, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0, 0xFFFB, 0x1BCA0, 0x1BCA3, 0x1D173, 0x1D17A, 0x1F000, 0x1FAFF,
    0xE0000, 0xE0FFF,
  ]
}

/// JSON for the tests, written apart from the program's own.
enum TestJSON {
  static func object(_ fields: [TenantField: FieldValue]) -> String {
    "{" + fields.map { "\"\($0.key.rawValue)\":\(value($0.value))" }.joined(separator: ",") + "}"
  }

  static func value(_ value: FieldValue) -> String {
    switch value {
    case .text(let text): quoted(text)
    case .list(let list): "[" + list.map { quoted($0) }.joined(separator: ",") + "]"
    case .absent: "null"
    }
  }

  private static func quoted(_ text: String) -> String {
    "\""
      + text.utf16.map { unit in
        unit >= 0x20 && unit < 0x7F && unit != 0x22 && unit != 0x5C
          ? String(Unicode.Scalar(UInt8(unit)))
          : "\\u" + String(repeating: "0", count: 4 - String(unit, radix: 16).count) + String(unit, radix: 16)
      }.joined() + "\""
  }
}
