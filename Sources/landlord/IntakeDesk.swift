import Console
import TenantStore

/// Onboarding from a file, for the command and for the console alike: looks the file over, makes its tenants, brings them into
/// service, and takes the whole back. Blocks, and prints nothing.
struct IntakeDesk {
  private let errand: Errand
  /// Is told how far it is; answers whether to go on. Where not, it leaves off as soon as what is under way is answered.
  private let tell: (IntakeProgress) -> Bool

  init(_ errand: Errand, _ tell: @escaping (IntakeProgress) -> Bool) {
    self.errand = errand
    self.tell = tell
  }

  /// What the file of results says so far, or a new plan.
  func plan(_ file: ResultsFile) throws(Failure) -> IntakePlan {
    let installation = try installation()
    guard let plan = try file.plan() else { return IntakePlan(id: .random(), installation: installation) }
    try file.check(plan, installation: installation)
    return plan
  }

  /// The file with all that is known to be wrong with its lines.
  func intake(_ path: String, _ plan: IntakePlan) throws(Failure) -> Intake {
    guard let bytes = try bytes(path, most: Intake.most) else {
      throw Failure(.notFound, "there is no \(path)")
    }
    var intake: Intake
    do throws(Intake.Problem) { intake = try Intake(bytes) } catch {
      throw Failure("\(path): \(error.words)")
    }
    guard case .catalogues(let catalogues) = try errand.ask(.catalogues) else {
      preconditionFailure("the catalogues are answered by .catalogues")
    }
    let siteIDs = intake.right.map(\.siteID)
    guard case .unavailable(let unavailable) = try errand.ask(.unavailable(siteIDs: siteIDs)) else {
      preconditionFailure("a question for site ids is answered by .unavailable")
    }
    intake.judge(catalogues, unavailable: unavailable, unless: plan.isKnown)
    return intake
  }

  /// Nil: there is none.
  func bytes(_ path: String, most: Int) throws(Failure) -> [UInt8]? {
    do throws(OrdinaryFile.Problem) { return try OrdinaryFile.read(path, most: most) } catch {
      throw Failure(error.words)
    }
  }

  /// Makes what is right in it and was not made before, and brings it into service where it `waits` for that. Answers why those
  /// tenants are not in service that are not. A batch whose line was lost is sent again: nothing is made twice.
  func onboard(
    _ intake: Intake, _ plan: inout IntakePlan, _ file: ResultsFile, reason: String?, waits: Bool
  ) throws(Failure) -> [TenantID: String] {
    plan.plan(intake, tenantID: { .random() }, secret: { .random() })
    // Before anything is sent: what is made must have its secret somewhere, whatever happens next.
    try file.keep(plan)
    let batches = plan.batches(reason: reason)
    var progress = IntakeProgress(
      .onboarding, 0, of: batches.reduce(0) { $0 + $1.onboardings.count })
    for batch in batches where tell(progress) {
      do throws(Failure) { plan.take(try insist(.onboardBatch(batch), progress)) } catch {
        try file.keep(plan)
        throw error.goingOn(with: file)
      }
      progress.done += batch.onboardings.count
    }
    _ = tell(progress)
    try file.keep(plan)
    do throws(Failure) { return try notInService(plan, waits: waits) } catch {
      throw error.goingOn(with: file)
    }
  }

  /// Deactivates all that the file says was made, which must be `count` tenants. Answers what became of it, and why those are not shut
  /// everywhere that are not.
  func undo(
    _ file: ResultsFile, reason: String, count: Int?
  ) throws(Failure) -> (plan: IntakePlan, obstacles: [TenantID: String]) {
    guard var plan = try file.plan() else { throw Failure(.notFound, "there is no \(file.path)") }
    try file.check(plan, installation: try installation())
    let made = plan.made
    guard count == made.count else {
      throw Failure(
        .usage,
        "undoing it deactivates \(made.count) tenants, which must be said again\(count.map { " and was \($0)" } ?? ""); nothing was changed"
      )
    }
    let bulk = Bulk(change: .deactivate, tenants: made, reason: reason)
    var progress = IntakeProgress(.undoing, 0, of: made.count)
    for part in made.isEmpty ? [] : bulk.parts(of: Bulk.most) where tell(progress) {
      do throws(Failure) { plan.undid(try insist(.bulk(part), progress)) } catch {
        try file.keep(plan)
        throw error
      }
      progress.done = made.count - plan.made.count
    }
    try file.keep(plan)
    return (plan, try carryToResources(made, waits: true))
  }

