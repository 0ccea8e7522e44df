extension CheckGroup {
  /// What was given to whom, beyond what the floor holds.
  static let grantChecks = [
    Check(
      "grant_beyond_policies", .fail,
      why:
        "Policies do not hold TRUNCATE; REFERENCES makes keys that tell what is there; a trigger runs as whoever writes.",
      sql: """
        SELECT t.oid, t.name, \(CheckFacts.role("g.grantee")) || ' may ' || g.rights,
          ARRAY[format('REVOKE %s ON %s FROM %s', g.rights, t.name, \(CheckFacts.role("g.grantee")))], g.grantor
        FROM platform t
        JOIN LATERAL (
          SELECT a.grantee, a.grantor, string_agg(DISTINCT a.privilege_type, ', ' ORDER BY a.privilege_type) AS rights
          FROM (
            SELECT e.grantee, e.grantor, e.privilege_type FROM aclexplode(t.relacl) e
            UNION ALL
            SELECT e.grantee, e.grantor, e.privilege_type
            FROM pg_catalog.pg_attribute c, aclexplode(c.attacl) e WHERE c.attrelid = t.oid AND c.attacl IS NOT NULL
          ) a
          WHERE a.grantee <> t.relowner AND a.privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER')
          GROUP BY a.grantee, a.grantor
        ) g ON true
        WHERE t.guarded
        """),
    Check(
      "grant_to_others", .fail,
      why:
        "The floor holds landlord_tenant. Between this role and the rows of all tenants stands only that no policy names it yet.",
      sql: """
        SELECT t.oid, t.name, \(CheckFacts.role("g.grantee")) || ' may ' || g.rights,
          ARRAY[format('REVOKE %s ON %s FROM %s', g.rights, t.name, \(CheckFacts.role("g.grantee")))], g.grantor
        FROM platform t
        JOIN LATERAL (
          SELECT a.grantee, a.grantor, string_agg(DISTINCT a.privilege_type, ', ' ORDER BY a.privilege_type) AS rights
          FROM (
            SELECT e.grantee, e.grantor, e.privilege_type FROM aclexplode(t.relacl) e
            UNION ALL
            SELECT e.grantee, e.grantor, e.privilege_type
            FROM pg_catalog.pg_attribute c, aclexplode(c.attacl) e WHERE c.attrelid = t.oid AND c.attacl IS NOT NULL
          ) a
          WHERE a.grantee <> t.relowner AND a.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
            AND a.grantee NOT IN (SELECT o.owner FROM ours o)
            -- Who does not inherit from landlord_tenant is not held by what is granted to it.
            AND NOT (a.grantee IN (SELECT s.oid FROM side s) AND pg_has_role(a.grantee, 'landlord_tenant', 'USAGE'))
          GROUP BY a.grantee, a.grantor
        ) g ON true
        WHERE t.guarded
        """),
    Check(
      "owned_by_platform", .fail,
      why: "An owner can switch row-level security off.",
      locks: Locks.table,
      sql: """
        SELECT t.oid, t.name, 'belongs to ' || \(CheckFacts.role("t.relowner")) || ', as which the platform''s code runs',
          CASE WHEN b.oid IS NOT NULL THEN
            ARRAY[format('ALTER TABLE %s OWNER TO %s', t.name, \(CheckFacts.role("b.oid")))] END, NULL::oid
        FROM platform t
        LEFT JOIN LATERAL (
          -- Who owns the schema, else the database, if that is nobody of whom the same would have to be said.
          SELECT r.oid
          FROM (
            SELECT n.nspowner AS oid, 1 AS place FROM pg_catalog.pg_namespace n WHERE n.oid = t.relnamespace
            UNION ALL
            SELECT d.datdba, 2 FROM pg_catalog.pg_database d WHERE d.datname = current_database()
          ) o
          JOIN pg_catalog.pg_roles r ON r.oid = o.oid
          WHERE NOT r.rolsuper AND NOT r.rolbypassrls AND r.rolname <> 'pg_database_owner' AND r.oid NOT IN (SELECT s.oid FROM side s)
          ORDER BY o.place LIMIT 1
        ) b ON true
        WHERE t.relowner IN (SELECT s.oid FROM side s)
        """),
    Check(
      "sequence_open", .fail,
      why: "Who reads a sequence counts what all tenants make; who may set it makes their next inserts fail.",
      sql: """
        SELECT c.oid, format('%I.%I', n.nspname, c.relname), \(CheckFacts.role("g.grantee")) || ' may ' || g.rights,
          -- UPDATE also lets it be drawn from: that much stays.
          CASE WHEN g.draws THEN '{}'::text[]
            ELSE ARRAY[format('GRANT USAGE ON SEQUENCE %I.%I TO %s', n.nspname, c.relname, \(CheckFacts.role("g.grantee")))] END
            || format('REVOKE %s ON SEQUENCE %I.%I FROM %s', g.rights, n.nspname, c.relname, \(CheckFacts.role("g.grantee"))),
          g.grantor
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname NOT IN ('landlord', 'information_schema')
          AND n.nspname !~ '^pg_'
        JOIN LATERAL (
          SELECT a.grantee, a.grantor,
            string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type) FILTER (WHERE a.privilege_type <> 'USAGE') AS rights,
            bool_or(a.privilege_type = 'USAGE') OR NOT bool_or(a.privilege_type = 'UPDATE') AS draws
          FROM aclexplode(c.relacl) a
          WHERE a.grantee <> c.relowner AND a.grantee IN (SELECT w.oid FROM crowd w)
          GROUP BY a.grantee, a.grantor
        ) g ON g.rights IS NOT NULL
        WHERE c.relkind = 'S'
        """),
    Check(
      "sequence_shared", .note,
      why:
        "The numbers that a tenant draws tell how many the others drew in between; random ids tell nothing.",
      sql: """
        SELECT t.oid, format('%I.%I', n.nspname, c.relname), 'numbers the rows of all tenants in ' || t.name, NULL::text[],
          c.relowner
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
          AND d.refclassid = 'pg_catalog.pg_class'::regclass
        JOIN platform t ON t.oid = d.refobjid
        WHERE c.relkind = 'S'
        """),
  ]
}
