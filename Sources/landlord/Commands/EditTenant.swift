import ArgumentParser
import TenantStore

struct EditTenant: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit", abstract: "Change fields of a tenant.",
    discussion: """
      Fields: tenantName, contactEmail, websiteUrl, businessIndustry, allowedOrigins, permissions (also as create calls \
      them: name, email, url, industry, origins). A list is a JSON array or its elements with commas between; an empty \
      value clears. Without --if-version the fields are written whatever the version.
      """)

  @OptionGroup var named: TenantArgument
  @Option(help: ArgumentHelp("What to write; may be repeated.", valueName: "field=value"))
  var set: [String]
  @Option(help: ArgumentHelp("Only if the tenant is still at this version.", valueName: "n"))
  var ifVersion: Int64?
  @Option(help: "Why, for the audit; asked for where origins or permissions change.")
  var reason: String?
  @Flag(help: "Show what would change and change nothing.")
  var dryRun = false
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if set.isEmpty { throw ValidationError("there is nothing to change; give --set field=value") }
  }

  func run() throws {
    let given = try Assignment.fields(of: set)
    if given[.siteID] != nil { throw Failure("nothing was changed:\n  siteId: a site id never changes") }
    let changes = try TenantRules.checked(given)
    let errand = try shared.open()
    let tenant = try errand.tenant(named.tenant)
    let touched = TenantField.allCases.filter { field in changes[field].map { $0 != tenant[field] } ?? false }
    if dryRun { return try errand.printDiff(of: tenant, touched, changes, ifVersion, json: format.json) }
    // The ladder of asking, level 2: what opens doors wants a reason.
    if reason == nil, let door = touched.first(where: { $0 == .allowedOrigins || $0 == .permissions }) {
      throw Failure(.usage, "changing \(door.rawValue) needs --reason TEXT; nothing was changed")
    }
    let request = Update(tenantID: tenant.id, expectedVersion: ifVersion, changes: changes, reason: reason)
    let written = try errand.write(.update(request)).written
    try errand.saved(written, "tenant \(tenant.siteID)")
    try errand.print(written, request.requestID, json: format.json)
  }
}

extension Errand {
  fileprivate func printDiff(
    of tenant: Tenant, _ touched: [TenantField], _ changes: [TenantField: FieldValue], _ version: Int64?,
    json: Bool
  ) throws(Failure) {
    if let version, version != tenant.version {
      throw Failure(.conflict, "tenant \(tenant.siteID) is at version \(tenant.version), not \(version)")
    }
    let differences = touched.map { (field: $0.rawValue, old: tenant[$0], new: changes[$0] ?? .absent) }
    if json {
      let list = differences.map {
        JSON.object([("field", .string($0.field)), ("old", $0.old.json), ("new", $0.new.json)])
      }
      try output.line(
        JSON.object([
          ("tenantId", .string(tenant.id.description)), ("siteId", .string(tenant.siteID)),
          ("version", .number(tenant.version)), ("changes", .array(list)),
        ]).text)
    } else if differences.isEmpty {
      try output.line("nothing would change")
    } else {
      for difference in differences {
        try output.line(difference.field)
        try output.line("  - \(output.shown(difference.old.words))")
        try output.line("  + \(output.shown(difference.new.words))")
      }
    }
    try output.finish()
  }
}
