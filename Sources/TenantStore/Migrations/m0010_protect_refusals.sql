-- Protecting the platform's own tables: what a table needs so that a member of landlord_tenant sees and changes rows of the
-- context's tenant alone. The catalogue is the only record of what is protected.
--
-- Here is what is protected and what cannot be; the migrations after this one say what a table lacks, and carry it out. What a
-- protected table has:
--
-- - a tenant column, NOT NULL, with an index that leads with it and (but on Citus) a foreign key to the registry
-- - row-level security, enabled and forced
-- - landlord_floor: RESTRICTIVE, for landlord_tenant, so that no later careless policy can open it again
-- - landlord_floor_delete: the same for DELETE, which knows no WITH CHECK: who may only read deletes nothing
-- - landlord_open: without a permissive policy nothing passes; harmless over the floor
-- - landlord_keeper, SELECT and DELETE for landlord_owner: counting and purging, by definer functions alone
-- - no TRUNCATE, REFERENCES or TRIGGER for the platform's code
--
-- A child table asked by its own name is held by its own policies, so partitions and inheriting tables have all of this too.

-- Tables that are protected, by the floor's own column. `form` is `registry` where the floor asks for the tenant's state too,
-- `setting` where it compares with the bare setting, as Citus wants. `holds`: row-level security is enabled and forced.
CREATE FUNCTION landlord.protected_tables() RETURNS TABLE (relation regclass, tenant_column name, form text, holds boolean)
LANGUAGE sql STABLE SET search_path = ''
BEGIN ATOMIC
  SELECT DISTINCT c.oid::regclass, a.attname,
    CASE WHEN EXISTS (
      SELECT FROM pg_catalog.pg_depend f
      WHERE f.classid = 'pg_catalog.pg_policy'::regclass AND f.objid = p.oid
        AND f.refobjid = 'landlord.current_tenant()'::regprocedure) THEN 'registry' ELSE 'setting' END,
    c.relrowsecurity AND c.relforcerowsecurity
  FROM pg_catalog.pg_policy p
  JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
  JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_policy'::regclass AND d.objid = p.oid
    AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid > 0
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
  WHERE p.polname = 'landlord_floor' AND NOT p.polpermissive;
END;

-- The table with its partitions and all that inherits from it; the table itself has depth 0.
CREATE FUNCTION landlord.family(target regclass) RETURNS TABLE (relation regclass, depth int)
LANGUAGE sql STABLE SET search_path = ''
BEGIN ATOMIC
  WITH RECURSIVE members AS (
    SELECT target AS relation, 0 AS depth
    UNION
    SELECT i.inhrelid::regclass, m.depth + 1 FROM members m JOIN pg_catalog.pg_inherits i ON i.inhparent = m.relation)
  SELECT m.relation, max(m.depth) FROM members m GROUP BY m.relation;
END;

