import Postgres

/// Carries runs out. Whatever ends it, a kill at any point too, leaves them to be gone on with by whoever comes next: what a step
/// finds is written down before it acts, a step that was begun looks again before it does anything, and a run that is not given
/// back is free once its lease is over.
///
/// Blocks: for a command, or a thread of its own.
public struct Provisioner {
  let connection: Connection
  private let setup: ResourceSetup
  private let progress: (Run) -> Void
  /// Nobody else's: who holds a run is known by it.
  private let holder = RequestID.random()
  /// Seconds. Longer than two looks and an act of a resource take.
  private let lease: Int
  static let deadline = 30_000

  /// `connection`: of a member of `landlord_admin`, in no transaction. `progress` is told the run after every step.
  public init(
    _ connection: Connection, setup: ResourceSetup, lease: Int = 90,
    progress: @escaping (Run) -> Void = { _ in }
  ) {
    self.connection = connection
    self.setup = setup
    self.lease = lease
    self.progress = progress
  }

  /// The run as it was left: over, stuck, or waiting for what this machine is not told how to reach. Nil: somebody else is at it,
  /// or there is nothing to be done about it.
  public func carryOut(_ run: Int64) throws(PostgresError) -> Run? {
    try claim(from: run, to: run) == nil ? nil : try work(on: run)
  }

  /// Carries out every run that is free, in the order in which they began; answers them as they were left.
  public func carryOutAll() throws(PostgresError) -> [Run] {
    var left: [Run] = []
    var next: Int64 = 0
    while let run = try claim(from: next, to: nil) {
      left.append(try work(on: run))
      next = run + 1
    }
    return left
  }

  private func claim(from low: Int64, to high: Int64?) throws(PostgresError) -> Int64? {
    try connection.run(
      "SELECT landlord.claim_run(\(low)::bigint, \(high)::bigint, \(holder)::uuid, \(lease)::int)",
      deadline: Self.deadline
    ).exactlyOne.optionalInt64(0)
  }

  private func work(on number: Int64) throws(PostgresError) -> Run {
    var run = try read(number)
    let tenant = try tenant(run.tenantID)
    let resources = try resources()
    while let step = run.nextStep {
      progress(run)
      let hand = Hand(step: step, run: run, tenant: tenant, resources: resources)
      let goesOn = run.state == .compensating ? try takeBack(hand) : try make(hand)
      run = try read(number)
      if !goesOn { break }
    }
    try connection.run(
      "SELECT landlord.release_run(\(number)::bigint, \(holder)::uuid)", deadline: Self.deadline)
    run = try read(number)
    progress(run)
    return run
  }

  /// What works on the listed resources, in the order in which a tenant is given them.
  func resources() throws(PostgresError) -> [any Resource] {
    try connection.run(RunQuery.listed, deadline: Self.deadline).map {
      setup.resource(RunQuery.listed($0), connection)
    }
  }

  private func tenant(_ id: TenantID) throws(PostgresError) -> Tenant {
    let rows = try connection.run(
      "SELECT \(unescaped: TenantQuery.columns) FROM landlord.tenants t WHERE t.tenant_id = \(id)::uuid",
      deadline: Self.deadline)
    guard let row = rows.first else { throw .lost(message: "the tenant is gone", sent: true) }
    return TenantQuery.tenant(row)
  }

  /// A step and what is needed to make it.
  private struct Hand {
    var step: RunStep
    var run: Run
    var tenant: Tenant
    var resources: [any Resource]

    var resource: (any Resource)? {
      resources.first { $0.name.utf8.elementsEqual((step.resource ?? "").utf8) }
    }
  }

  /// False: leave off, because the run is another's by now, or waits for another machine.
  private func make(_ hand: Hand) throws(PostgresError) -> Bool {
    guard try move(hand, .running) else { return false }
    switch look(hand) {
    case .failure(let error): return try leave(hand, error)
    case .success(let found):
      // Written down before anything is touched: it is what a failure brings the resource back to.
      guard try move(hand, .running, found: found) else { return false }
      do throws(ResourceError) { try act(hand, found) } catch { return try leave(hand, error) }
      return try move(hand, .done)
    }
  }

  /// A step that could not be made has failed, or waits for a machine that can.
  private func leave(_ hand: Hand, _ error: ResourceError) throws(PostgresError) -> Bool {
    switch error {
    case .notConfigured(let why):
      _ = try move(hand, .pending, note: why)
      return false
    case .unreachable(let why), .refused(let why): return try move(hand, .failed, note: why)
    }
  }

  /// How the step's resource is now; nil for the probe, which looks at none.
  private func look(_ hand: Hand) -> Result<Condition?, ResourceError> {
    guard hand.step.resource != nil else { return .success(nil) }
    guard let resource = hand.resource else { return .failure(.notConfigured("it is no longer listed")) }
    do throws(ResourceError) { return .success(try resource.inspect(hand.tenant)) } catch {
      return .failure(error)
    }
  }

  private func act(_ hand: Hand, _ found: Condition?) throws(ResourceError) {
    guard let found, let resource = hand.resource else { return try probe(hand) }
    try resource.bring(hand.tenant, from: found, to: hand.run.wanted)
  }

  private func takeBack(_ hand: Hand) throws(PostgresError) -> Bool {
    guard try move(hand, .compensating) else { return false }
    do throws(ResourceError) {
      guard let resource = hand.resource else { throw .notConfigured("it is no longer listed") }
      try resource.bring(
        hand.tenant, from: try resource.inspect(hand.tenant), to: hand.step.found ?? .absent)
    } catch {
      if case .notConfigured = error { return false }
      // With a note and without a new state: it is stuck.
      _ = try move(hand, .compensating, note: error.reason)
      return false
    }
    return try move(hand, .compensated)
  }

  /// Enters as the tenant, by every door of every resource: one that its state opens must open, one that it shuts must not.
  private func probe(_ hand: Hand) throws(ResourceError) {
    for resource in hand.resources {
      for door in try resource.probe(hand.tenant) {
        guard let opens = door.opens, opens != door.isAllowed else { continue }
        throw .refused("the door \(door.name) of \(resource.name) \(opens ? "is open" : "does not open")")
      }
    }
  }

  private func move(
    _ hand: Hand, _ state: RunStep.State, found: Condition? = nil, note: String? = nil
  ) throws(PostgresError) -> Bool {
    try connection.run(
      """
      SELECT landlord.move_step(\(hand.run.id)::bigint, \(hand.step.place)::int, \(holder)::uuid, \(lease)::int,
        \(state.rawValue)::text, \(found?.rawValue)::text, \(note.map(Self.sendable))::text)
      """, deadline: Self.deadline
    ).exactlyOne.bool(0)
  }

  /// Others' words, without what no text can hold.
  private static func sendable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\0" }.prefix(500)))
  }

  private func read(_ run: Int64) throws(PostgresError) -> Run {
    let runs = RunQuery.runs(try connection.run(RunQuery.one(run), deadline: Self.deadline))
    // Nobody removes a run whose tenant is there, and the caller holds it.
    guard let run = runs.first else {
      throw .lost(message: "the run is gone, and its tenant with it", sent: true)
    }
    return run
  }
}

extension Run {
  /// What is to be made next, or where things are taken back the last that is still there.
  var nextStep: RunStep? {
    switch state {
    case .running: steps.first { $0.state == .pending || $0.state == .running }
    case .compensating: steps.last { $0.mustCompensate(in: self) }
    case .done, .failed, .stuck: nil
    }
  }
}
