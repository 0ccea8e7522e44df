/// The rules of allowed origins, in the order of their names: `scheme://host[:port]` as a browser writes it.
enum OriginRules {
  static func broken(_ list: [String]) -> String? {
    if list.count > 50 { return "allowed_origins_count" }
    // The schema looks at all of them as lines of one text.
    let lines = list.flatMap { $0.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) }
    if lines.contains(where: hasDefaultPort) { return "allowed_origins_default_port" }
    if lines.count != list.count || !lines.allSatisfy(isForm) { return "allowed_origins_form" }
    if lines.contains(where: isOpen) { return "allowed_origins_https" }
    if list.contains(where: { $0.unicodeScalars.count > 267 }) { return "allowed_origins_length" }
    return Set(list.map { Array($0.utf8) }).count == list.count ? nil : "allowed_origins_unique"
  }

  private typealias Line = Substring.UnicodeScalarView

  private static func hasDefaultPort(_ line: Line) -> Bool {
    func matches(_ scheme: String, _ port: String) -> Bool {
      line.count >= scheme.unicodeScalars.count + port.unicodeScalars.count
        && line.starts(with: scheme.unicodeScalars)
        && line.suffix(port.unicodeScalars.count).elementsEqual(port.unicodeScalars)
    }
    return matches("https://", ":443") || matches("http://", ":80")
  }

  private static func isOpen(_ line: Line) -> Bool {
    guard line.starts(with: "http://".unicodeScalars) else { return false }
    let host = line.dropFirst(7)
    guard host.starts(with: "localhost".unicodeScalars) else { return true }
    let next = host.dropFirst(9).first
    return !(next == nil || next == ":")
  }

  private static func isForm(_ line: Line) -> Bool {
    let secure = line.starts(with: "https://".unicodeScalars)
    guard secure || line.starts(with: "http://".unicodeScalars) else { return false }
    let authority = line.dropFirst(secure ? 8 : 7)
    if authority.first == "[" {
      guard let close = authority.firstIndex(of: "]") else { return false }
      let inner = authority[authority.index(after: authority.startIndex)..<close]
      let isAddress = inner.allSatisfy { isHexadecimal($0) || $0 == ":" || $0 == "." }
      return !inner.isEmpty && isAddress && URLRules.isPort(authority[authority.index(after: close)...])
    }
    let host = authority.prefix { $0 != ":" }
    return isHost(host) && URLRules.isPort(authority.dropFirst(host.count))
  }

  private static func isHexadecimal(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."f").contains(scalar) || ScalarSet.digits.contains(scalar)
  }

  /// Labels, the last of which begins with a letter; or four numbers up to 255.
  private static func isHost(_ host: Line) -> Bool {
    let labels = host.split(separator: ".", omittingEmptySubsequences: false)
    guard let last = labels.last, labels.allSatisfy(isLabel) else { return false }
    if last.first.map(ScalarSet.lowerLetters.contains) ?? false { return true }
    return labels.count == 4 && labels.allSatisfy(isByte)
  }

  private static func isLabel(_ label: Line) -> Bool {
    let alphanumeric = ScalarSet.lowerLetters.union(.digits)
    return label.allSatisfy { alphanumeric.contains($0) || $0 == "-" }
      && label.first.map(alphanumeric.contains) ?? false
      && label.last.map(alphanumeric.contains) ?? false
  }

  private static func isByte(_ label: Line) -> Bool {
    (1...3).contains(label.count) && label.allSatisfy(ScalarSet.digits.contains)
      && (label.count == 1 || label.first != "0") && label.reduce(0) { $0 * 10 + $1.value - 0x30 } <= 255
  }
}
