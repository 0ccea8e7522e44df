/// A plan as a file of results: CSV for the people who hand the secrets over, and all that `landlord onboard` needs to go on or to
/// undo. Whoever keeps it keeps secrets.
public enum IntakeResults {
  private static let columns = [
    "line", "siteId", "tenantName", "contactEmail", "tenantId", "tenantSecret", "outcome", "auditEntry",
    "why", "requestId",
    "intake", "installation",
  ]

  public static func text(_ plan: IntakePlan) -> String {
    var text = CSV.row(columns)
    for entry in plan.entries.sorted(by: { $0.line < $1.line }) {
      text += CSV.row([
        String(entry.line), entry.siteID, entry.name, entry.contactEmail, entry.tenantID.description,
        entry.secret.text,
        entry.outcome.rawValue, entry.entryID.map(String.init) ?? "", entry.why, entry.requestID.description,
        plan.id.description, plan.installation,
      ])
    }
    return text
  }

  /// Whether the file means to be one of results: it begins as they do.
  public static func isResults(_ bytes: [UInt8]) -> Bool {
    var reader = CSVReader(bytes)
    return reader.next()?.cells == columns
  }

  /// The plan that the file holds; nil for another file, or one that is not whole.
  public static func plan(_ bytes: [UInt8]) -> IntakePlan? {
    var reader = CSVReader(bytes)
    guard let head = reader.next(), head.problem == nil, head.cells == columns else { return nil }
    var entries: [IntakePlan.Entry] = []
    var of: (id: RequestID, installation: String)?
    while let row = reader.next() {
      guard row.problem == nil, row.cells.count == columns.count, let entry = entry(row.cells),
        let id = RequestID(row.cells[10]),
        of.map({ $0.id == id && $0.installation.isSameBytes(as: row.cells[11]) }) ?? true
      else { return nil }
      of = (id, row.cells[11])
      entries.append(entry)
    }
    return of.map { IntakePlan(id: $0.id, installation: $0.installation, entries: entries) }
  }

  private static func entry(_ cells: [String]) -> IntakePlan.Entry? {
    guard let line = Int(cells[0]), let tenant = TenantID(cells[4]), let secret = TenantSecret(cells[5]),
      let outcome = IntakePlan.Outcome(rawValue: cells[6]), let request = RequestID(cells[9])
    else { return nil }
    return IntakePlan.Entry(
      line: line, siteID: cells[1], name: cells[2], contactEmail: cells[3], tenantID: tenant,
      requestID: request,
      secret: secret, outcome: outcome, entryID: Int64(cells[7]), why: cells[8])
  }
}
