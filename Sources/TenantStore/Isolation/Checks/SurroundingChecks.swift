extension CheckGroup {
  /// What is around the tables: where names are looked up, and ways out that no policy stands on.
  static let surroundingChecks = [
    Check(
      "schema_open", .fail,
      why:
        "Who makes an object there gives a meaning to a name that others look up, and is run with their rights.",
      sql: """
        SELECT NULL::oid, 'schema ' || quote_ident(n.nspname), \(CheckFacts.role("a.grantee")) || ' may create objects in it',
          ARRAY[format('REVOKE CREATE ON SCHEMA %I FROM %s', n.nspname, \(CheckFacts.role("a.grantee")))],
          -- The role pg_database_owner has one member, and cannot be taken on by others.
          CASE pg_get_userbyid(a.grantor) WHEN 'pg_database_owner'
            THEN (SELECT d.datdba FROM pg_catalog.pg_database d WHERE d.datname = current_database()) ELSE a.grantor END
        FROM pg_catalog.pg_namespace n CROSS JOIN aclexplode(n.nspacl) a
        WHERE a.privilege_type = 'CREATE' AND a.grantee <> n.nspowner AND a.grantee IN (SELECT w.oid FROM crowd w)
          AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
        UNION ALL
        SELECT NULL::oid, 'schema ' || quote_ident(n.nspname),
          'belongs to ' || \(CheckFacts.role("n.nspowner")) || ', as which the platform''s code runs',
          CASE WHEN r.oid IS NOT NULL THEN ARRAY[format('ALTER SCHEMA %I OWNER TO %I', n.nspname, r.rolname)] END, NULL::oid
        FROM pg_catalog.pg_namespace n
        JOIN pg_catalog.pg_database d ON d.datname = current_database()
        LEFT JOIN pg_catalog.pg_roles r ON r.oid = d.datdba AND r.oid NOT IN (SELECT s.oid FROM side s)
        WHERE n.nspowner IN (SELECT s.oid FROM side s) AND n.nspname !~ '^pg_'
        UNION ALL
        SELECT NULL::oid, 'database ' || quote_ident(d.datname), \(CheckFacts.role("a.grantee")) || ' may create schemas in it',
          ARRAY[format('REVOKE CREATE ON DATABASE %I FROM %s', d.datname, \(CheckFacts.role("a.grantee")))], a.grantor
        FROM pg_catalog.pg_database d CROSS JOIN aclexplode(d.datacl) a
        WHERE d.datname = current_database() AND a.privilege_type = 'CREATE' AND a.grantee <> d.datdba
          AND a.grantee IN (SELECT w.oid FROM crowd w)
        """),
    Check(
      "published", .fail,
      why: "Who subscribes gets the rows of all tenants: policies do not hold what is replicated.",
      sql: """
        SELECT t.oid, 'publication ' || quote_ident(p.pubname), 'sends the rows of all tenants in ' || t.name,
          ARRAY[format('ALTER PUBLICATION %I DROP TABLE %s', p.pubname, t.name)], p.pubowner
        FROM pg_catalog.pg_publication p
        JOIN pg_catalog.pg_publication_rel r ON r.prpubid = p.oid AND r.prqual IS NULL
        JOIN platform t ON t.oid = r.prrelid
        UNION ALL
        SELECT NULL::oid, 'publication ' || quote_ident(p.pubname),
          'sends the rows of all tenants in every table of schema ' || quote_ident(n.nspname),
          ARRAY[format('ALTER PUBLICATION %I DROP TABLES IN SCHEMA %I', p.pubname, n.nspname)], p.pubowner
        FROM pg_catalog.pg_publication p
        JOIN pg_catalog.pg_publication_namespace s ON s.pnpubid = p.oid
        JOIN pg_catalog.pg_namespace n ON n.oid = s.pnnspid
        WHERE EXISTS (SELECT FROM platform t WHERE t.relnamespace = n.oid)
        UNION ALL
        SELECT NULL::oid, 'publication ' || quote_ident(p.pubname), 'sends the rows of all tenants in every table',
          ARRAY[format('DROP PUBLICATION %I', p.pubname)], p.pubowner
        FROM pg_catalog.pg_publication p
        WHERE p.puballtables AND EXISTS (SELECT FROM platform)
        """),
    Check(
      "notifies", .fail,
      why:
        "Everyone who can connect may LISTEN, and hears what is sent with it; send no data along, only that there is news.",
      sql: """
        SELECT t.oid, t.name,
          'its trigger ' || quote_ident(g.tgname) || ' calls ' || format('%I.%I()', n.nspname, p.proname) || ', which sends a payload',
          NULL::text[], t.relowner
        FROM platform t
        JOIN pg_catalog.pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal AND g.tgparentid = 0
        JOIN pg_catalog.pg_proc p ON p.oid = g.tgfoid
        JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        -- An empty payload is none. What is written otherwise, or built at run time, is not found.
        WHERE regexp_replace(p.prosrc, 'pg_notify\\s*\\([^,()]*,\\s*(''''|NULL)\\s*\\)', '', 'gi')
          ~* '\\mpg_notify\\s*\\(|\\mnotify\\s+[[:alnum:]_"]+\\s*,'
        """),
  ]
}
