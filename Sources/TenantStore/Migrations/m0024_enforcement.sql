-- Runs, purges and terms, as they hold when two people, a slow resource and a busy table come together.

-- As before, but that the new run is held by whoever was at the one it overtakes, if somebody was: an act of theirs may still be
-- under way, and would be done after the new run has looked. They give it back when they find themselves overtaken; a lease ends
-- by itself with its holder's connection.
CREATE OR REPLACE FUNCTION landlord.plan_tenant() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  wanted CONSTANT text := landlord.wanted_condition(NEW.state);
  overtaken landlord.runs;
  run bigint;
BEGIN
  IF TG_OP = 'UPDATE' AND wanted = landlord.wanted_condition(OLD.state) THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' AND NEW.state <> 'provisioning' THEN RETURN NULL; END IF;
  SELECT * INTO overtaken FROM landlord.runs r
  WHERE r.tenant_id = NEW.tenant_id AND r.state IN ('running', 'compensating', 'stuck') FOR UPDATE;
  UPDATE landlord.runs r
  SET state = 'failed', problem = 'overtaken: the tenant became ' || NEW.state, ended_at = clock_timestamp(),
    lease_holder = NULL, lease_until = NULL, lease_backend = NULL
  WHERE r.run_id = overtaken.run_id;
  UPDATE landlord.run_steps s SET state = CASE s.state WHEN 'pending' THEN 'skipped' ELSE 'failed' END, note = 'overtaken'
  WHERE s.run_id = overtaken.run_id AND s.state IN ('pending', 'running', 'compensating');
  IF EXISTS (SELECT FROM landlord.resources) THEN
    run := landlord.plan_run(NEW.tenant_id, wanted, ARRAY(SELECT r.name FROM landlord.resources r));
    UPDATE landlord.runs r SET lease_holder = overtaken.lease_holder, lease_until = overtaken.lease_until,
      lease_backend = overtaken.lease_backend
    WHERE r.run_id = run;
  END IF;
  RETURN NULL;
END $$;

