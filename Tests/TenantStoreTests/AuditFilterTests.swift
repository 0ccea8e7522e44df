import TenantStore
import Testing

/// The language of the audit's filter.
@Suite struct AuditFilterTests {
  @Test(arguments: [
    ("", []), ("acme", [AuditFilter.Test.text("acme")]), ("\"a b\"", [.text("a b")]),
    ("actor:Ana", [.actor("ana")]),
    ("action:direct", [.action("direct")]), ("field:name", [.field("name")]),
    ("outcome:saved", [.outcomes([.saved])]),
    ("outcome:stale outcome:gone", [.outcomes([.stale, .gone])]), ("outcome:l", [.outcomes([.looked])]),
    ("tenant:acme", [.tenant(.siteID("acme"))]), ("request:0a1b", [.request("0a1b")]),
    ("since:7d until:2026-02", [.since(TimeTest("7d")!), .until(TimeTest("2026-02")!)]),
    // Only begun, and nothing yet.
    ("actor: since:", []),
  ])
  func aTextIsReadAsTerms(_ text: String, _ tests: [AuditFilter.Test]) {
    #expect(AuditFilter.parse(text).terms.map(\.test) == tests)
    #expect(AuditFilter.problem(in: text) == nil)
  }

  @Test(arguments: ["outcome:nonsense", "since:yesterday", "since:>2026-01-01", "until:13d5", "request:xyz"])
  func whatIsNotUnderstoodIsNamed(_ text: String) {
    #expect(AuditFilter.problem(in: text)?.part == text)
    #expect(AuditFilter.parse(text).isEmpty)
  }

  @Test(arguments: [
    "acme", "\"a \"\"b\"\"\"", "!actor:ana", "tenant:acme action:\"direct update\"",
    "outcome:stale outcome:gone",
    "since:7d until:2026-02-01", "request:0a1b2c3d-11", "!field:name",
  ])
  func aFilterIsWrittenAsItIsRead(_ text: String) {
    let filter = AuditFilter.parse(text)
    #expect(filter.text == text)
    #expect(AuditFilter.parse(filter.text) == filter)
  }

  @Test func onlyATenantThatIsNotTurnedRoundNarrowsToOne() {
    #expect(AuditFilter.parse("tenant:acme actor:ana").tenant == .siteID("acme"))
    #expect(AuditFilter.parse("!tenant:acme").tenant == nil)
    #expect(AuditFilter.parse("acme").tenant == nil)
  }
}
