import ArgumentParser
import TenantStore

struct ActivityAudit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "activity",
    abstract: "Count what was done, and what was refused, by day, by action and by person.",
    discussion: """
      What audit list with the same filter shows is what is counted here. Days begin and end at midnight in UTC; the last one is \
      today. Of actions and people the \(AuditActivity.most) with the most are told.
      """)

  @Option(help: ArgumentHelp("Only what concerns this tenant: its id or site id.", valueName: "id"))
  var tenant: String?

  @Option(help: ArgumentHelp("Only that of which all of this holds; see audit list.", valueName: "filter"))
  var filter: String?

  @Option(help: ArgumentHelp("So many days, today among them.", valueName: "n"))
  var days = 30

  @OptionGroup var format: JSONOption

  @Flag(help: "Print CSV; a cell that a spreadsheet would take for a formula begins with an apostrophe.")
  var csv = false

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if format.json && csv { throw ValidationError("--json and --csv exclude each other") }
    if !(1...3660).contains(days) { throw ValidationError("--days goes from 1 to 3660, which are ten years") }
  }

  func run() throws {
    var filter = try AuditFilter(typed: self.filter ?? "")
    let errand = try shared.open()
    if let tenant { filter.terms.append(.init(.tenant(.id(try errand.auditedTenant(tenant))))) }
    if filter.tenant == nil {
      let words = filter.isEmpty ? nil : filter.text
      try errand.looking(Look("activity of everybody", filter: words)) { () throws(Failure) in
        try count(errand, filter)
      }
    } else {
      _ = try count(errand, filter)
    }
    try errand.output.finish()
  }

  /// Answers how many events were counted.
  private func count(_ errand: Errand, _ filter: AuditFilter) throws(Failure) -> Int {
    let request = AuditActivityRequest(filter: filter, days: days)
    guard case .auditActivity(let activity) = try errand.ask(.auditActivity(request)) else {
      preconditionFailure("an activity of the audit is answered by .auditActivity")
    }
    let table = Table<ActivityRow>(errand.output, json: format.json, csv: csv)
    try table.begin()
    for row in ActivityRow.rows(of: activity) { try table.add(row) }
    try table.end()
    return Int(activity.total)
  }
}

/// A count with what it is of.
struct ActivityRow: TableRow {
  /// `day`, `action` or `person`.
  var by: String
  var name: String
  var count: Int64
  /// The greatest count of the same kind.
  var most: Int64

  static func rows(of activity: AuditActivity) -> [ActivityRow] {
    let days = activity.days.enumerated().map { place, count in
      let day = Instant(microseconds: activity.start.microseconds + Int64(place) * 86_400_000_000)
      return AuditActivity.Count(String(day.rfc3339.prefix(10)), count)
    }
    return [("day", days), ("action", activity.actions), ("person", activity.actors)].flatMap { by, counts in
      let most = counts.map(\.count).max() ?? 0
      return counts.map { ActivityRow(by: by, name: $0.name, count: $0.count, most: most) }
    }
  }

  static let columns = ["by", "name", "count"]
  var cells: [String] { [by, name, String(count)] }
  var members: [(key: String, value: JSON)] {
    [("by", .string(by)), ("name", .string(name)), ("count", .number(count))]
  }

  private static let barColumns = 40
  static let table: [TableColumn<ActivityRow>] = [
    .init("BY", 6) { $0.by }, .init("NAME", 20) { $0.name }, .init("COUNT", 8) { String($0.count) },
    .init("", barColumns) { row in
      String(
        repeating: "#",
        count: row.most > 0 ? Int((row.count * Int64(barColumns) + row.most - 1) / row.most) : 0)
    },
  ]
}
