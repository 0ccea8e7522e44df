import ArgumentParser
import TenantStore

struct CreateTenant: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Onboard a tenant and show its secret, this once.",
    discussion: """
      With --request-id the command may be repeated: it makes the tenant once, and shows the secret only then. Where resources \
      are listed the tenant is printed as it is made, and then provisioned: with exit code 0 it is in service, with 8 it is not.
      """)

  @Option(help: ArgumentHelp("Lower-case letters, digits and hyphens; never changes.", valueName: "id"))
  var siteId: String
  @Option(help: "The tenant's name.")
  var name: String
  @Option(help: ArgumentHelp("The contact's e-mail address.", valueName: "address"))
  var email: String
  @Option(help: "The tenant's web site.")
  var url: String?
  @Option(help: ArgumentHelp("One of the catalogue's.", valueName: "name"))
  var industry: String
  @Option(help: "An allowed origin; may be repeated.")
  var origin: [String] = []
  @Option(help: ArgumentHelp("A permission of the catalogue's; may be repeated.", valueName: "name"))
  var permission: [String] = []
  @Option(help: "Why, for the audit.")
  var reason: String?
  @Option(help: ArgumentHelp("Makes a repeat harmless.", valueName: "uuid"))
  var requestId: RequestID?
  @Flag(help: "Leave provisioning it to whoever runs landlord provision resume.")
  var noWait = false
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let fields = try TenantRules.checked([
      .siteID: .text(siteId), .name: .text(name), .contactEmail: .text(email),
      .websiteURL: url.map(FieldValue.text) ?? .absent, .industry: .text(industry),
      .allowedOrigins: .list(origin), .permissions: .list(permission),
    ])
    let errand = try shared.open()
    let secret = TenantSecret.random()
    let request = Onboarding(
      requestID: requestId ?? .random(), fields: fields, verifier: secret.verifier, hint: secret.hint,
      reason: reason)
    let (written, wasUnknown) = try errand.write(.onboard(request))
    try errand.saved(written, "tenant \(siteId)")
    let isOurs = try errand.made(written, with: secret, wasUnknown: wasUnknown)
    if !isOurs {
      StandardError.say("repeated: this request had made the tenant before; its secret was shown then")
    }
    // Before anything that could be broken off: the secret is shown only here.
    try errand.print(written, request.requestID, json: format.json, secret: isOurs ? secret.text : nil)
    if let tenant = written.tenant, tenant.state == .provisioning, !noWait {
      try errand.bringIntoService(tenant)
    }
  }
}

extension Errand {
  /// Whether the tenant got this secret. A request that had been carried out before, also one that had to be asked
  /// after, may have been another process's: then the tenant's secret is another.
  fileprivate func made(
    _ written: Written, with secret: TenantSecret, wasUnknown: Bool
  ) throws(Failure) -> Bool {
    if !written.repeated && !wasUnknown { return true }
    guard let tenant = written.tenant else { return false }
    return try ask(.verifySecret(tenant.id, verifier: secret.verifier, whileShut: true))
      == .secret(matches: true)
  }
}

extension TenantRules {
  /// The values as they will be stored. Fails with all rules that are broken, a line a field.
  static func checked(_ fields: [TenantField: FieldValue]) throws(Failure) -> [TenantField: FieldValue] {
    var clean: [TenantField: FieldValue] = [:]
    for (field, value) in fields { clean[field] = normalized(field, value) }
    let problems = TenantField.allCases.compactMap { field in clean[field].flatMap { problem(in: field, $0) }
    }
    if !problems.isEmpty { throw .refused(problems) }
    return clean
  }
}

extension Identifier: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
