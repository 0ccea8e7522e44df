import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("A database without the schema")
struct MigrationTests {
  private static func offered(_ schema: Session.Schema) -> Stage {
    var session = Sample.session
    session.schema = schema
    var stage = Stage(lines: 12)
    stage.answer(.session(session))
    _ = stage.asked()
    return stage
  }

  @Test func theOfferMigratesAfterAYesAndLooksAgain() {
    var stage = Self.offered(.absent)
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)             connecting
       ▮his database has no schema landlord yet.
       y makes it: tables, functions and the roles landlord_support, landlord_admin,
       landlord_auditor.







       y yes  Esc back  r refresh  ? keys
      """)
    stage.pressAtOnce("y")
    #expect(stage.wanted().isEmpty)
    stage.press("y")
    #expect(stage.wanted() == [.wakeAfter(milliseconds: 1000, .tick), .migrate])
    stage.press("yq")
    #expect(stage.wanted().isEmpty)
    stage.send(.migrated("the role may not create schemas"))
    #expect(stage.frame.picture.contains("It could not be done: the role may not create schemas"))
    stage.press("y")
    stage.send(.migrated(nil))
    #expect(stage.wanted().contains { if case .send(.session, _) = $0 { true } else { false } })
    stage.answer(.session(Sample.session))
    #expect(stage.app.top == .list)
  }

  @Test func whatIsToBeAppliedIsNamed() {
    Self.offered(.behind(["m0002_audit", "m0003_tenant_triggers"])).expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)             connecting
       ▮he schema landlord is older than this program. To be applied:
       - m0002_audit
       - m0003_tenant_triggers
       y applies them, each in one transaction.






       y yes  Esc back  r refresh  ? keys
      """)
  }

  @Test func aNewerDatabaseIsNotTouched() {
    var stage = Self.offered(.foreign("it has m0099_future"))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)             connecting
       ▮he schema landlord is not one this program knows:
       it has m0099_future
       Use the landlord that made it, or a newer one. Nothing is changed here.







       y yes  Esc back  r refresh  ? keys
      """)
    stage.press("y")
    #expect(stage.wanted().isEmpty)
    stage.press("<Esc>")
    #expect(stage.status == "nothing can be shown of a schema that is not known: q quits")
    stage.press("q")
    #expect(stage.wanted() == [.quit(0)])
  }
}
