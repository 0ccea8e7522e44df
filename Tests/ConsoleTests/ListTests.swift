import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("The list")
struct ListTests {
  @Test func showsTenantsWithMarkerAgesAndBadges() {
    let stage = Stage.list(lines: 12)
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants                                                              5 tenants
         SITE             NAME               EMAIL              STATE       UPDATED
       ▮ acme             Acme GmbH          ops@acme.example   active      2m
         acme-test        Acme Test Sandbox  qa@acme.example    active      4d
         acme-eu          Acme Europe S.A.   it@acme-eu.example DEACTIVATED 11d
         acmecorp         Acmeco… [1 hidden] x@acmecorp.example active      1h
         tokyo            東京電力エナジー…  info@tokyo.example active      1y



       Enter open  c onboard  e edit  x lifecycle  / filter  q quit  ? keys
      """)
  }

  @Test func beforeTheServerAnswersOnlyTheNameIsThereAndLoadingIsSaidAfterASecond() {
    var stage = Stage(lines: 10)
    #expect(stage.asked() == [.session])
    stage.expect(
      """
       landlord
       Tenants
         SITE             NAME               EMAIL              STATE       UPDATED
       ▮





       Enter open  c onboard  e edit  x lifecycle  / filter  q quit  ? keys
      """)
    stage.send(.alarm(.slow(stage.open[0].ticket)))
    #expect(stage.status == "connecting... 0:01  Ctrl-c twice quits")
  }

  @Test func movingMovesTheMarkerAndNothingElse() {
    var stage = Stage.list(lines: 12)
    let before = stage.frame
    stage.press("<Down>")
    let after = stage.frame
    let changed = before.lines.indices.filter { before.lines[$0] != after.lines[$0] }
    #expect(changed == [3, 4])
    #expect(after.cursor == Point(line: 4, column: 1))
    #expect(stage.wanted().isEmpty)
    stage.press("jjk")
    #expect(stage.app.top == .list)
    #expect(stage.frame.cursor == Point(line: 5, column: 1))
    stage.press("G<Down>")
    #expect(stage.frame.cursor == Point(line: 7, column: 1))
    stage.press("g<Up>")
    #expect(stage.frame.cursor == Point(line: 3, column: 1))
    #expect(stage.wanted().isEmpty)
  }

  @Test func columnsScrollWhereTheyDoNotFit() {
    var stage = Stage.list(columns: 40, lines: 10)
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db…primary
       Tenants                      5 tenants
         SITE             NAME
       ▮ acme             Acme GmbH
         acme-test        Acme Test Sandbox
         acme-eu          Acme Europe S.A.
         acmecorp         Acmeco… [1 hidden]
         tokyo            東京電力エナジー…

       Enter open  c onboard  e edit  ? keys
      """)
    stage.press("ll")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db…primary
       Tenants                      5 tenants
         SITE             STATE       UPDATED
       ▮ acme             active      2m
         acme-test        active      4d
         acme-eu          DEACTIVATED 11d
         acmecorp         active      1h
         tokyo            active      1y

