import ArgumentParser
import TenantStore

struct ListAudit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List what was done, newest first, and beside it what was refused.",
    discussion: """
      A filter is words, "quoted phrases", tenant: actor: action: field: outcome: since: until: request:, each with ! before \
      it for the contrary, such as 'actor:ana outcome:refused since:7d'. Refusals for lack of a right and looks at something \
      sensitive are what clients noted; only an auditor sees them. Reading the audit of everybody is such a look itself.
      """)

  @Option(help: ArgumentHelp("Only those of this tenant: its id or site id.", valueName: "id"))
  var tenant: String?

  @Option(help: ArgumentHelp("Only those of which all of this holds.", valueName: "filter"))
  var filter: String?

  @Option(help: ArgumentHelp("At most so many; without it, all.", valueName: "n"))
  var limit: Int?

  @OptionGroup var format: JSONOption

  @Flag(help: "Print CSV; a cell that a spreadsheet would take for a formula begins with an apostrophe.")
  var csv = false

  @Flag(help: "Go on with what comes, oldest first, after the last ten (or --limit); JSON is a line each.")
  var follow = false

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if format.json && csv { throw ValidationError("--json and --csv exclude each other") }
    if let limit, limit < 1 { throw ValidationError("--limit begins at 1") }
  }

  func run() throws {
    var filter = try AuditFilter(typed: self.filter ?? "")
    let errand = try shared.open()
    if let tenant { filter.terms.append(.init(.tenant(.id(try errand.auditedTenant(tenant))))) }
    let table = Table<AuditEvent>(errand.output, json: format.json, csv: csv, isEndless: follow)
    func show() throws(Failure) -> Int {
      if follow { try go(on: errand, filter, table) }
      return try list(errand, filter, table)
    }
    if filter.tenant == nil {
      let words = filter.isEmpty ? nil : filter.text
      try errand.looking(Look("audit of everybody", filter: words), show)
    } else {
      _ = try show()
    }
    try errand.output.finish()
  }

  /// Answers how many there were.
  private func list(
    _ errand: Errand, _ filter: AuditFilter, _ table: Table<AuditEvent>
  ) throws(Failure) -> Int {
    var request = AuditPageRequest(filter: filter)
    var left = limit ?? Int.max
    var isFirst = true
    while left > 0 {
      request.limit = min(1000, left)
      guard case .auditPage(let page) = try errand.ask(.auditPage(request)) else {
        preconditionFailure("a page of the audit is answered by .auditPage")
      }
      // Not before the first page: a failure then leaves standard output empty.
      if isFirst { try table.begin() }
      isFirst = false
      for event in page.events { try table.add(event) }
      left -= page.events.count
      request.includesAttempts = page.includesAttempts
      guard page.events.count == request.limit, let last = page.events.last else { break }
      request.anchor = .after(last.cursor)
    }
    try table.end()
    return (limit ?? Int.max) - left
  }

  /// Never ends by itself.
  private func go(
    on errand: Errand, _ filter: AuditFilter, _ table: Table<AuditEvent>
  ) throws(Failure) -> Never {
    var request = AuditPageRequest(filter: filter, limit: limit ?? 10)
    func tail(_ tail: AuditTail?) throws(Failure) -> (AuditPage, AuditTail) {
      guard case .auditTail(let page, let next) = try errand.ask(.auditTail(tail, request)) else {
        preconditionFailure("a question for the tail is answered by .auditTail")
      }
      return (page, next)
    }
    var next = try tail(nil).1
    guard case .auditPage(let first) = try errand.ask(.auditPage(request)) else {
      preconditionFailure("a page of the audit is answered by .auditPage")
    }
    request.includesAttempts = first.includesAttempts
    // Nothing of what comes is left out.
    request.limit = Int(Int32.max)
    try table.begin()
    for event in first.events.reversed() { try table.add(event) }
    var seen = Set(first.events.map(\.cursor))
    let atFirst = seen
    while true {
      try errand.output.pause(1000)
      let page: AuditPage
      (page, next) = try tail(next)
      for event in page.events.reversed() where !seen.contains(event.cursor) { try table.add(event) }
      // What may come again is all in the last answer, or was there at first.
      seen = atFirst.union(page.events.map(\.cursor))
    }
  }
}

extension Errand {
  /// The id of a tenant that is or was there; an id is taken at its word, as the audit outlives the tenant.
  func auditedTenant(_ name: String) throws(Failure) -> TenantID {
    if let id = TenantID(name) { return id }
    return try tenant(name).id
  }
}

extension AuditFilter {
  /// What is not understood is wrong usage here.
  init(typed text: String) throws(Failure) {
    if let problem = AuditFilter.problem(in: text) {
      throw Failure(.usage, "\"\(problem.part)\" is not understood: \(problem.message)")
    }
    self = .parse(text)
  }
}
