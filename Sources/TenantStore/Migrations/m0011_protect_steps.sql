-- What a table still lacks to be protected, as statements in their order. The client takes them from here, and so do people who
-- want to see them first.

-- The floor as it is written, and as the catalogue shows it with an empty search path.
CREATE FUNCTION landlord.floor_text(tenant_column name, citus boolean, act text, shown boolean) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = ''
RETURN CASE
  WHEN citus AND shown THEN format('(%I = (NULLIF(current_setting(''landlord.tenant_id''::text, true), ''''::text))::uuid)', tenant_column)
  WHEN citus THEN format('(%I = nullif(current_setting(''landlord.tenant_id'', true), '''')::uuid)', tenant_column)
  WHEN shown THEN format('(%I = ( SELECT landlord.%I() AS %2$I))', tenant_column, act)
  ELSE format('(%I = (SELECT landlord.%I()))', tenant_column, act) END;

-- Whether policies, grants and row-level security are as `protect` makes them.
CREATE FUNCTION landlord.has_floor(relation regclass, tenant_column name, citus boolean) RETURNS boolean
LANGUAGE sql STABLE SET search_path = ''
RETURN (
  SELECT c.relrowsecurity AND c.relforcerowsecurity
    AND has_table_privilege('landlord_owner', relation, 'SELECT') AND has_table_privilege('landlord_owner', relation, 'DELETE')
    AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_roles r, unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER']) AS act
      WHERE NOT r.rolsuper AND pg_has_role(r.oid, 'landlord_tenant', 'MEMBER') AND has_table_privilege(r.oid, relation, act))
    AND (
      SELECT coalesce(array_agg(ROW(p.polname, p.polpermissive, p.polcmd, p.polroles, pg_get_expr(p.polqual, p.polrelid),
        pg_get_expr(p.polwithcheck, p.polrelid))::text ORDER BY p.polname), '{}')
      FROM pg_catalog.pg_policy p WHERE p.polrelid = relation AND starts_with(p.polname::text, 'landlord_'))
    = (
      SELECT array_agg(ROW(w.name, w.permissive, w.cmd, ARRAY[w.role::regrole::oid], w.qual, w.checked)::text ORDER BY w.name)
      FROM (VALUES
        ('landlord_floor'::name, false, '*'::"char", 'landlord_tenant',
          landlord.floor_text(tenant_column, citus, 'current_tenant', true),
          landlord.floor_text(tenant_column, citus, 'current_tenant_for_write', true)),
        ('landlord_floor_delete', false, 'd', 'landlord_tenant',
          landlord.floor_text(tenant_column, citus, 'current_tenant_for_write', true), NULL),
        ('landlord_keeper', true, '*', 'landlord_owner', 'true', NULL),
        ('landlord_open', true, '*', 'landlord_tenant', 'true', NULL)) AS w (name, permissive, cmd, role, qual, checked))
  FROM pg_catalog.pg_class c WHERE c.oid = relation);

-- Policies, grants and row-level security, as one text for one transaction: at no moment is the table open or shut to all.
CREATE FUNCTION landlord.floor_sql(relation regclass, tenant_column name, citus boolean) RETURNS text
LANGUAGE sql STABLE SET search_path = ''
RETURN (
  SELECT CASE WHEN has_schema_privilege('landlord_owner', c.relnamespace, 'USAGE') THEN ''
    ELSE format(E'GRANT USAGE ON SCHEMA %s TO landlord_owner;\n', c.relnamespace::regnamespace) END
  || format(
'GRANT SELECT, DELETE ON %1$s TO landlord_owner;
REVOKE TRUNCATE, REFERENCES, TRIGGER ON %1$s FROM PUBLIC, landlord_tenant%2$s;
%5$sCREATE POLICY landlord_floor ON %1$s AS RESTRICTIVE FOR ALL TO landlord_tenant USING %3$s WITH CHECK %4$s;
CREATE POLICY landlord_floor_delete ON %1$s AS RESTRICTIVE FOR DELETE TO landlord_tenant USING %4$s;
CREATE POLICY landlord_open ON %1$s FOR ALL TO landlord_tenant USING (true);
CREATE POLICY landlord_keeper ON %1$s FOR ALL TO landlord_owner USING (true);
ALTER TABLE %1$s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', relation,
    (SELECT string_agg(', ' || quote_ident(r.rolname), '' ORDER BY r.rolname) FROM (
      SELECT DISTINCT g.rolname FROM aclexplode(c.relacl) a JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
      WHERE g.oid <> c.relowner AND g.rolname <> 'landlord_tenant' AND pg_has_role(g.oid, 'landlord_tenant', 'MEMBER')) r),
    landlord.floor_text(tenant_column, citus, 'current_tenant', false),
    landlord.floor_text(tenant_column, citus, 'current_tenant_for_write', false),
    (SELECT string_agg(format(E'DROP POLICY %I ON %s;\n', p.polname, relation), '' ORDER BY p.polname)
      FROM pg_catalog.pg_policy p WHERE p.polrelid = relation AND starts_with(p.polname::text, 'landlord_')))
  FROM pg_catalog.pg_class c WHERE c.oid = relation);

