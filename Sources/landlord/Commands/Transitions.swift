import ArgumentParser
import TenantStore

/// What every change of a tenant's state takes.
struct TermsOptions: ParsableArguments {
  @Option(help: "Why, for the audit.")
  var reason: String
  @Option(help: "The ticket in which it was asked for.")
  var ticket: String?
  @Option(
    help: ArgumentHelp(
      "When this ends by itself (landlord lifecycle run): 2026-12-01, 2026-12-01T09:30:00Z, or in so long: 12h, 30d.",
      valueName: "time"))
  var until: String?
}

/// The site id once more.
struct SiteIDAgain: ParsableArguments {
  @Option(help: ArgumentHelp("The tenant's site id, again: that this one is meant.", valueName: "site-id"))
  var yes: String
}

struct SuspendTenant: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suspend", abstract: "Shut an active tenant's doors for a while; --until resumes it.")
  @OptionGroup var named: TenantArgument
  @Option(help: "What it may still do: none, or read.")
  var access = SuspendedAccess.none
  @OptionGroup var terms: TermsOptions
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let errand = try shared.open()
    try errand.change(errand.tenant(named.tenant), .suspend, terms, access: access, json: format.json)
  }
}

struct ResumeTenant: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Open a suspended tenant's doors again; --until suspends it.")
  @OptionGroup var named: TenantArgument
  @OptionGroup var terms: TermsOptions
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let errand = try shared.open()
    try errand.change(errand.tenant(named.tenant), .resume, terms, json: format.json)
  }
}

struct DeactivateTenant: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deactivate",
    abstract: "Take a tenant out of service; its data stay. --until is its purge date.")
  @OptionGroup var named: TenantArgument
  @OptionGroup var again: SiteIDAgain
  @OptionGroup var terms: TermsOptions
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let errand = try shared.open()
    let tenant = try errand.tenant(named.tenant)
    try tenant.demand(again.yes)
    try errand.change(tenant, .deactivate, terms, json: format.json)
  }
}

struct ReactivateTenant: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reactivate",
    abstract: "Bring a deactivated tenant back into service, until its purge date; --until suspends it.")
  @OptionGroup var named: TenantArgument
  @OptionGroup var terms: TermsOptions
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let errand = try shared.open()
    try errand.change(errand.tenant(named.tenant), .reactivate, terms, json: format.json)
  }
}

extension SuspendedAccess: ExpressibleByArgument {}

extension Tenant {
  /// Fails unless the site id was typed again.
  func demand(_ typed: String) throws(Failure) {
    guard siteID.utf8.elementsEqual(typed.utf8) else {
      throw Failure(.usage, "--yes must repeat the tenant's site id, which is \(siteID); nothing was changed")
    }
  }
}

extension Errand {
  /// Changes the state, then tries every door until each that must be shut is.
  fileprivate func change(
    _ tenant: Tenant, _ change: StateChange, _ terms: TermsOptions, access: SuspendedAccess = .none,
    json: Bool
  ) throws(Failure) {
    var until: Instant?
    if let text = terms.until {
      guard let moment = Instant(ahead: text, now: .now()) else {
        throw Failure(
          .usage, "\"\(text)\" is no moment that lies ahead; write 2026-12-01, or 30d for in thirty days")
      }
      until = moment
    }
    let (predicted, before) = (try touched(tenant), elsewhere(tenant))
    let transition = Transition(
      tenantID: tenant.id, expectedVersion: nil, reason: terms.reason, ticket: terms.ticket, until: until,
      access: access, predicted: predicted)
    let written = try write(.lifecycle(.change(change, transition))).written
    try saved(written, "tenant \(tenant.siteID)")
    // It is changed: what fails from here on keeps nothing from being carried on and said.
    let trial = try? tryDoors(tenant)
    let effects = Effects(
      predicted: predicted, actual: try? touched(tenant), trial: trial, before: before,
      enforcement: enforce(written.tenant ?? tenant))
    try report(written, transition.requestID, effects, json: json)
  }
}
