-- Protecting tables, and taking it away. A definer function of landlord's can do neither to other people's tables, so these run
-- as their caller, who owns the table; the client that does it step by step takes its steps from protect_plan.

-- Carries out the plan in one transaction, for small tables: the index is built with writers kept out. For the table's owner.
-- Answers how many steps there were.
CREATE FUNCTION landlord.protect(target regclass, tenant_column name DEFAULT 'tenant_id', citus boolean DEFAULT false)
RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = '' SET lock_timeout = '2s' AS $$
DECLARE
  plan record;
  steps bigint := 0;
BEGIN
  FOR plan IN SELECT p.relation, p.what, p.sql, p.in_transaction, p.refused
    FROM landlord.protect_plan(target, tenant_column, citus) p ORDER BY p.step
  LOOP
    IF plan.refused THEN
      RAISE EXCEPTION '% cannot be protected: %.', plan.relation, plan.what
        USING ERRCODE = '55000', CONSTRAINT = 'protect_refused', HINT = coalesce(plan.sql || ';', '');
    END IF;
    EXECUTE CASE WHEN plan.in_transaction THEN plan.sql ELSE regexp_replace(plan.sql, '^(\w+ INDEX) CONCURRENTLY', '\1') END;
    steps := steps + 1;
  END LOOP;
  RETURN steps;
END $$;

-- Takes floor, keys and grants away again; NOT NULL and the index stay. Row-level security stays enabled where the table has
-- policies of its own. For the table's owner. Answers how many tables there were.
CREATE FUNCTION landlord.unprotect(target regclass) RETURNS bigint
LANGUAGE plpgsql VOLATILE SET search_path = '' SET lock_timeout = '2s' AS $$
DECLARE
  member regclass;
  policy name;
  tables bigint := 0;
BEGIN
  FOR member IN SELECT f.relation FROM landlord.family(target) f ORDER BY f.depth, f.relation::text LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS landlord_tenant_known', member);
    FOREACH policy IN ARRAY ARRAY['landlord_floor', 'landlord_floor_delete', 'landlord_open', 'landlord_keeper'] LOOP
      EXECUTE format('DROP POLICY IF EXISTS %I ON %s', policy, member);
    END LOOP;
    EXECUTE format('REVOKE SELECT, DELETE ON %s FROM landlord_owner', member);
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_policy p WHERE p.polrelid = member) THEN
      EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY', member);
    END IF;
    tables := tables + 1;
  END LOOP;
  RETURN tables;
END $$;

-- Lets a table's owner protect it: to name landlord's schema, to refer to the registry, and to call the above.
CREATE FUNCTION landlord.protect_grant(target regclass) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  owner CONSTANT regrole := (SELECT c.relowner::regrole FROM pg_catalog.pg_class c WHERE c.oid = target);
BEGIN
  IF NOT landlord.may_reach('00000000-0000-0000-0000-000000000000') THEN
    RAISE EXCEPTION 'You may not let tables be protected.' USING ERRCODE = '42501';
  END IF;
  EXECUTE format('GRANT USAGE ON SCHEMA landlord TO %s', owner);
  EXECUTE format('GRANT REFERENCES (tenant_id) ON landlord.tenants TO %s', owner);
  EXECUTE format('GRANT EXECUTE ON FUNCTION landlord.protected_tables(), landlord.family(regclass), landlord.is_tenant(uuid),
    landlord.protect_refusals(regclass, name, boolean), landlord.refers_to_registry(regclass, name),
    landlord.floor_text(name, boolean, text, boolean), landlord.has_floor(regclass, name, boolean),
    landlord.floor_sql(regclass, name, boolean), landlord.protect_steps(regclass, name, boolean),
    landlord.protect_plan(regclass, name, boolean), landlord.protect(regclass, name, boolean), landlord.unprotect(regclass)
    TO %s', owner);
END $$;

-- How many rows a tenant has in each protected table; partitions are counted with their parent. Counts as landlord's owner, so
-- a table that has a policy of someone else's for that role or for everyone is left out: its expression would run with the
-- owner's rights. What remains (an index over a function of the table owner's) is to be known: owners of protected tables
-- are trusted as the installer is.
CREATE FUNCTION landlord.footprint(tenant_id uuid) RETURNS TABLE (relation text, tenant_rows bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  counted record;
BEGIN
  IF NOT landlord.may_reach(tenant_id) THEN
    RAISE EXCEPTION 'You may not reach this tenant.' USING ERRCODE = '42501';
  END IF;
  FOR counted IN
    SELECT p.relation, p.tenant_column FROM landlord.protected_tables() p
    WHERE has_table_privilege(p.relation, 'SELECT')
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits i
        JOIN landlord.protected_tables() parent ON parent.relation = i.inhparent WHERE i.inhrelid = p.relation)
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_policy o
        WHERE o.polrelid = p.relation AND o.polroles && ARRAY[0::oid, 'landlord_owner'::regrole::oid]
          AND (o.polname <> 'landlord_keeper' OR pg_get_expr(o.polqual, o.polrelid) <> 'true'))
    ORDER BY p.relation::text
  LOOP
    relation := counted.relation::text;
    EXECUTE format('SELECT count(*) FROM %s WHERE %I = $1', counted.relation, counted.tenant_column)
    INTO tenant_rows USING tenant_id;
    RETURN NEXT;
  END LOOP;
END $$;

-- Writes down what a client carried out with rights that landlord's owner has not: protect, unprotect, access, keys.
CREATE OR REPLACE FUNCTION landlord.record_act(request_id uuid, action text, what jsonb, reason text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  done landlord.answer := landlord.begin_request(
    request_id, 'record act', '00000000-0000-0000-0000-000000000000', reason, jsonb_build_array(action, what));
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  -- Nothing else, or an act could be named as if a function of ours had done it.
  IF action !~ '^(protect|unprotect|access|keys)( [a-z]+)*$' OR length(action) > 63 OR what IS NULL THEN
    RAISE EXCEPTION 'An act is one of protect, unprotect, access or keys.'
      USING ERRCODE = '23514', CONSTRAINT = 'act_known', COLUMN = 'action', TABLE = 'audit_entries', SCHEMA = 'landlord';
  END IF;
  RETURN landlord.end_act(request_id, action, action, what);
END $$;

GRANT EXECUTE ON FUNCTION landlord.footprint(uuid)
TO landlord_support, landlord_admin, landlord_auditor, landlord_support_limited, landlord_admin_limited, landlord_auditor_limited;
GRANT EXECUTE ON FUNCTION landlord.protect(regclass, name, boolean), landlord.unprotect(regclass), landlord.protect_grant(regclass)
TO landlord_admin;
