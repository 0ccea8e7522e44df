extension CheckGroup {
  /// Whom policies do not hold, and who can become one of those.
  static let roleChecks = [
    Check(
      "path_to_bypass", .fail,
      why: "Who is, or can become, a role that no policy holds reads the rows of all tenants.",
      sql: """
        SELECT NULL::oid, 'role ' || quote_ident(pg_get_userbyid(f.start)),
          (SELECT string_agg(quote_ident(pg_get_userbyid(s.oid)), ' > ' ORDER BY s.place)
            FROM unnest(f.path) WITH ORDINALITY AS s (oid, place)) || ' ' || f.what,
          CASE
            WHEN cardinality(f.path) > 1 THEN ARRAY[format('REVOKE %I FROM %I%s', pg_get_userbyid(f.path[cardinality(f.path)]),
              pg_get_userbyid(f.path[cardinality(f.path) - 1]), f.granted)]
            -- Who made the cluster stays what it is.
            WHEN f.start = 10 OR f.attribute IS NULL THEN NULL
            ELSE ARRAY[format('ALTER ROLE %I %s', pg_get_userbyid(f.start), f.attribute)] END, NULL::oid
        FROM (
          WITH RECURSIVE walk AS (
            SELECT s.oid AS start, s.oid AS role, ARRAY[s.oid] AS path, NULL::oid AS grantor, s.platform
            FROM (
              SELECT c.oid, true AS platform FROM side c
              UNION ALL
              SELECT DISTINCT t.relowner, false FROM platform t WHERE t.guarded AND t.relowner NOT IN (SELECT c.oid FROM side c)
            ) s
            UNION ALL
            SELECT w.start, m.roleid, w.path || m.roleid, m.grantor, w.platform
            FROM walk w JOIN memberships m ON m.member = w.role
            -- Beyond eight steps nobody would believe it; the roles of each step are looked at from themselves anyway.
            WHERE NOT m.roleid = ANY (w.path) AND cardinality(w.path) < 8
          )
          SELECT DISTINCT ON (w.start, w.role) w.start, w.path,
            CASE
              WHEN r.rolsuper THEN 'is a superuser'
              WHEN r.rolbypassrls THEN 'has BYPASSRLS'
              WHEN r.rolname LIKE 'pg\\_%' THEN 'reaches the server''s files and programs'
              WHEN r.oid = o.owner THEN 'owns landlord''s schema and is let through every floor'
              WHEN r.rolreplication THEN 'has REPLICATION and can read what all tenants write'
              WHEN r.rolcreaterole THEN 'has CREATEROLE and can make itself a member of any role but a superuser'
              ELSE 'owns tables of tenants and can switch row-level security off' END AS what,
            nullif(concat_ws(' ', CASE WHEN r.rolsuper THEN 'NOSUPERUSER' END, CASE WHEN r.rolbypassrls THEN 'NOBYPASSRLS' END,
              CASE WHEN w.platform AND r.rolreplication THEN 'NOREPLICATION' END,
              CASE WHEN w.platform AND r.rolcreaterole THEN 'NOCREATEROLE' END), '') AS attribute,
            CASE WHEN current_setting('server_version_num')::int >= 160000
              THEN format(' GRANTED BY %I', pg_get_userbyid(w.grantor)) ELSE '' END AS granted
          FROM walk w
          JOIN pg_catalog.pg_roles r ON r.oid = w.role
          CROSS JOIN ours o
          WHERE r.rolsuper OR r.rolbypassrls
            OR r.rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')
            OR w.platform AND (r.rolreplication OR r.rolcreaterole OR r.oid = o.owner
              -- Who owns tables and is the platform's role is told about with the tables.
              OR w.start <> w.role AND r.oid NOT IN (SELECT c.oid FROM side c)
                AND r.oid IN (SELECT t.relowner FROM platform t WHERE t.guarded))
          ORDER BY w.start, w.role, cardinality(w.path)
        ) f
        """),
    Check(
      "bypasser", .note,
      why: "No policy holds this role: whoever can log in as it reads the rows of all tenants.",
      sql: """
        SELECT NULL::oid, 'role ' || quote_ident(r.rolname),
          CASE WHEN r.rolsuper THEN 'is a superuser' ELSE 'has BYPASSRLS' END
            || CASE WHEN r.rolcanlogin THEN ' and can log in' ELSE '' END, NULL::text[], NULL::oid
        FROM pg_catalog.pg_roles r
        WHERE (r.rolsuper OR r.rolbypassrls) AND r.oid NOT IN (SELECT s.oid FROM side s)
          AND r.oid NOT IN (SELECT t.relowner FROM platform t WHERE t.guarded)
        """),
  ]
}
