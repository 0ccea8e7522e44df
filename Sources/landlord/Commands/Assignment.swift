import TenantStore

/// `field=value`, as typed after `--set`.
enum Assignment {
  /// Each field with its value, as typed. Fails with status `usage` for a field that does not exist or comes twice.
  static func fields(of texts: [String]) throws(Failure) -> [TenantField: FieldValue] {
    var fields: [TenantField: FieldValue] = [:]
    for text in texts {
      let parts = text.unicodeScalars.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        throw Failure(.usage, "--set takes field=value; there is no \"=\" in \"\(text)\"")
      }
      let name = String(parts[0])
      guard let field = TenantField(rawValue: name) ?? short[name] else {
        let all = TenantField.allCases.filter { $0 != .siteID }.map(\.rawValue).joined(separator: ", ")
        throw Failure(.usage, "there is no field \"\(name)\"; there are: \(all)")
      }
      if fields[field] != nil { throw Failure(.usage, "\(field.rawValue) is set twice") }
      fields[field] = try value(String(parts[1]), of: field)
    }
    return fields
  }

  /// As `create` calls them.
  private static let short: [String: TenantField] = [
    "name": .name, "email": .contactEmail, "url": .websiteURL, "industry": .industry,
    "origins": .allowedOrigins,
  ]

  private static func value(_ text: String, of field: TenantField) throws(Failure) -> FieldValue {
    switch field {
    case .siteID, .name, .contactEmail, .industry: return .text(text)
    case .websiteURL: return text.isEmpty ? .absent : .text(text)
    case .allowedOrigins, .permissions:
      guard text.unicodeScalars.first == "[" else {
        return .list(text.unicodeScalars.split(separator: ",").map { String($0) })
      }
      guard let list = JSON.stringArray(text) else {
        throw Failure(.usage, "\(field.rawValue): this is no JSON array of strings")
      }
      return .list(list)
    }
  }
}
