import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("A tenant's run and resources")
struct RunScreenTests {
  private static let nova = Sample.tenant(9, "nova", "Nova", state: .provisioning)

  static func run(
    _ state: Run.State, problem: String? = nil, isHeld: Bool = false, _ steps: RunStep...
  ) -> Run {
    Run(
      id: 12, tenantID: nova.id, siteID: "nova", state: state, problem: problem,
      begunAt: Sample.ago(seconds: 60),
      begunBy: "ana", isHeld: isHeld, steps: steps)
  }

  private static let broken = run(
    .running,
    RunStep(place: 1, resource: "postgresql", state: .done, found: .ready, milliseconds: 3),
    RunStep(place: 2, resource: "files", state: .running, found: .absent, milliseconds: 61_250),
    RunStep(place: 3, resource: nil, state: .pending))

  private static let drifted = Survey(
    tenant: nova,
    lines: [
      .init(resource: "postgresql", found: .ready, footprint: [Amount(name: "shop.orders", count: 1_200)]),
      .init(resource: "files", found: .absent),
      .init(resource: "redis", found: nil, problem: "not configured here"),
    ])

  static func stage(_ session: Session = Sample.session) -> Stage {
    var stage = Stage.list([nova], session: session, lines: 15)
    stage.press("p")
    return stage
  }

  @Test func theKeyReadsTheRunAndLooksAtTheResources() {
    var stage = Self.stage()
    let effects = stage.wanted()
    #expect(effects.contains(.resources(.survey(Self.nova))))
    #expect(effects.contains { if case .send(.run(.newest(Self.nova.id)), _) = $0 { true } else { false } })

    stage.answer(.run(.newest(Self.broken)))
    stage.send(.reported(.surveyed(Self.drifted)))

    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
      ▮Resources of nova  PROVISIONING

        Run 12 of 2026-11-23 16:59:00Z by ana  RUNNING
          1  postgresql      done          0.0 s
          2  files           running       61.2 s
          3  probe           pending
          step 2 of 3, files: broken off; landlord provision resume goes on

        What it should have, and has
             postgresql      ready / ready         as wanted  1,200 shop.orders
             files           absent / ready        DRIFTED
             redis           ? / ready             UNKNOWN    not configured here

       F apply  Esc back  r refresh  ? keys
      """)
  }

  @Test func applyAsksFirstAndShowsTheStepsWhileTheyAreMade() {
    var stage = Self.stage()
    stage.answer(.run(.newest(Self.broken)))
    stage.send(.reported(.surveyed(Self.drifted)))
    _ = stage.wanted()

    stage.press("Fn")
    #expect(stage.wanted() == [])
    stage.pressAtOnce("Fy")
    #expect(stage.wanted() == [])
    stage.press("y")
    #expect(
      stage.wanted() == [
        .resources(.provision(Self.nova)), .wakeAfter(milliseconds: 500, .run(Self.nova.id)),
      ])

    stage.send(.alarm(.run(Self.nova.id)))
    #expect(stage.asked() == [.run(.newest(Self.nova.id))])
    var moving = Self.broken
    moving.isHeld = true
    stage.answer(.run(.newest(moving)))
    #expect(stage.frame.picture.contains("RUNNING  somebody is at it"))
    #expect(stage.wanted() == [.wakeAfter(milliseconds: 500, .run(Self.nova.id))])

    stage.send(.reported(.provisioned(Self.nova.id)))
    // The list below shows its new state, too.
    #expect(
      stage.asked() == [
        .page(PageRequest(anchor: .first, limit: 200)), .run(.newest(Self.nova.id)),
        .tenant(.id(Self.nova.id)),
      ])
    var live = Self.nova
    (live.state, live.version) = (.active, 2)
    stage.answer(
      .run(.newest(Self.run(.done, RunStep(place: 1, resource: "postgresql", state: .done, milliseconds: 3))))
    )
    stage.answer(.tenant(live))
    #expect(stage.frame.picture.contains("Resources of nova  active"))
    // Once it is over nothing ticks.
    #expect(!stage.wanted().contains { if case .wakeAfter = $0 { true } else { false } })
    stage.press("<Esc>")
    #expect(stage.app.top == .list)
  }

  @Test func whatCannotBeBegunIsSaidAlsoWhereTheScreenWasLeft() {
    var stage = Self.stage()
    stage.send(.reported(.failed(.provision(Self.nova), "no connection: gone")))
    #expect(stage.status == "no connection: gone")
    stage.press("<Esc>")
    stage.send(.reported(.failed(.provision(Self.nova), "no connection: still")))
    #expect(stage.status == "no connection: still")
    stage.send(.reported(.surveyed(Self.drifted)))
    #expect(stage.app.top == .list)
  }

  @Test func whoMayNotChangeMayLook() {
    var session = Sample.session
    session.right = .support
    var stage = Self.stage(session)
    stage.answer(.run(.newest(nil)))
    #expect(stage.frame.picture.contains("(it never had one)"))
    stage.press("F")
    #expect(stage.app.top == .run)
    #expect(stage.status.contains("landlord_admin"))
  }

  @Test func theDetailSaysInOneLineWhyATenantIsNotLive() {
    var stage = Stage.list([Self.nova], lines: 20)
    stage.press("<Enter>")
    #expect(stage.asked().contains(.run(.newest(Self.nova.id))))
    #expect(!stage.frame.picture.contains("Not live"))
    stage.answer(
      .run(
        .newest(
          Self.run(
            .failed, problem: "files: the disk is \u{1B}[31mfull",
            RunStep(place: 1, resource: "files", state: .compensated)))))

    #expect(stage.frame.picture.contains("  Not live        files: the disk is "))
    #expect(!stage.frame.picture.contains("\u{1B}"))
    stage.press("p")
    #expect(stage.app.top == .run)
  }
}
