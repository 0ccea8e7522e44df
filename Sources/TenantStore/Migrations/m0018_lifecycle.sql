-- The life of a tenant: which change of state follows on which, on what terms, and which doors are open meanwhile.
--
-- constraint          | SQLSTATE | what must hold
-- --------------------+----------+--------------------------------------------------------------------------------
-- state_transition    | 23514    | the change of state is one of landlord.transitions (t)
-- purge_date_passed   | 23514    | a deactivated tenant comes back before its purge date only (t)
-- tombstone_stays     | 23514    | a purged tenant is not removed: its ids are never given again (t)
-- ticket_form         | 23514    | a ticket has 1 to 60 characters, no control or bidi control
-- until_to_come       | 23514    | a date at which a state ends lies ahead
-- purge_date_early    | 23514    | the purge date leaves the time that the setting purge_days asks for
-- purge_days_form     | 23514    | that setting is a number of days, at most 3650
CREATE TABLE landlord.transitions (
  -- `new`: there is no tenant yet.
  from_state text COLLATE "C" NOT NULL,
  to_state text COLLATE "C" NOT NULL,
  -- What the audit calls it; a state knows each action once.
  action text COLLATE "C" NOT NULL,
  CONSTRAINT transitions_key PRIMARY KEY (from_state, to_state)
);
-- A suspended tenant is suspended again to change its access or its date.
INSERT INTO landlord.transitions (from_state, to_state, action) VALUES
  ('new', 'provisioning', 'register'), ('new', 'active', 'register'),
  ('provisioning', 'active', 'activate'), ('provisioning', 'deactivated', 'deactivate'),
  ('active', 'suspended', 'suspend'), ('suspended', 'suspended', 'suspend'), ('suspended', 'active', 'resume'),
  ('active', 'deactivated', 'deactivate'), ('suspended', 'deactivated', 'deactivate'),
  ('deactivated', 'active', 'reactivate'), ('deactivated', 'purged', 'purge');

ALTER TABLE landlord.settings ADD CONSTRAINT purge_days_form
  CHECK (name <> 'purge_days' OR (value ~ '^[0-9]{1,4}$' AND value::int <= 3650));

-- On what terms a tenant is in the state it is in. Gone with the state; the audit keeps them.
CREATE TABLE landlord.terms (
  tenant_id uuid CONSTRAINT terms_key PRIMARY KEY
    CONSTRAINT terms_tenant REFERENCES landlord.tenants (tenant_id) ON DELETE CASCADE,
  ticket text COLLATE "C" CONSTRAINT ticket_form CHECK (
    length(ticket) BETWEEN 1 AND 60 AND ticket !~ '[\u0001-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]'),
  -- When it ends: suspended is resumed then, active is suspended; deactivated comes back before it and is purged after it.
  until timestamptz
);
CREATE INDEX terms_by_until ON landlord.terms (until) WHERE until IS NOT NULL;

-- Keeps the transitions, whoever makes them and however. Fires after before_tenant and keep_reach, by its name.
CREATE FUNCTION landlord.keep_transition() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  broken text;
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state <> 'purged' THEN RETURN OLD; END IF;
    broken := 'tombstone_stays';
  ELSIF TG_OP = 'UPDATE' AND NEW.state = OLD.state THEN
    RETURN NEW;
  ELSIF NOT EXISTS (
    SELECT FROM landlord.transitions n
    WHERE n.from_state = CASE TG_OP WHEN 'INSERT' THEN 'new' ELSE OLD.state END AND n.to_state = NEW.state)
    -- A state that there is not is for the CHECK to tell.
    AND NEW.state IN ('provisioning', 'active', 'suspended', 'deactivated', 'purged')
  THEN
    broken := 'state_transition';
  ELSIF TG_OP = 'INSERT' THEN
    RETURN NEW;
  ELSIF NEW.state = 'active' AND landlord.is_past_purge_date(OLD.tenant_id, OLD.state) THEN
    broken := 'purge_date_passed';
  END IF;
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'The state of a tenant does not change so (%).', broken
      USING ERRCODE = '23514', CONSTRAINT = broken, COLUMN = 'state', TABLE = 'tenants', SCHEMA = 'landlord';
  END IF;
  IF NEW.state <> 'suspended' THEN NEW.suspended_access := 'none'; END IF;
  DELETE FROM landlord.terms s WHERE s.tenant_id = OLD.tenant_id;
  RETURN NEW;
