import TenantStore
import Terminal

/// A run of the doctor on its way: a group of checks after the other, so that one sees which it is at and can stop it.
struct DoctorRun: Sendable {
  private(set) var examination = Examination()
  /// The group that is on its way.
  private(set) var ticket: Ticket?
  private var done = 0
  /// Why it stopped before its end.
  private(set) var problem: SafeText?
  private var progress: Progress

  private static let groups = CheckGroup.allCases

  init(_ turn: inout Turn) {
    progress = Progress(started: turn.now, total: Self.groups.count)
    ask(&turn)
  }

  var isFinished: Bool { done == Self.groups.count }

  private mutating func ask(_ turn: inout Turn) {
    ticket = turn.send(.examine(Self.groups[done], table: nil))
  }

  /// True when the answer was this run's.
  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    guard ticket == self.ticket else { return false }
    self.ticket = nil
    switch result {
    case .success(.examined(let examined)):
      examination.add(examined)
      done += 1
      progress.done = done
      if !isFinished { ask(&turn) }
    case .success: preconditionFailure("a group of checks is answered by .examined")
    case .failure(.cancelled): problem = "stopped"
    case .failure(let error): problem = Words.of(error, while: "looking at " + Self.groups[done].words)
    }
    return true
  }

  /// How far it is; nil once it has ended.
  func words(at now: Instant) -> Status? {
    if let problem {
      return Status(
        text: problem + SafeText(" after \(done) of \(Self.groups.count) groups of checks: r looks again"),
        role: .warning)
    }
    if isFinished { return nil }
    return Status(
      text: progress.words(at: now) + SafeText("  \(Self.groups[done].words)... Ctrl-c stops"), role: .text)
  }
}