-- Whether the registry has this tenant: what the foreign key tells its owner too.
CREATE FUNCTION landlord.is_tenant(tenant_id uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = ''
RETURN EXISTS (SELECT FROM landlord.tenants t WHERE t.tenant_id = is_tenant.tenant_id);

CREATE TYPE landlord.protect_step AS (
  relation regclass,
  what text,
  -- One statement or several; of a refusal what would mend it.
  sql text,
  lock text,
  -- False: CONCURRENTLY, which wants to be alone.
  in_transaction boolean,
  refused boolean
);

-- What cannot be made safe as it is, each with the statement that would mend it. Rows are looked at only where the caller may.
CREATE FUNCTION landlord.protect_refusals(relation regclass, tenant_column name, citus boolean)
RETURNS SETOF landlord.protect_step
LANGUAGE plpgsql STABLE SET search_path = '' AS $$
DECLARE
  class pg_catalog.pg_class;
  place int;
  kind regtype;
  finding record;
  found boolean;
BEGIN
  SELECT c.* INTO class FROM pg_catalog.pg_class c WHERE c.oid = relation;
  SELECT a.attnum, a.atttypid INTO place, kind FROM pg_catalog.pg_attribute a
  WHERE a.attrelid = relation AND a.attname = tenant_column AND NOT a.attisdropped AND a.attnum > 0;
  FOR finding IN
    SELECT f.reason, f.mend FROM (VALUES
      (class.relkind NOT IN ('r', 'p'), 'it is no table: policies are for tables, and rows kept elsewhere cannot be guarded here',
        NULL),
      (class.relpersistence = 't', 'it is a temporary table', NULL),
      (class.relnamespace::regnamespace::text IN ('landlord', 'pg_catalog', 'information_schema', 'pg_toast'),
        'it belongs to landlord or to the system', NULL),
      (place IS NULL, format('it has no column %I', tenant_column),
        format('ALTER TABLE %s ADD COLUMN %I uuid', relation, tenant_column)),
      (kind <> 'uuid'::regtype, format('column %I is no uuid', tenant_column),
        format('ALTER TABLE %s ALTER COLUMN %2$I TYPE uuid USING %2$I::uuid', relation, tenant_column))
    ) AS f (holds, reason, mend)
    WHERE f.holds
  LOOP
    RETURN NEXT (relation, finding.reason, finding.mend, NULL, NULL, true)::landlord.protect_step;
    RETURN;
  END LOOP;

  -- Who may become the owner may drop every policy.
  FOR finding IN
    SELECT r.rolname FROM pg_catalog.pg_roles r
    WHERE NOT r.rolsuper AND pg_has_role(r.oid, 'landlord_tenant', 'MEMBER') AND pg_has_role(r.oid, class.relowner, 'MEMBER')
    ORDER BY r.rolname LIMIT 1
  LOOP
    RETURN NEXT (relation, format('%I is a member of landlord_tenant and of the table''s owner', finding.rolname),
      format('REVOKE %I FROM %I', pg_get_userbyid(class.relowner), finding.rolname), NULL, NULL, true)::landlord.protect_step;
  END LOOP;

  IF NOT has_schema_privilege('landlord_owner', class.relnamespace, 'USAGE') AND NOT pg_has_role(class.relowner,
    (SELECT n.nspowner FROM pg_catalog.pg_namespace n WHERE n.oid = class.relnamespace), 'USAGE')
  THEN
    RETURN NEXT (relation, 'landlord_owner cannot reach its schema to count rows, and the table''s owner cannot let it',
      format('GRANT USAGE ON SCHEMA %s TO landlord_owner', class.relnamespace::regnamespace), NULL, NULL, true)::landlord.protect_step;
  END IF;

  IF NOT citus AND to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL THEN
    EXECUTE 'SELECT EXISTS (SELECT FROM pg_catalog.pg_dist_partition d WHERE d.logicalrelid = $1)' INTO found USING relation;
    IF found THEN
      RETURN NEXT (relation, 'it is distributed: its workers cannot ask the registry', 'protect it with --citus', NULL, NULL, true)
        ::landlord.protect_step;
    END IF;
  END IF;

  -- A key over all tenants tells one that another has the value. Those that a partition has from its parent are mended there.
  FOR finding IN
    SELECT i.indexrelid::regclass AS index, pg_get_indexdef(i.indexrelid) AS definition, k.conname,
      pg_get_constraintdef(k.oid) AS key
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid AND NOT x.relispartition
    LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
    WHERE i.indrelid = relation AND (i.indisunique OR i.indisexclusion)
      AND place <> ALL ((string_to_array(i.indkey::text, ' ')::int[])[1:i.indnkeyatts])
    ORDER BY x.relname
  LOOP
    RETURN NEXT (relation, format('%s is unique over all tenants, so it tells one what another has', finding.index),
      CASE WHEN finding.conname IS NULL THEN
        format('DROP INDEX %s; %s', finding.index,
          regexp_replace(finding.definition, ' USING (\w+) \(', format(' USING \1 (%I, ', tenant_column)))
      ELSE
        format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %2$I %s', relation, finding.conname, regexp_replace(
          regexp_replace(finding.key, '^(PRIMARY KEY|UNIQUE( NULLS NOT DISTINCT)?) \(', format('\1 (%I, ', tenant_column)),
          '^EXCLUDE USING (\w+) \(', format('EXCLUDE USING \1 (%I WITH =, ', tenant_column)))
      END, NULL, NULL, true)::landlord.protect_step;
  END LOOP;

  -- A foreign key into another tenant's rows tells whether they are there.
  FOR finding IN
    SELECT k.conname, k.confrelid::regclass AS target, t.tenant_column AS other, pg_get_constraintdef(k.oid) AS key
    FROM pg_catalog.pg_constraint k
    CROSS JOIN LATERAL (
      SELECT coalesce(
        (SELECT p.tenant_column FROM landlord.protected_tables() p WHERE p.relation = k.confrelid),
        (SELECT a.attname FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = k.confrelid AND a.attname = protect_refusals.tenant_column AND NOT a.attisdropped))
        AS tenant_column) AS t
    WHERE k.conrelid = relation AND k.contype = 'f' AND k.conparentid = 0 AND k.confrelid <> 'landlord.tenants'::regclass
      AND t.tenant_column IS NOT NULL
      AND NOT EXISTS (
        SELECT FROM unnest(k.conkey, k.confkey) AS pair (own, other)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = pair.other
        WHERE pair.own = place AND a.attname = t.tenant_column)
    ORDER BY k.conname
  LOOP
    RETURN NEXT (relation, format('%I refers to rows of %s whatever their tenant, so it tells which exist', finding.conname,
        finding.target),
      format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %2$I %s', relation, finding.conname,
        regexp_replace(finding.key, '^FOREIGN KEY \((.*?)\) REFERENCES (.*?)\((.*?)\)',
          format('FOREIGN KEY (%I, \1) REFERENCES \2(%I, \3)', tenant_column, finding.other))), NULL, NULL, true)
      ::landlord.protect_step;
  END LOOP;

  IF class.relkind = 'p' OR NOT has_table_privilege(relation, 'SELECT') THEN RETURN; END IF;
  EXECUTE format('SELECT EXISTS (SELECT FROM ONLY %s WHERE %I IS NULL)', relation, tenant_column) INTO found;
  IF found THEN
    RETURN NEXT (relation, 'it has rows without a tenant',
      format('UPDATE %s SET %I = ''(whose they are)'' WHERE %2$I IS NULL', relation, tenant_column), NULL, NULL, true)::landlord.protect_step;
  END IF;
  IF NOT citus AND has_function_privilege('landlord.is_tenant(uuid)', 'EXECUTE')
    AND NOT landlord.refers_to_registry(relation, tenant_column)
  THEN
    EXECUTE format('SELECT EXISTS (SELECT FROM (SELECT DISTINCT %I AS id FROM ONLY %s) AS t
      WHERE t.id IS NOT NULL AND NOT landlord.is_tenant(t.id))', tenant_column, relation) INTO found;
    IF found THEN
      RETURN NEXT (relation, 'it has rows of tenants that the registry does not know',
        format('SELECT DISTINCT %I FROM %s WHERE NOT landlord.is_tenant(%1$I)', tenant_column, relation), NULL, NULL, true)
        ::landlord.protect_step;
    END IF;
  END IF;
END $$;

-- Whether the tenant column has its foreign key, and all rows are known to keep it.
CREATE FUNCTION landlord.refers_to_registry(relation regclass, tenant_column name) RETURNS boolean
LANGUAGE sql STABLE SET search_path = ''
RETURN EXISTS (
  SELECT FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND k.conkey = ARRAY[a.attnum]
  WHERE k.conrelid = relation AND k.contype = 'f' AND k.confrelid = 'landlord.tenants'::regclass AND k.convalidated
    AND a.attname = tenant_column);

GRANT EXECUTE ON FUNCTION landlord.protected_tables(), landlord.family(regclass), landlord.is_tenant(uuid),
  landlord.protect_refusals(regclass, name, boolean), landlord.refers_to_registry(regclass, name)
TO landlord_support, landlord_admin, landlord_auditor, landlord_support_limited, landlord_admin_limited, landlord_auditor_limited;
