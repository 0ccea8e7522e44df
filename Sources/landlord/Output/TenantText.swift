import Console
import TenantStore

/// A tenant in the forms that commands print.
extension Tenant: TableRow {
  static let table: [TableColumn<Tenant>] = [
    .init("SITE", 20) { $0.siteID }, .init("NAME", 28) { $0.name }, .init("EMAIL", 28) { $0.contactEmail },
    .init("INDUSTRY", 14) { $0.industry }, .init("STATE", 11) { $0.state.rawValue },
    .init("ID", 36) { $0.id.description },
  ]

  /// Its members in the order in which they are printed; also the columns of CSV.
  var members: [(key: String, value: JSON)] {
    [
      ("tenantId", .string(id.description)), ("siteId", .string(siteID)), ("tenantName", .string(name)),
      ("contactEmail", .string(contactEmail)), ("websiteUrl", .optional(websiteURL)),
      ("businessIndustry", .string(industry)), ("allowedOrigins", .strings(allowedOrigins)),
      ("permissions", .strings(permissions)), ("isActive", .bool(isActive)),
      ("createdAt", .string(createdAt.rfc3339)),
      ("updatedAt", .string(updatedAt.rfc3339)), ("version", .number(version)),
      ("state", .string(state.rawValue)),
    ]
  }

  static let columns = [
    "tenantId", "siteId", "tenantName", "contactEmail", "websiteUrl", "businessIndustry", "allowedOrigins",
    "permissions", "isActive", "createdAt", "updatedAt", "version", "state",
  ]

  /// One cell a column; the elements of a list with commas between, as `edit --set` takes them.
  var cells: [String] {
    members.map { member in
      switch member.value {
      case .null: ""
      case .bool(let value): value ? "true" : "false"
      case .number(let value): String(value)
      case .string(let value): value
      case .array(let values):
        values.map { if case .string(let value) = $0 { value } else { "" } }.joined(separator: ",")
      case .object: preconditionFailure("a tenant has no nested member")
      }
    }
  }

  /// As the console copies it: what the commands print with --json and --csv.
  static let forms = [
    TenantForm("JSON") { tenants in
      let objects = tenants.map { JSON.object($0.members).text }
      return objects.count == 1 ? objects[0] : "[\n" + objects.joined(separator: ",\n") + "\n]\n"
    },
    TenantForm("CSV") { tenants in
      tenants.reduce(into: CSV.row(columns)) { $0 += CSV.row($1.cells) }
    },
  ]

  /// A line a member, for reading.
  func lines(_ shown: (String) -> String) -> [String] {
    zip(members, cells).map { member, cell in
      let value =
        switch member.value {
        case .null: "(not set)"
        case .array where cell.isEmpty: "(none)"
        case .bool, .number, .string, .array, .object: shown(cell)
        }
      return member.key + String(repeating: " ", count: 18 - member.key.utf8.count) + value
    }
  }
}

extension FieldValue {
  var json: JSON {
    switch self {
    case .text(let text): .string(text)
    case .list(let list): .strings(list)
    case .absent: .null
    }
  }

  /// For reading, within a line.
  var words: String {
    switch self {
    case .text(let text): text
    case .list(let list): list.isEmpty ? "(none)" : list.joined(separator: ", ")
    case .absent: "(not set)"
    }
  }
}
