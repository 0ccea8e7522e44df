import Console
import Glibc
import TenantStore

/// What the console has done with files of tenants, on a thread of its own.
extension IntakeDesk {
  /// Blocks.
  func carryOut(_ task: IntakeTask) -> IntakeReport {
    do throws(Failure) {
      switch task {
      case .look(let path): return .looked(try look(at: Self.expanded(path)))
      case .onboard(var look, let reason):
        guard let intake = look.intake else { return .failed("there are no tenants in \(look.path)") }
        let file = ResultsFile(look.results)
        let lock = try IntakeLock(file)
        defer { withExtendedLifetime(lock) {} }
        var plan = try plan(file)
        let obstacles = try onboard(intake, &plan, file, reason: reason, waits: true)
        look.take(plan, obstacles)
        return .done(look)
      case .undo(var look, let reason):
        let file = ResultsFile(look.results)
        let lock = try IntakeLock(file)
        defer { withExtendedLifetime(lock) {} }
        let (plan, obstacles) = try undo(file, reason: reason, count: look.made)
        look.take(plan, obstacles)
        return .done(look)
      }
    } catch { return .failed(error.message) }
  }

  /// A file of tenants with what its results say, or a file of results alone.
  private func look(at path: String) throws(Failure) -> IntakeLook {
    let isResults = try bytes(path, most: 4 * Intake.most).map { IntakeResults.isResults($0) } ?? false
    let file = ResultsFile(isResults ? path : ResultsFile.path(beside: path))
    let plan = try plan(file)
    var look = IntakeLook(
      path: path, results: Self.whole(file.path), intake: isResults ? nil : try intake(path, plan))
    look.take(plan, try notInService(plan, waits: false))
    return look
  }

  /// From the root, so that it is found from elsewhere too.
  private static func whole(_ path: String) -> String {
    guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return String(cString: folder) + "/" + path
  }

  /// As a shell reads it: "~/" is the person's own folder.
  private static func expanded(_ path: String) -> String {
    path.hasPrefix("~/") ? Account.current.home + path.dropFirst() : path
  }
}

extension IntakeLook {
  fileprivate mutating func take(_ plan: IntakePlan, _ obstacles: [TenantID: String]) {
    outcomes = plan.entries.map { IntakeOutcome($0, obstacle: obstacles[$0.tenantID]) }
    toMake = intake.map(plan.toMake) ?? 0
  }
}
