import TenantStore
import Terminal
import Testing

@testable import Console

/// What a new tenant's form is filled in from, and what is there at the end.
@Suite("Templates and the hand-over")
struct TemplateTests {
  @Test func anIndustrysUsualIsAddedToWhatIsTyped() {
    var stage = Stage.list(lines: 14)
    stage.press("cNova<Tab><Tab><Tab><Tab><Enter>ret<Enter><PgDn>https://own.example<Ctrl-t>")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Onboard a tenant   1 Name   2 Contact! >3 Origins   4 Review
               +-- FILL IN FROM --------------------------------------------+
      > Origins| ▮ the usual of retail                                      |
        Permiss|   what acme has                                            |
               |   what another tenant has...                               |
               | Enter adds its origins and permissions  Esc cancels        |
               +------------------------------------------------------------+
       Ctrl-t fills in what is usual in the industry, or what another tenant has




       Enter choose  Esc back  ? keys
      """)
    _ = stage.asked()
    stage.press("<Enter>")
    #expect(stage.asked() == [.usual(industry: "retail")])
    stage.answer(
      .usual(
        Usual(
          industry: "retail", tenants: 12, origins: ["https://app.{site}.example", "https://own.example"],
          permissions: ["billing", "whaling.see"])))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Onboard a tenant   1 Name   2 Contact! >3 Origins   4 Review

      > Origins         https://own.example▮
                        https://app.nova.example
        Permissions     billing

                        [ Review and save ]

       Ctrl-t fills in what is usual in the industry, or what another tenant has

       added 1 origin and 1 permission: what more than half of 12 tenants of retail
       have
       Ctrl-o review and save  Tab next  Enter next or choose  Esc back  F1 keys
      """)
  }

  @Test func theSelectedTenantIsCopiedWithTheOwnSiteIDInItsOrigins() {
    var stage = Stage.list()
    stage.press("cNova<Ctrl-t><Enter><PgDn>")
    #expect(stage.frame.picture.contains("Industry        retail"))
    stage.press("<PgDn>")
    #expect(
      stage.frame.picture.contains("https://nova.example")
        && stage.frame.picture.contains("https://shop.nova.example"))
    #expect(stage.frame.picture.contains("billing, reports"))
    stage.press("<Ctrl-t><Down><Enter>")
    #expect(stage.status.contains("nothing to add: what acme has"))
  }

  @Test func anyTenantIsFoundByWhatIsTypedAndCopied() {
    var stage = Stage.list(lines: 14)
    stage.press("cNova<Ctrl-t><Down><Down><Enter>")
    _ = stage.asked()
    stage.press("gm")
    #expect(stage.asked().last == .page(PageRequest(filter: Filter(words: ["gm"]), limit: 20)))
    stage.press("<Enter>")
    #expect(stage.status == "the tenants are still on their way")
    var other = Sample.wide
    (other.allowedOrigins, other.permissions) = (["https://tokyo.example"], ["exports"])
    stage.answer(.page(Sample.page([Sample.acme, other])))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Onboard a tenant  >1 Name   2 Contact   3 Origins   4 Review

      > Name +-- FILL IN FROM A TENANT ---------------------------------------+
        Site | Tenant: gm▮                                                    |
             | > acme                  Acme GmbH                              |
             |   tokyo                 東京電力エナジーパートナー株式会社     |
             +----------------------------------------------------------------+




       the tenants are still on their way
       Esc back  Enter do it  Tab complete  F1 keys
      """)
    stage.press("<Down><Enter>")
    #expect(stage.status == "added 1 origin and 1 permission: what tokyo has")
    stage.press("<PgDn><PgDn>")
    #expect(stage.frame.picture.contains("https://nova.example"))
    // Another look leaves the form as it is.
    stage.press("<Ctrl-t><Down><Down><Down><Enter>zz")
    stage.answer(.page(Sample.page([])))
    stage.press("<Enter>")
    #expect(stage.status == "no tenant matches")
    stage.press("<Esc>")
    #expect(stage.app.top == .form)
  }

  @Test func thePagesAreWalkedByTabAndByPageKeysAndReviewedFromAny() {
    var stage = Stage.list()
    stage.press("c<PgDn><PgUp>Nova<Tab><Tab>")
    #expect(stage.frame.picture.contains(">2 Contact"))
    stage.press("<S-Tab>")
    #expect(stage.frame.picture.contains(">1 Name"))
    stage.press("<PgDn><PgDn><PgDn><Ctrl-o>")
    // The first that is wrong, and its page.
    #expect(
      stage.frame.picture.contains(">2 Contact!") && stage.status == "not saved: a field is not right yet")
    stage.press("a@nova.example<PgUp><PgUp><Tab><Tab><Tab><Tab><Enter><Enter><PgUp><Ctrl-o>")
    #expect(stage.app.top == .review)
  }

  private func onboarded() -> Stage {
    var stage = OnboardTests.filled()
    stage.press("<Ctrl-o>y")
    stage.answer(.written(Written(outcome: .saved, entryID: 1, tenant: OnboardTests.nova)))
    _ = stage.wanted()
    return stage
  }

  @Test func theSecretIsCopiedByItsKeyAndCoveredAfterAMinute() {
    var stage = onboarded()
    stage.press("y")
    #expect(stage.wanted().contains(.copy(Sample.secret.text)))
    stage.send(.alarm(.cover(1)))
    #expect(!stage.frame.picture.contains(Sample.secret.text))
    #expect(stage.frame.picture.contains("covered after a minute"))
    stage.press("v")
    #expect(stage.frame.picture.contains(Sample.secret.text))
    #expect(stage.wanted() == [.wakeAfter(milliseconds: 60_000, .cover(2))])
    // The minute of the first time is over; this one's is not.
    stage.send(.alarm(.cover(1)))
    #expect(stage.frame.picture.contains(Sample.secret.text))
  }

  @Test func theSheetToHandOverHasAllButTheSecret() {
    var stage = onboarded()
    stage.press("w")
    guard case .export(let name, let markdown)? = stage.wanted().first else {
      Issue.record("the sheet is written")
      return
    }
    #expect(name == "nova-retail.md")
    #expect(markdown.contains("| Origins | https://nova.example<br>https://shop.nova.example |"))
    #expect(markdown.contains("ends in \(Sample.secret.hint)") && !markdown.contains(Sample.secret.text))
    stage.send(.exported(.file("/home/ana/nova-retail.md")))
    #expect(stage.status.contains("is in /home/ana/nova-retail.md"))
    stage.press("Y")
    #expect(
      stage.frame.picture.contains("> secret") && stage.frame.picture.contains("sheet, Markdown"))
  }

  @Test func whatATenantIsCalledIsNoMarkdown() {
    var tenant = OnboardTests.nova
    tenant.name = "a|b <img src=x> *c* \u{202E}d"
    let sheet = HandOver(tenant, hint: "abcd", Sample.session)
    #expect(sheet.markdown.hasPrefix("# a\\|b \\<img src=x\\> \\*c\\* "))
    #expect(!sheet.markdown.contains("\u{202E}") && !sheet.text.contains("\u{202E}"))
  }
}
