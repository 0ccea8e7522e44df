import Postgres
import TenantStore
import TestServer
import Testing

/// Every function of the schema, called as each role: nothing that the role may not do changes anything. The functions are the
/// catalogue's, so one that is new is called too; where its arguments cannot be guessed, the test fails until they stand here.
@Suite("Every function as each role") struct EveryFunctionTests {
  private let database = Database()
  /// One tenant in reach of the limited, and one that is not.
  private let inside: TenantID
  private let outside: TenantID

  init() throws {
    let admin = database.connect(.admin)
    inside = try database.register(admin, siteID: "acme")
    outside = try database.register(admin, siteID: "bolt", #"{"businessIndustry": "energy"}"#)
    // Run 1, of a tenant that nothing else is done to.
    try admin.run(
      "SELECT landlord.add_resource(gen_random_uuid(), 'postgresql', '{}', NULL)", deadline: 5_000)
    _ = try database.register(admin, siteID: "running")
    for login in [TestServer.Login.limitedAdmin, .limitedSupport, .limitedAuditor] {
      try admin.run(
        "SELECT landlord.limit_person(gen_random_uuid(), \(login.rawValue)::text, 'retail', NULL, 'why')",
        deadline: 5_000)
    }
  }

  /// Arguments that names and types do not tell.
  private static let arguments: [String: String] = [
    "claim_run": "1, 1, '00000000-0000-4000-8000-0000000000aa', 60",
    "move_step": "1, 1, '00000000-0000-4000-8000-0000000000aa', 60, 'running', NULL, NULL",
    "release_run": "1, '00000000-0000-4000-8000-0000000000aa'",
    "keep_examination": "gen_random_uuid(), '[]', 'why'",
    "mend": "gen_random_uuid(), '{}', ARRAY['SELECT 1'], NULL, 'why'",
    "limit_person": "gen_random_uuid(), 'stranger', 'energy', NULL, 'why'",
    "register_tenants":
      """
    jsonb_build_array(jsonb_build_object('requestId', gen_random_uuid(), 'tenantId', gen_random_uuid(), 'fields',
      '{"siteId": "watt", "tenantName": "Watt", "contactEmail": "a@b.example", "businessIndustry": "energy"}'::jsonb,
      'verifier', encode(sha256('x'), 'hex'), 'hint', 'hint'))
    """,
    "record_checkpoint": "1, sha256('a') || sha256('b'), 'ed25519 00'",
    "unlimit_person": "gen_random_uuid(), 'support_limited', NULL, NULL, 'why'",
  ]
  /// Refused to an admin too, who owns no table of the platform's.
  private static let forOthers: Set<String> = ["protect", "unprotect"]
  /// What may change for those who change no tenant, by function.
  private static func allowed(_ function: String, _ login: TestServer.Login) -> Set<String> {
    switch login {
    case .auditor where function == "seal_block": ["audit_blocks"]
    case .auditor where function == "record_checkpoint": ["audit_checkpoints"]
    case .limitedAdmin where function == "settle_request": ["requests"]
    case .support, .auditor, .limitedSupport, .limitedAuditor, .limitedAdmin:
      ["note_refusal", "open_look", "close_look"].contains(function) ? ["attempts"] : []
    default: []
    }
  }

  private struct Function {
    var name: String
    var isOpen: Bool
    var isVolatile: Bool
    var call: (TenantID) -> Statement
  }

  private func functions(_ login: TestServer.Login) throws -> [Function] {
    try database.connect(.superuser).run(
      """
      SELECT p.proname::text, has_function_privilege(r.oid, p.oid, 'EXECUTE') AND has_schema_privilege(r.oid, 'landlord', 'USAGE'),
        p.provolatile = 'v',
        coalesce(p.proargnames[1:p.pronargs], '{}'), ARRAY(SELECT format_type(a, NULL) FROM unnest(p.proargtypes) a)
      FROM pg_proc p, pg_roles r
      WHERE p.pronamespace = 'landlord'::regnamespace AND p.prokind = 'f'
        AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype) AND r.rolname::text = \(login.rawValue)::text
      ORDER BY p.proname, p.oid
      """, deadline: 5_000
    ).map { row in
      let (name, names, types) = (row.string(0), row.strings(3), row.strings(4))
      return Function(name: name, isOpen: row.bool(1), isVolatile: row.bool(2)) { tenant in
        let given =
          Self.arguments[name]
          ?? zip(names + types.dropFirst(names.count).map { _ in "" }, types)
          .map { Self.value($0, $1, name, tenant) }.joined(separator: ", ")
        return "SELECT landlord.\(unescaped: name)(\(unescaped: given))"
      }
    }
  }

  private static func value(_ name: String, _ type: String, _ function: String, _ tenant: TenantID) -> String
  {
    switch type {
    case "uuid":
      return name.contains("request") || function == "register_tenant" ? "gen_random_uuid()" : "'\(tenant)'"
    case "text":
      let known = [
        "reason": "why", "action": "access grant", "sort_column": "siteId", "secret_hint": "hint",
        "industry": "energy", "access": "none",
      ]
      return "'\(known[name] ?? "walked")'"
    case "jsonb":
      let known = [
        "changes": #"{"tenantName": "Changed"}"#,
        "fields":
          #"{"siteId": "walked-1", "tenantName": "W", "contactEmail": "a@b.example", "businessIndustry": "energy"}"#,
        "requests":
          #"[{"action": "deactivate", "requestId": "\#(RequestID.random())", "tenantId": "\#(tenant)", "reason": "why"}]"#,
        "what": #"{"tenantId": "\#(tenant)"}"#,
      ]
      return "'\(known[name] ?? "{}")'"
    case "bigint", "integer": return name == "expected_version" ? "NULL" : "1"
    case "bytea": return "sha256('x')"
    case "boolean": return "true"
    case "text[]": return "'{}'"
    case "regclass": return "'public.walked_orders'::regclass"
    default: return "NULL::\(type)"
    }
  }

  @Test(arguments: TestServer.Login.people + [.stranger])
  func nothingThatTheRoleMayNotDoChangesAnything(_ login: TestServer.Login) throws {
    let behind = database.connect(.superuser)
    try behind.run("CREATE TABLE public.walked_orders (tenant_id uuid)", deadline: 5_000)
    database.server.awaitTransactions()
    try behind.run("SELECT landlord.seal_block()", deadline: 5_000)
    let person = database.connect(login)
    let functions = try functions(login)
    #expect(functions.count > 40)
    let mayChange = login == .admin || login == .limitedAdmin

    for function in functions {
      var hasChanged = false
      for tenant in [outside, inside] {
        let before = try Snapshot(behind, without: login == .limitedAdmin ? "retail" : nil)
        let complaint = try database.complaint(person, function.call(tenant))
        let changes = try Snapshot(behind, without: login == .limitedAdmin ? "retail" : nil).changes(
          since: before)
        hasChanged = hasChanged || !changes.isEmpty
        if !function.isOpen {
          #expect(complaint?.sqlState == "42501", "\(function.name)")
          #expect(changes == [], "\(function.name)")
        } else if login != .admin {
          let strange = Set(changes).subtracting(Self.allowed(function.name, login))
          #expect(strange.isEmpty, "\(function.name) as \(login) changes \(strange.sorted())")
        }
        #expect(
          mayChange || !function.isVolatile || !function.isOpen || complaint == nil
            || complaint?.sqlState == "42501", "\(function.name): \(complaint?.message ?? "")")
      }
      // Else the call was no trial, and proves nothing of the others.
      if login == .admin, function.isOpen, function.isVolatile, !Self.forOthers.contains(function.name),
        // Nothing is due here, no purge is begun, and no look of one's own is open.
        !["close_look", "run_due", "purge_rows"].contains(function.name)
      {
        #expect(hasChanged, "\(function.name) did nothing for an admin: sort its arguments into the table")
      }
    }
  }
}