       Enter open  c onboard  e edit  ? keys
      """)
    stage.press("llllll")
    #expect(stage.status == "no more columns on that side")
    stage.press("hhhhhh")
    #expect(stage.status == "no more columns on that side")
  }

  @Test func aKeyThatDoesNothingSaysSo() {
    var stage = Stage.list()
    stage.press("Z")
    #expect(stage.status == "Z does nothing here: ? shows the keys")
    stage.press("<Esc>")
    #expect(stage.status == "this is the first screen: q quits")
    #expect(stage.wanted().isEmpty)
  }

  @Test func supportMayLookButNotChangeAndTheRefusalIsNoted() {
    var session = Sample.session
    session.right = .support
    var stage = Stage.list(session: session)
    stage.press("c")
    #expect(stage.status == "c: ana may look but not change: that takes the role landlord_admin")
    #expect(stage.asked() == [.noteRefusal(action: "onboard", tenant: nil, what: "role support")])
    (session.readOnly, session.isStandby) = (true, true)
    stage = Stage.list(session: session)
    stage.press("e")
    #expect(stage.status == "e: this server is a standby: connect to the primary")
    #expect(stage.asked().isEmpty)
  }

  @Test func whoIsLimitedSeesSoAndMayNotChangeWhatIsForAll() {
    var session = Sample.session
    session.isLimited = true
    var stage = Stage.list(session: session)
    let header = stage.frame.picture.split(separator: "\n")[0]
    #expect(header.contains("as ana (admin, limited)"))
    stage.press("w")
    stage.answer(.views([SavedView(name: "shops", filter: "industry:retail")]))
    _ = stage.asked()
    stage.press("d")
    #expect(stage.status == "d: ana is limited to some tenants: that takes an admin without limits")
    #expect(
      stage.asked() == [.noteRefusal(action: "removeView", tenant: nil, what: "role admin, limited")])
    stage.press("<Esc>c")
    #expect(stage.app.top == .form)
  }

  @Test func aRefusalIsNotedWhicheverWayTheActionWasCalled() {
    var session = Sample.session
    session.right = .auditor
    let note = Request.noteRefusal(action: "deactivate", tenant: Sample.acme.id, what: "role auditor")
    for way in ["xd", "x<Down><Down><Enter>"] {
      var stage = Stage.list(session: session)
      stage.press(way)
      #expect(stage.asked() == [note], "\(way)")
    }
    let edit = Request.noteRefusal(action: "edit", tenant: Sample.acme.id, what: "role auditor")
    for way in ["e", ":edit<Enter>", "<Ctrl-p>edit<Enter>"] {
      var stage = Stage.list(session: session)
      stage.press(way)
      #expect(stage.asked().filter { $0 == edit }.count == 1, "\(way)")
    }
  }

  @Test func anEmptyRegistrySaysWhatToDo() {
    let stage = Stage.list([], lines: 10)
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants                                                              0 tenants
         SITE             NAME               EMAIL              STATE       UPDATED
       ▮ No tenants yet: c onboards the first.





       Enter open  c onboard  e edit  x lifecycle  / filter  q quit  ? keys
      """)
  }

  @Test func qQuitsAndSoDoesCtrlCTwiceInARow() {
    var stage = Stage.list()
    stage.press("q")
    #expect(stage.wanted() == [.quit(0)])
    stage.press("<Ctrl-c>j<Ctrl-c>")
    #expect(stage.wanted().isEmpty)
    #expect(stage.status == "Ctrl-c again quits")
    stage.press("<Ctrl-c>")
    #expect(stage.wanted() == [.quit(0)])
  }

  @Test func suspendAndRepaintAreAskedFor() {
    var stage = Stage.list()
    stage.press("<Ctrl-z><Ctrl-l>")
    #expect(stage.wanted() == [.suspend, .repaint])
  }

  @Test func theHeaderSaysWhatTheServerSays() {
    var session = Sample.session
    (session.environment, session.isStandby, session.bypassesPolicies, session.right) = (
      "staging", true, true, .support
    )
    let stage = Stage.list([], session: session, lines: 10)
    #expect(
      stage.frame.picture.split(separator: "\n")[0]
        == " landlord  staging  db1.eu/saas  as ana (support)  ! bypasses policies  standby")
    var production = Stage.list([], lines: 10)
    #expect(production.frame.rolePicture.hasPrefix("PPPPPPPPPP"))
    production.send(.link(.down("the server closed the line")))
    #expect(production.frame.picture.split(separator: "\n")[0].hasSuffix("OFFLINE"))
    #expect(production.frame.picture.contains("no connection since"))
  }

  @Test func whatThePersonCallsADatabaseHoldsWhereTheServerSaysNothing() {
    func header(server: String?) -> (line: String, status: String) {
      var stage = Stage(lines: 10, environment: "production")
      var session = Sample.session
      (session.environment, session.readOnly) = (server, true)
      stage.send(.link(.up))
      stage.answer(.session(session))
      return (String(stage.frame.picture.split(separator: "\n")[0]), stage.status)
    }
    #expect(header(server: nil).line.hasPrefix(" landlord  !! PRODUCTION !!  db1.eu/saas"))
    #expect(header(server: nil).line.hasSuffix("READ-ONLY"))
    #expect(header(server: nil).status == "")
    #expect(header(server: "staging").line.hasPrefix(" landlord  staging"))
    #expect(
      header(server: "staging").status
        == "your config.toml calls this production, and the server says it is staging")
  }

  @Test func someoneWithoutARoleIsToldWhomToAsk() {
    var session = Sample.session
    session.right = .none
    var stage = Stage()
    _ = stage.asked()
    stage.answer(.session(session))
    #expect(stage.asked().isEmpty)
    #expect(stage.status == "ana has no landlord role in this database: ask for landlord_support")
    stage.press("r")
    #expect(stage.asked() == [.session])
    stage.answer(.session(Sample.session))
    #expect(stage.asked().contains(.page(PageRequest(limit: TenantWindow.glance))))
  }

  @Test func aLongMessageIsReadToItsEnd() {
    var stage = Stage.list(columns: 40, lines: 10)
    stage.press("r")
    stage.fail(
      .server(
        sqlState: "XX000", message: "could not read block 17 of the relation; look into the server's log"))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db…primary
       Tenants                      5 tenants
         SITE             NAME
       ▮ acme             Acme GmbH
         acme-test        Acme Test Sandbox
         acme-eu          Acme Europe S.A.
       reading tenants: the server says
       XX000: could not read block 17 of the
       relation; look into the server's log
       Enter open  c onboard  e edit  ? keys
      """)
    stage.press("j")
    #expect(stage.frame.picture.contains("tokyo"))
  }

  @Test func aServerThatCannotBeReachedIsSaidAndTriedAgain() {
    var stage = Stage()
    stage.fail(.unavailable("connection refused; is the server running?"))
    #expect(stage.status == "connecting: no connection: connection refused; is the server running?")
    _ = stage.asked()
    stage.press("r")
    #expect(stage.asked() == [.session])
  }
}
