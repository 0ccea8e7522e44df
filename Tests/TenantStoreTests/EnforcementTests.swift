import Glibc
import Postgres
import TestServer
import Testing

@testable import TenantStore

/// That a state holds in every resource, also where people overtake one another and resources are slow.
@Suite struct EnforcementTests {
  let fixture = Fixture()
  let files = FileResource()

  private func list() throws {
    _ = try fixture.written(.run(.changeResource(ResourceChange(.add(ListedResource(name: "files"))))))
  }

  private func provisioner() -> Provisioner {
    Provisioner(
      TestServer.shared.connect(fixture.conninfo), setup: ResourceSetup(ways: ["files": .command(files.path)])
    )
  }

  private func become(_ state: TenantState) throws {
    try fixture.behind().run("UPDATE landlord.tenants SET state = \(state.rawValue)", deadline: 5_000)
  }

  private func now(_ tenant: Tenant) throws -> Tenant {
    guard case .tenant(let now?) = try fixture.store.answer(to: .tenant(.id(tenant.id))) else {
      throw WrongAnswer()
    }
    return now
  }

  @Test func whoOvertakesAnActThatIsUnderWayWaitsForIt() throws {
    try list()
    let tenant = try fixture.onboard()
    _ = try provisioner().carryOutAll()
    try become(.suspended)
    _ = try provisioner().carryOutAll()
    files.forget()
    files.plan(.wait, at: "resume")
    try become(.active)
    let run = try #require(Int64(try fixture.value("SELECT max(run_id)::text FROM landlord.runs") ?? ""))
    let (conninfo, path) = (fixture.conninfo, files.path)
    let opening = HelperThread(
      {
        let setup = ResourceSetup(ways: ["files": .command(path)])
        return (try? Provisioner(TestServer.shared.connect(conninfo), setup: setup).carryOut(run)) != nil
      }, done: {})
    #expect(eventually { files.calls.contains("resume") })

    try become(.suspended)
    let shut = provisioner()
    #expect(try shut.carryOutAll() == [], "somebody else is in the middle of an act")
    files.plan(.wait, at: "over")
    let enforcement = try shut.enforce(now(tenant))

    #expect(eventually { opening.take() == true })
    #expect(enforcement.run?.state == .done && enforcement.obstacle == nil)
    #expect(enforcement.trial.doors.map(\.opens) == [false])
    #expect(files.history(tenant.id).last == "suspended")
  }

  @Test func whatAFailedRunMadeForATenantInServiceStays() throws {
    let tenant = try fixture.onboard()
    try list()
    files.plan(.refuse, at: "probe")

    let left = try #require(try provisioner().apply(tenant, reason: "OPS-9"))

    #expect(left.state == .failed && left.problem == "probe: the disk is full")
    #expect(left.steps.map(\.state) == [.done, .failed])
    #expect(left.steps[0].note == "what was made stays")
    #expect(files.history(tenant.id) == ["ready"])
    #expect(left.obstacle == "probe: the disk is full; landlord provision apply tries again")
    #expect(
      try fixture.value("SELECT reason FROM landlord.audit_entries WHERE action = 'start run'") == "OPS-9")
  }

  @Test func whatSomebodyElseFailedToCarryIsNoSuccess() throws {
    try list()
    let tenant = try fixture.onboard()
    _ = try provisioner().carryOutAll()
    try become(.suspended)
    files.plan(.unreachable, at: "suspend")
    _ = try provisioner().carryOutAll()
    files.plan(.unreachable, at: "probe")

    let enforcement = try provisioner().enforce(now(tenant))

    #expect(
      enforcement.obstacle == """
        files: nobody answers; landlord provision apply tries again; the doors of files could not be tried: nobody answers
        """)
  }

  @Test func aTenantThatNothingIsListedForAnyMoreComesIntoService() throws {
    try list()
    let tenant = try fixture.onboard()
    let activate: Statement =
      "SELECT rule FROM landlord.activate_tenant(gen_random_uuid(), \(tenant.id)::uuid, NULL, 'x')"
    #expect(try fixture.value(activate) == "run_open")
    files.plan(.refuse, at: "provision")
    _ = try provisioner().carryOutAll()
    _ = try fixture.written(.run(.changeResource(ResourceChange(.remove(name: "files")))))
    #expect(try now(tenant).state == .provisioning)

    #expect(try provisioner().apply(tenant, reason: nil) == nil)

    #expect(try now(tenant).state == .active)
  }

  @Test func theLeastPurgeDateIsTakenAsItIsTyped() throws {
    let tenant = try fixture.onboard()
    _ = try fixture.store.answer(to: .changeSetting(SettingChange(name: "purge_days", value: "30")))

    let written = try fixture.written(
      .deactivate(
        Transition(
          tenantID: tenant.id, expectedVersion: nil, reason: "x", until: Instant(ahead: "30d", now: .now()))))

    #expect(written.outcome == .saved)
  }

  @Test func aProgramWhoseOutputDoesNotEndHasNotEnded() {
    let ended = Subprocess.run(["/bin/sh", "-c", "echo files open; sleep 60 &"], [], patience: 300)

    #expect(ended?.status == .some(nil))
  }
}
