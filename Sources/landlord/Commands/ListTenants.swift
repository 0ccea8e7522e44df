import ArgumentParser
import TenantStore

struct ListTenants: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List tenants, as they come from the server.")

  @Option(help: ArgumentHelp("Only those with all these words; state:NAME for a state.", valueName: "words"))
  var filter: String?

  @Option(help: ArgumentHelp("The order.", valueName: "column"))
  var sort: SortColumn = .siteID

  @Flag(help: "From the last to the first.")
  var descending = false

  @Option(help: ArgumentHelp("At most so many; without it, all.", valueName: "n"))
  var limit: Int?

  @Option(
    help: ArgumentHelp("Begin after this tenant: the id or site id of the last row seen.", valueName: "id"))
  var after: String?

  @Option(help: MomentText.help)
  var at: String?

  @OptionGroup var format: JSONOption

  @Flag(help: "Print CSV; a cell that a spreadsheet would take for a formula begins with an apostrophe.")
  var csv = false

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if format.json && csv { throw ValidationError("--json and --csv exclude each other") }
    if let limit, limit < 1 { throw ValidationError("--limit begins at 1") }
    if at != nil, filter != nil || sort != .siteID || descending {
      throw ValidationError("--at lists all tenants of then by site id: no --filter, --sort or --descending")
    }
  }

  func run() throws {
    let filter = try Filter(typed: self.filter ?? "")
    let moment = try at.map(MomentText.read)
    let errand = try shared.open()
    if filter.isEmpty && limit == nil && (format.json || csv) {
      try errand.looking(Look("all contacts")) { () throws(Failure) in try list(errand, filter, moment) }
    } else {
      _ = try list(errand, filter, moment)
    }
    try errand.output.finish()
  }

  /// Answers how many there were.
  private func list(_ errand: Errand, _ filter: Filter, _ moment: Instant?) throws(Failure) -> Int {
    let table = Table<Tenant>(errand.output, json: format.json, csv: csv)
    let sort = Sort(sort, descending: descending)
    var anchor = PageRequest.Anchor.first
    if let after { anchor = .after(Cursor(of: try errand.tenant(after), sort: sort)) }
    var left = limit ?? Int.max
    var began = false
    while left > 0 {
      let size = min(1000, left)
      let request = Request.page(
        PageRequest(
          filter: filter, sort: sort, anchor: anchor, limit: size, isThorough: true, asOf: moment))
      guard case .page(let page) = try errand.ask(request) else {
        preconditionFailure("a page is answered by .page")
      }
      // Not before the first page: a failure then leaves standard output empty.
      if !began { try table.begin() }
      began = true
      for tenant in page.rows { try table.add(tenant) }
      left -= page.rows.count
      guard page.rows.count == size, let last = page.cursors.last else { break }
      anchor = .after(last)
    }
    try table.end()
    return (limit ?? Int.max) - left
  }
}

extension SortColumn: ExpressibleByArgument {}

extension Filter {
  /// As the console's filter is written; what is not understood there is wrong usage here.
  init(typed text: String) throws(Failure) {
    if let problem = Filter.problem(in: text) {
      throw Failure(.usage, "\"\(problem.part)\" is not understood: \(problem.message)")
    }
    self = .parse(text)
  }
}
