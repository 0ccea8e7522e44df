import Glibc
import Postgres

/// What became of a change of a tenant's state where the tenant has something besides PostgreSQL.
public struct Enforcement: Equatable, Sendable {
  /// What carries the change there, or is where the change wanted nothing new the last that did and did not succeed; nil: all of
  /// it is carried.
  public var run: Run?
  /// The doors of every resource but PostgreSQL's own, which are tried apart: "redis keys".
  public var trial: DoorTrial
  /// Which resources' doors could not be tried, and why. Others' words.
  public var untried: [String] = []
  /// How the resources are; nil until nothing more comes.
  public var survey: Survey?

  /// `start`: as in `DoorTrial`.
  public init(run: Run? = nil, start: Int = 0) {
    self.run = run
    trial = DoorTrial(start: start)
  }

  /// Nothing more comes.
  public var isOver: Bool { survey != nil }

  /// What a person has to do something about; nil: all is as it should be. Others' words.
  public var obstacle: String? {
    let problems = [run?.obstacle].compactMap(\.self) + untried
    return problems.isEmpty ? nil : problems.joined(separator: "; ")
  }

  /// "redis done 12 ms, files running"; nothing without a run.
  public var steps: String {
    let steps = run?.steps ?? []
    return steps.map { step in
      "\(step.name) \(step.state.rawValue)" + (step.milliseconds.map { " \($0) ms" } ?? "")
    }.joined(separator: ", ")
  }

  /// "redis 14 keys -> 14 keys": what each resource but PostgreSQL held before, where that is known, and holds now. Nothing until it
  /// is over. Others' words.
  public func held(before: Survey?) -> String {
    (survey?.elsewhere ?? []).map { now in
      let then = before?.elsewhere.first { $0.resource.utf8.elementsEqual(now.resource.utf8) }
      return "\(now.resource) " + (then.map { "\($0.held) -> " } ?? "") + now.held
    }.joined(separator: "; ")
  }
}

extension Provisioner {
  /// Carries a change of state that was just made to the tenant's resources, then tries every door there again and again until each
  /// that must be shut is, for at most so many milliseconds. Where somebody else is at the run, waits for them as long as an act
  /// of theirs may take. `told` is told whenever the doors have been tried; the answer is over.
  public func enforce(
    _ tenant: Tenant, patience: Int = 10_000, told: (Enforcement) -> Void = { _ in }
  ) throws(PostgresError) -> Enforcement {
    let start = Monotonic.milliseconds
    var enforcement = Enforcement(start: start)
    // Who was at the run before may be in the middle of an act.
    enforcement.run = try carryOutOpen(of: tenant, until: start + max(patience, 25_000))
    let end = Monotonic.milliseconds + patience
    let resources = try resources().filter { !PostgresResource.isListed(as: $0.name) }
    while !resources.isEmpty {
      enforcement.tryDoors(of: resources, tenant)
      told(enforcement)
      if !enforcement.trial.doors.contains(where: \.isWronglyOpen) || Monotonic.milliseconds > end { break }
      usleep(200_000)
    }
    enforcement.survey = try survey(tenant)
    return enforcement
  }

  /// Carries out those of these tenants' newest runs that are not over; answers all of them as they were left. Nil: no resource is
  /// listed.
  public func carryOut(runsOf tenants: [TenantID]) throws(PostgresError) -> [Run]? {
    if try resources().isEmpty { return nil }
    var left: [Run] = []
    for tenant in tenants {
      guard let run = try newest(tenant) else { continue }
      left.append(run.isOver ? run : try carryOut(run.id) ?? run)
    }
    return left
  }

  /// The newest run, as it was left; nil: it is done, or was for another state.
  private func carryOutOpen(of tenant: Tenant, until end: Int) throws(PostgresError) -> Run? {
    let wanted = Condition(wantedBy: tenant.state)
    while let run = try newest(tenant.id), run.wanted == wanted, run.state != .done {
      if run.isOver { return run }
      if let left = try carryOut(run.id) { return left }
      if Monotonic.milliseconds > end { return run }
      usleep(200_000)
    }
    return nil
  }
}

extension Enforcement {
  fileprivate mutating func tryDoors(of resources: [any Resource], _ tenant: Tenant) {
    var found: [Door] = []
    untried = []
    for resource in resources {
      do throws(ResourceError) {
        for var door in try resource.probe(tenant) {
          door.name = "\(resource.name) \(door.name)"
          found.append(door)
        }
      } catch {
        untried.append("the doors of \(resource.name) could not be tried: \(error.reason)")
      }
    }
    trial.found(found, at: Monotonic.milliseconds)
  }
}
