import ArgumentParser
import TenantStore

struct DeactivateTenant: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deactivate", abstract: "Take an active tenant out of service; its data stay.")
  @OptionGroup var named: TenantArgument
  @Option(help: "Why, for the audit.")
  var reason: String
  @Option(help: ArgumentHelp("The tenant's site id, again: that this one is meant.", valueName: "site-id"))
  var yes: String
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let errand = try shared.open()
    let tenant = try errand.tenant(named.tenant)
    guard tenant.siteID.utf8.elementsEqual(yes.utf8) else {
      throw Failure(
        .usage, "--yes must repeat the tenant's site id, which is \(tenant.siteID); nothing was changed")
    }
    let request = Transition(tenantID: tenant.id, expectedVersion: nil, reason: reason)
    try errand.change(tenant, request, .deactivate(request), json: format.json)
  }
}

struct ReactivateTenant: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reactivate", abstract: "Bring a deactivated tenant back into service.")
  @OptionGroup var named: TenantArgument
  @Option(help: "Why, for the audit.")
  var reason: String
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let errand = try shared.open()
    let tenant = try errand.tenant(named.tenant)
    let request = Transition(tenantID: tenant.id, expectedVersion: nil, reason: reason)
    try errand.change(tenant, request, .reactivate(request), json: format.json)
  }
}

extension Errand {
  fileprivate func change(
    _ tenant: Tenant, _ transition: Transition, _ request: Request, json: Bool
  ) throws(Failure) {
    let written = try write(request).written
    try saved(written, "tenant \(tenant.siteID)")
    try print(written, transition.requestID, json: json)
  }
}
