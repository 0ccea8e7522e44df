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
    let inner = text.dropFirst().dropLast()
    if inner.isEmpty { return [] }
    var elements: [String?] = []
    var place = inner.startIndex
    while true {
      guard let element = element(of: inner, at: &place) else { return nil }
      elements.append(element)
      if place == inner.endIndex { return elements }
      guard inner[place] == UInt8(ascii: ",") else { return nil }
      place += 1
    }
  }

  /// The element that begins at `place`, which is moved to the comma after it or to the end. The outer nil is a broken text.
  private static func element(of text: ArraySlice<UInt8>, at place: inout Int) -> String?? {
    let quoted = place < text.endIndex && text[place] == UInt8(ascii: "\"")
    if quoted { place += 1 }
    let start = place
    var hasEscapes = false
    scan: while true {
      guard place < text.endIndex else {
        if quoted { return nil }
        break
      }
      switch text[place] {
      case UInt8(ascii: "\\"):
        hasEscapes = true
        place += 2
        if place > text.endIndex { return nil }
      case UInt8(ascii: "\"") where quoted, UInt8(ascii: ",") where !quoted: break scan
      case UInt8(ascii: "{") where !quoted, UInt8(ascii: "}") where !quoted: return nil
      default: place += 1
      }
    }
    let written = text[start..<place]
    if quoted { place += 1 }
    let value = String(decoding: hasEscapes ? unescaped(written) : written, as: UTF8.self)
    if quoted { return .some(value) }
    if written.isEmpty { return nil }
    return .some(written.elementsEqual("NULL".utf8) ? nil : value)
  }

  private static func unescaped(_ written: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes: ArraySlice<UInt8> = []
    var isEscaped = false
    for byte in written {
      isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
      if !isEscaped { bytes.append(byte) }
    }
    return bytes
  }
}
