import Glibc
import Postgres
import Synchronization
import TenantStore
import TestServer
import Testing

/// Runs on a real server, with a program of the tests' own as the second resource.
@Suite struct RunTests {
  let fixture = Fixture()
  let files = FileResource()

  /// Lists both resources and answers a new tenant.
  private func tenant(_ siteID: String = "acme") throws -> Tenant {
    for name in ["postgresql", "files"] {
      _ = try fixture.written(.run(.changeResource(ResourceChange(.add(ListedResource(name: name))))))
    }
    return try fixture.onboard(siteID)
  }

  private func provisioner(lease: Int = 90, ways: Bool = true) -> Provisioner {
    Provisioner(
      TestServer.shared.connect(fixture.conninfo),
      setup: ResourceSetup(ways: ways ? ["files": .command(files.path)] : [:]), lease: lease)
  }

  private func run(_ tenant: Tenant) throws -> Run {
    guard case .run(.newest(let run?)) = try fixture.store.answer(to: .run(.newest(tenant.id))) else {
      throw WrongAnswer()
    }
    return run
  }

  private func state(_ tenant: Tenant) throws -> TenantState? {
    guard case .tenant(let now) = try fixture.store.answer(to: .tenant(.id(tenant.id))) else {
      throw WrongAnswer()
    }
    return now?.state
  }

  /// "files done" for each step.
  private func steps(_ run: Run) -> [String] { run.steps.map { "\($0.name) \($0.state.rawValue)" } }

  private func start(_ tenant: Tenant, _ names: [String]) throws -> Written {
    try fixture.written(.run(.start(RunStart(tenantID: tenant.id, resources: names))))
  }

  @Test func withNothingListedATenantIsInServiceAtOnce() throws {
    let tenant = try fixture.onboard()

    #expect(tenant.state == .active)
    #expect(try fixture.store.answer(to: .run(.newest(tenant.id))) == .run(.newest(nil)))
  }

