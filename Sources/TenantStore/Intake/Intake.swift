/// A file of tenants that are to be onboarded: a line a tenant, under a line with the names of the columns.
public struct Intake: Equatable, Sendable {
  public struct Line: Equatable, Sendable {
    /// As an editor counts them; the first is that of the names.
    public var number: Int
    /// As they would be stored. Empty where the line could not be read.
    public var fields: [TenantField: FieldValue]
    /// What is wrong with it; empty: nothing that is known yet.
    public var problems: [FieldProblem]

    /// Empty where there is none.
    public var siteID: String {
      if case .text(let text)? = fields[.siteID] { text } else { "" }
    }
  }
  /// Why the file as a whole is no intake, in words that say what to do.
  public struct Problem: Error, Equatable {
    public var words: String
  }

  public private(set) var lines: [Line] = []
  /// Columns that an export of tenants has and nobody gives: what stands in them is not used.
  public private(set) var unused: [String] = []

  /// So many bytes may a file have: some 300,000 tenants.
  public static let most = 64 << 20

  /// Reads the file and judges every line by what it says itself; what the registry says is asked by `judge`.
  public init(_ bytes: [UInt8]) throws(Problem) {
    var reader = CSVReader(bytes)
    guard let head = reader.next() else { throw Problem(words: "the file is empty") }
    if let problem = head.problem { throw Problem(words: "line \(head.line): \(problem)") }
    let columns = try columns(head.cells)
    var seen: [[UInt8]: Int] = [:]
    while let row = reader.next() {
      var line = Self.line(row, columns)
      let siteID = Array(line.siteID.utf8)
      if let first = seen[siteID] {
        line.problems.append(
          FieldProblem(
            field: .siteID, rule: "site_id_in_file",
            message: "Line \(first) of this file has this site id too."))
      } else if !siteID.isEmpty {
        seen[siteID] = line.number
      }
      lines.append(line)
    }
  }

  /// The lines that nothing is wrong with, as far as is known.
  public var right: [Line] { lines.filter(\.problems.isEmpty) }
  public var wrong: [Line] { lines.filter { !$0.problems.isEmpty } }

  /// Judges by the catalogues, and by the site ids that cannot be given any more. `known`: lines that were sent before, of which the
  /// server has the last word.
  public mutating func judge(_ catalogues: Catalogues, unavailable: [String], unless known: (Line) -> Bool) {
    let unavailable = Set(unavailable.map { Array($0.utf8) })
    for place in lines.indices {
      let line = lines[place]
      lines[place].problems += TenantField.allCases.compactMap { field in
        guard let value = line.fields[field], TenantRules.problem(in: field, value) == nil else { return nil }
        return TenantRules.problem(in: field, value, catalogues: catalogues)
      }
      if unavailable.contains(Array(line.siteID.utf8)), !known(line) {
        lines[place].problems.append(
          FieldProblem(
            field: .siteID, rule: "site_id_taken", message: TenantRules.message(for: "site_id_taken")))
      }
    }
  }

  /// Which field each column holds; nil for one that is not used.
  private mutating func columns(_ names: [String]) throws(Problem) -> [TenantField?] {
    var columns: [TenantField?] = []
    for name in names {
      let plain = TenantRules.asciiLowercased(TenantRules.trimmed(name))
      let field = TenantField.allCases.first {
        TenantRules.asciiLowercased($0.rawValue).isSameBytes(as: plain)
      }
      if let field, columns.contains(field) {
        throw Problem(words: "the column \(field.rawValue) is there twice")
      }
      if field == nil {
        guard Self.ofExports.contains(plain) else {
          let known = TenantField.allCases.map(\.rawValue).joined(separator: ", ")
          throw Problem(
            words: "the first line must name the columns, and \"\(name)\" is none of them: \(known)")
        }
        unused.append(name)
      }
      columns.append(field)
    }
    let missing: [TenantField] = [.siteID, .name, .contactEmail, .industry].filter { !columns.contains($0) }
    guard missing.isEmpty else {
      throw Problem(
        words: "the first line must name the columns; missing: "
          + missing.map { $0.rawValue }.joined(separator: ", "))
    }
    return columns
  }

  private static let ofExports: Set<String> = [
    "tenantid", "isactive", "createdat", "updatedat", "version", "state",
  ]

  private static func line(_ row: CSVReader.Row, _ columns: [TenantField?]) -> Line {
    func unreadable(_ words: String) -> Line {
      Line(
        number: row.line, fields: [:], problems: [FieldProblem(field: nil, rule: "csv_form", message: words)])
    }
    if let problem = row.problem { return unreadable(problem) }
    guard row.cells.count == columns.count else {
      return unreadable("it has \(row.cells.count) cells and the first line \(columns.count)")
    }
    var fields: [TenantField: FieldValue] = [
      .websiteURL: .absent, .allowedOrigins: .list([]), .permissions: .list([]),
    ]
    for (column, cell) in zip(columns, row.cells) {
      guard let column else { continue }
      fields[column] = TenantRules.normalized(column, value(column, cell))
    }
    let problems = TenantField.allCases.compactMap { field in
      fields[field].flatMap { TenantRules.problem(in: field, $0) }
    }
    return Line(number: row.line, fields: fields, problems: problems)
  }

  /// The elements of a list stand with commas between them, as an export has them.
  private static func value(_ field: TenantField, _ cell: String) -> FieldValue {
    switch field {
    case .siteID, .name, .contactEmail, .websiteURL, .industry: .text(cell)
    case .allowedOrigins, .permissions:
      .list(cell.unicodeScalars.split(separator: ",").map { String(String.UnicodeScalarView($0)) })
    }
  }
}
