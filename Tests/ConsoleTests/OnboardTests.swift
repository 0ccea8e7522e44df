import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("Onboarding")
struct OnboardTests {
  /// The form, filled in by typing.
  static func filled(lines: Int = 24) -> Stage {
    var stage = Stage.list(lines: lines)
    stage.press("cNova Retail<Enter>")
    stage.press("<Enter>")
    stage.press("ops@nova.example<Enter>")
    stage.press("https://nova.example<Enter>")
    stage.press("<Enter>ret<Enter>")
    stage.press("<Tab>https://nova.example<Enter>https://shop.nova.example")
    stage.press("<Tab><Enter><Space><Down><Down><Space><Enter>")
    return stage
  }

  static var nova: Tenant {
    var tenant = Sample.tenant(0xB02, "nova-retail", "Nova Retail", email: "ops@nova.example", updated: 0)
    tenant.id = Sample.id(0xB02)
    tenant.websiteURL = "https://nova.example"
    tenant.allowedOrigins = ["https://nova.example", "https://shop.nova.example"]
    tenant.permissions = ["billing", "reports"]
    return tenant
  }

  static let request = Request.onboard(
    Onboarding(
      requestID: Sample.id(0xA01), tenantID: Sample.id(0xB02),
      fields: [
        .siteID: .text("nova-retail"), .name: .text("Nova Retail"), .contactEmail: .text("ops@nova.example"),
        .websiteURL: .text("https://nova.example"), .industry: .text("retail"),
        .allowedOrigins: .list(["https://nova.example", "https://shop.nova.example"]),
        .permissions: .list(["billing", "reports"]),
      ], verifier: Sample.secret.verifier, hint: Sample.secret.hint))

  @Test func theFormSuggestsTheSiteIDAndAsksWhetherItIsFree() {
    var stage = Stage.list()
    stage.press("c")
    _ = stage.wanted()
    stage.press("Nova Retail")
    let pauses = stage.wanted()
    #expect(pauses.last == .wakeAfter(milliseconds: 150, .availability(pauses.count)))
    // Only the last pause counts.
    stage.send(.alarm(.availability(1)))
    #expect(stage.asked().isEmpty)
    stage.send(.alarm(.availability(pauses.count)))
    #expect(stage.asked() == [.availability(siteID: "nova-retail")])
    stage.answer(.availability(.taken))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Onboard a tenant  >1 Name   2 Contact   3 Origins   4 Review

      > Name            Nova Retail▮
        Site id         nova-retail                                            taken


















       Ctrl-o review and save  Tab next  Enter next or choose  Esc back  F1 keys
      """)
    stage.press("<Tab><End>2")
    #expect(!stage.frame.picture.contains("taken"))
    // Touched by the person: the name suggests no more.
    stage.press("<S-Tab>!")
    #expect(stage.frame.picture.contains("nova-retail2"))
  }

  @Test func errorsStandOnTheFieldOnceItIsLeft() {
    var stage = Stage.list()
    stage.press("cN<Tab><Ctrl-u>UPPER CASE")
    #expect(!stage.frame.picture.contains("! Use"))
    stage.press("<Tab>nobody<Tab>")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Onboard a tenant   1 Name! >2 Contact!  3 Origins   4 Review

        Contact e-mail  nobody
                        ! Write it as name@host, with one @.
      > Website         ▮
        Industry        (none)
















       Ctrl-o review and save  Tab next  Enter next or choose  Esc back  F1 keys
      """)
  }

  @Test func pickersFilterAsOneTypes() {
    var stage = Stage.list()
    stage.press("c<Tab><Tab><Tab><Tab><Enter>")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Onboard a tenant   1 Name! >2 Contact!  3 Origins   4 Review

        Contact e-mail  +-- Industry ----------------------------------+
                        | Filter: ▮                                    |
        Website         | > energy                                     |
      > Industry        |   finance                                    |
                        |   retail                                     |
                        | Enter chooses  Esc cancels                   |
                        +----------------------------------------------+













       Enter done  Space toggle  Esc back  F1 keys
      """)
    stage.press("fin")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Onboard a tenant   1 Name! >2 Contact!  3 Origins   4 Review

        Contact e-mail  +-- Industry ----------------------------------+
                        | Filter: fin▮                                 |
        Website         | > finance                                    |
      > Industry        | Enter chooses  Esc cancels                   |
                        +----------------------------------------------+















       Enter done  Space toggle  Esc back  F1 keys
      """)
    stage.press("<Enter>")
    #expect(stage.frame.picture.contains("Industry        finance"))
    stage.press("<Tab><Tab><Enter><Down><Space>")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Onboard a tenant   1 Name!  2 Contact! >3 Origins   4 Review

        Origins         +-- Permissions -------------------------------+
      > Permissions     | Filter: ▮                                    |
                        |   [ ] billing                                |
                        | > [x] exports                                |
                        |   [ ] reports                                |
                        | Space toggles  Enter done  Esc cancels       |
                        +----------------------------------------------+













       Enter done  Space toggle  Esc back  F1 keys
      """)
    stage.press("<Esc>")
    #expect(stage.frame.picture.contains("Permissions     (none)"))
  }

  @Test func leavingAsksOnlyWhereSomethingWouldBeLost() {
    var stage = Stage.list(lines: 14)
    stage.press("c<Esc>")
    #expect(stage.app.top == .list)
    stage.press("cN<Esc>")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Onboard a tenant  >1 Name   2 Contact   3 Origins   4 Review

      > Name            N +-- LEAVE WITHOUT SAVING? -------------+
        Site id         n | What you typed is lost.              |
                          | ▮ leaves   n stays   Default: No     |
                          +--------------------------------------+






       y yes  n no  Esc back  ? keys
      """)
    stage.press("n")
    #expect(stage.app.top == .form)
    stage.press("<Esc>y")
    #expect(stage.app.top == .list)
  }

  @Test func aNameOfWideAndHiddenCharactersIsTypedAndPasted() {
    var stage = Stage.list(lines: 14)
    stage.press("c東京")
    #expect(stage.frame.cursor == Point(line: 3, column: 22))
    stage.send(.key(.paste("電力\u{200B}\r\nx")))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Onboard a tenant  >1 Name   2 Contact   3 Origins   4 Review

      > Name            東京電力 x▮                                       [1 hidden]
        Site id         x








       Ctrl-o review and save  Tab next  Enter next or choose  Esc back  F1 keys
      """)
    stage.press("<Home><Del><Right><BS>")
    #expect(stage.frame.picture.contains("電力 x"))
  }
}
