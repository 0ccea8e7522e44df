import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("Copying")
struct CopyTests {
  @Test func yCopiesTheSiteIdAndSaysSo() {
    var stage = Stage.list()
    stage.press("jy")
    #expect(stage.wanted() == [.copy("acme-test")])
    #expect(stage.status == "copied the site id, 9 bytes, if the terminal allows it")
  }

  @Test func aTerminalThatCannotCopyIsSaid() {
    var stage = Stage.list()
    stage.press("y")
    stage.send(.notCopied("this terminal has no clipboard"))
    #expect(stage.status == "not copied: this terminal has no clipboard")
  }

  @Test func theMenuShowsEveryForm() {
    var stage = Stage.list(lines: 18)
    stage.press("Y")
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants                                                              5 tenants
         +-- COPY ----------------------------------------------------------------+
       > | ▮ site id         acme                                                 |
         |   name            Acme GmbH                                            |
         |   contact e-mail  ops@acme.example                                     |
         |   origins         https://acme.example https://shop.acme.example       |
         |   permissions     billing reports                                      |
         |   tenant id       00000000-0000-4000-8000-000000000001                 |
         |   row             acme Acme GmbH ops@acme.example retail active 00000… |
         |   JSON            {"siteId":"acme"}                                    |
         |   command line    landlord tenant show acme                            |
         +------------------------------------------------------------------------+




       Enter choose  Esc back  ? keys
      """)
  }

  @Test func hiddenCharactersAreCopiedAndCounted() {
    var stage = Stage.list()
    stage.press("jjjYj<Enter>")
    #expect(stage.wanted() == [.copy("Acme\u{200B}corp")])
    #expect(
      stage.status
        == "copied the name, 11 bytes (1 hidden character), if the terminal allows it")
  }

  @Test func escapeCopiesNothing() {
    var stage = Stage.list()
    stage.press("Y<Esc>")
    #expect(stage.wanted() == [])
    #expect(stage.app.top == .list)
  }

  @Test func aReceiptIsCopiedAsItIsRead() {
    var stage = KeymapTests.stage(at: .receipt)
    _ = stage.wanted()
    stage.press("y")
    guard case .copy(let text)? = stage.wanted().first else {
      Issue.record("nothing was copied")
      return
    }
    #expect(text.hasPrefix("What      onboarded nova (Nova)\n"))
    #expect(text.split(separator: "\n").count == 5)
  }

  @Test func theCommandLineIsOneThatAShellTakesAsItIs() {
    #expect(CommandText.quoted("acme-eu") == "acme-eu")
    #expect(CommandText.quoted("a b'c$(x)") == #"'a b'\''c$(x)'"#)
    #expect(CommandText.quoted("") == "''")
  }
}
