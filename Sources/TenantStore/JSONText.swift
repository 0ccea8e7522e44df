/// The little JSON that we send: objects of fields. Source: RFC 8259.
enum JSONText {
  static func object(_ fields: [TenantField: FieldValue]) -> String {
    let members = TenantField.allCases.compactMap { field in
      fields[field].map { "\(quoted(field.rawValue)):\(value($0))" }
    }
    return "{" + members.joined(separator: ",") + "}"
  }

  private static func value(_ value: FieldValue) -> String {
    switch value {
    case .text(let text): quoted(text)
    case .list(let list): "[" + list.map(quoted).joined(separator: ",") + "]"
    case .absent: "null"
    }
  }

  static func quoted(_ text: String) -> String {
    var json = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\":
        json += "\\"
        json.unicodeScalars.append(scalar)
      case "\0"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: json.unicodeScalars.append(scalar)
      }
    }
    return json + "\""
  }
}
