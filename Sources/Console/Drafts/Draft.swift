import TenantStore

/// A form as far as it was filled in: what was typed, never a secret. Kept as lines of text:
///
///     landlord draft 1
///     saved 1795453200000000
///     request 00000000-…        of the write that was or will be sent
///     tenant 00000000-…
///     version 3                 of the tenant that is edited; 0 for a new one
///     field tenantName
///     - Nova Retail
///     end
struct Draft: Equatable, Sendable {
  /// What a row of the form held, a line an entry.
  struct Value: Equatable, Sendable {
    var row: String
    var entries: [String]

    static func == (a: Value, b: Value) -> Bool {
      a.row == b.row && a.entries.map { Array($0.utf8) } == b.entries.map { Array($0.utf8) }
    }
  }

  var saved: Instant
  var requestID: RequestID
  var tenantID: TenantID
  var version: Int64 = 0
  var values: [Value]

  /// More than any form can hold.
  static let most = 1 << 21

  var text: String {
    var lines = [
      "landlord draft 1", "saved \(saved.microseconds)", "request \(requestID)", "tenant \(tenantID)",
      "version \(version)",
    ]
    for value in values { lines += ["field \(value.row)"] + value.entries.map { "- " + Self.escaped($0) } }
    return (lines + ["end", ""]).joined(separator: "\n")
  }

  init(saved: Instant, requestID: RequestID, tenantID: TenantID, version: Int64 = 0, values: [Value]) {
    self.saved = saved
    self.requestID = requestID
    self.tenantID = tenantID
    self.version = version
    self.values = values
  }

  /// Nil for what is no draft, or not a whole one.
  init?(reading text: String) {
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map {
      String(String.UnicodeScalarView($0))
    }
    func rest(_ place: Int, _ title: String) -> String? {
      place < lines.count && lines[place].hasPrefix(title + " ")
        ? String(lines[place].dropFirst(title.count + 1)) : nil
    }
    guard lines.first == "landlord draft 1", lines.suffix(2) == ["end", ""],
      let saved = rest(1, "saved").flatMap({ Int64($0) }),
      let request = rest(2, "request").flatMap({ RequestID($0) }),
      let tenant = rest(3, "tenant").flatMap({ TenantID($0) }),
      let version = rest(4, "version").flatMap({ Int64($0) })
    else { return nil }
    var values: [Value] = []
    for place in 5..<(lines.count - 2) {
      if let row = rest(place, "field") {
        values.append(Value(row: row, entries: []))
      } else if let entry = Self.entry(lines[place]), !values.isEmpty {
        values[values.count - 1].entries.append(entry)
      } else {
        return nil
      }
    }
    self.init(
      saved: Instant(microseconds: saved), requestID: request, tenantID: tenant, version: version,
      values: values)
  }

  /// By scalars: a character may begin with the mark that the entry begins with.
  private static func entry(_ line: String) -> String? {
    let scalars = line.unicodeScalars
    guard scalars.starts(with: "- ".unicodeScalars) else { return nil }
    var text = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in scalars.dropFirst(2) {
      if isEscaped {
        text.append(scalar == "n" ? "\n" : scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        text.append(scalar)
      }
    }
    return String(text)
  }

  private static func escaped(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped.append(contentsOf: "\\\\".unicodeScalars)
      case "\n": escaped.append(contentsOf: "\\n".unicodeScalars)
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }
}

extension Form {
  /// What was typed or chosen.
  var drafted: [Draft.Value] {
    rows.compactMap { row in
      guard row.isTouched, let name = row.key.draftName, let entries = row.editor.entries else { return nil }
      return Draft.Value(row: name, entries: entries)
    }
  }

  /// Puts what was kept back into its rows; what the form has no row for is left out.
  mutating func fill(_ values: [Draft.Value]) {
    for value in values {
      guard let row = rows.first(where: { $0.key.draftName == value.row }) else { continue }
      change(row.key) { $0.editor = $0.editor.holding(value.entries) }
    }
  }
}

extension Form.Key {
  fileprivate var draftName: String? {
    switch self {
    case .tenant(let field): field.rawValue
    case .reason: "reason"
    case .file, .save: nil
    }
  }
}

extension Form.Editor {
  fileprivate var entries: [String]? {
    switch self {
    case .text(let text): [text.text]
    case .lines(let lines): lines.lines.map(\.text)
    case .choice(let name): [name]
    case .choices(let names): names
    case .fixed, .button: nil
    }
  }

  fileprivate func holding(_ entries: [String]) -> Form.Editor {
    switch self {
    case .text: .text(TextField(entries.first ?? ""))
    case .lines: .lines(LinesField(Array(entries.prefix(LinesField.limit))))
    case .choice: .choice(entries.first ?? "")
    case .choices: .choices(entries)
    case .fixed, .button: self
    }
  }
}
