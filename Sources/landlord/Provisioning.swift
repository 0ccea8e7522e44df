import Console
import Glibc
import Postgres
import Synchronization
import TenantStore

/// A command's dealings with runs.
extension Errand {
  /// Ready to carry out runs; `command`: what changes something, to be refused on a connection that may not. `progress` is told
  /// the run after every step; without it a bar shows that.
  func provisioner(
    for command: String?, telling progress: ((Run) -> Void)? = nil
  ) throws(Failure) -> Provisioner {
    if let command { try resolved.demandChanges(for: command) }
    let setup = try Configuration.resources()
    let connection = try provisioning { () throws(PostgresError) in
      try Connection.open(resolved.conninfo, deadline: 15_000)
    }
    let bar = ProgressBar()
    return Provisioner(
      connection, setup: setup,
      progress: progress ?? { run in
        guard let step = run.steps.first(where: { $0.state == .running || $0.state == .compensating }) else {
          return bar.clear()
        }
        bar.show("\(run.siteID): \(step.name)", Int64(step.place), of: Int64(run.steps.count))
      })
  }

  /// Turns what went wrong with the line into words.
  func provisioning<T>(_ body: () throws(PostgresError) -> T) throws(Failure) -> T {
    do { return try body() } catch {
      switch error {
      case .server(let server): throw failure(StoreError(server))
      case .deadline: throw failure(StoreError.timedOut)
      case .cannotConnect, .lost, .unsendable: throw Failure(resolved.explained(error.words))
      }
    }
  }

  func run(of tenant: Tenant) throws(Failure) -> Run? {
    guard case .run(.newest(let run)) = try ask(.run(.newest(tenant.id))) else {
      preconditionFailure("a question for a run is answered by .newest")
    }
    return run
  }

  func openRuns() throws(Failure) -> [Run] {
    var runs: [Run] = []
    while true {
      guard case .run(.open(let some)) = try ask(.run(.open(after: runs.last?.id ?? 0, limit: 500))) else {
        preconditionFailure("a question for the open runs is answered by .open")
      }
      runs += some
      if some.isEmpty { return runs }
    }
  }

  /// The run as it was left. Where somebody else is at it, waits until they are done with it, or their lease is over.
  func carryOut(
    _ run: Run, with provisioner: Provisioner, saying: (String) -> Void = StandardError.say
  ) throws(Failure) -> Run {
    var hasSaid = false
    while true {
      if let left = try provisioning({ () throws(PostgresError) in try provisioner.carryOut(run.id) }) {
        return left
      }
      guard let now = try newest(of: run), now.id == run.id, !now.isOver else {
        return try newest(of: run) ?? run
      }
      if !hasSaid { saying("somebody else is at the run of \(run.siteID); waiting") }
      hasSaid = true
      usleep(500_000)
    }
  }

  /// Carries the run of a new tenant to its end; fails where that leaves it out of service.
  func bringIntoService(_ tenant: Tenant) throws(Failure) {
    guard let run = try run(of: tenant), !run.isOver else { return }
    let left = try carryOut(run, with: try provisioner(for: "tenant create"))
    guard left.state != .done else { return StandardError.say("\(tenant.siteID) is in service") }
    throw Failure(
      .checkFailed, "\(tenant.siteID) is made and not in service: \(left.obstacle ?? left.state.rawValue)")
  }

  /// What a tenant has besides PostgreSQL, as far as that is known within two seconds: no resource that hangs keeps a state from
  /// being changed. Nil: it is not known, or nothing else is listed.
  func elsewhere(_ tenant: Tenant) -> Survey? {
    guard (try? listed().contains(where: \.isElsewhere)) == true else { return nil }
    let found = Handed<ResourceReport>()
    let started = DetachedThread.start { [resolved] in resolved.carryOut(.survey(tenant)) { found.put($0) } }
    let end = Monotonic.milliseconds + 2_000
    while started, Monotonic.milliseconds < end {
      if let report = found.value {
        if case .surveyed(let survey) = report { return survey } else { return nil }
      }
      usleep(5_000)
    }
    return nil
  }

  /// Carries a change of state to what the tenant has elsewhere, and tries the doors there; nil: no resource is listed. The change
  /// is made already: what cannot be done here and now is said, and left to landlord provision resume.
  func enforce(_ tenant: Tenant) -> Enforcement? {
    do throws(Failure) {
      guard try !listed().isEmpty else { return nil }
      let provisioner = try provisioner(for: "changing a state")
      return try provisioning { () throws(PostgresError) in try provisioner.enforce(tenant) }
    } catch {
      var enforcement = Enforcement()
      enforcement.untried = ["\(error.message); landlord provision resume does it"]
      return enforcement
    }
  }

  private func listed() throws(Failure) -> [ListedResource] {
    guard case .run(.resources(let listed)) = try ask(.run(.resources)) else {
      preconditionFailure("a question for the resources is answered by .resources")
    }
    return listed
  }

  private func newest(of run: Run) throws(Failure) -> Run? {
    guard case .run(.newest(let newest)) = try ask(.run(.newest(run.tenantID))) else {
      preconditionFailure("a question for a run is answered by .run")
    }
    return newest
  }

  /// The tenants that were chosen, one after the other.
  func each(
    _ choice: TenantChoice, with provisioner: Provisioner, _ body: (Tenant) throws(Failure) -> Void
  ) throws(Failure) {
    if let name = choice.tenant { return try body(try tenant(name)) }
    var last: TenantID?
    while true {
      let some = try provisioning { () throws(PostgresError) in try provisioner.tenants(after: last) }
      for tenant in some { try body(tenant) }
      guard let end = some.last else { return }
      last = end.id
    }
  }
}

extension [Run] {
  /// Fails with the exit code of a check that failed where one of them did, in the words of the first.
  func mustBeWell() throws(Failure) {
    let bad = filter { $0.state == .failed || $0.state == .stuck }
    guard let first = bad.first else { return }
    let more = bad.count > 1 ? " (and \(bad.count - 1) more)" : ""
    throw Failure(.checkFailed, "\(first.siteID): \(first.obstacle ?? first.state.rawValue)\(more)")
  }
}

/// What a thread hands over.
private final class Handed<Value: Sendable>: Sendable {
  private let kept = Mutex<Value?>(nil)
  var value: Value? { kept.withLock { $0 } }
  func put(_ value: Value) { kept.withLock { $0 = value } }
}
