import ArgumentParser
import Postgres
import TenantStore

struct ProvisionCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "provision", abstract: "Bring what tenants have elsewhere to what their states want.",
    discussion: """
      What a tenant needs besides its row is listed by landlord resource. A change of state that wants something else of it \
      makes a run: steps that are written down, so that anyone can go on with them. Let a timer call landlord provision resume.
      """,
    subcommands: [ProvisionStatus.self, ResumeProvision.self, PlanProvision.self, ApplyProvision.self])
}

/// Which tenants a command is about: one, or all.
struct TenantChoice: ParsableArguments {
  @Option(help: ArgumentHelp("This tenant: its id or site id.", valueName: "id"))
  var tenant: String?
  @Flag(help: "All tenants.")
  var all = false

  func validate() throws {
    if (tenant != nil) == all { throw ValidationError("name one with --tenant, or say --all") }
  }
}

struct ProvisionStatus: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show the runs that are not over, or a tenant's newest, step by step.")
  @Option(help: ArgumentHelp("Of this tenant: its id or site id.", valueName: "id"))
  var tenant: String?
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let errand = try shared.open()
    let runs: [Run]
    if let tenant {
      let tenant = try errand.tenant(tenant)
      guard let run = try errand.run(of: tenant) else {
        throw Failure(.notFound, "\(tenant.siteID) never had a run")
      }
      runs = [run]
    } else {
      runs = try errand.openRuns()
    }
    try errand.print(runs, json: format.json)
    try errand.output.finish()
  }
}

struct ResumeProvision: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with the runs that are not over and that nobody is at.",
    discussion:
      "Safe at any time, from anywhere, and from several places at once. Exit code 8: one of them failed.")
  @Option(
    help: ArgumentHelp("Only this tenant's, also where it is stuck: its id or site id.", valueName: "id"))
  var tenant: String?
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let errand = try shared.open()
    let provisioner = try errand.provisioner(for: "provision resume")
    var left: [Run] = []
    if let tenant {
      let tenant = try errand.tenant(tenant)
      guard let run = try errand.run(of: tenant), !run.isOver else {
        throw Failure(.notFound, "\(tenant.siteID) has no run to go on with")
      }
      left = [try errand.carryOut(run, with: provisioner)]
    } else {
      left = try errand.provisioning { () throws(PostgresError) in try provisioner.carryOutAll() }
    }
    try errand.print(left, json: format.json)
    try errand.output.finish()
    try left.mustBeWell()
  }
}

struct PlanProvision: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Compare what tenants are to have with what they have; change nothing.",
    discussion: "Exit code 8: something has drifted, or could not be looked at.")
  @OptionGroup var choice: TenantChoice
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let errand = try shared.open()
    let provisioner = try errand.provisioner(for: nil)
    var (drifted, unknown) = (0, 0)
    try errand.each(choice, with: provisioner) { tenant throws(Failure) in
      let survey = try errand.provisioning { () throws(PostgresError) in try provisioner.survey(tenant) }
      drifted += survey.drifted.count
      unknown += survey.unknown.count
      try errand.print(survey, all: !choice.all, json: format.json)
    }
    try errand.output.finish()
    if drifted + unknown > 0 {
      throw Failure(.checkFailed, "\(drifted) drifted and \(unknown) could not be looked at")
    }
  }
}

struct ApplyProvision: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Bring what has drifted to what it should be, and try once more what failed.",
    discussion: "Exit code 8: one of the runs failed.")
  @OptionGroup var choice: TenantChoice
  @Option(help: "Why, for the audit.")
  var reason: String?
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let errand = try shared.open()
    let provisioner = try errand.provisioner(for: "provision apply")
    var left: [Run] = []
    try errand.each(choice, with: provisioner) { tenant throws(Failure) in
      let run = try errand.provisioning { () throws(PostgresError) in
        try provisioner.apply(tenant, reason: reason)
      }
      if let run { left.append(run) }
    }
    try errand.print(left, json: format.json)
    try errand.output.finish()
    try left.mustBeWell()
  }
}
