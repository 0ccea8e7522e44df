import Postgres
import TenantStore
import TestServer
import Testing

/// Who may do what, asked of the server's own catalogue where it can say it.
@Suite struct SchemaAccessTests {
  let database = Database()

  private func names(_ query: Statement) throws -> [String] {
    try database.connect(.superuser).run(query, deadline: 10_000).map { $0.string(0) }
  }

  @Test(arguments: ["landlord_support", "landlord_support_limited"])
  func whoLooksMayCallOnlyWhatChangesNothingButThree(_ role: String) throws {
    let volatile = try names(
      """
      SELECT p.proname FROM pg_proc p
      WHERE p.pronamespace = 'landlord'::regnamespace AND p.provolatile = 'v'
        AND has_function_privilege(\(role), p.oid, 'EXECUTE')
      ORDER BY p.proname
      """)
    let stable = try names(
      """
      SELECT p.proname FROM pg_proc p
      WHERE p.pronamespace = 'landlord'::regnamespace AND p.provolatile <> 'v'
        AND has_function_privilege(\(role), p.oid, 'EXECUTE')
      """)

    #expect(volatile == ["close_look", "note_refusal", "open_look"])
    #expect(stable.contains("verify_secret"))
  }

  /// But for PostgreSQL's own role that writes everything, whose members the policies keep out of tenants and audit.
  @Test func nobodyButTheOwnerWritesATableOfOurs() throws {
    let writers = try names(
      """
      SELECT r.rolname || ' ' || c.relname || ' ' || p.privilege
      FROM pg_class c, pg_roles r, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS p (privilege)
      WHERE c.relnamespace = 'landlord'::regnamespace AND c.relkind = 'r' AND NOT r.rolsuper
        AND r.rolname NOT IN ('landlord_owner', 'pg_write_all_data') AND NOT pg_has_role(r.oid, 'landlord_owner', 'MEMBER')
        AND (has_table_privilege(r.oid, c.oid, p.privilege)
          OR (p.privilege IN ('INSERT', 'UPDATE') AND has_any_column_privilege(r.oid, c.oid, p.privilege)))
      """)

    #expect(writers == [])
  }

  @Test func nothingOfOursIsOpenToEveryone() throws {
    let open = try names(
      """
      SELECT p.proname FROM pg_proc p
      WHERE p.pronamespace = 'landlord'::regnamespace AND EXISTS (
        SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0)
      """)

    #expect(open == [])
    #expect(try names("SELECT 'open' WHERE has_schema_privilege('stranger', 'landlord', 'USAGE')") == [])
  }

  @Test func everyDoorIsTheOwnersWithAPinnedPathAndAskedForReach() throws {
    let doors = try names(
      """
      SELECT p.proname FROM pg_proc p
      WHERE p.pronamespace = 'landlord'::regnamespace AND p.prosecdef
        AND (p.proowner <> 'landlord_owner'::regrole OR NOT coalesce(p.proconfig, '{}') @> ARRAY['search_path=""'])
      """)

    #expect(doors == [])
    #expect(
      try names(
        "SELECT 'none' WHERE NOT EXISTS (SELECT FROM pg_proc WHERE prosecdef AND proname = 'update_tenant')")
        == [])
  }

  @Test func secretsAndBodiesAreShownToNobody() throws {
    let shown = try names(
      """
      SELECT r.rolname FROM pg_roles r
      WHERE r.rolname LIKE 'landlord%' AND r.rolname <> 'landlord_owner'
        AND (has_any_column_privilege(r.oid, 'landlord.tenant_secrets', 'SELECT')
          OR has_column_privilege(r.oid, 'landlord.requests', 'body_hash', 'SELECT'))
      """)

    #expect(shown == [])
  }

  @Test func theTriggersAlwaysFire() throws {
    let triggers = try names(
      """
      SELECT t.tgrelid::regclass || '.' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
      WHERE c.relnamespace = 'landlord'::regnamespace AND NOT t.tgisinternal AND t.tgenabled = 'A' ORDER BY 1
      """)

    #expect(
      triggers == [
        "landlord.audit_entries.refuse_change", "landlord.site_ids.refuse_change",
        "landlord.tenants.after_tenant",
        "landlord.tenants.await_resources", "landlord.tenants.before_tenant", "landlord.tenants.keep_reach",
        "landlord.tenants.keep_transition", "landlord.tenants.plan_tenant", "landlord.tenants.publish_tenant",
        "landlord.tenants.refuse_truncate",
      ])
  }

  @Test(arguments: [
    "UPDATE landlord.audit_entries SET actor = 'x'", "DELETE FROM landlord.audit_entries",
    "TRUNCATE landlord.audit_entries", "UPDATE landlord.site_ids SET site_id = 'x'",
    "DELETE FROM landlord.site_ids",
    "TRUNCATE landlord.site_ids", "TRUNCATE landlord.tenants CASCADE",
    "SET session_replication_role = replica; DELETE FROM landlord.audit_entries",
  ])
  func evenASuperuserIsRefusedToRewriteThePast(_ sql: String) throws {
    let superuser = database.connect(.superuser)
    _ = try database.register(superuser)

    do {
      try superuser.runScript(sql, deadline: 5_000)
      Issue.record("was let through")
    } catch .server(let error) {
      #expect(error.sqlState == "42501")
    }
    #expect(try database.count(superuser, "SELECT count(*) FROM landlord.audit_entries") == 1)
  }

  @Test func attemptsAreSeenByTheAuditorAlone() throws {
    let support = database.connect(.support)
    try support.run("SELECT landlord.note_refusal('deactivate', NULL, 'no right')", deadline: 5_000)
    let look = try database.count(support, #"SELECT landlord.open_look('{"what": "audit"}')"#)
    try support.run("SELECT landlord.close_look(\(look)::bigint, 'shown')", deadline: 5_000)

    let auditor = database.connect(.auditor)
    let seen = try auditor.run(
      "SELECT action || ':' || actor || ':' || outcome FROM landlord.attempts ORDER BY attempt_id",
      deadline: 5_000)
    #expect(seen.map { $0.string(0) } == ["deactivate:support:refused", "look:support:shown"])
    #expect(try database.complaint(support, "SELECT action FROM landlord.attempts")?.sqlState == "42501")
    // Another's look is not to be closed.
    try auditor.run("SELECT landlord.close_look(\(look)::bigint, 'other')", deadline: 5_000)
    #expect(
      try database.count(auditor, "SELECT count(*) FROM landlord.attempts WHERE outcome = 'other'") == 0)
  }

  @Test func theFilterOfAPersonWhoLooksUsesTheSearchIndex() throws {
    let support = database.connect(.support)
    try support.runScript("SET enable_seqscan = off", deadline: 5_000)

    let plan = try support.run(
      "EXPLAIN (COSTS OFF) SELECT tenant_id FROM landlord.tenants WHERE search LIKE '%juniper%'",
      deadline: 5_000
    ).map { $0.string(0) }.joined(separator: "\n")
    let symbols = try support.run(
      """
      EXPLAIN (COSTS OFF) SELECT tenant_id FROM landlord.tenants
      WHERE landlord.has_symbols(search) AND search || '' LIKE '%☃%'
      """, deadline: 5_000
    ).map { $0.string(0) }.joined(separator: "\n")

    #expect(plan.contains("tenants_search"))
    #expect(symbols.contains("tenants_with_symbols"))
  }
}
