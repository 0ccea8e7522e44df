/// Why a tenant is not live, in a line.
extension Run {
  /// What keeps this run from its end, or kept it; nil: it is done. Holds others' words: clean it before it is shown.
  public var obstacle: String? {
    switch state {
    case .done: nil
    case .running: progress
    case .compensating: "\(problem ?? "a step failed"); what was made is being taken back"
    case .failed:
      "\(problem ?? "a step failed")"
        + (steps.contains { $0.state == .compensated } ? "; what was made was taken back" : "")
        + "; landlord provision apply tries again"
    case .stuck:
      "\(problem ?? "a step failed"); and \(stuckStep?.name ?? "a step") could not be taken back: "
        + "\(stuckStep?.note ?? "nobody said why"); landlord provision resume --tenant tries again"
    }
  }

  private var stuckStep: RunStep? { steps.first { $0.state == .compensating } }

  private var progress: String {
    guard let step = steps.first(where: { $0.state == .running || $0.state == .pending }) else {
      return "its last step is just over"
    }
    let place = "step \(step.place) of \(steps.count), \(step.name)"
    if isHeld { return "\(place): \(step.state == .running ? "running" : "about to run")" }
    let why = step.note ?? (step.state == .running ? "broken off" : "not begun")
    return "\(place): \(why); landlord provision resume goes on"
  }
}

extension Tenant {
  /// Why it is not live; nil: it is, with all it needs. `run` is its newest, nil where it never had one.
  public func obstacle(_ run: Run?) -> String? {
    switch state {
    case .provisioning:
      run?.obstacle
        ?? "it is not provisioned yet, and no run is under way; landlord provision apply starts one"
    case .active:
      // What is being mended may be in use all the while; only what it was refused is worth a line.
      run.flatMap { $0.wanted == .ready ? $0.obstacle : nil }
    case .suspended, .deactivated, .purged: run.flatMap { $0.isOver && $0.problem == nil ? nil : $0.obstacle }
    }
  }
}
