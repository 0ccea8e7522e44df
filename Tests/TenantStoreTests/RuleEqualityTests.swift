import Postgres
import TenantStore
import TestServer
import Testing

/// The rules stand twice, in the schema and in the form: here thousands of values are put to both.
@Suite struct RuleEqualityTests {
  /// Tries to insert a tenant, undoes it, and tells the rule that was broken; empty: none.
  static let verdict = """
    CREATE FUNCTION verdict(fields jsonb) RETURNS text LANGUAGE plpgsql AS $$
    DECLARE
      rule text;
      field text;
    BEGIN
      INSERT INTO landlord.tenants (
        tenant_id, site_id, tenant_name, contact_email, website_url, business_industry, allowed_origins, permissions)
      VALUES (gen_random_uuid(), fields ->> 'siteId', fields ->> 'tenantName', fields ->> 'contactEmail',
        fields ->> 'websiteUrl', fields ->> 'businessIndustry',
        ARRAY(SELECT jsonb_array_elements_text(fields -> 'allowedOrigins')),
        ARRAY(SELECT jsonb_array_elements_text(fields -> 'permissions')));
      SET CONSTRAINTS ALL IMMEDIATE;
      RAISE EXCEPTION 'undo' USING ERRCODE = 'ZZ001';
    EXCEPTION
      WHEN SQLSTATE 'ZZ001' THEN RETURN '';
      WHEN integrity_constraint_violation THEN
        GET STACKED DIAGNOSTICS rule = CONSTRAINT_NAME, field = COLUMN_NAME;
        RETURN coalesce(nullif(rule, ''), field || '_required');
    END $$
    """

  @Test(arguments: [
    TenantField.siteID, .name, .contactEmail, .websiteURL, .industry, .allowedOrigins, .permissions,
  ])
  func formAndDatabaseGiveTheSameVerdict(_ field: TenantField) throws {
    let fixture = Fixture()
    let connection = fixture.behind()
    try connection.runScript(Self.verdict, deadline: 5_000)
    guard case .catalogues(let catalogues) = try fixture.store.answer(to: .catalogues) else {
      throw WrongAnswer()
    }
    var source = Values(seed: UInt64(field.hashOfName))
    var seen: [String: Int] = [:]

    for _ in 0..<6 {
      let values = (0..<500).map { _ in source.value(of: field, catalogues) }
      let documents = values.map { TestJSON.object(Fixture.fields.merging([field: $0]) { $1 }) }
      let rows = try connection.run(
        "SELECT verdict(d::jsonb) FROM unnest(\(documents)::text[]) WITH ORDINALITY AS u (d, place) ORDER BY place",
        deadline: 60_000)
      for (value, row) in zip(values, rows) {
        let form = TenantRules.problem(in: field, value, catalogues: catalogues)?.rule ?? ""
        seen[form, default: 0] += 1
        #expect(form == row.string(0), "\(TestJSON.value(value))")
      }
    }

    // Without a rule that was broken and without a value that passed nothing has been compared.
    #expect(seen[""] ?? 0 > 20 && seen.count > 1, "\(seen)")
    #expect(Set(seen.keys).isSuperset(of: Self.reachable[field] ?? []), "\(seen)")
  }

  /// Every rule that a single value can break must have been broken.
  static let reachable: [TenantField: Set<String>] = [
    .siteID: ["site_id_form", "site_id_length", "site_id_no_uuid"],
    .name: [
      "tenant_name_bidi", "tenant_name_controls", "tenant_name_invisible", "tenant_name_length",
      "tenant_name_nfc",
      "tenant_name_trimmed",
    ],
    .contactEmail: ["contact_email_characters", "contact_email_form", "contact_email_length"],
    .websiteURL: [
      "website_url_characters", "website_url_form", "website_url_length", "website_url_scheme",
      "website_url_user_info",
    ],
    .industry: ["business_industry_known"],
    .allowedOrigins: [
      "allowed_origins_count", "allowed_origins_default_port", "allowed_origins_form",
      "allowed_origins_https",
      "allowed_origins_length", "allowed_origins_unique",
    ],
    .permissions: ["permissions_sorted"],
  ]

  @Test func whatIsNormalizedAndAcceptedIsStoredAsItIs() throws {
    let fixture = Fixture()
    var onboarding = Fixture.onboarding()
    onboarding.fields = [
      .siteID: .text(" ACME-1 "), .name: .text("\u{3000}Cafe\u{301} \t"),
      .contactEmail: .text(" Ops@acme.example "),
      .websiteURL: .text("  "), .industry: .text("retail "),
      .allowedOrigins: .list(["HTTPS://Shop.Example:443/", "", " http://localhost:3000"]),
      .permissions: .list(["users.read", "billing.read", "users.read"]),
    ].reduce(into: [:]) { $0[$1.key] = TenantRules.normalized($1.key, $1.value) }

    let tenant = try #require(try fixture.written(.onboard(onboarding)).tenant)

    #expect(
      tenant.siteID == "acme-1" && tenant.contactEmail == "Ops@acme.example" && tenant.websiteURL == nil)
    #expect(tenant.name.unicodeScalars.elementsEqual("Caf\u{E9}".unicodeScalars))
    #expect(tenant.allowedOrigins == ["https://shop.example", "http://localhost:3000"])
    #expect(tenant.permissions == ["billing.read", "users.read"])
  }
}

extension TenantField {
  /// The same number in each run, unlike `hashValue`.
  var hashOfName: Int { rawValue.utf8.reduce(7) { ($0 &* 31 &+ Int($1)) & 0xFFFF_FFFF } }
}