  @Test func aTenantIsInServiceOnceAllItNeedsIsThere() throws {
    let tenant = try tenant()
    #expect(tenant.state == .provisioning)
    #expect(steps(try run(tenant)) == ["postgresql pending", "files pending", "probe pending"])

    let left = try #require(try provisioner().carryOut(try run(tenant).id))

    #expect(left.state == .done)
    #expect(steps(left) == ["postgresql done", "files done", "probe done"])
    #expect(left.steps.map(\.found) == [.ready, .absent, nil])
    #expect(files.history(tenant.id) == ["ready"])
    #expect(files.calls == ["inspect", "provision", "inspect", "probe"])
    #expect(try state(tenant) == .active)
    #expect(
      try fixture.value("SELECT string_agg(kind, ' ' ORDER BY event_id) FROM landlord.outbox")
        == "tenant.registered tenant.onboarded")
    // It is over: nobody has anything to do about it any more.
    #expect(try provisioner().carryOut(left.id) == nil)
    #expect(try provisioner().carryOutAll() == [])
  }

  @Test func aChangeOfStateIsCarriedToTheResourcesWhoeverMadeIt() throws {
    let tenant = try tenant()
    _ = try provisioner().carryOutAll()

    try fixture.behind().run("UPDATE landlord.tenants SET state = 'suspended'", deadline: 5_000)
    let suspended = try #require(try provisioner().carryOutAll().first)
    try fixture.behind().run("UPDATE landlord.tenants SET state = 'active'", deadline: 5_000)
    let resumed = try #require(try provisioner().carryOutAll().first)

    #expect(steps(suspended) == ["postgresql done", "files done"])
    #expect(steps(resumed) == ["postgresql done", "files done", "probe done"])
    #expect(files.history(tenant.id) == ["ready", "suspended", "ready"])
  }

  @Test func aStepThatFailsTakesBackWhatWasMadeAndSaysWhy() throws {
    let tenant = try tenant()
    files.plan(.refuse, at: "probe")

    let left = try #require(try provisioner().carryOut(try run(tenant).id))

    #expect(left.state == .failed)
    #expect(left.problem == "probe: the disk is full")
    #expect(steps(left) == ["postgresql done", "files compensated", "probe failed"])
    #expect(files.history(tenant.id) == [])
    #expect(try state(tenant) == .provisioning)
    #expect(
      tenant.obstacle(left)?.hasPrefix("probe: the disk is full; what was made was taken back") ?? false)

    files.forget()
    #expect(try start(tenant, ["postgresql", "files"]).outcome == .saved)
    #expect(try provisioner().carryOutAll().map(\.state) == [.done])
    #expect(try state(tenant) == .active)
  }

  @Test func whatWasThereBeforeIsNotTakenBack() throws {
    let tenant = try tenant()
    _ = try provisioner().carryOutAll()
    files.plan(.refuse, at: "probe")

    #expect(try start(tenant, ["files"]).outcome == .saved)
    let left = try #require(try provisioner().carryOutAll().first)

    #expect(left.state == .failed)
    #expect(steps(left) == ["files done", "probe failed"])
    #expect(files.history(tenant.id) == ["ready"])
  }

  @Test(arguments: [FileResource.Fault.refuse, .lie, .unreachable])
  func whatIsNotDoneIsNeverCalledDone(_ fault: FileResource.Fault) throws {
    let tenant = try tenant()
    files.plan(fault, at: "provision")

    let left = try #require(try provisioner().carryOut(try run(tenant).id))

    #expect(left.state == .failed)
    #expect(left.steps.map(\.state) == [.done, .compensated, .skipped])
    #expect(files.history(tenant.id) == [])
  }

  @Test func whatCannotBeTakenBackIsStuckUntilItCan() throws {
    let tenant = try tenant()
    files.plan(.refuse, at: "probe")
    files.plan(.unreachable, at: "destroy")

    let stuck = try #require(try provisioner().carryOut(try run(tenant).id))
    #expect(stuck.state == .stuck)
    #expect(steps(stuck) == ["postgresql done", "files compensating", "probe failed"])
    #expect(
      stuck.obstacle?.hasPrefix("probe: the disk is full; and files could not be taken back: nobody answers")
        ?? false)
    // Not without being asked for, and nothing else is begun over it.
    #expect(try provisioner().carryOutAll() == [])
    #expect(try start(tenant, ["files"]).rule == "run_open")

    files.forget()
    let left = try #require(try provisioner().carryOut(stuck.id))
    #expect(left.state == .failed)
    #expect(files.history(tenant.id) == [])
  }

  @Test func closingGoesOnWithTheRestAndIsNeverOpenedAgain() throws {
    let tenant = try tenant()
    _ = try fixture.written(.run(.changeResource(ResourceChange(.add(ListedResource(name: "later"))))))
    let setup = ResourceSetup(ways: ["files": .command(files.path), "later": .command(files.path)])
    try fixture.behind().run("UPDATE landlord.tenants SET state = 'deactivated'", deadline: 5_000)
    // Of the new run the first look is refused, the second is not.
    files.forget()
    files.plan(.refuse, at: "1")

    let left = try Provisioner(TestServer.shared.connect(fixture.conninfo), setup: setup).carryOutAll()

    #expect(left.last.map(steps) == ["postgresql done", "files failed", "later done"])
    #expect(left.last?.state == .failed)
    #expect(try state(tenant) == .deactivated)
  }

  @Test func whatIsNotConfiguredSaysSoAndWaitsForAMachineThatIs() throws {
    let tenant = try tenant()

    let left = try #require(try provisioner(ways: false).carryOut(try run(tenant).id))
    #expect(left.state == .running)
    #expect(steps(left) == ["postgresql done", "files pending", "probe pending"])
    #expect(left.steps[1].note == "files is not configured on this machine")
    #expect(left.obstacle?.hasPrefix("step 2 of 3, files: files is not configured on this machine") ?? false)
    #expect(try state(tenant) == .provisioning)

    #expect(try provisioner().carryOutAll().map(\.state) == [.done])
  }

  @Test func oneRunIsCarriedOutByOneOfTwoAtATime() throws {
    var tenants: [Tenant] = []
    for number in 1...4 { tenants.append(try tenant("tenant-\(number)")) }
    let done = Counter()
    for _ in 1...2 {
      let connection = try Connection.open(fixture.conninfo, deadline: 10_000)
      let (way, box) = (files.path, Box(connection))
      TestServer.thread {
        let runs = try? Provisioner(box.value, setup: ResourceSetup(ways: ["files": .command(way)]))
          .carryOutAll()
        done.add(runs?.count ?? 100)
      }
    }

    #expect(eventually { done.threads == 2 })
    #expect(done.runs == 4)
    for tenant in tenants {
      #expect(files.history(tenant.id) == ["ready"])
      #expect(try state(tenant) == .active)
    }
  }

  @Test func aLeaseHoldsWhileItsHolderLivesAndUntilItIsOver() throws {
    let tenant = try tenant()
    let run = try run(tenant).id
    let first = TestServer.shared.connect(fixture.conninfo)
    let second = TestServer.shared.connect(fixture.conninfo)
    func claim(_ connection: Connection, _ holder: RequestID) throws -> Int64? {
      try connection.run(
        "SELECT landlord.claim_run(\(run)::bigint, \(run)::bigint, \(holder)::uuid, 600)", deadline: 60_000
      ).exactlyOne.optionalInt64(0)
    }
    let (a, b, c) = (RequestID.random(), RequestID.random(), RequestID.random())

    #expect(try claim(first, a) == run)
    #expect(try claim(second, b) == nil)
    #expect(
      try fixture.value(
        "SELECT (lease_until - clock_timestamp() BETWEEN '1 s' AND '10 min')::text FROM landlord.runs")
        == "true")
    // The time goes by.
    try fixture.behind().run("UPDATE landlord.runs SET lease_until = clock_timestamp()", deadline: 60_000)
    #expect(try claim(second, b) == run)
    // Whose lease is over does nothing more.
    let late = try first.run(
      "SELECT landlord.move_step(\(run)::bigint, 1, \(a)::uuid, 60, 'running', NULL, NULL)", deadline: 5_000)
    #expect(!late.exactlyOne.bool(0))
    #expect(try claim(first, c) == nil)
    try TestServer.shared.kill(second.processID)
    #expect(try eventually { try claim(first, c) == run })
  }

  @Test func aNewStateOvertakesWhatWasNotOver() throws {
    let tenant = try tenant()
    let old = try run(tenant)
    try fixture.behind().run("UPDATE landlord.tenants SET state = 'deactivated'", deadline: 5_000)

    #expect(
      try fixture.value("SELECT state || ' ' || problem FROM landlord.runs WHERE run_id = \(old.id)::bigint")
        == "failed overtaken: the tenant became deactivated")
    #expect(try provisioner().carryOutAll().map(\.state) == [.done])
    #expect(files.history(tenant.id) == [])
  }

  @Test func aSurveyShowsWhatHasDrifted() throws {
    let tenant = try tenant()
    _ = try provisioner().carryOutAll()
    let live = try #require(
      try fixture.written(.update(Update(tenantID: tenant.id, expectedVersion: nil, changes: [:]))).tenant)
    let hand = provisioner()

    #expect(try hand.survey(live).drifted == [])
    #expect(try hand.survey(live).lines.last?.footprint == [Amount(name: "files", count: 1)])
    unlink("\(files.directory)/tenants/\(tenant.id)")
    let survey = try hand.survey(live)
    #expect(survey.drifted == ["files"])
    #expect(survey.lines.map(\.found) == [.ready, .absent])
    #expect(try provisioner(ways: false).survey(live).unknown == ["files"])

    #expect(try start(tenant, survey.toApply).outcome == .saved)
    #expect(try hand.carryOutAll().map(\.state) == [.done])
    #expect(files.history(tenant.id) == ["ready"])
  }

  @Test func theSchemaAndTheProgramWantTheSame() throws {
    for state in TenantState.allCases {
      #expect(
        try fixture.value("SELECT landlord.wanted_condition(\(state.rawValue)::text)")
          == Condition(wantedBy: state).rawValue)
    }
  }

  @Test func aStepMovesOnlyForward() throws {
    let tenant = try tenant()
    let run = try run(tenant).id
    let holder = RequestID.random()
    let connection = TestServer.shared.connect(fixture.conninfo)
    try connection.run("SELECT landlord.claim_run(0, NULL, \(holder)::uuid, 60)", deadline: 5_000)
    for (place, state) in [(2, "running"), (1, "done"), (1, "compensating"), (1, "skipped"), (9, "running")] {
      do {
        try connection.run(
          "SELECT landlord.move_step(\(run)::bigint, \(place)::int, \(holder)::uuid, 60, \(state)::text, NULL, NULL)",
          deadline: 5_000)
        Issue.record("\(place) became \(state)")
      } catch .server(let error) {
        #expect(error.constraint == "step_transition")
      }
    }
  }
}

/// What two threads have done.
private final class Counter: Sendable {
  private let counts = Mutex<[Int]>([])

  func add(_ count: Int) { counts.withLock { $0.append(count) } }
  var threads: Int { counts.withLock { $0.count } }
  var runs: Int { counts.withLock { $0.reduce(0, +) } }
}

/// Hands a connection over to another thread.
private final class Box: @unchecked Sendable {
  let value: Connection
  init(_ value: Connection) { self.value = value }
}