-- What one table still lacks, in order. Leaves come before their parents, so that a parent's index and keys find those of its
-- partitions made and only take them over.
CREATE FUNCTION landlord.protect_steps(relation regclass, tenant_column name, citus boolean)
RETURNS SETOF landlord.protect_step
LANGUAGE plpgsql STABLE SET search_path = '' AS $$
DECLARE
  class pg_catalog.pg_class;
  col pg_catalog.pg_attribute;
  present pg_catalog.pg_constraint;
  known pg_catalog.pg_constraint;
  index CONSTANT name := (SELECT left(c.relname, 47) || '_landlord_tenant' FROM pg_catalog.pg_class c WHERE c.oid = relation);
  broken regclass;
BEGIN
  SELECT c.* INTO class FROM pg_catalog.pg_class c WHERE c.oid = relation;
  SELECT a.* INTO col FROM pg_catalog.pg_attribute a WHERE a.attrelid = relation AND a.attname = tenant_column;

  IF NOT col.attnotnull THEN
    SELECT k.* INTO present FROM pg_catalog.pg_constraint k
    WHERE k.conrelid = relation AND k.conname = 'landlord_tenant_present';
    IF present.oid IS NULL AND class.relkind = 'r' THEN
      RETURN NEXT (relation, 'refuse new rows without a tenant', format(
        'ALTER TABLE %s ADD CONSTRAINT landlord_tenant_present CHECK (%I IS NOT NULL) NO INHERIT NOT VALID', relation, tenant_column),
        'ACCESS EXCLUSIVE, a moment', true, false)::landlord.protect_step;
    END IF;
    IF NOT coalesce(present.convalidated, false) AND class.relkind = 'r' THEN
      RETURN NEXT (relation, 'check that all rows have a tenant',
        format('ALTER TABLE %s VALIDATE CONSTRAINT landlord_tenant_present', relation),
        'SHARE UPDATE EXCLUSIVE', true, false)::landlord.protect_step;
    END IF;
    RETURN NEXT (relation, 'make the tenant column NOT NULL', format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL', relation, tenant_column)
      || CASE class.relkind WHEN 'r' THEN format('; ALTER TABLE %s DROP CONSTRAINT landlord_tenant_present', relation) ELSE '' END,
      'ACCESS EXCLUSIVE, a moment', true, false)::landlord.protect_step;
  END IF;

  IF NOT EXISTS (
    SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
    JOIN pg_catalog.pg_am m ON m.oid = x.relam AND m.amname = 'btree'
    WHERE i.indrelid = relation AND i.indkey[0] = col.attnum AND i.indisvalid AND i.indpred IS NULL)
  THEN
    IF class.relkind = 'p' THEN
      RETURN NEXT (relation, 'join the partitions'' indexes', format('CREATE INDEX %I ON %s (%I)', index, relation, tenant_column),
        'SHARE, a moment', true, false)::landlord.protect_step;
    ELSE
      -- What a kill left of an earlier try.
      SELECT i.indexrelid::regclass INTO broken FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
      WHERE i.indrelid = relation AND x.relname = index AND NOT i.indisvalid;
      IF broken IS NOT NULL THEN
        RETURN NEXT (relation, 'remove the unfinished index', format('DROP INDEX CONCURRENTLY %s', broken),
          'SHARE UPDATE EXCLUSIVE', false, false)::landlord.protect_step;
      END IF;
      RETURN NEXT (relation, 'build an index that leads with the tenant',
        format('CREATE INDEX CONCURRENTLY %I ON %s (%I)', index, relation, tenant_column),
        'SHARE UPDATE EXCLUSIVE', false, false)::landlord.protect_step;
    END IF;
  END IF;

  IF NOT citus AND NOT landlord.refers_to_registry(relation, tenant_column) THEN
    SELECT k.* INTO known FROM pg_catalog.pg_constraint k
    WHERE k.conrelid = relation AND k.conname = 'landlord_tenant_known';
    IF class.relkind = 'p' THEN
      RETURN NEXT (relation, 'join the partitions'' keys to the registry', format(
        'ALTER TABLE %s ADD CONSTRAINT landlord_tenant_known FOREIGN KEY (%I) REFERENCES landlord.tenants (tenant_id)',
        relation, tenant_column), 'SHARE ROW EXCLUSIVE, a moment', true, false)::landlord.protect_step;
    ELSE
      IF known.oid IS NULL THEN
        RETURN NEXT (relation, 'refuse new rows of unknown tenants', format(
          'ALTER TABLE %s ADD CONSTRAINT landlord_tenant_known FOREIGN KEY (%I) REFERENCES landlord.tenants (tenant_id) NOT VALID',
          relation, tenant_column), 'SHARE ROW EXCLUSIVE, a moment', true, false)::landlord.protect_step;
      END IF;
      RETURN NEXT (relation, 'check that all rows are of known tenants',
        format('ALTER TABLE %s VALIDATE CONSTRAINT landlord_tenant_known', relation),
        'SHARE UPDATE EXCLUSIVE', true, false)::landlord.protect_step;
    END IF;
  END IF;

  IF NOT landlord.has_floor(relation, tenant_column, citus) THEN
    RETURN NEXT (relation, 'lay the floor', landlord.floor_sql(relation, tenant_column, citus), 'ACCESS EXCLUSIVE, a moment',
      true, false)::landlord.protect_step;
  END IF;
