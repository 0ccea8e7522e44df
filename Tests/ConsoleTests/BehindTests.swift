import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("Themes, mouse, and what is behind a screen")
struct BehindTests {
  private static let themes: [Theme] = [.terminal, .mono]

  @Test func theThemeUnderTheFocusIsShownAtOnce() {
    var stage = Stage.list(lines: 14)
    stage.press("t")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants                                                              5 tenants
         SITE           +-- THEME ---------------------------------+E       UPDATED
       > acme           | ▮ terminal                               |ve      2m
         acme-test      |   mono                                   |ve      4d
         acme-eu        | active SUSPENDED DEACTIVATED hint        |TIVATED 11d
         acmecorp       | Title typed +new -old [1 hidden]         |ve      1h
         tokyo          +------------------------------------------+ve      1y





       Enter choose  Esc back  ? keys
      """)
    _ = stage.wanted()
    stage.press("j")
    #expect(stage.wanted() == [.useTheme(.mono)])
    stage.press("<Enter>")
    #expect(stage.wanted() == [.useTheme(.mono)])
    #expect(stage.status == "theme mono")
    #expect(stage.app.theme == .mono)
  }

  @Test func escapeGoesBackToTheThemeBefore() {
    var stage = Stage.list()
    stage.press("tj<Esc>")
    #expect(stage.wanted() == [.useTheme(.mono), .useTheme(.terminal)])
    #expect(stage.app.theme == .terminal)
  }

  @Test func aThemeCanBeNamed() {
    var stage = Stage.list()
    stage.press(":theme mo<Tab><Enter>")
    #expect(stage.wanted() == [.useTheme(.mono)])
  }

  @Test func mTurnsTheMouseOnAndOff() {
    var stage = Stage.list()
    stage.press("m")
    #expect(stage.wanted() == [.useMouse(true)])
    stage.press("m")
    #expect(stage.wanted() == [.useMouse(false)])
  }

  @Test func aClickSelectsAndADoubleClickOpens() {
    var stage = Stage.list()
    stage.press("m")
    stage.click(line: 6)
    #expect(stage.frame.cursor == Point(line: 6, column: 1))
    #expect(stage.app.top == .list)
    stage.click(line: 5)
    #expect(stage.app.top == .list)
    stage.click(line: 5)
    #expect(stage.app.top == .detail)
    #expect(stage.app.stack.last?.subject?.siteID == "acme-eu")
  }

  @Test func twoClicksFarApartAreNoDoubleClick() {
    var stage = Stage.list()
    stage.press("m")
    stage.click(line: 5)
    stage.send(.clock(Instant(microseconds: Sample.now.microseconds + 600_000)))
    stage.click(line: 5)
    #expect(stage.app.top == .list)
  }

  @Test func clicksBesideTheRowsDoNothing() {
    var stage = Stage.list()
    stage.press("m")
    let before = stage.frame.cursor
    for line in [0, 1, 2, 12, 22, 23] { stage.click(line: line) }
    #expect(stage.frame.cursor == before)
    #expect(stage.app.top == .list)
  }

  @Test func theWheelMoves() {
    var stage = Stage.list(Sample.many(0..<100))
    stage.press("m")
    stage.send(.key(.mouse(Mouse(.wheelDown, at: Point(line: 5, column: 5)))))
    #expect(stage.frame.cursor == Point(line: 6, column: 1))
    stage.send(.key(.mouse(Mouse(.wheelUp, at: Point(line: 5, column: 5)))))
    #expect(stage.frame.cursor == Point(line: 3, column: 1))
  }

  @Test func aLineOfAMenuIsClicked() {
    var stage = Stage.list()
    stage.press("mY")
    let line = stage.frame.cursor!.line
    _ = stage.wanted()
    stage.click(line: line + 1, column: 20)
    #expect(stage.frame.cursor!.line == line + 1)
    stage.click(line: line + 1, column: 20)
    #expect(stage.wanted() == [.copy("Acme GmbH")])
    #expect(stage.app.top == .list)
  }

  @Test func reportsThatNobodyAskedForAreIgnored() {
    var stage = Stage.list()
    let before = stage.frame
    stage.click(line: 6)
    #expect(stage.frame == before)
  }

  @Test func theSqlAndTheCommandBehindTheList() {
    var stage = Stage.list(lines: 40)
    stage.press("/state:active o'neil<Enter>")
    stage.answer(.page(Sample.page([Sample.acme])))
    stage.press("!")
    let picture = stage.frame.picture
    #expect(picture.contains(#"   landlord tenant list --filter 'state:active o'\''neil'"#))
    #expect(picture.contains("FROM landlord.tenants t"))
    #expect(picture.contains("The SQL behind it"))
    _ = stage.wanted()
    stage.press("y")
    #expect(stage.wanted() == [.copy(#"landlord tenant list --filter 'state:active o'\''neil'"#)])
    stage.press("<Esc>")
    #expect(stage.app.top == .list)
  }

  @Test func theSqlBehindATenantHasItsValue() {
    var stage = Stage.list(lines: 24)
    stage.press("<Enter>!")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
      ▮The same on the command line

         landlord tenant show acme

       The SQL behind it

         SELECT t.tenant_id, t.site_id, t.tenant_name, t.contact_email,
            t.website_url, t.business_industry, t.allowed_origins,
           t.permissions, t.state, t.is_active, t.version, (extract(epoch FROM
            t.created_at) * 1000000)::bigint,
           (extract(epoch FROM t.updated_at) * 1000000)::bigint FROM landlord.tenants
            t WHERE t.tenant_id = '00000000-0000-4000-8000-000000000001'::uuid










       Esc back  ? keys
      """)
  }

  @Test func aLongValueIsSpelledOutToItsEnd() {
    let name = String(repeating: "ab ", count: 40) + "\u{202E}end"
    var stage = Stage.list([Sample.tenant(1, "long", name)], columns: 50, lines: 14)
    stage.press("H")
    let lines = stage.frame.picture.split(separator: "\n")
    #expect(lines.contains { $0.hasSuffix("[U+202E]end") })
    #expect(stage.frame.picture.contains("U+202E  right-to-left override"))
    for line in stage.frame.lines { #expect(line.width <= 50) }
  }

  @Test func hiddenCharactersAreSpelledOut() {
    var stage = Stage.list(lines: 14)
    stage.press("jjjH")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
      ▮Hidden characters of acmecorp

       Name
         Acme[U+200B]corp
           U+200B  zero width space







       Esc back  ? keys
      """)
    stage.press("<Esc>kH")
    #expect(stage.status == "acme-eu has no hidden characters")
  }
}

extension Stage {
  mutating func click(line: Int, column: Int = 5) {
    send(.key(.mouse(Mouse(.press, at: Point(line: line, column: column)))))
    send(.key(.mouse(Mouse(.release, at: Point(line: line, column: column)))))
  }
}