END $$;

-- Whether a deactivated tenant can only be purged any more.
CREATE FUNCTION landlord.is_past_purge_date(tenant uuid, state text) RETURNS boolean
LANGUAGE sql STABLE
RETURN state = 'deactivated' AND EXISTS (
  SELECT FROM landlord.terms s WHERE s.tenant_id = tenant AND s.until <= clock_timestamp());

CREATE TRIGGER keep_transition BEFORE INSERT OR UPDATE OR DELETE ON landlord.tenants
  FOR EACH ROW EXECUTE FUNCTION landlord.keep_transition();
ALTER TABLE landlord.tenants ENABLE ALWAYS TRIGGER keep_transition;

-- How many rows a tenant has in each protected table; partitions are counted with their parent. Up to `most` of a table are
-- counted, and what is beyond is estimated from a sample. Without a number: the table has a policy of someone else's for
-- landlord's owner or for everyone, whose expression would run with the owner's rights, so nothing there is looked at.
CREATE FUNCTION landlord.touched(tenant_id uuid, most bigint DEFAULT 10000)
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
      EXECUTE format('SELECT count(*) FROM (SELECT FROM %s WHERE %I = $1 LIMIT $2 + 1) AS some', counted.relation,
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

-- The same for the audit: {"shop.orders": 12, "shop.events": "~120000"}.
CREATE FUNCTION landlord.touched_text(tenant uuid) RETURNS jsonb
LANGUAGE sql STABLE
RETURN (
  SELECT coalesce(jsonb_object_agg(n.relation,
    CASE WHEN n.estimated THEN to_jsonb('~' || n.tenant_rows) ELSE to_jsonb(n.tenant_rows) END ORDER BY n.relation), '{}')
  FROM landlord.touched(tenant) n);

-- Changes the state by an action of landlord.transitions; anything else is refused. Notes the terms in the tenant's chain, as an
-- entry that is no version. `predicted` is what the person was told that it touches: what it touched is put beside it.
CREATE FUNCTION landlord.change_state(
  request uuid, action text, tenant uuid, expected_version bigint, reason text, access text, ticket text, until timestamptz,
  predicted jsonb) RETURNS landlord.answer
LANGUAGE plpgsql AS $$
DECLARE
  done landlord.answer := landlord.begin_request(request, action, tenant, reason,
    CASE WHEN num_nonnulls(access, ticket, until) = 0 THEN jsonb_build_array(tenant, expected_version)
      ELSE jsonb_build_array(tenant, expected_version, access, ticket, extract(epoch FROM until)) END);
  now_is landlord.tenants;
  next_state text;
  entry bigint;
  noted bigint;
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  PERFORM landlord.check_terms(action, reason, until);
  SELECT t.version, t.state INTO now_is.version, now_is.state
  FROM landlord.tenants t WHERE t.tenant_id = tenant FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN landlord.end_request(request, 'gone', NULL, NULL, tenant);
  ELSIF now_is.version <> expected_version THEN
    RETURN landlord.end_request(request, 'stale', NULL, NULL, tenant);
  END IF;
  SELECT n.to_state INTO next_state FROM landlord.transitions n
  WHERE n.from_state = now_is.state AND n.action = change_state.action;
  IF NOT FOUND THEN
    RETURN landlord.end_request(request, 'refused', 'state_transition', NULL, tenant);
  ELSIF next_state = 'active' AND landlord.is_past_purge_date(tenant, now_is.state) THEN
    RETURN landlord.end_request(request, 'refused', 'purge_date_passed', NULL, tenant);
  END IF;
  UPDATE landlord.tenants t SET state = next_state, suspended_access = coalesce(access, t.suspended_access)
  WHERE t.tenant_id = tenant;
  IF FOUND THEN entry := landlord.last_entry(tenant); END IF;
  noted := landlord.set_terms(action, tenant, ticket, until, predicted);
  RETURN landlord.end_request(request, 'saved', NULL, coalesce(entry, noted), tenant);
END $$;

-- What must hold of a change of state before anything is looked at.
CREATE FUNCTION landlord.check_terms(action text, reason text, until timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  broken text;
BEGIN
  broken := CASE
    WHEN coalesce(reason, '') !~ '\S' THEN 'reason_required'
    WHEN until <= clock_timestamp() THEN 'until_to_come'
    WHEN action = 'deactivate' AND until < landlord.purge_date() THEN 'purge_date_early' END;
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'The state cannot be changed on these terms (%).', broken
      USING ERRCODE = '23514', CONSTRAINT = broken, COLUMN = CASE broken WHEN 'reason_required' THEN 'reason' ELSE 'until' END,
        TABLE = CASE broken WHEN 'reason_required' THEN 'audit_entries' ELSE 'terms' END, SCHEMA = 'landlord';
  END IF;
END $$;

-- From when on a tenant that is deactivated now may be purged: purge_days from now, 90 where nobody has set it.
CREATE FUNCTION landlord.purge_date() RETURNS timestamptz
LANGUAGE sql STABLE
RETURN now() + coalesce((SELECT s.value::int FROM landlord.settings s WHERE s.name = 'purge_days'), 90) * interval '1 day';

-- Puts the terms of the state that a tenant is in now, and notes what was said of them. Answers the note's entry; NULL: there was
-- nothing to note, as of a purge date that follows from the setting.
CREATE FUNCTION landlord.set_terms(action text, tenant uuid, ticket text, until timestamptz, predicted jsonb) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  ending CONSTANT timestamptz := coalesce(until, CASE action WHEN 'deactivate' THEN landlord.purge_date() END);
  note jsonb;
BEGIN
  DELETE FROM landlord.terms s WHERE s.tenant_id = tenant;
  IF ticket IS NOT NULL OR ending IS NOT NULL THEN
    INSERT INTO landlord.terms (tenant_id, ticket, until) VALUES (tenant, set_terms.ticket, ending);
  END IF;
  note := jsonb_strip_nulls(jsonb_build_object('ticket', ticket, 'until', landlord.instant_text(until)))
    || CASE WHEN predicted IS NULL THEN '{}' ELSE jsonb_build_object('predicted', predicted, 'actual', landlord.touched_text(tenant)) END;
  IF note = '{}' THEN RETURN NULL; END IF;
  RETURN landlord.append_entry(tenant, action || ' terms', NULL, ARRAY(SELECT k FROM jsonb_object_keys(note) k ORDER BY k), note::text);
END $$;

-- As people read it everywhere.
CREATE FUNCTION landlord.instant_text(at timestamptz) RETURNS text
LANGUAGE sql STABLE
RETURN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');

-- Puts a tenant into service once everything it needs is there.
CREATE FUNCTION landlord.activate_tenant(request_id uuid, tenant_id uuid, expected_version bigint, reason text)
RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
BEGIN
  RETURN landlord.change_state(request_id, 'activate', tenant_id, expected_version, reason, NULL, NULL, NULL, NULL);
END $$;

-- Shuts a tenant's doors for a while, all of them or with the access `read` those for writing alone; `until`: it is resumed then.
CREATE FUNCTION landlord.suspend_tenant(
  request_id uuid, tenant_id uuid, expected_version bigint, reason text, access text DEFAULT 'none', ticket text DEFAULT NULL,
  until timestamptz DEFAULT NULL, predicted jsonb DEFAULT NULL) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
BEGIN
  RETURN landlord.change_state(
    request_id, 'suspend', tenant_id, expected_version, reason, coalesce(access, 'none'), ticket, until, predicted);
END $$;

-- Opens a suspended tenant's doors again; `until`: it is suspended then.
CREATE FUNCTION landlord.resume_tenant(
  request_id uuid, tenant_id uuid, expected_version bigint, reason text, ticket text DEFAULT NULL,
  until timestamptz DEFAULT NULL, predicted jsonb DEFAULT NULL) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
BEGIN
  RETURN landlord.change_state(request_id, 'resume', tenant_id, expected_version, reason, NULL, ticket, until, predicted);
END $$;

DROP FUNCTION landlord.deactivate_tenant(uuid, uuid, bigint, text);
DROP FUNCTION landlord.reactivate_tenant(uuid, uuid, bigint, text);
DROP FUNCTION landlord.move_tenant(uuid, text, uuid, bigint, text, text[], text);

-- Takes a tenant out of service; `until`: its purge date, up to which it can be brought back.
CREATE FUNCTION landlord.deactivate_tenant(
  request_id uuid, tenant_id uuid, expected_version bigint, reason text, ticket text DEFAULT NULL,
  until timestamptz DEFAULT NULL, predicted jsonb DEFAULT NULL) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
BEGIN
  RETURN landlord.change_state(request_id, 'deactivate', tenant_id, expected_version, reason, NULL, ticket, until, predicted);
END $$;

-- Brings a deactivated tenant back; `until`: it is suspended then.
CREATE FUNCTION landlord.reactivate_tenant(
  request_id uuid, tenant_id uuid, expected_version bigint, reason text, ticket text DEFAULT NULL,
  until timestamptz DEFAULT NULL, predicted jsonb DEFAULT NULL) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
BEGIN
  RETURN landlord.change_state(request_id, 'reactivate', tenant_id, expected_version, reason, NULL, ticket, until, predicted);
END $$;

-- Resumes and suspends what is due, at most `most` tenants with an id after `after`, in the order of ids, and answers them. Who
-- runs it at the same time takes others; a second run finds nothing. Its rows are locked with their terms: a tenant that was
-- changed meanwhile has others, or none.
CREATE FUNCTION landlord.run_due(after uuid, most int) RETURNS SETOF landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  due record;
  broken text;
BEGIN
  FOR due IN
    SELECT t.tenant_id, n.to_state, n.action, s.until, s.ticket
    FROM landlord.terms s
    JOIN landlord.tenants t ON t.tenant_id = s.tenant_id
    JOIN landlord.transitions n ON n.from_state = t.state AND n.to_state <> t.state AND n.action IN ('resume', 'suspend')
    WHERE s.until <= now() AND (after IS NULL OR t.tenant_id > after) AND landlord.may_reach(t.tenant_id)
    ORDER BY t.tenant_id
    LIMIT least(most, 500)
    FOR NO KEY UPDATE OF s, t SKIP LOCKED
  LOOP
    BEGIN
      PERFORM landlord.name_request('', due.action,
        'it was due at ' || landlord.instant_text(due.until) || coalesce(' (' || due.ticket || ')', ''));
      UPDATE landlord.tenants t SET state = due.to_state WHERE t.tenant_id = due.tenant_id;
      RETURN NEXT landlord.make_answer('saved', false, NULL, landlord.last_entry(due.tenant_id), due.tenant_id, NULL);
    EXCEPTION WHEN integrity_constraint_violation OR insufficient_privilege THEN
      GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
      RETURN NEXT landlord.make_answer('refused', false, broken, NULL, due.tenant_id, NULL);
    END;
  END LOOP;
  PERFORM landlord.name_request('', '', '');
END $$;

-- Tries each door of a tenant as the platform would, now, and answers whether it opens; NULL: there is nothing to try it with.
-- `allowed`: whether its state lets it.
CREATE FUNCTION landlord.doors(tenant_id uuid) RETURNS TABLE (door text, opens boolean, allowed boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  now_is landlord.tenants;
BEGIN
  IF NOT landlord.may_reach(tenant_id) THEN
    RAISE EXCEPTION 'You may not reach this tenant.' USING ERRCODE = '42501';
  END IF;
  SELECT t.state, t.suspended_access, t.allowed_origins INTO now_is.state, now_is.suspended_access, now_is.allowed_origins
  FROM landlord.tenants t WHERE t.tenant_id = doors.tenant_id;
  IF NOT FOUND THEN RETURN; END IF;
  allowed := landlord.state_allows(now_is.state, now_is.suspended_access, 'read');
  door := 'reads'; opens := landlord.enters(tenant_id, 'read');
  RETURN NEXT;
  allowed := landlord.state_allows(now_is.state, now_is.suspended_access, 'write');
  door := 'writes'; opens := landlord.enters(tenant_id, 'write');
  RETURN NEXT;
  allowed := landlord.state_allows(now_is.state, now_is.suspended_access, 'door');
  door := 'secret'; opens := CASE WHEN EXISTS (
    SELECT FROM landlord.tenant_secrets s WHERE s.tenant_id = doors.tenant_id) THEN landlord.probe_secret(tenant_id) END;
  RETURN NEXT;
  door := 'origins'; opens := landlord.origin_allowed(tenant_id, now_is.allowed_origins[1]);
  IF now_is.allowed_origins = '{}' THEN opens := NULL; END IF;
  RETURN NEXT;
END $$;

-- Whether the context of a tenant holds for an act, signed where that is wanted. Leaves no context behind.
CREATE FUNCTION landlord.enters(tenant uuid, act text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
  was CONSTANT text[] := ARRAY[
    coalesce(current_setting('landlord.tenant_id', true), ''), coalesce(current_setting('landlord.context_signature', true), '')];
  holds boolean := false;
BEGIN
  PERFORM set_config('landlord.tenant_id', tenant::text, true), set_config('landlord.context_signature',
    coalesce(landlord.sign_context(tenant, pg_backend_pid(), 60), ''), true);
  BEGIN
    holds := landlord.context(act) = tenant;
  EXCEPTION WHEN insufficient_privilege THEN NULL;
  END;
  PERFORM set_config('landlord.tenant_id', was[1], true), set_config('landlord.context_signature', was[2], true);
  RETURN holds;
END $$;

-- Everyone who looks sees the rules, and the terms of the tenants in reach.
GRANT SELECT (from_state, to_state, action) ON landlord.transitions
TO landlord_support, landlord_admin, landlord_auditor, landlord_support_limited, landlord_admin_limited, landlord_auditor_limited;
GRANT SELECT (tenant_id, ticket, until) ON landlord.terms
TO landlord_support, landlord_admin, landlord_auditor, landlord_support_limited, landlord_admin_limited, landlord_auditor_limited;
ALTER TABLE landlord.terms ENABLE ROW LEVEL SECURITY;
CREATE POLICY plain ON landlord.terms FOR SELECT TO landlord_support, landlord_admin, landlord_auditor USING (true);
CREATE POLICY limited ON landlord.terms FOR SELECT
TO landlord_support_limited, landlord_admin_limited, landlord_auditor_limited
USING (EXISTS (SELECT FROM landlord.tenants t WHERE t.tenant_id = terms.tenant_id));
GRANT EXECUTE ON FUNCTION landlord.touched(uuid, bigint), landlord.doors(uuid), landlord.purge_date()
TO landlord_support, landlord_admin, landlord_auditor, landlord_support_limited, landlord_admin_limited, landlord_auditor_limited;
GRANT EXECUTE ON FUNCTION landlord.activate_tenant(uuid, uuid, bigint, text),
  landlord.suspend_tenant(uuid, uuid, bigint, text, text, text, timestamptz, jsonb),
  landlord.resume_tenant(uuid, uuid, bigint, text, text, timestamptz, jsonb),
  landlord.deactivate_tenant(uuid, uuid, bigint, text, text, timestamptz, jsonb),
  landlord.reactivate_tenant(uuid, uuid, bigint, text, text, timestamptz, jsonb), landlord.run_due(uuid, int)
TO landlord_admin, landlord_admin_limited;
