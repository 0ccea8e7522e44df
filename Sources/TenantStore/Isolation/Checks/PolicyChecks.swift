extension CheckGroup {
  /// Policies beside the floor: they can open what it does not close, be slow, or run what others wrote.
  static let policyChecks = [
    Check(
      "open_without_floor", .fail,
      why:
        "A policy that is always true opens the table to every tenant; only a floor below it makes it harmless.",
      locks: Locks.table,
      sql: """
        SELECT p.polrelid, p.name, quote_ident(p.polname) || ' is always true, and no floor stands',
          CASE WHEN p.named THEN ARRAY[format('DROP POLICY landlord_floor ON %s', p.name)] ELSE '{}' END || p.floor, p.relowner
        FROM policies p
        WHERE p.polpermissive AND 'true' IN (p.reads, p.writes) AND p.polroles && ARRAY(SELECT c.oid FROM crowd c)
          AND p.polname <> 'landlord_floor' AND NOT p.floored
        """),
    Check(
      "policy_compares_text", .fail,
      why:
        "Two texts can mean one tenant and one text two, and no index serves a column that is cast: compare it as what it is.",
      locks: Locks.table,
      sql: """
        SELECT p.polrelid, p.name, quote_ident(p.polname) || ' casts ' || p.tenant || ' to text',
          CASE p.polname WHEN 'landlord_floor' THEN ARRAY[format('DROP POLICY landlord_floor ON %s', p.name), p.floor]
            ELSE ARRAY[format('DROP POLICY %I ON %s', p.polname, p.name)] END, p.relowner
        FROM policies p
        WHERE p.reads || ' ' || p.writes LIKE ANY (ARRAY['%(' || p.tenant || ')::text%', '%(' || p.tenant || ')::character varying%'])
        """),
    Check(
      "policy_runs_others", .fail,
      why:
        "Who owns what a policy calls or reads decides what the policy means, and may change it at any time.",
      locks: Locks.table,
      sql: """
        SELECT p.polrelid, p.name,
          quote_ident(p.polname) || ' depends on ' || string_agg(DISTINCT o.name, ', ' ORDER BY o.name),
          CASE p.polname WHEN 'landlord_floor' THEN ARRAY[format('DROP POLICY landlord_floor ON %s', p.name), p.floor]
            ELSE ARRAY[format('DROP POLICY %I ON %s', p.polname, p.name)] END, p.relowner
        FROM policies p
        JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_policy'::regclass AND d.objid = p.oid
        JOIN (
          SELECT 'pg_catalog.pg_proc'::regclass AS class, f.oid, f.proowner AS owner,
            format('%I.%I()', n.nspname, f.proname) AS name
          FROM pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace
          UNION ALL
          SELECT 'pg_catalog.pg_class'::regclass, c.oid, c.relowner, format('%I.%I', n.nspname, c.relname)
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        ) o ON o.class = d.refclassid AND o.oid = d.refobjid AND o.oid <> p.polrelid
        JOIN pg_catalog.pg_roles r ON r.oid = o.owner
        -- A superuser can do anything anyway.
        WHERE o.owner NOT IN (p.relowner, (SELECT u.owner FROM ours u)) AND NOT r.rolsuper
        GROUP BY p.polrelid, p.name, p.polname, p.floor, p.relowner
        """),
  ]
}
