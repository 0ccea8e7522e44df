import TenantStore
import Testing

/// What tenants of an industry usually have, at the real server.
@Suite struct UsualTests {
  let fixture = Fixture()

  private func usual(_ industry: String) throws -> Usual {
    guard case .usual(let usual) = try fixture.store.answer(to: .usual(industry: industry)) else {
      throw WrongAnswer()
    }
    return usual
  }

  @Test func whatMoreThanHalfHaveIsUsualWithTheSiteIDTakenOut() throws {
    for (number, site) in ["acme", "bolt", "watt"].enumerated() {
      try fixture.onboard(
        site,
        [
          .allowedOrigins: .list(["https://app.\(site).example", "https://\(number).example"]),
          .permissions: .list(number == 0 ? ["users.read"] : ["billing.read", "users.read"]),
        ])
    }
    try fixture.onboard("gone", [.allowedOrigins: .list(["https://gone.example"])])
    _ = try fixture.store.answer(
      to: .deactivate(
        Transition(tenantID: try fixture.onboard("left").id, expectedVersion: nil, reason: "why")))

    let usual = try usual("retail")

    #expect(usual.tenants == 4)
    #expect(usual.origins == ["https://app.{site}.example"])
    #expect(usual.permissions == ["billing.read", "users.read"])
    #expect(Usual.origin(usual.origins[0], siteID: "nova") == "https://app.nova.example")
    #expect(Usual.origin(usual.origins[0], siteID: "") == nil)
    #expect(Usual.origin("https://fixed.example", siteID: "") == "https://fixed.example")
    #expect(try self.usual("energy") == Usual(industry: "energy", tenants: 0, origins: [], permissions: []))
  }
}
