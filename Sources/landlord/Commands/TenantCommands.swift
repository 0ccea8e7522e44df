import ArgumentParser
import TenantStore

struct TenantCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tenant", abstract: "List, show and change tenants.",
    subcommands: [
      ListTenants.self, ShowTenant.self, CreateTenant.self, EditTenant.self, SuspendTenant.self,
      ResumeTenant.self, DeactivateTenant.self, PurgeTenant.self, ReactivateTenant.self, VerifySecret.self,
    ])
}

/// The tenant that a command is about.
struct TenantArgument: ParsableArguments {
  @Argument(help: "The tenant's id or site id.")
  var tenant: String
}

struct ShowTenant: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show one tenant, as it is or as it was.")
  @OptionGroup var named: TenantArgument
  @Option(help: MomentText.help)
  var at: String?
  @Option(help: ArgumentHelp("As its change to this version left it.", valueName: "n"))
  var version: Int64?
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if at != nil && version != nil { throw ValidationError("--at and --version exclude each other") }
  }

  func run() throws {
    let moment =
      try version.map(Moment.version) ?? at.map { text throws(Failure) in .at(try MomentText.read(text)) }
    let errand = try shared.open()
    let tenant = try errand.tenant(named.tenant)
    if let moment {
      try errand.print(try errand.version(of: tenant, moment), json: format.json)
    } else {
      try errand.print(tenant, errand.terms(of: tenant), json: format.json)
    }
    try errand.output.finish()
  }
}

/// A moment as it is typed after `--at`.
enum MomentText {
  static let help = ArgumentHelp(
    "As it was then: 2026-11-01, 2026-11-01T09:30:00Z, or so long ago: 30m, 12h, 7d, 2w.", valueName: "time")

  static func read(_ text: String) throws(Failure) -> Instant {
    let now = Instant.now()
    guard let moment = Instant(typed: text, now: now) else {
      throw Failure(
        .usage, "\"\(text)\" is no moment; write 2026-11-01, 2026-11-01T09:30:00Z, or 7d for seven days ago")
    }
    guard moment <= now else { throw Failure(.usage, "\(moment) is still to come") }
    return moment
  }
}

extension Errand {
  fileprivate func version(of tenant: Tenant, _ moment: Moment) throws(Failure) -> TenantVersion {
    guard case .version(let version) = try ask(.version(tenant.id, moment)) else {
      preconditionFailure("a version is answered by .version")
    }
    if let version { return version }
    switch moment {
    case .version(let number):
      throw Failure(
        .notFound, "\(tenant.siteID) has no version \(number); the newest is \(tenant.version)")
    case .at(let instant): throw Failure(.notFound, "\(tenant.siteID) was not there yet at \(instant)")
    }
  }

  /// A tenant as it is, with the terms of its state.
  fileprivate func print(_ tenant: Tenant, _ terms: Terms, json: Bool) throws(Failure) {
    if json {
      // What is not there is not said.
      var more: [(key: String, value: JSON)] = []
      if let ticket = terms.ticket { more.append(("ticket", .string(ticket))) }
      if let until = terms.until { more.append(("until", .string(until.rfc3339))) }
      return try print(tenant, json: true, and: more)
    }
    try print(tenant, json: false)
    if let words = terms.words(for: tenant.state, now: .now()) {
      try output.line("until             \(words)")
    }
    if let ticket = terms.ticket { try output.line("ticket            \(output.shown(ticket))") }
  }

  /// A tenant as it was, and the change that made it so.
  fileprivate func print(_ version: TenantVersion, json: Bool) throws(Failure) {
    if json {
      return try print(
        version.tenant, json: true,
        and: [
          ("auditEntry", .number(version.entryID)), ("changedAt", .string(version.at.rfc3339)),
          ("actor", .string(version.actor)), ("action", .string(version.action)),
          ("reason", .optional(version.reason)), ("newestVersion", .number(version.newest)),
        ])
    }
    try print(version.tenant, json: false)
    try output.line("newestVersion     \(version.newest)")
    try output.line(
      "changed           \(version.at.rfc3339) by \(output.shown(version.actor)): \(output.shown(version.action)), entry \(version.entryID)"
    )
    if let reason = version.reason { try output.line("reason            \(output.shown(reason))") }
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
