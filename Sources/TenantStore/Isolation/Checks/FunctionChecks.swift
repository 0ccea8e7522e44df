extension CheckGroup {
  /// Functions that run with their owner's rights, whoever calls them.
  static let functionChecks = [
    Check(
      "definer_path_open", .fail,
      why:
        "Who calls it chooses what the names in it mean, and what they mean then runs with its owner's rights.",
      sql: """
        SELECT NULL::oid, d.name, 'runs as ' || \(CheckFacts.role("d.proowner")) || ' and takes search_path from its caller',
          ARRAY[format('ALTER ROUTINE %s SET search_path = pg_catalog, %I, pg_temp', d.name, d.nspname)], d.proowner
        FROM definers d
        WHERE d.path IS NULL
        """),
    Check(
      "definer_path_temporary", .warn,
      why:
        "A temporary table of the caller's comes first under every name that is written without its schema.",
      sql: """
        SELECT NULL::oid, d.name, 'its search_path does not put pg_temp last: ' || d.path,
          ARRAY[format('ALTER ROUTINE %s SET search_path = %s, pg_temp', d.name, regexp_replace(d.path, ',?\\s*pg_temp\\M', ''))],
          d.proowner
        FROM definers d
        -- Where nothing is on the path but the system's catalogue, names are written with their schema.
        WHERE d.path NOT IN ('', '""', 'pg_catalog') AND d.path !~ ',\\s*pg_temp\\s*$'
        """),
    Check(
      "definer_public", .fail,
      why: "Everyone who can connect may call it, and it does what its owner may.",
      sql: """
        SELECT NULL::oid, d.name, 'runs as ' || \(CheckFacts.role("d.proowner")) || ', and PUBLIC may execute it',
          ARRAY[format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC', d.name)], d.proowner
        FROM definers d
        WHERE EXISTS (
          SELECT FROM aclexplode(coalesce(d.proacl, acldefault('f', d.proowner))) a WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')
        """),
    Check(
      "definer_bypasses", .fail,
      why: "No policy holds its owner, so what it reads are the rows of all tenants.",
      sql: """
        SELECT NULL::oid, d.name,
          'runs as ' || quote_ident(r.rolname) || ', whom no policy holds, and ' || \(CheckFacts.role("a.grantee")) || ' may execute it',
          ARRAY[format('REVOKE EXECUTE ON ROUTINE %s FROM %s', d.name, \(CheckFacts.role("a.grantee")))], a.grantor
        FROM definers d
        JOIN pg_catalog.pg_roles r ON r.oid = d.proowner AND (r.rolsuper OR r.rolbypassrls)
        CROSS JOIN aclexplode(d.proacl) a
        WHERE a.privilege_type = 'EXECUTE' AND a.grantee <> d.proowner AND a.grantee IN (SELECT s.oid FROM side s)
        """),
  ]
}
