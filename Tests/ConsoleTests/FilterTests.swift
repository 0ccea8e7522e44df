import TenantStore
import Terminal
import Testing

@testable import Console

@Suite("The filter")
struct FilterTests {
  @Test func eachCharacterAsksAnewAndGivesUpOnTheOneBefore() {
    var stage = Stage.list(lines: 12)
    stage.press("/ac")
    let wanted = stage.wanted()
    guard case .send(.page(let first), let ticket)? = wanted.first else {
      Issue.record("a character asks for a page: \(wanted)")
      return
    }
    #expect(first == PageRequest(filter: Filter(words: ["a"]), limit: TenantWindow.glance))
    #expect(wanted.contains(.cancel(ticket)))
    #expect(
      stage.open.map(\.request) == [
        .page(PageRequest(filter: Filter(words: ["ac"]), limit: TenantWindow.glance))
      ])
    // The answer to the first one comes late: nobody waits for it.
    stage.send(.answered(ticket, .success(.page(Sample.page([])))))
    #expect(stage.frame.picture.contains("acme-eu"))
    stage.answer(.page(Sample.page([Sample.acme, Sample.acmeTest])))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants  / ac▮                                                          2 of 5
         SITE             NAME               EMAIL              STATE       UPDATED
       > acme             Acme GmbH          ops@acme.example   active      2m
         acme-test        Acme Test Sandbox  qa@acme.example    active      4d





       one or two letters match the beginnings of words only
       Enter keep  Esc clear  F1 keys
      """)
  }

  @Test func enterKeepsAndEscClears() {
    var stage = Stage.list(lines: 10)
    stage.press("/tes")
    stage.answer(.page(Sample.page([Sample.acmeTest])))
    stage.press("<Enter>")
    #expect(stage.app.top == .list)
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants  / tes                                                          1 of 5
         SITE             NAME               EMAIL              STATE       UPDATED
       ▮ acme-test        Acme Test Sandbox  qa@acme.example    active      4d





       Enter open  c onboard  e edit  x lifecycle  / filter  q quit  ? keys
      """)
    _ = stage.wanted()
    stage.press("<Esc>")
    let place = Cursor(key: "acme-test", id: Sample.acmeTest.id)
    #expect(stage.asked() == [.page(PageRequest(anchor: .from(place), limit: 200))])
    stage.answer(.page(Sample.page(Array(Sample.tenants[1...]))))
    #expect(stage.asked().first == .page(PageRequest(anchor: .before(place), limit: 200)))
    stage.answer(.page(Sample.page([Sample.acme])))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants                                                              5 tenants
         SITE             NAME               EMAIL              STATE       UPDATED
         acme             Acme GmbH          ops@acme.example   active      2m
       ▮ acme-test        Acme Test Sandbox  qa@acme.example    active      4d
         acme-eu          Acme Europe S.A.   it@acme-eu.example DEACTIVATED 11d
         acmecorp         Acmeco… [1 hidden] x@acmecorp.example active      1h
         tokyo            東京電力エナジー…  info@tokyo.example active      1y

       Enter open  c onboard  e edit  x lifecycle  / filter  q quit  ? keys
      """)
  }

  @Test func statesAreWordsOfTheirOwn() {
    var field = FilterField()
    field.field.replace(with: "state:act ACME state:deact")
    #expect(field.filter == Filter(words: ["acme"], states: [.active, .deactivated]))
    #expect(field.problem == nil)
    field.field.replace(with: "state:")
    #expect(field.filter == Filter())
    field.field.replace(with: "state:x")
    #expect(field.problem != nil)
  }

  @Test func anUnknownStateIsSaidWhileItIsTyped() {
    var stage = Stage.list(lines: 10)
    stage.press("/state:zz")
    #expect(stage.status == "state: is one of provisioning, active, suspended, deactivated, purged")
  }

  @Test func nothingFoundSaysHowToGoOn() {
    var stage = Stage.list(lines: 10)
    stage.press("/zzz")
    stage.answer(.page(Sample.page([])))
    stage.expect(
      """
       landlord  !! PRODUCTION !!  db1.eu/saas  as ana (admin)                primary
       Tenants  / zzz▮                                                         0 of 5
         SITE             NAME               EMAIL              STATE       UPDATED
         Nothing matches: Esc clears the filter.





       Enter keep  Esc clear  F1 keys
      """)
    stage.press("<Enter>e")
    #expect(stage.status == "e: no tenant is selected")
  }

  @Test func searchingIsSaidAfterASecondAndCanBeCancelled() {
    var stage = Stage.list(lines: 10)
    stage.press("/a")
    #expect(!stage.frame.picture.contains("searching"))
    stage.send(.alarm(.slow(stage.open[0].ticket)))
    #expect(stage.frame.picture.contains("searching... Ctrl-c cancels"))
    _ = stage.wanted()
    let ticket = stage.open[0].ticket
    stage.press("<Ctrl-c>")
    #expect(stage.wanted() == [.cancel(ticket)])
    #expect(stage.status == "cancelled; Ctrl-c again quits")
    #expect(!stage.frame.picture.contains("searching"))
  }

  /// Types a filter that more tenants match than fit into the first page.
  private static func typed() -> (stage: Stage, lull: Alarm?) {
    var stage = Stage.list()
    stage.press("/site")
    stage.answer(.page(Sample.page(Sample.many(0..<TenantWindow.glance))))
    let wanted = stage.wanted()
    #expect(!wanted.contains { if case .send(.total, _) = $0 { true } else { false } })
    let lull = wanted.compactMap { effect in
      if case .wakeAfter(_, .typed(let number)) = effect { Alarm.typed(number) } else { nil }
    }.last
    return (stage, lull)
  }

  @Test func whatIsBeyondTheScreenIsReadAndCountedWhenTheTypingStops() {
    var (stage, lull) = Self.typed()
    #expect(stage.asked().isEmpty)
    stage.send(.alarm(.typed(0)))
    #expect(stage.asked().isEmpty)
    stage.send(.alarm(lull!))
    let asked = stage.asked()
    #expect(asked.contains(.total(.parse("site"))))
    #expect(
      asked.contains { if case .page(let page) = $0 { page.limit == TenantWindow.limit } else { false } })
  }

  @Test func whoTakesTheFilterNeedNotWaitForThat() {
    var (stage, lull) = Self.typed()
    _ = stage.asked()
    stage.press("<Enter>")
    #expect(stage.asked().count == 2)
    stage.send(.alarm(lull!))
    #expect(stage.asked().isEmpty)
  }

  @Test func theSelectionMovesWhileTheFilterIsTyped() {
    var stage = Stage.list(lines: 10)
    stage.press("/a<Down>")
    #expect(stage.app.stack[0].subject?.siteID == "acme-test")
    #expect(stage.app.top == .filterField)
  }
}
