import TenantStore
import Testing

@Suite struct InstantTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (1_000_000, "1970-01-01T00:00:01Z"), (-1, "1969-12-31T23:59:59.999999Z"),
      (1_709_210_096_500_000, "2024-02-29T12:34:56.5Z"), (951_782_400_000_000, "2000-02-29T00:00:00Z"),
      (-62_135_596_800_000_000, "0001-01-01T00:00:00Z"),
      (253_402_300_799_000_001, "9999-12-31T23:59:59.000001Z"),
    ] as [(Int64, String)])
  func textAndNumberAreTheSameMoment(_ microseconds: Int64, _ text: String) {
    #expect(Instant(microseconds: microseconds).description == text)
    #expect(Instant(text)?.microseconds == microseconds)
  }

  @Test func offsetsAreTakenIntoAccount() {
    #expect(Instant("2024-02-29T12:34:56+01:30") == Instant("2024-02-29T11:04:56Z"))
    #expect(Instant("2024-02-29t12:34:56.25-00:30") == Instant("2024-02-29T13:04:56.250z"))
  }

  @Test(arguments: [
    "", "2024-02-30T00:00:00Z", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-01-01T24:00:00Z",
    "2024-01-01T00:00:60Z", "2024-01-01T00:00:00", "2024-01-01 00:00:00Z", "2024-01-01T00:00:00.Z",
    "2024-01-01T00:00:00.1234567Z", "2024-01-01T00:00:00Zx", "2024-1-1T00:00:00Z", "2024-01-01T00:00:00+1:00",
  ])
  func whatIsNoMomentIsRefused(_ text: String) { #expect(Instant(text) == nil) }

  @Test func everyDayOfFourCenturiesComesBack() {
    for day in stride(from: Int64(-146_097), through: 146_097, by: 1) {
      let instant = Instant(microseconds: day * 86_400_000_000)
      guard Instant(instant.description) == instant else {
        Issue.record("\(instant)")
        return
      }
    }
  }
}

@Suite struct SuggestedSiteIDTests {
  @Test(arguments: [
    ("Acme GmbH", "acme-gmbh"), ("  Müller & Söhne  ", "muller-and-sohne"), ("L'Été d’Or", "lete-dor"),
    ("Straße 9/11", "strasse-9-11"), ("株式会社", ""), ("株式会社 Acme", "acme"), ("Łódź", "lodz"), ("", ""),
    ("---", ""),
    (String(repeating: "ab ", count: 40), String(repeating: "ab-", count: 20) + "ab"), ("ÆON", "aeon"),
    ("&", "and"),
  ])
  func aNameGivesItsSiteID(_ name: String, _ siteID: String) {
    #expect(TenantRules.suggestedSiteID(from: name) == siteID)
  }

  @Test func whatIsSuggestedIsAlwaysWellFormedOrTooShort() {
    var source = Values(seed: 5)
    for _ in 0..<2000 {
      guard case .text(let name) = source.value(of: .name, Catalogues()) else { continue }
      let rule = TenantRules.problem(in: .siteID, .text(TenantRules.suggestedSiteID(from: name)))?.rule
      let isShort = TenantRules.suggestedSiteID(from: name).utf8.count < 3
      #expect(rule == nil || isShort, "\(TenantRules.suggestedSiteID(from: name))")
    }
  }
}

@Suite struct IdentifierTests {
  @Test func itsTextComesBack() {
    for _ in 0..<1000 {
      let id = TenantID.random()
      #expect(TenantID(id.description) == id && TenantID(id.description.uppercased()) == id)
      #expect(Array(id.description.utf8)[14] == UInt8(ascii: "4"))
    }
    #expect(
      TenantID("0a1b2c3d-1111-4222-8333-0123456789ab")?.description == "0a1b2c3d-1111-4222-8333-0123456789ab")
  }

  @Test(arguments: [
    "", "0a1b2c3d-1111-4222-8333-0123456789a", "0a1b2c3d-1111-4222-8333-0123456789ag",
    "0a1b2c3d+1111-4222-8333-0123456789ab", "０a1b2c3d-1111-4222-8333-0123456789",
  ])
  func whatIsNoUUIDIsRefused(_ text: String) { #expect(TenantID(text) == nil) }

  @Test func whatHasTheFormOfAnIDIsOne() {
    let id = TenantID.random()
    #expect(TenantReference(id.description) == .id(id))
    #expect(TenantReference("acme") == .siteID("acme"))
  }
}
