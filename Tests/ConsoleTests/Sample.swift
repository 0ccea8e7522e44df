import TenantStore
import Terminal

@testable import Console

/// Tenants and servers for the tests.
enum Sample {
  /// 2026-11-23 17:00:00Z.
  static let now = Instant(microseconds: 1_795_453_200_000_000)
  static let secret = TenantSecret("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")!

  static let session = Session(
    user: "ana", right: .admin, database: "saas", host: "db1.eu", serverVersion: "15.20",
    environment: "production")

  static let forms = [
    TenantForm("JSON") { tenants in tenants.map { #"{"siteId":"\#($0.siteID)"}"# }.joined(separator: "\n") }
  ]

  static let catalogues = Catalogues(
    industries: ["energy", "finance", "retail"].map { .init(name: $0) } + [
      .init(name: "whaling", retired: true)
    ],
    permissions: ["billing", "exports", "reports"].map { .init(name: $0) })

  static func id<Owner>(_ number: Int) -> Identifier<Owner> {
    let digits = String(number, radix: 16)
    return Identifier("00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits)!
  }

  static func ago(seconds: Int64) -> Instant { Instant(microseconds: now.microseconds - seconds * 1_000_000) }

  static func tenant(
    _ number: Int, _ siteID: String, _ name: String, state: TenantState = .active, version: Int64 = 1,
    email: String? = nil, origins: [String] = [], permissions: [String] = [], updated: Int64 = 120
  ) -> Tenant {
    Tenant(
      id: id(number), siteID: siteID, name: name, contactEmail: email ?? "ops@\(siteID).example",
      websiteURL: nil, industry: "retail", allowedOrigins: origins, permissions: permissions, state: state,
      isActive: state == .active, version: version, createdAt: ago(seconds: 86_400 * 30),
      updatedAt: ago(seconds: updated))
  }

  static let acme = tenant(
    1, "acme", "Acme GmbH", version: 3, origins: ["https://acme.example", "https://shop.acme.example"],
    permissions: ["billing", "reports"])
  static let acmeTest = tenant(
    2, "acme-test", "Acme Test Sandbox", email: "qa@acme.example", updated: 4 * 86_400)
  static let acmeEurope = tenant(
    3, "acme-eu", "Acme Europe S.A.", state: .deactivated, version: 7, email: "it@acme-eu.example",
    origins: ["https://acme-eu.example"], updated: 11 * 86_400)
  static let hidden = tenant(4, "acmecorp", "Acme\u{200B}corp", email: "x@acmecorp.example", updated: 3600)
  static let wide = tenant(
    5, "tokyo", "東京電力エナジーパートナー株式会社", email: "info@tokyo.example", updated: 400 * 86_400)

  static let tenants = [acme, acmeTest, acmeEurope, hidden, wide]

  static func page(_ tenants: [Tenant]) -> Page {
    Page(rows: tenants, cursors: tenants.map { Cursor(key: $0.siteID, id: $0.id) })
  }

  /// A long list in order of its site ids.
  static func many(_ range: Range<Int>) -> [Tenant] {
    range.map { number in
      let digits = String(number)
      let siteID = "site-" + String(repeating: "0", count: 6 - digits.count) + digits
      return tenant(number + 0x1000, siteID, "Tenant \(number)")
    }
  }
}
