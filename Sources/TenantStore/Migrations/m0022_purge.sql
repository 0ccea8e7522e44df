-- Purging a tenant: its rows and what the registry says of it go, and a tombstone stays, so that its ids are never given again.
-- One person asks for it on a preview, another agrees to that very preview, the purge date has passed, and then rows go in
-- batches; whoever breaks off, the next call goes on. The audit keeps what it says.
--
-- constraint            | SQLSTATE | what must hold
-- ----------------------+----------+-----------------------------------------------------------------------------
-- purged_is_cleared     | 23514    | a purged tenant has no name, e-mail, URL or origins; only then may they be empty
-- purge_preview_changed | 23514    | what is purged is what the preview says, to the last row and version
-- purge_uncounted       | 23514    | every protected table lets landlord's owner count and delete
-- purge_by_two          | 23514    | who agrees is not who asked
-- purge_unapproved      | 23514    | someone has agreed
-- purge_once            | 23514    | a purge is agreed to once, and carried out once
-- purge_expired         | 23514    | it is begun within a week of being asked for, or of the purge date
-- purge_date_missing    | 23514    | the tenant has a purge date: deactivating it gives one
-- purge_date_to_come    | 23514    | that date has passed
-- purge_rows_remain     | 23514    | the tenant is purged when its last row is gone
-- purge_blocked         | 23503    | no other row refers to those that go

ALTER TABLE landlord.tenants
  DROP CONSTRAINT tenant_name_length,
  ADD CONSTRAINT tenant_name_length CHECK (length(tenant_name) BETWEEN 1 AND 200 OR (state = 'purged' AND tenant_name = '')),
  DROP CONSTRAINT contact_email_form,
  ADD CONSTRAINT contact_email_form CHECK (contact_email ~ '^[^@]+@[^@]+$' OR (state = 'purged' AND contact_email = '')),
  ADD CONSTRAINT purged_is_cleared CHECK (state <> 'purged'
    OR (tenant_name = '' AND contact_email = '' AND website_url IS NULL AND allowed_origins = '{}'));

-- As before, but that it can be called where tables are protected: it named a sub-query by a word that SQL keeps for itself.
CREATE OR REPLACE FUNCTION landlord.touched(tenant_id uuid, most bigint DEFAULT 10000)
RETURNS TABLE (relation text, tenant_rows bigint, estimated boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  counted record;
  leaf record;
  sampled record;
BEGIN
  IF NOT landlord.may_reach(tenant_id) THEN
    RAISE EXCEPTION 'You may not reach this tenant.' USING ERRCODE = '42501';
  END IF;
  FOR counted IN
    SELECT p.relation, p.tenant_column, has_table_privilege(p.relation, 'SELECT') AND NOT EXISTS (
      SELECT FROM landlord.family(p.relation) f JOIN pg_catalog.pg_policy o ON o.polrelid = f.relation
      WHERE o.polroles && ARRAY[0::oid, 'landlord_owner'::regrole::oid]
        AND (o.polname <> 'landlord_keeper' OR pg_get_expr(o.polqual, o.polrelid) <> 'true')) AS holds
    FROM landlord.protected_tables() p
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_inherits i
      JOIN landlord.protected_tables() parent ON parent.relation = i.inhparent WHERE i.inhrelid = p.relation)
    ORDER BY p.relation::text
  LOOP
    relation := counted.relation::text;
    tenant_rows := NULL;
    estimated := false;
    IF counted.holds THEN
      EXECUTE format('SELECT count(*) FROM (SELECT FROM %s WHERE %I = $1 LIMIT $2 + 1) AS counted', counted.relation,
        counted.tenant_column) INTO tenant_rows USING tenant_id, most;
    END IF;
    IF tenant_rows > most THEN
      estimated := true;
      tenant_rows := 0;
      -- A thousand pages of each part; the same ones each time.
      FOR leaf IN SELECT c.oid::regclass AS relation, greatest(pg_relation_size(c.oid) / 8192, 1) AS pages
        FROM landlord.family(counted.relation) f JOIN pg_catalog.pg_class c ON c.oid = f.relation WHERE c.relkind = 'r'
      LOOP
        EXECUTE format('SELECT count(*) FILTER (WHERE %I = $1) AS mine FROM ONLY %s TABLESAMPLE SYSTEM (%s) REPEATABLE (1)',
          counted.tenant_column, leaf.relation, least(100, 100000.0 / leaf.pages)) INTO sampled USING tenant_id;
        tenant_rows := tenant_rows + (sampled.mine * greatest(1, leaf.pages / 1000.0))::bigint;
      END LOOP;
      tenant_rows := greatest(tenant_rows, most + 1);
    END IF;
    RETURN NEXT;
  END LOOP;
