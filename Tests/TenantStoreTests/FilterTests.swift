import Testing

@testable import TenantStore

@Suite struct FilterTests {
  @Test(arguments: [
    "", "acme", "state:active acme x:y", "state:suspended state:active a", "!acme", "\"acme gmbh\"",
    "!\"a b\" !state:active", "industry:retail industry:\"public sector\"", "email:@acme.example",
    "origin:https://shop.acme.example !permission:billing", "created:>2026-01-01 updated:<7d",
    "id:0a1b2c3d-1",
    "\"state:active\"", "\"!x\"", "\"\"\"x\"", "a\"b", "!", "!!x", "100%_\\ 'x'", "株式会社 🎉",
    "please help ops@acme.example she cannot log in at https://shop.acme.example/login?x since monday",
  ])
  func comesBackFromItsText(_ text: String) {
    let filter = Filter.parse(text)
    #expect(Filter.parse(filter.text) == filter, "\(filter.text)")
    #expect(Filter.problem(in: text) == nil)
  }

  @Test func theLanguageIsReadAsItIsWritten() {
    func terms(_ text: String) -> [Filter.Term] { Filter.parse(text).terms }
    #expect(terms("  State:ACTIVE \u{3000} ACME ") == [.init(.states([.active])), .init(.text("acme"))])
    #expect(terms("state:de state:susp") == [.init(.states([.deactivated, .suspended]))])
    #expect(terms("!state:active") == [.init(.states([.active]), isNegated: true)])
    #expect(terms("\"Acme  GmbH") == [.init(.text("acme  gmbh"))])
    #expect(
      terms("industry:re !industry:me") == [
        .init(.industries(["re"])), .init(.industries(["me"]), isNegated: true),
      ])
    #expect(terms("email:a@b") == [.init(.email("a@b"))])
    #expect(terms("state: email: created:> !") == [.init(.text("!"))])
    #expect(terms("https://a.example") == [.init(.text("https://a.example"))])
    #expect(Filter.parse("ab").matchesBeginningsOnly && Filter.parse("a-b").matchesBeginningsOnly)
    #expect(!Filter.parse("abc").matchesBeginningsOnly && !Filter.parse("🎉").matchesBeginningsOnly)
    #expect(!Filter.parse("state:active").matchesBeginningsOnly)
  }

  @Test(arguments: [
    "state:nonsense", "created:yesterday", "updated:<7", "created:2026-13", "created:>2026-02-30", "id:xyz",
  ])
  func whatIsNotUnderstoodIsSaidAndLeftOut(_ text: String) {
    #expect(Filter.parse(text + " acme") == Filter(words: ["acme"]))
    #expect(Filter.problem(in: "acme " + text)?.part == text)
  }

  @Test func timesAreSpansAndAges() throws {
    func instant(_ text: String) -> Instant { Instant(text + "T00:00:00Z")! }
    #expect(TimeTest(">2026-01-31")?.moment == .span(instant("2026-01-31"), instant("2026-02-01")))
    #expect(TimeTest("<=2026-12")?.moment == .span(instant("2026-12-01"), instant("2027-01-01")))
    #expect(TimeTest("2026")?.moment == .span(instant("2026-01-01"), instant("2027-01-01")))
    #expect(TimeTest("<7d")?.moment == .ago(604_800) && TimeTest("<7d")?.comparison == .before)
    #expect(TimeTest(">=2w")?.comparison == .notBefore)
    #expect(TimeTest("7") == nil && TimeTest("d") == nil && TimeTest("-1d") == nil)
  }

  @Test func aTextThatSomeoneWroteIsATicket() {
    #expect(Filter.parse("acme gmbh state:active berlin").terms.count == 4)
    let ticket = Filter.parse("Hello, our shop <OPS@acme.example> is down state:active")
    #expect(ticket.terms.count == 2)
    #expect(ticket.terms[0] == .init(.ticket(["hello,", "our", "shop", "<ops@acme.example>", "is", "down"])))
    #expect(Clue("<mailto:Ops@acme.example>,") == .email("ops@acme.example"))
    #expect(
      Clue("(https://Shop.acme.example:8443/x?y).")
        == .url(origin: "https://shop.acme.example:8443", hasPath: true))
    #expect(Clue("acme-eu:") == .siteID("acme-eu"))
    let id = TenantID.random()
    #expect(Clue("{\(id.description.uppercased())}") == .id(id))
    #expect(Clue("ab") == nil)
  }
}
