import TenantStore
import Terminal
import Testing

@testable import Console

/// A new tenant that needs more than its row: the plan of it, and its run under the secret.
@Suite("The run of a new tenant")
struct OnboardRunTests {
  private static let nova: Tenant = {
    var tenant = OnboardTests.nova
    (tenant.state, tenant.isActive) = (.provisioning, false)
    return tenant
  }()

  private static func run(
    _ state: Run.State, problem: String? = nil, isHeld: Bool = true, _ steps: RunStep...
  ) -> Run {
    Run(
      id: 12, tenantID: nova.id, siteID: nova.siteID, state: state, problem: problem, begunAt: Sample.now,
      begunBy: "ana", isHeld: isHeld, steps: steps)
  }

  private static let moving = run(
    .running, RunStep(place: 1, resource: "postgresql", state: .done, found: .absent, milliseconds: 300),
    RunStep(place: 2, resource: "files", state: .running, milliseconds: 2_500),
    RunStep(place: 3, resource: nil, state: .pending))

  private func onboarded() -> Stage {
    var stage = OnboardTests.filled()
    stage.press("<Ctrl-o>y")
    stage.answer(.written(Written(outcome: .saved, entryID: 4711, tenant: Self.nova)))
    return stage
  }

  @Test func theReviewNamesWhatIsMadeInItsOrder() {
    var stage = OnboardTests.filled()
    stage.press("<Ctrl-o>")
    #expect(stage.asked().last == .run(.resources))
    stage.answer(
      .run(
        .resources([
          ListedResource(name: "postgresql"), ListedResource(name: "files", settings: ["root": "/srv"]),
        ])))
    #expect(
      stage.frame.picture.contains(
        "  Makes its row, its secret; postgresql, files (root=/srv), and a probe that\n  enters as the tenant\n"
      ))

    // Without it the tenant can be made all the same.
    stage.press("n<Ctrl-o>")
    stage.fail(.timedOut) { $0 == .run(.resources) }
    #expect(
      stage.frame.picture.contains("Makes its row, its secret; reading what is listed: no answer in time"))
    _ = stage.asked()
    stage.press("<Space>y")
    #expect(stage.asked().last == OnboardTests.request)
  }

  @Test func theStepsAreSeenUnderTheSecretUntilItIsInService() {
    var stage = onboarded()
    let effects = stage.wanted()
    #expect(effects.filter { $0 == .resources(.provision(Self.nova)) }.count == 1)
    #expect(effects.contains(.wakeAfter(milliseconds: 500, .run(Self.nova.id))))
    stage.send(.clock(Sample.ago(seconds: -3)))
    stage.answer(.run(.newest(Self.moving)))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       nova-retail is onboarded. This is its secret:

        ▮AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8

       This is the only time it is shown: only its hash is kept. Store it now (y
       copies it), then press s.

       Tenant id  00000000-0000-4000-8000-000000000b02
       It took    0:00

       In service not yet  0:03
          1  postgresql      done          0.3 s
          2  files           running       2.5 s
          3  probe           pending
        step 2 of 3, files: running







       s I have stored it  w write the sheet  ? keys
      """)
    _ = stage.asked()
    stage.send(.alarm(.run(Self.nova.id)))
    #expect(stage.asked() == [.run(.newest(Self.nova.id))])
    stage.send(.reported(.provisioned(Self.nova.id)))
    var done = Self.moving
    (done.state, done.isHeld) = (.done, false)
    stage.answer(.run(.newest(done)))
    var live = Self.nova
    (live.state, live.isActive, live.version) = (.active, true, 2)
    stage.answer(.tenant(live))
    #expect(stage.frame.picture.contains(" In service yes\n"))
    #expect(stage.frame.picture.contains(Sample.secret.text))
    _ = stage.wanted()
    stage.send(.alarm(.tick))
    #expect(stage.wanted() == [])
    // The list hears of the tenant as it is now.
    stage.press("s<Enter>")
    #expect(stage.app.top == .list)
  }

  @Test func aRunThatFailsSaysWhyAndTheSecretStays() {
    var stage = onboarded()
    stage.send(.reported(.provisioned(Self.nova.id)))
    stage.answer(
      .run(
        .newest(
          Self.run(
            .failed, problem: "files: the disk is \u{1B}[31mfull", isHeld: false,
            RunStep(place: 1, resource: "postgresql", state: .compensated),
            RunStep(place: 2, resource: "files", state: .failed, note: "the disk is full")))))
    stage.answer(.tenant(Self.nova))
    let picture = stage.frame.picture
    #expect(picture.contains(" In service NO: p on the tenant, then F\n"))
    #expect(picture.contains("what was made was taken back;") && picture.contains("files: the disk is"))
    #expect(picture.contains(Sample.secret.text) && !picture.contains("\u{1B}"))
    stage.press("y")
    #expect(stage.wanted().contains(.copy(Sample.secret.text)))
  }

  @Test func aRunThatCannotBeBegunLosesNothingEither() {
    var stage = onboarded()
    stage.send(.reported(.failed(.provision(Self.nova), "no connection: gone")))
    #expect(stage.status == "no connection: gone")
    #expect(stage.app.top == .secret && stage.frame.picture.contains(Sample.secret.text))
  }

  @Test func whoStoresItEarlierIsToldThatTheRunGoesOnAndTheListHearsOfItsEnd() {
    var stage = onboarded()
    stage.answer(.run(.newest(Self.moving)))
    stage.press("s")
    #expect(stage.app.top == .receipt)
    #expect(stage.status == "its run goes on; p on the tenant shows how far it is")
    stage.press("<Enter>")
    stage.answer(.page(Sample.page([Sample.acme, Self.nova])))
    _ = stage.asked()
    stage.send(.reported(.provisioned(Self.nova.id)))
    #expect(
      stage.asked() == [
        .page(PageRequest(anchor: .from(Cursor(key: "acme", id: Sample.acme.id)), limit: 200))
      ])
  }
}
