/// What the checks share: queries by name, put before the checks of a group. PostgreSQL runs those that are used.
///
/// All of it is read from the catalogue, so any role may ask. Names come out as SQL needs them (`%I`), because they end
/// up in statements that people run.
enum CheckFacts {
  static let sql = """
    -- Landlord's own roles and the functions of the floor. By their names in the catalogue: to_regprocedure would be refused
    -- to who may not use the schema.
    ours AS MATERIALIZED (
      SELECT to_regrole('landlord_tenant')::oid AS tenant, to_regrole('landlord_owner')::oid AS owner,
        min(p.oid) FILTER (WHERE p.proname = 'current_tenant') AS reader,
        min(p.oid) FILTER (WHERE p.proname = 'current_tenant_for_write') AS writer
      FROM pg_catalog.pg_proc p
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace AND n.nspname = 'landlord'
      WHERE p.pronargs = 0
    ),
    -- Who can become whom. Since 16 a membership may give nothing but the right to hand it on; that is no way in.
    memberships AS MATERIALIZED (
      SELECT m.member, m.roleid, m.grantor
      FROM pg_catalog.pg_auth_members m
      WHERE coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)
        OR coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true)
    ),
    -- The platform's roles: landlord_tenant and all that are members of it, however far. 0 is PUBLIC.
    side AS MATERIALIZED (
      SELECT o.tenant AS oid FROM ours o WHERE o.tenant IS NOT NULL
      UNION
      SELECT m.member FROM side s JOIN memberships m ON m.roleid = s.oid
    ),
    crowd AS MATERIALIZED (SELECT s.oid FROM side s UNION ALL SELECT 0::oid),
    -- The tables that landlord has protected once, and the tenant's column: it stands in the floor. Without one it is the
    -- column of the usual name.
    told AS MATERIALIZED (
      SELECT p.polrelid, min(d.refobjsubid) AS attnum
      FROM pg_catalog.pg_policy p
      LEFT JOIN pg_catalog.pg_depend d ON p.polname = 'landlord_floor' AND d.objid = p.oid AND d.refobjid = p.polrelid
        AND d.classid = 'pg_catalog.pg_policy'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid > 0
      WHERE p.polname LIKE 'landlord\\_%'
      GROUP BY p.polrelid
    ),
    -- The platform's tables: all with a tenant column. Guarded are those of `told`.
    platform AS MATERIALIZED (
      SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name, c.relkind, c.relowner, c.relacl, c.relnamespace,
        c.relrowsecurity, c.relforcerowsecurity, a.attnum, quote_ident(a.attname) AS tenant, a.attnotnull,
        told.polrelid IS NOT NULL AS guarded,
        format('CREATE POLICY landlord_floor ON %I.%I AS RESTRICTIVE FOR ALL TO landlord_tenant'
          ' USING (%I = (SELECT landlord.current_tenant()))'
          ' WITH CHECK (%3$I = (SELECT landlord.current_tenant_for_write()))', n.nspname, c.relname, a.attname) AS floor
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN told ON told.polrelid = c.oid
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
        AND CASE WHEN told.attnum IS NULL THEN a.attname = 'tenant_id' ELSE a.attnum = told.attnum END
      WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname NOT IN ('landlord', 'information_schema')
        AND n.nspname !~ '^pg_'
    ),
    -- A partition, or a table that inherits, and the guarded table it belongs to.
    heirs AS MATERIALIZED (
      SELECT i.inhrelid AS oid, min(t.name) AS parent
      FROM pg_catalog.pg_inherits i JOIN platform t ON t.oid = i.inhparent
      WHERE t.guarded
      GROUP BY i.inhrelid
    ),
    -- All policies of the platform's tables, their expressions as the server writes them. Landlord's functions may stand
    -- there without their schema, depending on who asks; the dependencies tell them from others of the same name.
    expressions AS (
      SELECT p.oid, p.polrelid, t.name, t.tenant, t.relowner, t.guarded, t.floor, p.polname, p.polpermissive, p.polcmd,
        p.polroles, u.asks, u.asks_for_write,
        replace(coalesce(pg_get_expr(p.polqual, p.polrelid), ''), 'landlord.', '') AS reads,
        replace(coalesce(pg_get_expr(p.polwithcheck, p.polrelid), ''), 'landlord.', '') AS writes
      FROM platform t
      JOIN pg_catalog.pg_policy p ON p.polrelid = t.oid
      LEFT JOIN (
        SELECT d.objid, bool_or(d.refobjid = o.reader) AS asks, bool_or(d.refobjid = o.writer) AS asks_for_write
        FROM pg_catalog.pg_depend d CROSS JOIN ours o
        WHERE d.classid = 'pg_catalog.pg_policy'::regclass AND d.refclassid = 'pg_catalog.pg_proc'::regclass
        GROUP BY d.objid
      ) u ON u.objid = p.oid
    ),
    -- The same, and what each is worth. `stands`: it is a floor, so no row of another tenant is seen; `checks`: and none is
    -- written; `deletes`: and a tenant that may only read deletes none of its own. `by_setting`: the form for Citus, which
    -- compares with the bare setting.
    judged AS (
      SELECT f.*, f.holds AND f.polcmd = '*' AND (f.reads_registry OR f.reads_setting) AS stands, f.reads_setting AS by_setting,
        f.writes_registry OR f.writes_setting AS checks,
        f.holds AND f.polcmd = 'd' AND (f.deletes_registry OR f.reads_setting) AS deletes
      FROM (
        SELECT e.*, NOT e.polpermissive AND e.polroles && ARRAY[0::oid, o.tenant] AS holds,
          coalesce(e.asks, false) AND e.reads = k.registry AS reads_registry, e.reads = k.setting AS reads_setting,
          coalesce(e.asks_for_write, false) AND e.writes = k.registry_for_write AS writes_registry,
          e.writes = k.setting AS writes_setting,
          coalesce(e.asks_for_write, false) AND e.reads = k.registry_for_write AS deletes_registry
        FROM expressions e
        CROSS JOIN ours o
        CROSS JOIN LATERAL (
          SELECT format('(%s = ( SELECT current_tenant() AS current_tenant))', e.tenant) AS registry,
            format('(%s = ( SELECT current_tenant_for_write() AS current_tenant_for_write))', e.tenant) AS registry_for_write,
            format('(%s = (NULLIF(current_setting(''tenant_id''::text, true), ''''::text))::uuid)', e.tenant) AS setting
        ) k
      ) f
    ),
    -- The same, and what there is in their table: a floor that stands, one of that name, and the same for deleting.
    policies AS MATERIALIZED (
      SELECT j.*, bool_or(j.stands) OVER their_table AS floored, bool_or(j.polname = 'landlord_floor') OVER their_table AS named,
        bool_or(j.deletes) OVER their_table AS delete_floored,
        bool_or(j.polname = 'landlord_floor_delete') OVER their_table AS delete_named
      FROM judged j
      WINDOW their_table AS (PARTITION BY j.polrelid)
    ),
    -- What reads the platform's tables: views over them, views over those, and materialised views.
    readers AS (
      SELECT r.ev_class AS oid
      FROM platform t
      JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = t.oid
        AND d.classid = 'pg_catalog.pg_rewrite'::regclass
      JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid AND r.ev_class <> t.oid
      UNION
      SELECT r.ev_class
      FROM readers v
      JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = v.oid
        AND d.classid = 'pg_catalog.pg_rewrite'::regclass
      JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid AND r.ev_class <> v.oid
    ),
    -- Functions that run with their owner's rights.
    definers AS MATERIALIZED (
      SELECT p.oid, p.proowner, p.proacl, p.proconfig, n.nspname,
        format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS name,
        (SELECT substr(s.setting, 13) FROM unnest(p.proconfig) AS s (setting) WHERE s.setting LIKE 'search\\_path=%') AS path
      FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      WHERE p.prosecdef AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
    )
    """

  /// A role's name as SQL has it; `oid` is an expression.
  static func role(_ oid: String) -> String {
    "CASE \(oid) WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(\(oid))) END"
  }
}
