import TenantStore
import Terminal
import Testing

@testable import Console

/// A change of state that goes on to what the tenant has besides PostgreSQL.
@Suite("Enforcement") struct EnforcementTests {
  private static let listed = [ListedResource(name: "postgresql"), ListedResource(name: "files")]
  private static var suspended: Tenant {
    var tenant = Sample.acme
    (tenant.state, tenant.isActive, tenant.version, tenant.updatedAt) = (.suspended, false, 4, Sample.now)
    return tenant
  }

  private static func survey(_ tenant: Tenant, _ found: Condition) -> Survey {
    Survey(
      tenant: tenant,
      lines: [
        .init(resource: "postgresql", found: found, footprint: [Amount(name: "shop.orders", count: 3)]),
        .init(resource: "files", found: found, footprint: [Amount(name: "files", count: 14)]),
      ])
  }

  private static func enforcement(_ state: RunStep.State, opens: Bool?, over: Bool) -> Enforcement {
    let run = Run(
      id: 12, tenantID: Sample.acme.id, siteID: "acme", wanted: .suspended,
      state: state == .done ? .done : .running, begunAt: Sample.now, begunBy: "ana", isHeld: true,
      steps: [
        RunStep(place: 1, resource: "postgresql", state: .done, milliseconds: 3),
        RunStep(place: 2, resource: "files", state: state, milliseconds: state == .done ? 41 : nil),
      ])
    var enforcement = Enforcement(run: run, start: 0)
    if let opens { enforcement.trial.found([Door(name: "files", opens: opens, isAllowed: false)], at: 45) }
    if over { enforcement.survey = survey(suspended, .suspended) }
    return enforcement
  }

  @Test func whatElseItHasIsSaidBeforeAndTheChangeIsCarriedThere() {
    var stage = Stage.list(lines: 20)
    stage.press("xs")
    stage.answer(.lifecycle(.touched([])))
    stage.answer(.run(.resources(Self.listed)))
    #expect(stage.wanted().contains(.resources(.survey(Sample.acme))))
    #expect(stage.frame.picture.contains("Looking what it has elsewhere..."))
    stage.send(.reported(.surveyed(Self.survey(Sample.acme, .ready))))
    #expect(stage.frame.picture.contains("Elsewhere: files 14 files. All of it is shut too, and stays."))

    stage.press("unpaid<Tab><Tab><Tab><Tab><Enter>")
    stage.answer(.written(Written(outcome: .saved, entryID: 12, tenant: Self.suspended)))
    stage.answer(.lifecycle(.touched([])))
    stage.answer(
      .lifecycle(.doors([Door(name: "reads", opens: false, isAllowed: false)])))
    #expect(stage.wanted().contains(.resources(.enforce(Self.suspended))))
    stage.send(.reported(.enforced(Sample.acme.id, Self.enforcement(.running, opens: nil, over: false))))
    #expect(stage.frame.picture.contains("Steps     postgresql done 3 ms, files running"))
    #expect(stage.frame.picture.contains("Carrying it to its resources... 0:00"))
    #expect(!stage.frame.picture.contains("step 2 of 2"))
    stage.send(.reported(.enforced(Sample.acme.id, Self.enforcement(.done, opens: true, over: false))))
    #expect(stage.frame.picture.contains("files STILL OPEN"))
    stage.send(.reported(.enforced(Sample.acme.id, Self.enforcement(.done, opens: false, over: true))))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Receipt

       ▮hat      suspended acme (Acme GmbH)
       From, to  version 3 -> 4; active -> suspended
       Who       ana on db1.eu/saas (production)
       When      2026-11-23 17:00:00Z
       Audit     entry 12; to undo: x e
       Elsewhere files 14 files -> 14 files
       Steps     postgresql done 3 ms, files done 41 ms
       Doors     reads refused after 0 ms, files refused after 45 ms








       Enter go on  Esc back  ? keys
      """)
  }

  @Test func whatCannotBeCarriedSaysWhyAndWhatToDo() {
    var stage = Stage.list()
    stage.press("xs")
    stage.press("unpaid<Tab><Tab><Tab><Tab><Enter>")
    stage.answer(.written(Written(outcome: .saved, entryID: 12, tenant: Self.suspended)))
    // The look of the dialog before is not what carries it.
    stage.send(.reported(.failed(.survey(Sample.acme), "gone")))
    #expect(!stage.frame.picture.contains("not carried"))
    stage.send(.reported(.failed(.enforce(Self.suspended), "no room")))
    #expect(stage.frame.picture.contains("not carried to its resources: no room; landlord provision resume"))
    #expect(!stage.frame.picture.contains("Carrying it"))

    var stuck = Self.enforcement(.running, opens: nil, over: true)
    stuck.untried = ["the doors of files could not be tried: nobody answers"]
    stuck.run?.isHeld = false
    stage.send(.reported(.enforced(Sample.acme.id, stuck)))
    #expect(
      stage.frame.picture.contains("step 2 of 2, files: broken off; landlord provision resume goes on;"))
    #expect(stage.frame.picture.contains("the doors of files could not be tried: nobody answers"))
  }

  @Test func whoLeavesTheReceiptAtOnceHasItCarriedAllTheSame() {
    var stage = Stage.list()
    stage.press("xs")
    stage.answer(.run(.resources([])))
    stage.press("unpaid<Tab><Tab><Tab><Tab><Enter>")
    _ = stage.wanted()
    stage.answer(.written(Written(outcome: .saved, entryID: 12, tenant: Self.suspended)))
    stage.press("<Esc>")
    #expect(stage.app.top == .list)
    #expect(stage.wanted().contains(.resources(.enforce(Self.suspended))))
  }

  @Test func withNothingListedNothingIsSaidOfIt() {
    var stage = Stage.list()
    stage.press("xs")
    stage.answer(.run(.resources([])))
    stage.press("unpaid<Tab><Tab><Tab><Tab><Enter>")
    stage.answer(.written(Written(outcome: .saved, entryID: 12, tenant: Self.suspended)))
    #expect(!stage.frame.picture.contains("Carrying"))
    var enforcement = Enforcement()
    enforcement.survey = Survey(tenant: Self.suspended, lines: [])
    stage.send(.reported(.enforced(Sample.acme.id, enforcement)))
    #expect(!stage.frame.picture.contains("Elsewhere") && !stage.frame.picture.contains("Steps"))
  }

  @Test func aFailureIsSaidWhenItsScreenIsGone() {
    var stage = Stage.list()
    stage.send(.reported(.failed(.carryOut([Sample.id(7)]), "the line is gone")))
    #expect(stage.frame.picture.contains("the line is gone"))
  }
}
