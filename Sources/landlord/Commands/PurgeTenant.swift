import ArgumentParser
import TenantStore

struct PurgeTenant: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "purge", abstract: "Take a deactivated tenant's rows and what the registry says of it away.",
    discussion: """
      Without --request, --approve and --run it prints what a purge would take and how far it has come. One person asks for \
      it, another agrees to what the code stands for, the purge date passes, and then either runs it; broken off, it is run \
      again. Name, e-mail, URL, origins and secret are cleared; a tombstone stays, so that its ids are never given again, and \
      the audit keeps what it says.
      """)
  @OptionGroup var named: TenantArgument
  @Flag(help: "Ask for it, on what it would take now.")
  var request = false
  @Option(help: ArgumentHelp("Agree to it, as another person: the code of the preview.", valueName: "code"))
  var approve: String?
  @Flag(name: .customLong("run"), help: "Carry it out.")
  var isRun = false
  @Option(help: "Why, for the audit.")
  var reason: String?
  @Option(help: ArgumentHelp("The tenant's site id, again: that this one is meant.", valueName: "site-id"))
  var yes: String?
  @Option(help: ArgumentHelp("How many rows go at once.", valueName: "n"))
  var batch = 5_000
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  private var isStep: Bool { request || isRun || approve != nil }

  func validate() throws {
    if [request, isRun, approve != nil].filter({ $0 }).count > 1 {
      throw ValidationError("--request, --approve and --run exclude each other")
    }
    if isStep && (reason == nil || yes == nil) {
      throw ValidationError("--request, --approve and --run want --reason and --yes")
    }
    guard (1...1_000_000).contains(batch) else { throw ValidationError("--batch is 1 to 1000000") }
  }

  func run() throws {
    let errand = try shared.open()
    let tenant = try errand.tenant(named.tenant)
    if isStep { try tenant.demand(yes ?? "") }
    let terms = try errand.terms(of: tenant)
    let desk = PurgeDesk(errand, tenant, reason ?? "", json: format.json)
    if request {
      try desk.request()
    } else if let approve {
      try desk.approve(terms.purge, code: approve)
    } else if isRun {
      try desk.carryOut(terms.purge, batch: batch)
    } else {
      try desk.show(terms)
    }
    try errand.output.finish()
  }
}
