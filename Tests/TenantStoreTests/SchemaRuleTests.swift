import Postgres
import TenantStore
import TestServer
import Testing

/// Every rule of the schema by its name, with a value just inside and one just outside.
@Suite struct SchemaRuleTests {
  struct Rule: Sendable, CustomTestStringConvertible {
    let name: String
    /// JSON objects that replace fields of a tenant that is right.
    let inside: [String]
    let outside: [String]

    init(_ name: String, inside: [String], outside: [String]) {
      self.name = name
      self.inside = inside
      self.outside = outside
    }

    /// The same for one text field.
    init(_ name: String, _ field: String, inside: [String], outside: [String]) {
      func object(_ value: String) -> String { "{\"\(field)\": \"\(value)\"}" }
      self.init(name, inside: inside.map(object), outside: outside.map(object))
    }

    init(origins name: String, inside: [[String]], outside: [[String]]) {
      func object(_ list: [String]) -> String {
        "{\"allowedOrigins\": [\(list.map { "\"\($0)\"" }.joined(separator: ","))]}"
      }
      self.init(name, inside: inside.map(object), outside: outside.map(object))
    }

    var testDescription: String { name }
  }

  private static func x(_ count: Int) -> String { String(repeating: "x", count: count) }
  private static func hosts(_ count: Int) -> [String] { (0..<count).map { "https://h\($0).example" } }
  /// An origin of so many characters.
  private static func long(_ count: Int) -> String {
    "https://" + Array(repeating: x(40), count: 5).joined(separator: ".") + "." + x(count - 213)
  }

  static let rules = [
    Rule(
      "site_id_form", "siteId", inside: ["a-1", "9ab", "a--b"],
      outside: ["-ab", "ab-", "aBc", "a_b", "a.b", "äbc", "a b", "abc\\n"]),
    Rule("site_id_length", "siteId", inside: [x(3), x(63)], outside: [x(2), x(64)]),
    Rule(
      "site_id_no_uuid", "siteId", inside: ["0a1b2c3d-1111-4222-8333-0123456789ag"],
      outside: ["0a1b2c3d-1111-4222-8333-0123456789ab"]),
    Rule(
      "tenant_name_length", "tenantName", inside: ["x", x(200), String(repeating: "界", count: 200)],
      outside: ["", x(201)]),
    Rule(
      "tenant_name_trimmed", "tenantName", inside: ["a b", "a\u{3000}b"],
      outside: [" a", "a ", "\u{A0}a", "a\u{3000}", "a\u{2003}"]),
    Rule("tenant_name_nfc", "tenantName", inside: ["Café", "Q\u{303}"], outside: ["Cafe\u{301}"]),
    Rule(
      "tenant_name_controls", "tenantName", inside: ["a~b"],
      outside: ["a\\u0001b", "a\\u001fb", "a\\tb", "a\\nb", "a\\u007fb", "a\\u0085b", "a\\u009fb"]),
    Rule(
      "tenant_name_bidi", "tenantName", inside: ["عربي", "עברית"],
      outside: [
        "a\u{61C}b", "a\u{200E}b", "a\u{200F}b", "a\u{202A}b", "a\u{202E}b", "a\u{2066}b", "a\u{2069}b",
      ]),
    Rule(
      "tenant_name_invisible", "tenantName",
      inside: ["👩\u{200D}🚀", "می\u{200C}خواهم", "क्\u{200D}ष", "❤\u{FE0F} Ltd", "1\u{FE0F}\u{20E3}"],
      outside: [
        "a\u{200B}b", "a\u{AD}b", "a\u{2060}b", "a\u{FEFF}b", "a\u{115F}b", "a\u{2800}b", "a\u{E0041}b",
        "a\u{200D}",
        "a\u{200D} b", "\u{200C}a", "a\u{FE0F}", "a\u{FE00}b", "a\u{200D}\u{200D}b",
      ]),
    Rule(
      "contact_email_form", "contactEmail", inside: ["a@b", "ä@ü.example"],
      outside: ["ab", "@b", "a@", "a@b@c", ""]),
    Rule(
      "contact_email_length", "contactEmail", inside: ["a@" + x(252)], outside: ["a@" + x(253)]),
    Rule(
      "contact_email_characters", "contactEmail", inside: ["a!#$%&'*+/=?^`{|}~@b"],
      outside: ["a @b", "a@b\u{A0}", "a\\u0001@b", "a\\u007f@b", "a\u{200B}@b", "a\u{202E}@b", "a@b\\n"]),
    Rule(
      "website_url_length", "websiteUrl", inside: ["https://a.example/" + x(2030)],
      outside: ["https://a.example/" + x(2031)]),
    Rule(
      "website_url_scheme", "websiteUrl", inside: ["http://a", "https://a"],
      outside: ["ftp://a", "HTTPS://a", "httpx://a"]),
    Rule(
      "website_url_user_info", "websiteUrl", inside: ["https://a.example/x@y", "https://a.example?m=x@y"],
      outside: ["https://u@a.example", "https://u:p@a.example/"]),
    Rule(
      "website_url_characters", "websiteUrl", inside: ["https://a.example/ü?[x]#y"],
      outside: [
        "https://a.example/ x", "https://a.example\\\\@b", "https://a.example/<", "https://a.example/\\\"",
        "https://a.example/\u{200B}", "https://a.example/\u{202E}", "https://a.example/\\u0001",
      ]),
    Rule(
      "website_url_form", "websiteUrl",
      inside: ["https://a", "https://a:1", "https://a:65535/x", "https://[::1]:8080/", "https://ü.example"],
      outside: [
        "", "https://", "https:///x", "https://a:0", "https://a:65536", "https://a:99999", "https://a:",
        "a.example",
        "https:a.example", "https://-a",
      ]),
    Rule(
      "business_industry_known", "businessIndustry", inside: ["retail", "public-sector"],
      outside: ["", "Retail", "nonsense"]),
    Rule(origins: "allowed_origins_count", inside: [[], hosts(50)], outside: [hosts(51)]),
    Rule(
      origins: "allowed_origins_default_port",
      inside: [["https://a.example:80"], ["https://a.example:8443"], ["http://localhost:443"]],
      outside: [
        ["https://a.example:443"], ["http://localhost:80"], ["https://b.example", "https://a.example:443"],
      ]),
    Rule(
      origins: "allowed_origins_form",
      inside: [
        ["https://a.example"], ["https://xn--caf-dma.example"], ["https://1.2.3.255"], ["https://[::1]:8443"],
        ["https://a.example:1", "https://a.example:65535"],
      ],
      outside: [
        ["a.example"], ["https://a.example/"], ["https://A.example"], ["https://*.a.example"], ["*"],
        ["null"],
        ["https://a.example:0"], ["https://a.example:65536"], ["https://a.example:99999"],
        ["https://a.example:"],
        ["https://a..example"], ["https://-a.example"], ["https://a-.example"], ["https://a.1b"],
        ["https://1.2.3"],
        ["https://1.2.3.256"], ["https://u@a.example"], ["https://é.example"], [""], ["ws://a.example"],
        ["https://a.example\\nhttps://b.example"], ["https://a.example\\n"], ["https://https://a.example"],
      ]),
    Rule(
      origins: "allowed_origins_https", inside: [["http://localhost"], ["http://localhost:3000"]],
      outside: [
        ["http://a.example"], ["http://localhost.example"], ["https://a.example", "http://127.0.0.1"],
      ]),
    Rule(origins: "allowed_origins_length", inside: [[long(267)]], outside: [[long(268)]]),
    Rule(
      origins: "allowed_origins_unique", inside: [["https://a.example", "https://b.example"]],
      outside: [["https://a.example", "https://b.example", "https://a.example"]]),
    Rule(
      "permissions_known", inside: [#"{"permissions": ["api.access"]}"#],
      outside: [#"{"permissions": ["api.access", "nonsense"]}"#, #"{"permissions": [""]}"#]),
    Rule(
      "permissions_sorted",
      inside: [#"{"permissions": []}"#, #"{"permissions": ["api.access", "users.read"]}"#],
      outside: [
        #"{"permissions": ["users.read", "api.access"]}"#, #"{"permissions": ["api.access", "api.access"]}"#,
      ]),
    Rule("business_industry_retired", inside: [], outside: [#"{"businessIndustry": "mining"}"#]),
    Rule("permissions_retired", inside: [], outside: [#"{"permissions": ["old.right"]}"#]),
  ]

  @Test(arguments: rules)
  func aRuleLetsInWhatIsInsideAndNamesItselfForWhatIsOutside(_ rule: Rule) throws {
    let database = Database()
    let admin = database.connect(.admin)
    for call: Statement in [
      "landlord.add_industry(gen_random_uuid(), 'mining', NULL)",
      "landlord.retire_industry(gen_random_uuid(), 'mining', NULL)",
      "landlord.add_permission(gen_random_uuid(), 'old.right', NULL)",
      "landlord.retire_permission(gen_random_uuid(), 'old.right', NULL)",
    ] { #expect(try database.outcome(admin, call) == "saved") }

    for (place, patch) in rule.inside.enumerated() {
      do { _ = try database.register(admin, siteID: "inside-\(place)", patch) } catch {
        Issue.record("\(patch): \(error)")
      }
    }
    for patch in rule.outside {
      do {
        _ = try database.register(admin, siteID: "outside", patch)
        Issue.record("\(patch) was let in")
      } catch PostgresError.server(let error) {
        #expect(error.constraint == rule.name, "\(patch)")
        #expect(["23514", "23503"].contains(error.sqlState))
      }
    }
  }

  @Test func everyCheckOfATenantIsAmongTheRules() throws {
    let names = try Database().connect(.superuser).run(
      """
      SELECT conname FROM pg_constraint WHERE conrelid = 'landlord.tenants'::regclass AND contype IN ('c', 'f')
      """, deadline: 5_000
    ).map { $0.string(0) }
    let held = Set(Self.rules.map(\.name))
    // Those no form can break; other tests hold them.
    let others: Set = [
      "state_known", "suspended_access_known", "tenant_id_not_nil", "version_positive", "purged_is_cleared",
    ]

    #expect(Set(names).subtracting(others).isSubset(of: held))
  }

  @Test func everyRuleStandsInTheTableAtTheHeadOfTheRegistry() throws {
    let registry = Migration.all[0].sql
    let purge = Migration.all.first { $0.name == "m0022_purge" }!.sql
    let table =
      registry.prefix(upTo: registry.firstRange(of: "ALTER DEFAULT")!.lowerBound)
      + purge.prefix(upTo: purge.firstRange(of: "ALTER TABLE")!.lowerBound)
    let names = try Database().connect(.superuser).run(
      """
      SELECT c.conname FROM pg_constraint c
      WHERE c.connamespace = 'landlord'::regnamespace AND c.contype = 'c' AND c.conrelid = 'landlord.tenants'::regclass
      """, deadline: 5_000
    ).map { $0.string(0) }

    for name in names + Self.rules.map(\.name) { #expect(table.contains(name), "\(name)") }
  }

  @Test(arguments: [
    ("state = 'sleeping'", "state_known"), ("suspended_access = 'some'", "suspended_access_known"),
    ("site_id = 'other'", "site_id_immutable"), ("tenant_id = gen_random_uuid()", "tenant_id_immutable"),
    ("created_at = now() + interval '1 day'", "created_at_immutable"),
    ("allowed_origins = ARRAY[NULL]", "allowed_origins_form"),
    ("permissions = ARRAY[NULL]", "permissions_known"),
    ("allowed_origins = ARRAY[ARRAY['https://a.example']]", "allowed_origins_form"),
  ])
  func aHandThatMayWriteMustKeepTheRulesToo(_ change: String, _ rule: String) throws {
    let database = Database()
    let superuser = database.connect(.superuser)
    _ = try database.register(superuser)

    let error = try database.complaint(superuser, "UPDATE landlord.tenants SET \(unescaped: change)")

    #expect(error?.constraint == rule)
    #expect(error?.sqlState == "23514")
  }

  @Test func aVersionIsCountedAndNeverSet() throws {
    let database = Database()
    let superuser = database.connect(.superuser)
    let id = try database.register(superuser)

    try superuser.run("UPDATE landlord.tenants SET version = 77, tenant_name = 'Other'", deadline: 5_000)

    #expect(
      try database.count(superuser, "SELECT version FROM landlord.tenants WHERE tenant_id = \(id)::uuid") == 2
    )
  }
}