END $$;

CREATE TABLE landlord.purges (
  purge_id uuid CONSTRAINT purges_key PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT purges_tenant REFERENCES landlord.tenants (tenant_id) ON DELETE CASCADE,
  -- JSON: what both persons saw, and its SHA-256 in hexadecimal digits, by which they name it.
  preview text NOT NULL,
  digest text NOT NULL,
  reason text NOT NULL,
  requested_by text NOT NULL DEFAULT session_user,
  requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  approved_by text CONSTRAINT purge_by_two CHECK (approved_by <> requested_by),
  approved_at timestamptz,
  started_at timestamptz,
  -- Rows that went, by table.
  deleted jsonb NOT NULL DEFAULT '{}',
  finished_at timestamptz
);
CREATE UNIQUE INDEX purges_open ON landlord.purges (tenant_id) WHERE finished_at IS NULL;

-- What a purge would take, as JSON text whose bytes are the same as long as all of it is: members in order, rows by table.
CREATE FUNCTION landlord.purge_preview(tenant_id uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
RETURN (
  SELECT jsonb_build_object('tenantId', t.tenant_id, 'siteId', t.site_id, 'version', t.version, 'state', t.state,
    'purgeDate', landlord.instant_text(s.until), 'origins', cardinality(t.allowed_origins),
    'rows', landlord.touched_text(t.tenant_id))::text
  FROM landlord.tenants t LEFT JOIN landlord.terms s ON s.tenant_id = t.tenant_id
  WHERE t.tenant_id = purge_preview.tenant_id AND landlord.may_reach(t.tenant_id));

-- The rule that a purge breaks now; NULL: it may go on. One that has begun may always: what it was begun on is no more.
CREATE FUNCTION landlord.purge_problem(p landlord.purges) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
  until CONSTANT timestamptz := (SELECT s.until FROM landlord.terms s WHERE s.tenant_id = p.tenant_id);
BEGIN
  RETURN CASE
    WHEN p.finished_at IS NOT NULL THEN 'purge_once'
    WHEN p.approved_by IS NULL THEN 'purge_unapproved'
    WHEN NOT EXISTS (SELECT FROM landlord.tenants t WHERE t.tenant_id = p.tenant_id AND t.state = 'deactivated') THEN 'state_transition'
    WHEN until IS NULL THEN 'purge_date_missing'
    WHEN until > clock_timestamp() THEN 'purge_date_to_come'
    WHEN p.started_at IS NOT NULL THEN NULL
    WHEN p.expires_at < clock_timestamp() THEN 'purge_expired'
    WHEN landlord.purge_preview(p.tenant_id) <> p.preview THEN 'purge_preview_changed' END;
END $$;

-- Asks for a purge of what `preview` says: refused where that is not so any more. Takes the place of an earlier one that has not
-- begun, with its agreement.
CREATE FUNCTION landlord.request_purge(
  request_id uuid, tenant_id uuid, expected_version bigint, reason text, purge_id uuid, preview text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  done landlord.answer := landlord.begin_request(request_id, 'request purge', tenant_id, reason,
    jsonb_build_array(tenant_id, expected_version, purge_id, preview));
  now_is landlord.tenants;
  problem text;
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  PERFORM landlord.check_terms('purge', reason, NULL);
  SELECT t.version, t.state INTO now_is.version, now_is.state
  FROM landlord.tenants t WHERE t.tenant_id = request_purge.tenant_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN landlord.end_request(request_id, 'gone', NULL, NULL, tenant_id);
  ELSIF now_is.version <> expected_version THEN
    RETURN landlord.end_request(request_id, 'stale', NULL, NULL, tenant_id);
  END IF;
  problem := CASE
    WHEN now_is.state <> 'deactivated' THEN 'state_transition'
    WHEN NOT EXISTS (SELECT FROM landlord.terms s WHERE s.tenant_id = request_purge.tenant_id AND s.until IS NOT NULL)
      THEN 'purge_date_missing'
    WHEN EXISTS (SELECT FROM landlord.purges p
      WHERE p.tenant_id = request_purge.tenant_id AND p.finished_at IS NULL AND p.started_at IS NOT NULL) THEN 'purge_once'
    WHEN EXISTS (SELECT FROM landlord.touched(request_purge.tenant_id, 0) n WHERE n.tenant_rows IS NULL) THEN 'purge_uncounted'
    WHEN landlord.purge_preview(tenant_id) IS DISTINCT FROM preview THEN 'purge_preview_changed' END;
  IF problem IS NOT NULL THEN RETURN landlord.end_request(request_id, 'refused', problem, NULL, tenant_id); END IF;
  DELETE FROM landlord.purges p WHERE p.tenant_id = request_purge.tenant_id AND p.finished_at IS NULL;
  INSERT INTO landlord.purges (purge_id, tenant_id, preview, digest, reason, expires_at)
  SELECT request_purge.purge_id, request_purge.tenant_id, request_purge.preview,
    encode(sha256(convert_to(request_purge.preview, 'UTF8')), 'hex'), request_purge.reason,
    greatest(now(), s.until) + interval '7 days'
  FROM landlord.terms s WHERE s.tenant_id = request_purge.tenant_id;
  RETURN landlord.end_request(request_id, 'saved', NULL,
    landlord.append_entry(tenant_id, 'request purge', NULL, ARRAY['purge', 'preview'],
      jsonb_build_object('purge', purge_id, 'preview', preview::jsonb)::text), tenant_id);
END $$;

-- Agrees to a purge, as another person than who asked, and to the preview of that digest alone.
CREATE FUNCTION landlord.approve_purge(
  request_id uuid, tenant_id uuid, reason text, purge_id uuid, digest text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  done landlord.answer := landlord.begin_request(
    request_id, 'approve purge', tenant_id, reason, jsonb_build_array(tenant_id, purge_id, digest));
  asked landlord.purges;
  problem text;
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  PERFORM landlord.check_terms('purge', reason, NULL);
  SELECT * INTO asked FROM landlord.purges p
  WHERE p.purge_id = approve_purge.purge_id AND p.tenant_id = approve_purge.tenant_id FOR UPDATE;
  IF NOT FOUND THEN RETURN landlord.end_request(request_id, 'gone', NULL, NULL, tenant_id); END IF;
  problem := CASE
    WHEN asked.requested_by = session_user THEN 'purge_by_two'
    WHEN asked.approved_by IS NOT NULL THEN 'purge_once'
    WHEN asked.expires_at < clock_timestamp() THEN 'purge_expired'
    WHEN asked.digest <> digest OR landlord.purge_preview(tenant_id) IS DISTINCT FROM asked.preview THEN 'purge_preview_changed' END;
  IF problem IS NOT NULL THEN RETURN landlord.end_request(request_id, 'refused', problem, NULL, tenant_id); END IF;
  UPDATE landlord.purges p SET approved_by = session_user, approved_at = clock_timestamp()
  WHERE p.purge_id = approve_purge.purge_id;
  RETURN landlord.end_request(request_id, 'saved', NULL,
    landlord.append_entry(tenant_id, 'approve purge', NULL, ARRAY['purge', 'digest'],
      jsonb_build_object('purge', purge_id, 'digest', digest)::text), tenant_id);
END $$;

-- Deletes up to `most` rows of one protected table and answers which and how many (a partition's by its parent's name); nothing: no
-- row is left. Begins the purge with
-- the first call. A table whose rows others refer to waits until those are gone; where a table's rows refer to each other they
-- go all at once. As landlord's owner, whom landlord_keeper lets in under every floor: what the table's own triggers do then is
-- done with its rights, so owners of protected tables are trusted as the installer is.
CREATE FUNCTION landlord.purge_rows(purge_id uuid, most int) RETURNS TABLE (relation text, deleted bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  purge landlord.purges;
  part record;
  broken text;
BEGIN
  SELECT * INTO purge FROM landlord.purges p WHERE p.purge_id = purge_rows.purge_id FOR UPDATE;
  IF NOT FOUND OR NOT landlord.may_reach(purge.tenant_id) THEN
    RAISE EXCEPTION 'You may not reach this purge.' USING ERRCODE = '42501';
  END IF;
  broken := landlord.purge_problem(purge);
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'This purge cannot go on (%).', broken
      USING ERRCODE = '23514', CONSTRAINT = broken, TABLE = 'purges', SCHEMA = 'landlord';
  END IF;
  UPDATE landlord.purges p SET started_at = coalesce(p.started_at, clock_timestamp()) WHERE p.purge_id = purge_rows.purge_id;
  SET CONSTRAINTS ALL IMMEDIATE;
  FOR part IN
    SELECT c.oid::regclass AS relation, p.relation AS root, p.tenant_column, bound.most
    FROM (VALUES (1, greatest(purge_rows.most, 1)), (2, NULL)) AS bound (place, most)
    CROSS JOIN landlord.protected_tables() p
    CROSS JOIN LATERAL landlord.family(p.relation) f
    JOIN pg_catalog.pg_class c ON c.oid = f.relation AND c.relkind = 'r'
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_inherits i
      JOIN landlord.protected_tables() parent ON parent.relation = i.inhparent WHERE i.inhrelid = p.relation)
    ORDER BY bound.place, c.oid::regclass::text
  LOOP
    -- The second round is for what the first could not take.
    EXIT WHEN part.most IS NULL AND broken IS NULL;
    BEGIN
      EXECUTE format('DELETE FROM ONLY %s WHERE ctid = ANY (ARRAY(SELECT r.ctid FROM ONLY %1$s r WHERE r.%I = $1 LIMIT $2))',
        part.relation, part.tenant_column) USING purge.tenant_id, part.most;
      GET DIAGNOSTICS deleted = ROW_COUNT;
      IF deleted > 0 THEN
        relation := part.root::text;
        UPDATE landlord.purges p SET deleted = p.deleted
          || jsonb_build_object(relation, coalesce((p.deleted ->> relation)::bigint, 0) + purge_rows.deleted)
        WHERE p.purge_id = purge_rows.purge_id;
        RETURN NEXT;
        RETURN;
      END IF;
    EXCEPTION WHEN foreign_key_violation THEN
      GET STACKED DIAGNOSTICS broken = MESSAGE_TEXT;
    END;
  END LOOP;
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'Rows that are no tenant''s of their own refer to those that go: %', broken
      USING ERRCODE = '23503', CONSTRAINT = 'purge_blocked', TABLE = 'purges', SCHEMA = 'landlord';
  END IF;
END $$;

-- Ends a purge whose last row is gone: clears the tenant, takes its secret, and leaves the tombstone. Notes what was predicted and
-- what went.
CREATE FUNCTION landlord.purge_tenant(
  request_id uuid, tenant_id uuid, expected_version bigint, reason text, purge_id uuid) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  done landlord.answer := landlord.begin_request(
    request_id, 'purge', tenant_id, reason, jsonb_build_array(tenant_id, expected_version, purge_id));
  purge landlord.purges;
  problem text;
  entry bigint;
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  PERFORM landlord.check_terms('purge', reason, NULL);
  PERFORM FROM landlord.tenants t WHERE t.tenant_id = purge_tenant.tenant_id FOR NO KEY UPDATE;
  SELECT * INTO purge FROM landlord.purges p
  WHERE p.purge_id = purge_tenant.purge_id AND p.tenant_id = purge_tenant.tenant_id FOR UPDATE;
  IF NOT FOUND THEN
    RETURN landlord.end_request(request_id, 'gone', NULL, NULL, tenant_id);
  ELSIF (SELECT t.version FROM landlord.tenants t WHERE t.tenant_id = purge_tenant.tenant_id) <> expected_version THEN
    RETURN landlord.end_request(request_id, 'stale', NULL, NULL, tenant_id);
  END IF;
  problem := coalesce(landlord.purge_problem(purge), CASE WHEN EXISTS (
    SELECT FROM landlord.touched(purge_tenant.tenant_id, 0) n WHERE n.tenant_rows IS DISTINCT FROM 0) THEN 'purge_rows_remain' END);
  IF problem IS NOT NULL THEN RETURN landlord.end_request(request_id, 'refused', problem, NULL, tenant_id); END IF;
  UPDATE landlord.tenants t
  SET state = 'purged', tenant_name = '', contact_email = '', website_url = NULL, allowed_origins = '{}'
  WHERE t.tenant_id = purge_tenant.tenant_id;
  entry := landlord.last_entry(tenant_id);
  DELETE FROM landlord.tenant_secrets s WHERE s.tenant_id = purge_tenant.tenant_id;
  UPDATE landlord.purges p SET started_at = coalesce(p.started_at, clock_timestamp()), finished_at = clock_timestamp()
  WHERE p.purge_id = purge_tenant.purge_id;
  PERFORM landlord.append_entry(tenant_id, 'purge terms', NULL, ARRAY['purge', 'predicted', 'actual'],
    jsonb_build_object('purge', purge_id, 'predicted', purge.preview::jsonb -> 'rows', 'actual', purge.deleted)::text);
  RETURN landlord.end_request(request_id, 'saved', NULL, entry, tenant_id);
END $$;

GRANT SELECT (purge_id, tenant_id, preview, digest, reason, requested_by, requested_at, expires_at, approved_by, approved_at,
  started_at, deleted, finished_at) ON landlord.purges
TO landlord_support, landlord_admin, landlord_auditor, landlord_support_limited, landlord_admin_limited, landlord_auditor_limited;
ALTER TABLE landlord.purges ENABLE ROW LEVEL SECURITY;
CREATE POLICY plain ON landlord.purges FOR SELECT TO landlord_support, landlord_admin, landlord_auditor USING (true);
CREATE POLICY limited ON landlord.purges FOR SELECT
TO landlord_support_limited, landlord_admin_limited, landlord_auditor_limited
USING (EXISTS (SELECT FROM landlord.tenants t WHERE t.tenant_id = purges.tenant_id));
GRANT EXECUTE ON FUNCTION landlord.purge_preview(uuid)
TO landlord_support, landlord_admin, landlord_auditor, landlord_support_limited, landlord_admin_limited, landlord_auditor_limited;
GRANT EXECUTE ON FUNCTION landlord.request_purge(uuid, uuid, bigint, text, uuid, text),
  landlord.approve_purge(uuid, uuid, text, uuid, text), landlord.purge_rows(uuid, int),
  landlord.purge_tenant(uuid, uuid, bigint, text, uuid)
TO landlord_admin, landlord_admin_limited;