END $$;

-- What is to be done to protect a table with its family, in order; nothing: it is protected. If anything is refused, only that.
CREATE FUNCTION landlord.protect_plan(target regclass, tenant_column name DEFAULT 'tenant_id', citus boolean DEFAULT false)
RETURNS TABLE (step bigint, relation regclass, what text, sql text, lock text, in_transaction boolean, refused boolean)
LANGUAGE plpgsql STABLE SET search_path = '' AS $$
BEGIN
  RETURN QUERY
    SELECT row_number() OVER (ORDER BY f.depth, f.relation::text, r.place), r.relation, r.what, r.sql, r.lock, r.in_transaction,
      r.refused
    FROM landlord.family(target) f
    CROSS JOIN LATERAL landlord.protect_refusals(f.relation, tenant_column, citus)
      WITH ORDINALITY AS r (relation, what, sql, lock, in_transaction, refused, place);
  IF FOUND THEN RETURN; END IF;
  RETURN QUERY
    SELECT row_number() OVER (ORDER BY f.depth DESC, f.relation::text, s.place), s.relation, s.what, s.sql, s.lock,
      s.in_transaction, s.refused
    FROM landlord.family(target) f
    CROSS JOIN LATERAL landlord.protect_steps(f.relation, tenant_column, citus)
      WITH ORDINALITY AS s (relation, what, sql, lock, in_transaction, refused, place);
END $$;

GRANT EXECUTE ON FUNCTION landlord.floor_text(name, boolean, text, boolean), landlord.has_floor(regclass, name, boolean),
  landlord.floor_sql(regclass, name, boolean), landlord.protect_steps(regclass, name, boolean),
  landlord.protect_plan(regclass, name, boolean)
TO landlord_support, landlord_admin, landlord_auditor, landlord_support_limited, landlord_admin_limited, landlord_auditor_limited;
