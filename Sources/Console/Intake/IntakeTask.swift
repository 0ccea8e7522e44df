import TenantStore

/// What is to be done with a file of tenants, on a thread of its own because it takes its time.
public enum IntakeTask: Equatable, Sendable {
  /// Look a file over: one of tenants, or one of results.
  case look(String)
  /// Make what is right in what was seen.
  case onboard(IntakeLook, reason: String?)
  /// Deactivate all that were made of it, as many as was seen.
  case undo(IntakeLook, reason: String)
}

/// What was found in a file of tenants, and in that of its results. Holds no secret.
public struct IntakeLook: Equatable, Sendable {
  public var path: String
  /// Where the results are, or will be, with the secrets.
  public var results: String
  /// Nil: the file is one of results itself, and nothing is to be made of it.
  public var intake: Intake?
  /// How many lines are right and not made yet.
  public var toMake = 0
  /// What became of each line so far; empty where nothing was made yet.
  public var outcomes: [IntakeOutcome] = []

  public init(path: String, results: String, intake: Intake?) {
    self.path = path
    self.results = results
    self.intake = intake
  }

  /// How many tenants were made and not undone.
  public var made: Int { outcomes.count { $0.outcome == .saved } }
  /// How many of these are not in service; how many of those that were undone can still get at something.
  var notInService: Int { outcomes.count { $0.outcome == .saved && $0.obstacle != nil } }
  var notShut: Int { outcomes.count { $0.outcome == .undone && $0.obstacle != nil } }
}

/// What became of one line, for people: all that the results have but the secret.
public struct IntakeOutcome: Equatable, Sendable {
  public var line: Int
  public var siteID: String
  public var outcome: IntakePlan.Outcome
  public var entryID: Int64?
  /// Why it was refused, or not undone; empty where it was neither.
  public var why: String
  /// What keeps it from having all that its state wants: out of service, or from being shut everywhere. Others' words.
  public var obstacle: String?
}

extension IntakeOutcome {
  public init(_ entry: IntakePlan.Entry, obstacle: String? = nil) {
    self.init(
      line: entry.line, siteID: entry.siteID, outcome: entry.outcome, entryID: entry.entryID, why: entry.why,
      obstacle: obstacle)
  }
}

/// How far a task is.
public struct IntakeProgress: Equatable, Sendable {
  public enum Stage: String, Sendable { case onboarding, provisioning, undoing }
  public var stage: Stage
  public var done: Int
  public var total: Int

  public init(_ stage: Stage, _ done: Int, of total: Int) {
    self.stage = stage
    self.done = done
    self.total = total
  }
}

/// What came of it.
public enum IntakeReport: Equatable, Sendable {
  case looked(IntakeLook)
  /// It was carried out, or stopped before its end: the outcomes tell.
  case done(IntakeLook)
  /// It could not be done, or not to its end, and why.
  case failed(String)
}

/// Carries a task out. Called on a thread of its own; what it tells its progress answers false when it is to leave off.
public typealias CarryOutIntake =
  @Sendable (IntakeTask, @escaping (IntakeProgress) -> Bool) -> IntakeReport
