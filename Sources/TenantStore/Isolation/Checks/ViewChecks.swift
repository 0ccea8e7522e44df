extension CheckGroup {
  /// What reads the platform's tables on someone else's behalf.
  static let viewChecks = [
    Check(
      "view_as_owner", .fail,
      why:
        "A view reads with its owner's rights, and the floor does not hold the owner, unless it is told to use the reader's.",
      locks: Locks.view,
      sql: """
        SELECT c.oid, format('%I.%I', n.nspname, c.relname), 'reads tenants'' rows without security_invoker',
          ARRAY[format('ALTER VIEW %I.%I SET (security_invoker = true)', n.nspname, c.relname)], c.relowner
        FROM readers v
        JOIN pg_catalog.pg_class c ON c.oid = v.oid AND c.relkind = 'v'
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT EXISTS (
          SELECT FROM pg_options_to_table(c.reloptions) o WHERE o.option_name = 'security_invoker' AND o.option_value::boolean)
        """),
    Check(
      "copy_readable", .fail,
      why: "A materialised view or a foreign table holds the rows of all tenants and can have no policy.",
      sql: """
        SELECT c.oid, format('%I.%I', n.nspname, c.relname),
          CASE c.relkind WHEN 'm' THEN 'holds' ELSE 'reaches' END || ' the rows of all tenants, and '
            || \(CheckFacts.role("g.grantee")) || ' may read it',
          ARRAY[format('REVOKE SELECT ON %I.%I FROM %s', n.nspname, c.relname, \(CheckFacts.role("g.grantee")))], g.grantor
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN LATERAL (
          SELECT DISTINCT a.grantee, a.grantor
          FROM (
            SELECT e.grantee, e.grantor, e.privilege_type FROM aclexplode(c.relacl) e
            UNION ALL
            SELECT e.grantee, e.grantor, e.privilege_type
            FROM pg_catalog.pg_attribute k, aclexplode(k.attacl) e WHERE k.attrelid = c.oid AND k.attacl IS NOT NULL
          ) a
          WHERE a.privilege_type = 'SELECT' AND a.grantee IN (SELECT w.oid FROM crowd w)
        ) g ON true
        WHERE c.oid IN (SELECT v.oid FROM readers v) AND c.relkind = 'm'
          OR c.relkind = 'f' AND n.nspname <> 'landlord' AND EXISTS (
            SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
        """),
  ]
}
