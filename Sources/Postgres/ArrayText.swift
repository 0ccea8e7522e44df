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
    // A list of tenants has two arrays a row: through a pointer they take a third of the time.
    text.withUnsafeBufferPointer { text in
      guard text.count >= 2, text[0] == UInt8(ascii: "{"), text[text.count - 1] == UInt8(ascii: "}") else {
        return nil
      }
      let inner = UnsafeBufferPointer(rebasing: text[1..<(text.count - 1)])
      if inner.isEmpty { return [] }
      var elements: [String?] = []
      var place = 0
      while true {
        guard let element = element(of: inner, at: &place) else { return nil }
        elements.append(element)
        if place == inner.count { return elements }
        guard inner[place] == UInt8(ascii: ",") else { return nil }
        place += 1
      }
    }
  }

  /// The element that begins at `place`, which is moved to the comma after it or to the end. The outer nil is a broken text.
  private static func element(of text: UnsafeBufferPointer<UInt8>, at place: inout Int) -> String?? {
    let quoted = place < text.count && text[place] == UInt8(ascii: "\"")
    if quoted { place += 1 }
    let start = place
    var hasEscapes = false
    scan: while true {
      guard place < text.count else {
        if quoted { return nil }
        break
      }
      switch text[place] {
      case UInt8(ascii: "\\"):
        hasEscapes = true
        place += 2
        if place > text.count { return nil }
      case UInt8(ascii: "\"") where quoted, UInt8(ascii: ",") where !quoted: break scan
      case UInt8(ascii: "{") where !quoted, UInt8(ascii: "}") where !quoted: return nil
      default: place += 1
      }
    }
    let written = UnsafeBufferPointer(rebasing: text[start..<place])
    if quoted { place += 1 }
    let value = hasEscapes ? unescaped(written) : String(decoding: written, as: UTF8.self)
    if quoted { return .some(value) }
    if written.isEmpty { return nil }
    return .some(written.elementsEqual("NULL".utf8) ? nil : value)
  }

  private static func unescaped(_ written: UnsafeBufferPointer<UInt8>) -> String {
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in written {
      isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
      if !isEscaped { bytes.append(byte) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
