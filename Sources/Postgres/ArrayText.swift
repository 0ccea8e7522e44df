/// The text form of a one-dimensional array of texts. Source: PostgreSQL manual, 8.15.6.
enum ArrayText {
  /// Every element quoted, so that nothing in it (NULL, braces, blanks) can mean anything.
  static func literal(_ values: [String]) -> String {
    var text = Array("{".utf8)
    for (place, value) in values.enumerated() {
      if place > 0 { text.append(UInt8(ascii: ",")) }
      text.append(UInt8(ascii: "\""))
      for byte in value.utf8 {
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { text.append(UInt8(ascii: "\\")) }
        text.append(byte)
      }
      text.append(UInt8(ascii: "\""))
    }
    text.append(UInt8(ascii: "}"))
    return String(decoding: text, as: UTF8.self)
  }

  /// The elements, NULL as nil; nil for what is not a one-dimensional array.
  static func elements(_ text: ArraySlice<UInt8>) -> [String?]? {
    guard text.first == UInt8(ascii: "{"), text.last == UInt8(ascii: "}"), text.count >= 2 else { return nil }
    var rest = text.dropFirst().dropLast()
    if rest.isEmpty { return [] }
    var elements: [String?] = []
    while true {
      guard let element = element(&rest) else { return nil }
      elements.append(element)
      guard let separator = rest.popFirst() else { return elements }
      guard separator == UInt8(ascii: ",") else { return nil }
    }
  }

  /// The element at the start of `rest`, which is left at the comma after it or empty. The outer nil is a broken text.
  private static func element(_ rest: inout ArraySlice<UInt8>) -> String?? {
    var bytes: [UInt8] = []
    let quoted = rest.first == UInt8(ascii: "\"")
    if quoted { rest.removeFirst() }
    while let byte = rest.first {
      switch byte {
      case UInt8(ascii: "\\"):
        rest.removeFirst()
        guard let escaped = rest.popFirst() else { return nil }
        bytes.append(escaped)
      case UInt8(ascii: "\"") where quoted:
        rest.removeFirst()
        return .some(String(decoding: bytes, as: UTF8.self))
      case UInt8(ascii: ",") where !quoted:
        return unquoted(bytes)
      case UInt8(ascii: "{") where !quoted, UInt8(ascii: "}") where !quoted:
        return nil
      default:
        bytes.append(byte)
        rest.removeFirst()
      }
    }
    return quoted ? nil : unquoted(bytes)
  }

  private static func unquoted(_ bytes: [UInt8]) -> String?? {
    if bytes.isEmpty { return nil }
    return .some(bytes.elementsEqual("NULL".utf8) ? nil : String(decoding: bytes, as: UTF8.self))
  }
}