-- Gives a run back before its lease is over, and whatever else of that tenant's the holder was left with.
CREATE OR REPLACE FUNCTION landlord.release_run(run bigint, holder uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
BEGIN
  UPDATE landlord.runs r SET lease_holder = NULL, lease_until = NULL
  WHERE r.tenant_id = (SELECT g.tenant_id FROM landlord.runs g WHERE g.run_id = run) AND r.lease_holder = holder
    AND landlord.may_reach(r.tenant_id);
END $$;

-- As before, but that what a failed run has made for a tenant in service stays: it may be in use by then, and to take it back is
-- to destroy it. Only what was there and shut before is shut again.
CREATE OR REPLACE FUNCTION landlord.draw_run(held landlord.runs, resource text, became text, note text, tenant_state text)
RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  next text := held.state;
BEGIN
  IF became = 'failed' THEN
    held.problem := coalesce(held.problem, left(coalesce(resource, 'probe') || ': ' || note, 500));
    -- What was to be opened is taken back; closing goes on with the rest.
    IF held.wanted = 'ready' THEN
      next := 'compensating';
      UPDATE landlord.run_steps s SET state = 'skipped' WHERE s.run_id = held.run_id AND s.state = 'pending';
      IF tenant_state <> 'provisioning' THEN
        UPDATE landlord.run_steps s SET found = 'ready', note = coalesce(s.note || '; ', '') || 'what was made stays'
        WHERE s.run_id = held.run_id AND s.found = 'absent';
      END IF;
    END IF;
  END IF;
  IF next = 'compensating' AND became = 'compensating' AND note IS NOT NULL THEN
    next := 'stuck';
  ELSIF next = 'compensating' AND NOT EXISTS (
    SELECT FROM landlord.run_steps s WHERE s.run_id = held.run_id AND landlord.must_compensate(s, held.wanted))
  THEN
    next := 'failed';
  ELSIF next = 'running' AND NOT EXISTS (
    SELECT FROM landlord.run_steps s WHERE s.run_id = held.run_id AND s.state IN ('pending', 'running'))
  THEN
    next := CASE WHEN held.problem IS NULL THEN 'done' ELSE 'failed' END;
  END IF;
  UPDATE landlord.runs r
  SET state = next, problem = held.problem,
    ended_at = CASE WHEN next IN ('done', 'failed') THEN clock_timestamp() END,
    lease_holder = CASE WHEN next IN ('running', 'compensating') THEN r.lease_holder END,
    lease_until = CASE WHEN next IN ('running', 'compensating') THEN r.lease_until END
  WHERE r.run_id = held.run_id;
  -- In the same transaction as the last step: a tenant is live exactly when its run is done.
  IF next = 'done' AND tenant_state = 'provisioning' THEN
    PERFORM landlord.name_request(coalesce(held.request_id::text, ''), 'activate', 'provisioned by run ' || held.run_id);
    UPDATE landlord.tenants t SET state = 'active' WHERE t.tenant_id = held.tenant_id AND t.state = 'provisioning';
    PERFORM landlord.name_request('', '', '');
  END IF;
END $$;

-- As before, and noted in the tenant's audit with its reason.
CREATE OR REPLACE FUNCTION landlord.start_run(request_id uuid, tenant_id uuid, names text[], reason text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  done landlord.answer := landlord.begin_request(
    request_id, 'start run', tenant_id, reason, jsonb_build_array(tenant_id, names));
  state_now text;
  run bigint;
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  SELECT t.state INTO state_now FROM landlord.tenants t WHERE t.tenant_id = start_run.tenant_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN landlord.end_request(request_id, 'gone', NULL, NULL, tenant_id);
  ELSIF landlord.has_open_run(tenant_id) THEN
    RETURN landlord.end_request(request_id, 'refused', 'run_open', NULL, tenant_id);
  END IF;
  IF NOT EXISTS (SELECT FROM landlord.resources r WHERE r.name = ANY (names)) THEN
    RETURN landlord.end_request(request_id, 'refused', 'resource_unknown', NULL, tenant_id);
  END IF;
  run := landlord.plan_run(tenant_id, landlord.wanted_condition(state_now), names);
  RETURN landlord.end_request(request_id, 'saved', NULL,
    landlord.append_entry(tenant_id, 'start run', NULL, ARRAY['resources', 'run'],
      jsonb_build_object('run', run, 'resources', names)::text), tenant_id);
END $$;

-- Whether a tenant has a run that is not over.
CREATE FUNCTION landlord.has_open_run(tenant uuid) RETURNS boolean
LANGUAGE sql STABLE
RETURN EXISTS (
  SELECT FROM landlord.runs r WHERE r.tenant_id = tenant AND r.state IN ('running', 'compensating', 'stuck'));

-- Puts a tenant into service that nothing has to be made for. One whose run is not over comes into service by it.
CREATE OR REPLACE FUNCTION landlord.activate_tenant(request_id uuid, tenant_id uuid, expected_version bigint, reason text)
RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
BEGIN
  IF landlord.may_reach(tenant_id) AND landlord.has_open_run(tenant_id) THEN
    RETURN landlord.make_answer('refused', false, 'run_open', NULL, tenant_id, request_id);
  END IF;
  RETURN landlord.change_state(request_id, 'activate', tenant_id, expected_version, reason, NULL, NULL, NULL, NULL);
END $$;

-- As before, but that every row is counted. An estimate changes with the rows of others, and two people agree to the very bytes.
CREATE OR REPLACE FUNCTION landlord.purge_preview(tenant_id uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
RETURN (
  SELECT jsonb_build_object('tenantId', t.tenant_id, 'siteId', t.site_id, 'version', t.version, 'state', t.state,
    'purgeDate', landlord.instant_text(s.until), 'origins', cardinality(t.allowed_origins),
    'rows', coalesce((
      SELECT jsonb_object_agg(n.relation, n.tenant_rows)
      FROM landlord.touched(t.tenant_id, 9223372036854775806) n), '{}'))::text
  FROM landlord.tenants t LEFT JOIN landlord.terms s ON s.tenant_id = t.tenant_id
  WHERE t.tenant_id = purge_preview.tenant_id AND landlord.may_reach(t.tenant_id));

-- From when on a tenant that is deactivated now may be purged: purge_days of 24 hours from now, 90 where nobody has set it.
CREATE OR REPLACE FUNCTION landlord.purge_date() RETURNS timestamptz
LANGUAGE sql STABLE
RETURN now() + coalesce((SELECT s.value::int FROM landlord.settings s WHERE s.name = 'purge_days'), 90) * interval '24 hours';

-- As before, but that a purge date may be as much too early as it took from the person's clock to here.
CREATE OR REPLACE FUNCTION landlord.check_terms(action text, reason text, until timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  broken text;
BEGIN
  broken := CASE
    WHEN coalesce(reason, '') !~ '\S' THEN 'reason_required'
    WHEN until <= clock_timestamp() THEN 'until_to_come'
    WHEN action = 'deactivate' AND until < landlord.purge_date() - interval '10 minutes' THEN 'purge_date_early' END;
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'The state cannot be changed on these terms (%).', broken
      USING ERRCODE = '23514', CONSTRAINT = broken, COLUMN = CASE broken WHEN 'reason_required' THEN 'reason' ELSE 'until' END,
        TABLE = CASE broken WHEN 'reason_required' THEN 'audit_entries' ELSE 'terms' END, SCHEMA = 'landlord';
  END IF;
END $$;

-- Whether a tenant's secret is this one, also while its state lets nobody in by it: for who has made it and lost the answer.
CREATE FUNCTION landlord.holds_secret(tenant_id uuid, hash bytea) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
RETURN landlord.may_reach(tenant_id) AND EXISTS (
  SELECT FROM landlord.tenant_secrets s WHERE s.tenant_id = holds_secret.tenant_id AND s.verifier = hash);
GRANT EXECUTE ON FUNCTION landlord.holds_secret(uuid, bytea) TO landlord_admin, landlord_admin_limited;
