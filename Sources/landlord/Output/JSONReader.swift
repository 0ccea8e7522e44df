extension JSON {
  /// The value of a text; nil for what is no JSON, has a number that is not whole, or is nested deeper than 50.
  init?(reading text: String) {
    var reader = JSONReader(text)
    guard let value = reader.value(depth: 0), reader.isAtEnd else { return nil }
    self = value
  }

  /// The strings of a JSON array that holds nothing else; nil for any other text.
  static func stringArray(_ text: String) -> [String]? {
    guard case .array(let values) = JSON(reading: text) else { return nil }
    let strings = values.compactMap { if case .string(let value) = $0 { value } else { nil } }
    return strings.count == values.count ? strings : nil
  }

  /// The member of an object; nil for anything else and where there is none.
  subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key.utf8.elementsEqual(name.utf8) }?.value
  }

  /// The text of a string; nil for anything else.
  var string: String? { if case .string(let text) = self { text } else { nil } }
  /// A whole number; nil for anything else.
  var number: Int64? { if case .number(let number) = self { number } else { nil } }
}

/// Reads JSON. Source: RFC 8259.
private struct JSONReader {
  private var rest: Substring.UnicodeScalarView

  init(_ text: String) { rest = text.unicodeScalars[...] }

  var isAtEnd: Bool {
    mutating get {
      skipBlanks()
      return rest.isEmpty
    }
  }

  mutating func value(depth: Int) -> JSON? {
    if depth > 50 { return nil }
    skipBlanks()
    switch rest.first {
    case "{": return object(depth)
    case "[": return array(depth)
    case "\"":
      rest.removeFirst()
      return string().map(JSON.string)
    case "t": return word("true", .bool(true))
    case "f": return word("false", .bool(false))
    case "n": return word("null", .null)
    default: return number()
    }
  }

  private mutating func object(_ depth: Int) -> JSON? {
    rest.removeFirst()
    var members: [(key: String, value: JSON)] = []
    if take("}") { return .object([]) }
    while true {
      guard take("\""), let key = string(), take(":"), let value = value(depth: depth + 1) else { return nil }
      members.append((key, value))
      if take("}") { return .object(members) }
      guard take(",") else { return nil }
    }
  }

  private mutating func array(_ depth: Int) -> JSON? {
    rest.removeFirst()
    var values: [JSON] = []
    if take("]") { return .array([]) }
    while true {
      guard let value = value(depth: depth + 1) else { return nil }
      values.append(value)
      if take("]") { return .array(values) }
      guard take(",") else { return nil }
    }
  }

  private mutating func word(_ word: String, _ value: JSON) -> JSON? {
    guard rest.starts(with: word.unicodeScalars) else { return nil }
    rest = rest.dropFirst(word.unicodeScalars.count)
    return value
  }

  private mutating func number() -> JSON? {
    let text = rest.prefix { $0 == "-" || ("0"..."9").contains($0) }
    rest = rest.dropFirst(text.count)
    return Int64(String(text)).map(JSON.number)
  }

  private mutating func skipBlanks() { rest = rest.drop { " \t\n\r".unicodeScalars.contains($0) } }

  /// The next scalar that is no blank, if it is this one.
  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard rest.first == scalar else { return false }
    rest.removeFirst()
    return true
  }

  /// After the opening quote, up to and with the closing one.
  private mutating func string() -> String? {
    var value = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\"": return String(value)
      case "\\":
        guard let escaped = escape() else { return nil }
        value.append(escaped)
      case "\u{00}"..."\u{1F}": return nil
      default: value.append(scalar)
      }
    }
    return nil
  }

  private mutating func escape() -> Unicode.Scalar? {
    switch rest.popFirst() {
    case "\"": return "\""
    case "\\": return "\\"
    case "/": return "/"
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u":
      guard let high = unit() else { return nil }
      if let scalar = Unicode.Scalar(high) { return scalar }
      // Two units make one character beyond the basic plane.
      guard (0xD800...0xDBFF).contains(high), rest.popFirst() == "\\", rest.popFirst() == "u",
        let low = unit(),
        (0xDC00...0xDFFF).contains(low)
      else { return nil }
      return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    default: return nil
    }
  }

  private mutating func unit() -> UInt32? {
    let digits = rest.prefix(4)
    guard digits.count == 4, digits.allSatisfy(\.properties.isASCIIHexDigit) else { return nil }
    rest = rest.dropFirst(4)
    return UInt32(String(digits), radix: 16)
  }
}
