import TenantStore
import Terminal

/// Tenants one after the other, in the form that was asked for. On a terminal a table; on a pipe the same columns with
/// tabs between them.
final class TenantTable {
  private let output: StandardOutput
  private let json: Bool
  private let csv: Bool
  private var isEmpty = true

  init(_ output: StandardOutput, json: Bool, csv: Bool) {
    self.output = output
    self.json = json
    self.csv = csv
  }

  func begin() throws(Failure) {
    if json {
      try output.write("[")
    } else if csv {
      try output.write(CSV.row(Tenant.columns))
    } else if output.isTerminal {
      try row(Self.columns.map(\.title))
    }
  }

  func add(_ tenant: Tenant) throws(Failure) {
    if json {
      try output.write((isEmpty ? "\n" : ",\n") + JSON.object(tenant.members).text)
    } else if csv {
      try output.write(CSV.row(tenant.cells))
    } else {
      try row(Self.columns.map { $0.value(tenant) })
    }
    isEmpty = false
  }

  func end() throws(Failure) {
    if json { try output.write(isEmpty ? "]\n" : "\n]\n") }
  }

  private static let columns: [(title: String, width: Int, value: @Sendable (Tenant) -> String)] = [
    ("SITE", 20, { $0.siteID }), ("NAME", 28, { $0.name }), ("EMAIL", 28, { $0.contactEmail }),
    ("INDUSTRY", 14, { $0.industry }), ("STATE", 11, { $0.state.rawValue }),
    ("ID", 36, { $0.id.description }),
  ]

  private func row(_ values: [String]) throws(Failure) {
    guard output.isTerminal else { return try output.line(values.map(output.shown).joined(separator: "\t")) }
    let cells = zip(Self.columns, values).map { column, value in
      let text = SafeText(value).clipped(to: column.width)
      return text.text + String(repeating: " ", count: max(0, column.width - text.width))
    }
    try output.line(cells.joined(separator: "  "))
  }
}
