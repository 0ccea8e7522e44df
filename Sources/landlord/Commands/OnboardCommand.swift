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
      repeated after any interruption: it goes on, and makes nothing twice.
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
  @Option(help: ArgumentHelp("With --undo: how many tenants that is, again.", valueName: "number"))
  var yes: Int?
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    guard (csv == nil) != (undo == nil) else { throw ValidationError("give either --csv or --undo") }
    if undo != nil, dryRun || skipBad || results != nil {
      throw ValidationError("--undo goes with --reason and --yes only")
    }
    if undo != nil, reason == nil { throw ValidationError("--undo needs a --reason") }
    if csv != nil, yes != nil { throw ValidationError("--yes goes with --undo only") }
  }

  func run() throws {
    let errand = try shared.open()
    defer { errand.progress.clear() }
    if let undo {
      return try errand.undo(ResultsFile(undo), reason: reason ?? "", count: yes, json: format.json)
    }
    guard let csv else { return }
    let file = ResultsFile(results ?? ResultsFile.path(beside: csv))
    var plan = try file.plan(installation: errand.installation())
    let intake = try errand.intake(csv, plan)
    try errand.report(intake, json: format.json)
    let isWrong = !intake.wrong.isEmpty
    if dryRun || isWrong && !skipBad {
      guard isWrong else { return }
      throw Failure(
        dryRun
          ? "\(csv) has lines that are wrong"
          : "nothing was written; mend the lines, or leave them out with --skip-bad")
    }
    plan.plan(intake, tenantID: { .random() }, secret: { .random() })
    // Before anything is sent: what is made must have its secret somewhere, whatever happens next.
    try file.keep(plan)
    try errand.onboard(&plan, file, reason: reason)
    try errand.report(plan, file, json: format.json)
  }
}

extension Errand {
  /// Which installation the database is, so that a file of results is not used on another.
  fileprivate func installation() throws(Failure) -> String {
    guard case .session(let session) = try ask(.session) else {
      preconditionFailure("a session is answered by .session")
    }
    guard session.schema == .current, let installation = session.installation else {
      throw Failure("this database has no landlord schema, or another one; run: landlord migrate")
    }
    return installation
  }

  /// The file with all that is known to be wrong with its lines.
  fileprivate func intake(_ path: String, _ plan: IntakePlan) throws(Failure) -> Intake {
    var intake: Intake
    do {
      guard let bytes = try OrdinaryFile.read(path, most: Intake.most) else {
        throw Failure(.notFound, "there is no \(path)")
      }
      intake = try Intake(bytes)
    } catch let problem as OrdinaryFile.Problem {
      throw Failure(problem.words)
    } catch let problem as Intake.Problem {
      throw Failure("\(path): \(problem.words)")
    } catch {
      throw error as! Failure
    }
    guard case .catalogues(let catalogues) = try ask(.catalogues) else {
      preconditionFailure("the catalogues are answered by .catalogues")
    }
    let siteIDs = intake.right.map(\.siteID)
    guard case .unavailable(let unavailable) = try ask(.unavailable(siteIDs: siteIDs)) else {
      preconditionFailure("a question for site ids is answered by .unavailable")
    }
    intake.judge(catalogues, unavailable: unavailable, unless: plan.isKnown)
    return intake
  }

  /// Sends what is still to be sent. A batch whose line was lost is sent again: nothing is made twice.
  fileprivate func onboard(_ plan: inout IntakePlan, _ file: ResultsFile, reason: String?) throws(Failure) {
    let batches = plan.batches(reason: reason)
    let total = batches.reduce(0) { $0 + $1.onboardings.count }
    var done = 0
    progress.show("onboarding", 0, of: Int64(total))
    for batch in batches {
      do throws(Failure) { plan.take(try insist(.onboardBatch(batch))) } catch {
        try file.keep(plan)
        throw Failure(
          error.status, "\(error.message)\n\(file.path) has what was made so far; the same command goes on")
      }
      done += batch.onboardings.count
      progress.show("onboarding", Int64(done), of: Int64(total))
    }
    progress.clear()
    try file.keep(plan)
  }

  fileprivate func undo(_ file: ResultsFile, reason: String, count: Int?, json: Bool) throws(Failure) {
    guard var plan = try file.plan() else { throw Failure(.notFound, "there is no \(file.path)") }
    try file.check(plan, installation: try installation())
    let made = plan.made
    guard count == made.count else {
      throw Failure(
        .usage,
        "--yes must repeat how many tenants that deactivates, which is \(made.count); nothing was changed")
    }
    let bulk = Bulk(change: .deactivate, tenants: made, reason: reason)
    for part in made.isEmpty ? [] : bulk.parts(of: Bulk.most) {
      do throws(Failure) { plan.undid(try insist(.bulk(part))) } catch {
        try file.keep(plan)
        throw error
      }
      progress.show("undoing", Int64(made.count - plan.made.count), of: Int64(made.count))
    }
    progress.clear()
    try file.keep(plan)
    try report(plan, file, json: json)
  }

  /// The rows of a bulk, or of a batch. No answer in time is no answer: it is asked again, for a minute.
  private func insist(_ request: Request) throws(Failure) -> [BulkRow] {
    let end = Instant.now().microseconds + 60_000_000
    while true {
      do throws(StoreError) {
        guard case .bulk(let rows) = try store.answer(to: request, deadline: 90_000) else {
          preconditionFailure("many changes are answered by .bulk")
        }
        log.info("answered", ["request": request.name])
        return rows
      } catch {
        log.warning("failed", ["request": request.name, "error": error.kind])
        guard error.isNoAnswer, Instant.now().microseconds < end else {
          if case .notPermitted(let what) = error {
            _ = try? store.answer(to: .noteRefusal(action: request.name, tenant: nil, what: what))
          }
          throw failure(error)
        }
        wait()
      }
    }
  }
}

extension StoreError {
  /// Nobody knows what became of what was asked, or it could not be asked at all.
  fileprivate var isNoAnswer: Bool {
    switch self {
    case .unknown, .timedOut, .unavailable, .lockHeld, .brokenOff: true
    case .field, .notPermitted, .requestReused, .cancelled, .readOnly, .server: false
    }
  }
}
