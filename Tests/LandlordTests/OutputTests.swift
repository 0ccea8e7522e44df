import TenantStore
import Testing

@testable import landlord

@Suite struct JSONTests {
  @Test func everyKindOfValueIsWrittenOnOneLine() {
    let value = JSON.object([
      ("a", .null), ("b", .array([.bool(true), .number(-7)])), ("c", .object([])), ("d", .optional(nil)),
    ])
    #expect(value.text == #"{"a":null,"b":[true,-7],"c":{},"d":null}"#)
  }

  @Test(arguments: [
    ("\"\\", #""\"\\""#), ("\r\n\t", #""\r\n\t""#), ("\u{0}\u{7F}\u{9B}", #""\u0000\u007f\u009b""#),
    ("\u{202E}\u{2028}", #""\u202e\u2028""#), ("Zoë 北京 🏳️‍🌈", "\"Zoë 北京 🏳️‍🌈\""),
  ])
  func whatCouldBreakALineOrTurnItIsEscaped(value: String, text: String) {
    #expect(JSON.string(value).text.utf8.elementsEqual(text.utf8))
  }

  @Test func decomposedLettersKeepTheirBytes() {
    #expect(JSON.string("e\u{301}").text.utf8.elementsEqual("\"e\u{301}\"".utf8))
  }

  @Test(
    arguments: [
      ("[]", []), (#"["a", "b"]"#, ["a", "b"]), (#" [ "\u00e9\ud83d\ude00\n\/" ] "#, ["é😀\n/"]),
    ] as [(String, [String])])
  func anArrayOfStringsIsRead(text: String, values: [String]) {
    #expect(JSON.stringArray(text) == values)
  }

  @Test(arguments: [
    "", "[", "[1]", "[\"a\",]", "[\"a\"] x", "[\"\\ud83d\"]", "[\"\\x\"]", "[\"\u{1}\"]", "[null]",
  ])
  func anythingElseIsNoArrayOfStrings(text: String) {
    #expect(JSON.stringArray(text) == nil)
  }
}

@Suite struct CSVTests {
  @Test func cellsAreQuotedWhereTheyMustBe() {
    #expect(CSV.row(["a", "b,c", "d\"e", "f\r\ng", ""]) == "a,\"b,c\",\"d\"\"e\",\"f\r\ng\",\r\n")
  }

  @Test(arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
  func aFormulaIsDisarmed(cell: String) {
    #expect(CSV.row([cell]).unicodeScalars.first { $0 != "\"" } == "'")
  }
}

@Suite struct TimeTextTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"),
      (1_709_210_096_123_456, "2024-02-29T12:34:56.123456Z"),
      (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),
      (-62_135_596_800_000_000, "0001-01-01T00:00:00.000000Z"),
    ] as [(Int64, String)])
  func instantsAreWrittenInUTC(microseconds: Int64, text: String) {
    #expect(Instant(microseconds: microseconds).rfc3339 == text)
  }
}

@Suite struct AssignmentTests {
  @Test func listsAreJSONOrCommasAndEmptyClears() throws {
    #expect(
      try Assignment.fields(of: ["origins=https://a,https://b"]) == [
        .allowedOrigins: .list(["https://a", "https://b"])
      ])
    #expect(try Assignment.fields(of: [#"permissions=["a","b"]"#]) == [.permissions: .list(["a", "b"])])
    #expect(
      try Assignment.fields(of: ["permissions=", "websiteUrl="]) == [
        .permissions: .list([]), .websiteURL: .absent,
      ])
  }

  @Test func aValueMayHoldFurtherEqualSigns() throws {
    #expect(try Assignment.fields(of: ["url=https://a/?x=1"]) == [.websiteURL: .text("https://a/?x=1")])
  }

  @Test(arguments: [["tenantName"], ["nosuch=1"], ["name=a", "tenantName=b"], ["origins=[1]"]])
  func whatIsNoAssignmentIsWrongUsage(texts: [String]) {
    #expect(status { try Assignment.fields(of: texts) } == .usage)
  }
}

@Suite struct FilterTests {
  @Test func wordsAreMadeSmallAndStatesAreTakenOut() throws {
    #expect(try Filter(typed: " Acme  state:act GmbH") == Filter.parse("acme state:active gmbh"))
    #expect(status { try Filter(typed: "state:nosuch") } == .usage)
    #expect(status { try Filter(typed: "created:yesterday") } == .usage)
  }
}

@Suite struct TenantTextTests {
  @Test func whatIsNotSetAndWhatIsEmptyReadDifferently() {
    let tenant = Tenant(
      id: .random(), siteID: "acme", name: "Acme", contactEmail: "a@b.example", websiteURL: nil,
      industry: "retail", allowedOrigins: [], permissions: ["billing"], state: .active, isActive: true,
      version: 1, createdAt: .now(), updatedAt: .now())
    let lines = tenant.lines { $0 }
    #expect(lines.contains("websiteUrl        (not set)"))
    #expect(lines.contains("allowedOrigins    (none)"))
    #expect(lines.contains("permissions       billing"))
  }
}
