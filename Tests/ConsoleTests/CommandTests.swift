import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("The command line and the palette")
struct CommandTests {
  @Test func aColonOffersWhatIsPossibleHere() {
    var stage = Stage.list(lines: 20)
    stage.press(":")
    stage.press("o")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants                                                              5 tenants
         SITE             NAME               EMAIL              STATE       UPDATED
       > +-- COMMAND -------------------------------------------------------------+
         | : o▮                                                                   |
         | > open              open the selected tenant                     Enter |
         |   onboard           onboard a tenant                                 c |
         |   onboard-many      onboard many from a CSV file, or undo that       I |
         |   older             the tenant's version before                      [ |
         |   open SITE-ID      the tenant with this site id or id                 |
         |   onboard FILE      onboard many from a CSV file                       |
         +------------------------------------------------------------------------+







       Esc back  Enter do it  Tab complete  F1 keys
      """)
  }

  @Test func tabWritesOutAndEnterDoesIt() {
    var stage = Stage.list()
    stage.press(":onb<Tab>")
    #expect(stage.frame.picture.contains(": onboard "))
    stage.press("<Enter>")
    #expect(stage.app.top == .form)
  }

  @Test func theOnlyCommandThatBeginsSoIsDone() {
    var stage = Stage.list()
    stage.press(":copy-m<Enter>")
    #expect(stage.app.top == .menu)
  }

  @Test func whatIsAmbiguousAsksWhich() {
    var stage = Stage.list()
    stage.press(":co<Enter>")
    #expect(stage.app.top == .prompt)
    #expect(stage.status == "which one? Tab writes it out")
    stage.press("<BS><BS>xyzzy<Enter>")
    #expect(stage.status == "no command begins like this: Esc leaves, ? lists the keys")
  }

  @Test func whatIsNotPossibleSaysWhyAndIsNotDone() {
    var session = Sample.session
    session.right = .support
    var stage = Stage.list(session: session)
    stage.press(":onboard<Enter>")
    #expect(stage.app.top == .list)
    #expect(
      stage.status == "onboard: ana may look but not change: that takes the role landlord_admin")
  }

  @Test func filterGoesToTheListFromAnywhere() {
    var stage = Stage.list()
    stage.press("<Enter>")
    _ = stage.asked()
    stage.press(":filter state:active gmbh<Enter>")
    #expect(stage.app.top == .list)
    #expect(
      stage.asked().contains(
        .page(PageRequest(filter: Filter(words: ["gmbh"], states: [.active]), limit: TenantWindow.glance))))
    #expect(stage.frame.picture.contains("/ state:active gmbh"))
  }

  @Test func openAsksForTheTenantAndShowsIt() {
    var stage = Stage.list()
    stage.press(":open tokyo<Enter>")
    #expect(stage.asked() == [.tenant(.siteID("tokyo"))])
    stage.answer(.tenant(Sample.wide))
    #expect(stage.app.top == .detail)
    #expect(stage.frame.picture.contains("東京電力"))
  }

  @Test func aTenantThatIsNotThereIsSaid() {
    var stage = Stage.list()
    stage.press(":open nowhere<Enter>")
    stage.answer(.tenant(nil))
    #expect(stage.app.top == .list)
    #expect(stage.status == "there is no tenant nowhere")
  }

  @Test func quitQuits() {
    var stage = Stage.list()
    stage.press(":quit<Enter>")
    #expect(stage.wanted() == [.quit(0)])
  }

  @Test func anotherConnectionIsChosenByItsName() {
    var stage = Stage.list()
    stage.press(":connect pr<Tab><Enter>")
    #expect(stage.wanted() == [.connect("prod")])
    stage.press("<Ctrl-p>condemo<Enter>")
    #expect(stage.wanted().last == .connect("demo"))
    stage.press(":connect nowhere<Enter>")
    #expect(stage.wanted() == [])
    #expect(stage.app.top == .prompt)
  }

  @Test func thePaletteShowsTheViewsThatAreShared() {
    var stage = Stage.list()
    stage.press("<Enter><Ctrl-p>")
    #expect(stage.asked().last == .views)
    stage.answer(.views([SavedView(name: "Retail", filter: "industry:retail")]))
    stage.press("retail<Enter>")
    #expect(stage.app.top == .list)
    #expect(stage.frame.picture.contains("/ industry:retail"))
  }

  @Test func thePaletteFindsByAFewLetters() {
    var stage = Stage.list(lines: 20)
    stage.press("<Ctrl-p>cpm")
    #expect(stage.asked().last == .page(PageRequest(filter: Filter(words: ["cpm"]), limit: 20)))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants                                                              5 tenants
         SITE             NAME               EMAIL              STATE       UPDATED
       > acme             Acme GmbH          ops@acme.example   active      2m
         acme-test        Acme Test Sandbox  qa@acme.example    active      4d
         +-- actions, views, themes, connections, tenants ------------------------+
         | Find: cpm▮                                                             |
         | > copy-menu         copy a value, a row, JSON, CSV, a command        Y |
         +------------------------------------------------------------------------+










       Esc back  Enter do it  Tab complete  F1 keys
      """)
    stage.press("<Enter>")
    #expect(stage.app.top == .menu)
  }

  @Test func thePaletteShowsTheTenantsThatTheServerFinds() {
    var stage = Stage.list(lines: 20)
    stage.press("<Ctrl-p>tokyo")
    stage.answer(.page(Sample.page([Sample.wide])))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants                                                              5 tenants
         SITE             NAME               EMAIL              STATE       UPDATED
       > acme             Acme GmbH          ops@acme.example   active      2m
         acme-test        Acme Test Sandbox  qa@acme.example    active      4d
         +-- actions, views, themes, connections, tenants ------------------------+
         | Find: tokyo▮                                                           |
         | > tokyo             東京電力エナジーパートナー株式会社                 |
         +------------------------------------------------------------------------+










       Esc back  Enter do it  Tab complete  F1 keys
      """)
    stage.press("<Enter>")
    #expect(stage.app.top == .detail)
    #expect(stage.asked().contains(.tenant(.id(Sample.wide.id))))
  }

  @Test func anotherLetterGivesUpOnTheSearchBefore() {
    var stage = Stage.list()
    stage.press("<Ctrl-p>t")
    let first = stage.open.last!.ticket
    stage.press("o")
    #expect(stage.wanted().contains(.cancel(first)))
    stage.press("<Esc>")
    #expect(stage.open.isEmpty)
  }

  @Test func thePaletteSaysWhyAnActionIsNotPossible() {
    var session = Sample.session
    session.readOnly = true
    var stage = Stage.list(session: session)
    stage.press("<Ctrl-p>onboard<Enter>")
    #expect(stage.app.top == .prompt)
    #expect(stage.status == "onboard: this connection is read-only: nothing can be changed over it")
  }

  @Test(arguments: [
    ("cm", "copy-menu", "columns-left"), ("onb", "onboard", "columns-right"), ("th", "themes", "lifecycle"),
  ]) func lettersThatBeginWordsFitBest(_ typed: String, _ better: String, _ worse: String) {
    let (a, b) = (Fuzzy.score(typed, in: better), Fuzzy.score(typed, in: worse))
    #expect(a != nil && a! > b ?? Int.min)
  }

  @Test func lettersInAnotherOrderDoNotFit() {
    #expect(Fuzzy.score("ba", in: "ab") == nil)
    #expect(Fuzzy.score("", in: "ab") != nil)
    #expect(Fuzzy.score("abc", in: "a-b-c") != nil)
    #expect(Fuzzy.score("aa", in: "a") == nil)
  }
}
