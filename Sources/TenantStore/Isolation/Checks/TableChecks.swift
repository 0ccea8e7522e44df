extension CheckGroup {
  /// Row-level security itself: what has to be so for the floor to hold, table by table.
  static let tableChecks = [
    Check(
      "unprotected", .fail,
      why: "Nothing keeps one tenant's rows in it from another: whoever may read it reads all of them.",
      locks: Locks.wholeTable,
      sql: """
        SELECT t.oid, t.name, 'has the tenant column ' || t.tenant || ' and no policy of landlord''s'
            || CASE WHEN s.is_large THEN '; too large for one step: landlord isolation protect ' || t.name ELSE '' END,
          CASE WHEN NOT s.is_large THEN ARRAY[format('SELECT landlord.protect_grant(%L::regclass)', t.name),
            format('SELECT landlord.protect(%L::regclass)', t.name)] END, t.relowner
        FROM platform t
        CROSS JOIN LATERAL (
          SELECT coalesce((SELECT sum(pg_relation_size(p.relid)) FROM pg_partition_tree(t.oid) p), pg_relation_size(t.oid))
            > 100000000 AS is_large
        ) s
        WHERE NOT t.guarded AND NOT EXISTS (SELECT FROM heirs h WHERE h.oid = t.oid)
        """),
    Check(
      "partition_unprotected", .fail,
      why: "The policies of a table do not hold for who reads its partition directly.",
      locks: Locks.wholeTable,
      sql: """
        SELECT t.oid, t.name, 'belongs to ' || h.parent || ' and has no policy of its own',
          ARRAY[format('SELECT landlord.protect_grant(%L::regclass)', h.parent),
            format('SELECT landlord.protect(%L::regclass)', h.parent)], t.relowner
        FROM platform t JOIN heirs h ON h.oid = t.oid
        WHERE NOT t.guarded
        """),
    Check(
      "rls_off", .fail,
      why: "Policies that are not switched on hold nobody.",
      locks: Locks.table,
      sql: """
        SELECT t.oid, t.name, 'row-level security is off', ARRAY[format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t.name)],
          t.relowner
        FROM platform t
        WHERE t.guarded AND NOT t.relrowsecurity
        """),
    Check(
      "rls_not_forced", .fail,
      why:
        "Policies do not hold the table's owner, nor views and functions of the owner's, unless they are forced.",
      locks: Locks.table,
      sql: """
        SELECT t.oid, t.name, 'row-level security is not forced', ARRAY[format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', t.name)],
          t.relowner
        FROM platform t
        WHERE t.guarded AND NOT t.relforcerowsecurity
        """),
    Check(
      "floor_missing", .fail,
      why: "Without a restrictive policy, one careless permissive one opens the table to every tenant.",
      locks: Locks.table,
      sql: """
        SELECT DISTINCT p.polrelid, p.name, 'has no policy landlord_floor', ARRAY[p.floor], p.relowner
        FROM policies p
        WHERE p.guarded AND NOT p.floored AND NOT p.named
        """),
    Check(
      "floor_changed", .fail,
      why:
        "The floor holds only as landlord wrote it: restrictive, for all commands, to landlord_tenant, by current_tenant().",
      locks: Locks.table,
      sql: """
        SELECT p.polrelid, p.name,
          'landlord_floor ' || CASE
            WHEN p.polpermissive THEN 'is permissive'
            WHEN p.polcmd <> '*' THEN 'is for one command only'
            WHEN NOT p.polroles && ARRAY[0::oid, (SELECT o.tenant FROM ours o)] THEN 'is not for landlord_tenant'
            ELSE 'lets rows be read where ' || p.reads END,
          ARRAY[format('DROP POLICY landlord_floor ON %s', p.name), p.floor], p.relowner
        FROM policies p
        WHERE p.polname = 'landlord_floor' AND NOT p.floored
        """),
    Check(
      "floor_without_check", .fail,
      why:
        "What may be written has a rule of its own: a tenant whose state allows reading only must not write.",
      locks: Locks.table,
      sql: """
        SELECT p.polrelid, p.name,
          quote_ident(p.polname) || CASE p.writes WHEN '' THEN ' has no WITH CHECK' ELSE ' lets rows be written where ' || p.writes END,
          ARRAY[format('ALTER POLICY %I ON %s WITH CHECK (%s = (SELECT landlord.current_tenant_for_write()))',
            p.polname, p.name, p.tenant)], p.relowner
        FROM policies p
        WHERE p.stands AND NOT p.checks
        """),
    Check(
      "floor_without_delete", .fail,
      why: "A DELETE knows no WITH CHECK: without a floor of its own a tenant that may only read can delete.",
      locks: Locks.table,
      sql: """
        SELECT p.polrelid, p.name, 'no policy keeps a tenant that may only read from deleting',
          CASE WHEN p.delete_named THEN ARRAY[format('DROP POLICY landlord_floor_delete ON %s', p.name)] ELSE '{}' END
            || format('CREATE POLICY landlord_floor_delete ON %s AS RESTRICTIVE FOR DELETE TO landlord_tenant'
              ' USING (%s = (SELECT landlord.current_tenant_for_write()))', p.name, p.tenant), p.relowner
        FROM policies p
        WHERE p.stands AND NOT p.by_setting AND NOT p.delete_floored
        """),
    Check(
      "floor_by_setting", .warn,
      why:
        "It asks the bare setting, so neither the tenant's state nor a signature is looked at once the context is entered.",
      locks: Locks.table,
      sql: """
        SELECT p.polrelid, p.name, quote_ident(p.polname) || ' compares with the setting and not with current_tenant()',
          ARRAY[format('DROP POLICY %I ON %s', p.polname, p.name), p.floor], p.relowner
        FROM policies p
        WHERE p.stands AND p.by_setting AND NOT EXISTS (SELECT FROM pg_catalog.pg_extension e WHERE e.extname = 'citus')
        """),
    Check(
      "floor_on_citus", .note,
      why:
        "A distributed table cannot ask the registry: the tenant's state is looked at when the context is entered, and not again.",
      sql: """
        SELECT p.polrelid, p.name, quote_ident(p.polname) || ' compares with the setting', NULL::text[], p.relowner
        FROM policies p
        WHERE p.stands AND p.by_setting AND EXISTS (SELECT FROM pg_catalog.pg_extension e WHERE e.extname = 'citus')
        """),
    Check(
      "tenant_nullable", .fail,
      why:
        "A row without a tenant belongs to nobody, so nobody sees that it is there, and it stays when its tenant is purged.",
      locks: Locks.wholeTable,
      sql: """
        SELECT t.oid, t.name, 'its column ' || t.tenant || ' may be NULL',
          ARRAY[format('ALTER TABLE %s ALTER COLUMN %s SET NOT NULL', t.name, t.tenant)], t.relowner
        FROM platform t
        WHERE t.guarded AND NOT t.attnotnull AND NOT EXISTS (
          SELECT FROM heirs h JOIN platform p ON p.name = h.parent WHERE h.oid = t.oid AND NOT p.attnotnull)
        """),
    Check(
      "index_missing", .fail,
      why:
        "A tenant's question then reads the rows of all tenants, and the time it takes tells how many those are.",
      locks: Locks.concurrently,
      sql: """
        SELECT t.oid, t.name, 'no index begins with ' || t.tenant,
          ARRAY[format('CREATE INDEX %sON %s (%s)', CASE t.relkind WHEN 'r' THEN 'CONCURRENTLY ' ELSE '' END, t.name, t.tenant)],
          t.relowner
        FROM platform t
        WHERE t.guarded AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_index i
          WHERE i.indrelid = t.oid AND i.indkey[0] = t.attnum AND i.indisvalid AND i.indpred IS NULL)
          -- A partition gets its index with the table it belongs to.
          AND NOT EXISTS (
            SELECT FROM heirs h JOIN platform p ON p.name = h.parent AND p.relkind = 'p'
            WHERE h.oid = t.oid AND NOT EXISTS (
              SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = p.oid AND i.indkey[0] = p.attnum AND i.indpred IS NULL))
        """),
  ]
}
