import TenantStore
import Terminal

/// What can be listed: as JSON, as CSV, and in a table for reading.
protocol TableRow {
  /// The names of the cells, for CSV.
  static var columns: [String] { get }
  /// One cell a column.
  var cells: [String] { get }
  /// In JSON, in the order in which they are printed.
  var members: [(key: String, value: JSON)] { get }
  /// What is shown for reading.
  static var table: [TableColumn<Self>] { get }
}

struct TableColumn<Row>: Sendable {
  var title: String
  /// In columns of the terminal; longer text is cut.
  var width: Int
  var value: @Sendable (Row) -> String

  init(_ title: String, _ width: Int, _ value: @escaping @Sendable (Row) -> String) {
    (self.title, self.width, self.value) = (title, width, value)
  }
}

/// Rows one after the other, in the form that was asked for. On a terminal a table; on a pipe the same columns with tabs
/// between them.
final class Table<Row: TableRow> {
  private let output: StandardOutput
  private let json: Bool
  private let csv: Bool
  private let isEndless: Bool
  private var isEmpty = true

  /// `isEndless`: there is no end to wait for, so JSON comes as a line a row and in no array.
  init(_ output: StandardOutput, json: Bool, csv: Bool, isEndless: Bool = false) {
    self.output = output
    self.json = json
    self.csv = csv
    self.isEndless = isEndless
  }

  func begin() throws(Failure) {
    if json {
      if !isEndless { try output.write("[") }
    } else if csv {
      try output.write(CSV.row(Row.columns))
    } else if output.isTerminal {
      try line(Row.table.map(\.title))
    }
  }

  func add(_ row: Row) throws(Failure) {
    if json {
      let text = JSON.object(row.members).text
      try output.write(isEndless ? text + "\n" : (isEmpty ? "\n" : ",\n") + text)
    } else if csv {
      // Other programs get the exact text, a person's terminal never does.
      try output.write(CSV.row(output.isTerminal ? row.cells.map(output.shown) : row.cells))
    } else {
      try line(Row.table.map { $0.value(row) })
    }
    isEmpty = false
  }

  func end() throws(Failure) {
    if json && !isEndless { try output.write(isEmpty ? "]\n" : "\n]\n") }
  }

  private func line(_ values: [String]) throws(Failure) {
    guard output.isTerminal else { return try output.line(values.map(output.shown).joined(separator: "\t")) }
    let cells = zip(Row.table, values).map { column, value in
      let text = SafeText(value).clipped(to: column.width)
      return text.text + String(repeating: " ", count: max(0, column.width - text.width))
    }
    try output.line(cells.joined(separator: "  "))
  }
}