  /// Which installation the database is, so that a file of results is not used on another.
  private func installation() throws(Failure) -> String {
    guard case .session(let session) = try errand.ask(.session) else {
      preconditionFailure("a session is answered by .session")
    }
    guard session.schema == .current, let installation = session.installation else {
      throw Failure("this database has no landlord schema, or another one; run: landlord migrate")
    }
    return installation
  }

  /// The rows of a bulk, or of a batch. No answer in time is no answer: it is asked again, for a minute.
  private func insist(_ request: Request, _ progress: IntakeProgress) throws(Failure) -> [BulkRow] {
    let end = Instant.now().microseconds + 60_000_000
    while true {
      do throws(StoreError) {
        guard case .bulk(let rows) = try errand.store.answer(to: request, deadline: 90_000) else {
          preconditionFailure("many changes are answered by .bulk")
        }
        errand.log.info("answered", ["request": request.name])
        return rows
      } catch {
        errand.log.warning("failed", ["request": request.name, "error": error.kind])
        guard error.isNoAnswer, Instant.now().microseconds < end, tell(progress) else {
          if case .notPermitted(let what) = error {
            _ = try? errand.store.answer(to: .noteRefusal(action: request.name, tenant: nil, what: what))
          }
          throw errand.failure(error)
        }
        errand.wait()
      }
    }
  }
}

/// What tenants of a file have besides their rows.
extension IntakeDesk {
  /// Carries out the runs of these tenants that are not over, one after the other, where it `waits` for that. Answers what keeps
  /// those from their end that have not come to it.
  private func carryToResources(_ tenants: [TenantID], waits: Bool) throws(Failure) -> [TenantID: String] {
    let ours = Set(tenants)
    let runs = try errand.openRuns().filter { ours.contains($0.tenantID) }
    if runs.isEmpty { return [:] }
    let provisioner = waits ? try errand.provisioner(for: "onboarding", telling: { _ in }) : nil
    var obstacles: [TenantID: String] = [:]
    for (place, run) in runs.enumerated() {
      var run = run
      if tell(IntakeProgress(.provisioning, place, of: runs.count)), let provisioner {
        run = try errand.carryOut(run, with: provisioner) { _ in }
      }
      obstacles[run.tenantID] = run.obstacle
    }
    _ = tell(IntakeProgress(.provisioning, runs.count, of: runs.count))
    return obstacles
  }

  /// Why those that were made are not in service that are not, after their runs were carried out where it `waits` for that.
  func notInService(_ plan: IntakePlan, waits: Bool) throws(Failure) -> [TenantID: String] {
    let tenants = plan.made
    var obstacles = try carryToResources(tenants, waits: waits)
    // With those whose run was over before, and had failed.
    for start in stride(from: 0, to: tenants.count, by: Bulk.most) {
      let part = Array(tenants[start..<min(start + Bulk.most, tenants.count)])
      guard case .tenants(let found) = try errand.ask(.tenants(part)) else {
        preconditionFailure("many tenants are answered by .tenants")
      }
      for tenant in found where tenant.state == .provisioning && obstacles[tenant.id] == nil {
        obstacles[tenant.id] = tenant.obstacle(try errand.run(of: tenant))
      }
    }
    return obstacles
  }
}

extension Failure {
  fileprivate func goingOn(with file: ResultsFile) -> Failure {
    Failure(status, "\(message)\n\(file.path) has what was made so far; the same file, once more, goes on")
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
