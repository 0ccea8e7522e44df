import ArgumentParser
import TenantStore

struct TenantCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tenant", abstract: "List, show and change tenants.",
    subcommands: [
      ListTenants.self, ShowTenant.self, CreateTenant.self, EditTenant.self, DeactivateTenant.self,
      ReactivateTenant.self, VerifySecret.self,
    ])
}

/// The tenant that a command is about.
struct TenantArgument: ParsableArguments {
  @Argument(help: "The tenant's id or site id.")
  var tenant: String
}

struct ShowTenant: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one tenant.")
  @OptionGroup var named: TenantArgument
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let errand = try shared.open()
    let tenant = try errand.tenant(named.tenant)
    try errand.print(tenant, json: format.json)
    try errand.output.finish()
  }
}

extension Errand {
  /// One tenant, with more members after its own.
  func print(_ tenant: Tenant, json: Bool, and more: [(key: String, value: JSON)] = []) throws(Failure) {
    if json {
      try output.line(JSON.object(tenant.members + more).text)
    } else {
      for line in tenant.lines(output.shown) { try output.line(line) }
    }
  }

  /// What a write did: the tenant as it is now, and the receipt's facts.
  func print(
    _ written: Written, _ request: RequestID, json: Bool, secret: String? = nil
  ) throws(Failure) {
    guard let tenant = written.tenant else { preconditionFailure("a saved tenant comes with the answer") }
    if json {
      var more: [(key: String, value: JSON)] = [("requestId", .string(request.description))]
      more.append(("auditEntry", written.entryID.map(JSON.number) ?? .null))
      more.append(("repeated", .bool(written.repeated)))
      if let secret { more.append(("tenantSecret", .string(secret))) }
      try print(tenant, json: true, and: more)
    } else {
      try print(tenant, json: false)
      try output.line("requestId         \(request)")
      try output.line("auditEntry        \(written.entryID.map(String.init) ?? "none: nothing changed")")
      if written.repeated { try output.line("repeated          this request had been carried out before") }
      if let secret { try output.line("tenantSecret      \(secret)") }
    }
    try output.finish()
  }
}
