import Postgres
import TenantStore
import TestServer
import Testing

/// How a person was proven, where the server knows people by their certificates: over real TLS, with certificates made here.
@Suite struct CertificateTests {
  private static let server = SecureServer()

  /// The newest entry of a tenant that this person makes.
  private func entry(_ user: String, certificateOf holder: String?) throws -> AuditEvent {
    let store = Store(conninfo: Self.server.conninfo(as: user, certificateOf: holder), wake: {})
    defer { store.close() }
    let siteID = "site-\(RequestID.random())"
    _ = try store.answer(to: .onboard(Fixture.onboarding(siteID)))
    let request = AuditPageRequest(filter: .parse("tenant:\(siteID)"))
    guard case .auditPage(let page) = try store.answer(to: .auditPage(request)) else { throw WrongAnswer() }
    return try #require(page.events.first)
  }

  @Test func anEntrySaysByWhichCertificateAPersonWasProven() throws {
    let behind = TestServer.shared.connect(Self.server.superuser)
    let isOld = try behind.run("SELECT current_setting('server_version_num')::int < 160000", deadline: 5_000)
      .exactlyOne.bool(0)
    // On 15 the owner of the functions sees certificates only as a member of this role; from 16 on the server tells.
    if isOld { #expect(try entry("ana", certificateOf: "ana").client?.proven == nil) }
    try behind.runScript("GRANT pg_read_all_stats TO landlord_owner", deadline: 5_000)

    let ana = try entry("ana", certificateOf: "ana")
    #expect(ana.actor == "ana")
    #expect(ana.client?.address == "127.0.0.1")
    let proven = try #require(ana.client?.proven)
    #expect(proven.hasPrefix("cert:") && proven.hasSuffix("CN=ana"), "\(proven)")
    // Who has none is let in, and nothing is made up.
    #expect(try entry("guest", certificateOf: nil).client?.proven == nil)
    #expect(try AuditVerifier(behind).verify().findings == [])
  }

  @Test func whoHasAnothersCertificateIsNotLetIn() throws {
    #expect(throws: PostgresError.self) {
      try Connection.open(Self.server.conninfo(as: "ana", certificateOf: "bob"), deadline: 10_000)
    }
    #expect(throws: PostgresError.self) {
      try Connection.open(Self.server.conninfo(as: "ana", certificateOf: nil), deadline: 10_000)
    }
  }
}
