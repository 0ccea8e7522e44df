import ArgumentParser
import Console
import TenantStore

struct OnboardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "onboard", abstract: "Onboard many tenants from a CSV file, or undo that.",
    discussion: """
      The first line names the columns: \(TenantField.allCases.map(\.rawValue).joined(separator: ", ")); the elements of a list \
      stand with commas between them. All lines are looked over first, and nothing is written where one is wrong.

      The results, with each tenant's secret, go to a file that only you can read. As long as it is there the command may be \
      repeated after any interruption: it goes on, and makes nothing twice. Where resources are listed each tenant is then \
      brought into service: with exit code 8 some are not, and the report says why.
      """)

  @Option(help: ArgumentHelp("The tenants.", valueName: "file"), completion: .file(extensions: ["csv"]))
  var csv: String?
  @Flag(help: "Look all lines over and write nothing.")
  var dryRun = false
  @Flag(help: "Leave out the lines that are wrong, instead of writing nothing.")
  var skipBad = false
  @Option(
    help: ArgumentHelp("Where the results go; without it beside the CSV file.", valueName: "file"),
    completion: .file())
  var results: String?
  @Option(
    help: ArgumentHelp("Deactivate all that this file of results says was made.", valueName: "results"),
    completion: .file())
  var undo: String?
  @Option(help: "Why, for the audit; --undo needs it.")
  var reason: String?
  @Flag(help: "Leave provisioning them to whoever runs landlord provision resume.")
  var noWait = false
  @Option(help: ArgumentHelp("With --undo: how many tenants that is, again.", valueName: "number"))
  var yes: Int?
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard (csv == nil) != (undo == nil) else { throw ValidationError("give either --csv or --undo") }
    if undo != nil, dryRun || skipBad || noWait || results != nil {
      throw ValidationError("--undo goes with --reason and --yes only")
    }
    if undo != nil, reason == nil { throw ValidationError("--undo needs a --reason") }
    if csv != nil, yes != nil { throw ValidationError("--yes goes with --undo only") }
  }

  func run() throws {
    let errand = try shared.open()
    defer { errand.progress.clear() }
    let desk = IntakeDesk(errand) { progress in
      errand.progress.show(progress.stage.rawValue, Int64(progress.done), of: Int64(progress.total))
      return true
    }
    if let undo {
      let file = ResultsFile(undo)
      let lock = try IntakeLock(file)
      defer { withExtendedLifetime(lock) {} }
      let (plan, obstacles) = try desk.undo(file, reason: reason ?? "", count: yes)
      errand.progress.clear()
      return try errand.report(plan, file, obstacles: obstacles, json: format.json)
    }
    guard let csv else { return }
    let file = ResultsFile(results ?? ResultsFile.path(beside: csv))
    let lock = dryRun ? nil : try IntakeLock(file)
    defer { withExtendedLifetime(lock) {} }
    var plan = try desk.plan(file)
    if !plan.entries.isEmpty { StandardError.say("going on with \(file.path)") }
    let intake = try desk.intake(csv, plan)
    try errand.report(intake, json: format.json)
    let isWrong = !intake.wrong.isEmpty
    if dryRun || isWrong && !skipBad {
      guard isWrong else { return }
      throw Failure(
        dryRun
          ? "\(csv) has lines that are wrong"
          : "nothing was written; mend the lines, or leave them out with --skip-bad")
    }
    let obstacles = try desk.onboard(intake, &plan, file, reason: reason, waits: !noWait)
    errand.progress.clear()
    if noWait, !obstacles.isEmpty {
      StandardError.say(
        "\(obstacles.count) in provisioning; landlord provision resume brings them into service")
    }
    try errand.report(plan, file, obstacles: noWait ? [:] : obstacles, json: format.json)
  }
}
