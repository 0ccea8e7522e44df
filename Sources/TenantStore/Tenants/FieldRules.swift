// The rules of the fields that are one text, in the order of their names. Each answers the first one broken.

enum SiteIDRules {
  static func broken(_ text: String) -> String? {
    let scalars = Array(text.unicodeScalars)
    let alphanumeric = ScalarSet.lowerLetters.union(.digits)
    let isForm =
      scalars.allSatisfy { alphanumeric.contains($0) || $0 == "-" }
      && scalars.first.map(alphanumeric.contains) ?? false && scalars.last.map(alphanumeric.contains) ?? false
    if !isForm { return "site_id_form" }
    if !(3...63).contains(scalars.count) { return "site_id_length" }
    return TenantID(text) == nil ? nil : "site_id_no_uuid"
  }
}

enum NameRules {
  static func broken(_ text: String) -> String? {
    let scalars = Array(text.unicodeScalars)
    if ScalarSet.bidiControls.meets(text) { return "tenant_name_bidi" }
    if ScalarSet.controls.meets(text) { return "tenant_name_controls" }
    if hasInvisible(scalars) { return "tenant_name_invisible" }
    if !(1...200).contains(scalars.count) { return "tenant_name_length" }
    if !text.isSameBytes(as: NormalForm.composed(text)) { return "tenant_name_nfc" }
    let isTrimmed =
      !ScalarSet.whiteSpace.contains(scalars[0]) && !ScalarSet.whiteSpace.contains(scalars[scalars.count - 1])
    return isTrimmed ? nil : "tenant_name_trimmed"
  }

  private static func hasInvisible(_ scalars: [Unicode.Scalar]) -> Bool {
    scalars.indices.contains { place in
      let scalar = scalars[place]
      let before = place > 0 ? scalars[place - 1] : nil
      let after = place + 1 < scalars.count ? scalars[place + 1] : nil
      if ScalarSet.invisible.contains(scalar) { return true }
      if ScalarSet.joiners.contains(scalar) {
        return
          !(before.map(ScalarSet.joinable.contains) ?? false
          && after.map(ScalarSet.joinable.contains) ?? false)
      }
      return ScalarSet.selectors.contains(scalar) && !(before.map(ScalarSet.selectable.contains) ?? false)
    }
  }
}

enum EmailRules {
  static func broken(_ text: String) -> String? {
    let scalars = text.unicodeScalars
    if ScalarSet.unaddressable.meets(text) { return "contact_email_characters" }
    let parts = scalars.split(separator: "@", omittingEmptySubsequences: false)
    if parts.count != 2 || parts.contains(where: \.isEmpty) { return "contact_email_form" }
    return scalars.count <= 254 ? nil : "contact_email_length"
  }
}

enum URLRules {
  static func broken(_ text: String) -> String? {
    if ScalarSet.unaddressable.union(.unsafeInURL).meets(text) { return "website_url_characters" }
    if !isForm(text) { return "website_url_form" }
    if text.unicodeScalars.count > 2048 { return "website_url_length" }
    let isWeb = text.utf8.starts(with: "http://".utf8) || text.utf8.starts(with: "https://".utf8)
    if !isWeb { return "website_url_scheme" }
    return authority(text).map { $0.contains("@") } ?? false ? "website_url_user_info" : nil
  }

  /// What stands between `scheme://` and the next `/`, `?` or `#`; nil where there is no scheme.
  private static func authority(_ text: String) -> Substring.UnicodeScalarView? {
    let scalars = text.unicodeScalars[...]
    let scheme = scalars.prefix { !":/?#".unicodeScalars.contains($0) }
    let rest = scalars.dropFirst(scheme.count)
    guard !scheme.isEmpty, rest.starts(with: "://".unicodeScalars) else { return nil }
    return rest.dropFirst(3).prefix { !"/?#".unicodeScalars.contains($0) }
  }

  private static func isForm(_ text: String) -> Bool {
    guard var host = authority(text) else { return false }
    if let at = host.firstIndex(of: "@") { host = host[host.index(after: at)...] }
    if host.first == "[" {
      guard let close = host.firstIndex(of: "]") else { return false }
      let inner = host[host.index(after: host.startIndex)..<close]
      let isAddress = inner.allSatisfy { $0.properties.isASCIIHexDigit || $0 == ":" || $0 == "." }
      return !inner.isEmpty && isAddress && isPort(host[host.index(after: close)...])
    }
    let name = host.prefix { isInHost($0) }
    let startsWell = name.first.map { $0 != "." && $0 != "_" && $0 != "-" } ?? false
    return startsWell && isPort(host.dropFirst(name.count))
  }

  private static func isInHost(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "A"..."Z", "a"..."z", "0"..."9", ".", "_", "-": true
    default: scalar.value >= 0xA1
    }
  }

  /// Nothing, or a colon and 1 to 65535 without a leading zero.
  static func isPort(_ text: Substring.UnicodeScalarView) -> Bool {
    guard let colon = text.first else { return true }
    let digits = text.dropFirst()
    guard colon == ":", (1...5).contains(digits.count), digits.allSatisfy(ScalarSet.digits.contains),
      digits.first != "0"
    else { return false }
    return digits.reduce(0) { $0 * 10 + $1.value - 0x30 } <= 65535
  }
}
