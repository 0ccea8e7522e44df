-- Runs: what a tenant has in other places than its row here (resources) is brought to what its state wants of it, step by step.
-- Every step and what was found before it are written down, so that anyone can go on with a run whose process is gone.
--
-- While a resource is listed here no tenant is born in service: it begins as `provisioning`, with a run that ends in making it active.
-- A change of state that wants something else of the resources makes a run too, whoever changes it and however.
--
-- What a state wants of each resource: provisioning, active → ready; suspended, deactivated → suspended; purged → absent.
--
-- constraint             | what must hold
-- -----------------------+---------------------------------------------------------------------------------------------
-- resource_name_form     | a-z, 0-9 and hyphens, begins with a letter, at most 63
-- resource_settings_form | a JSON object of texts, at most 4000 characters; no secrets, everyone who looks sees them
-- resource_in_use    (f) | no run that is not over has a step with it
-- run_open               | a tenant has at most one run that is not over (23505; start_run refuses instead)
-- step_transition    (f) | a step goes pending → running → done or failed, back to pending where this machine cannot, and then
--                        | to compensating → compensated; one that is not come to is skipped
-- lease_seconds      (f) | a lease is for 1 to 3600 seconds

-- What a tenant is given besides its row here, in the order in which it is. The program knows what each name means.
CREATE TABLE landlord.resources (
  name text COLLATE "C" CONSTRAINT resources_key PRIMARY KEY
    CONSTRAINT resource_name_form CHECK (name ~ '^[a-z][a-z0-9-]*$' AND length(name) <= 63),
  place int GENERATED ALWAYS AS IDENTITY,
  settings jsonb NOT NULL DEFAULT '{}'
    CONSTRAINT resource_settings_form CHECK (jsonb_typeof(settings) = 'object' AND length(settings::text) <= 4000
      AND NOT jsonb_path_exists(settings, 'strict $.* ? (@.type() != "string")', silent => true)),
  added_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE landlord.runs (
  run_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT runs_key PRIMARY KEY,
  tenant_id uuid NOT NULL CONSTRAINT run_tenant REFERENCES landlord.tenants (tenant_id) ON DELETE CASCADE,
  -- What the steps are to bring about; for a repair what the tenant's state wanted when it was started.
  wanted text NOT NULL CONSTRAINT condition_known CHECK (wanted IN ('ready', 'suspended', 'absent')),
  -- running; done; compensating: a step failed, what was made is taken back; failed: and has been, or there was nothing to take
  -- back; stuck: it cannot be taken back.
  state text NOT NULL DEFAULT 'running'
    CONSTRAINT run_state_known CHECK (state IN ('running', 'done', 'compensating', 'failed', 'stuck')),
  -- Why it failed.
  problem text CONSTRAINT run_problem_length CHECK (length(problem) <= 500),
  begun_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  begun_by text NOT NULL DEFAULT session_user,
  ended_at timestamptz,
  request_id uuid,
  -- Who carries it out, and until when nobody else may; sooner where the server process is gone over which it was last spoken of.
  lease_holder uuid,
  lease_until timestamptz,
  lease_backend int
);
CREATE UNIQUE INDEX run_open ON landlord.runs (tenant_id) WHERE state IN ('running', 'compensating', 'stuck');
CREATE INDEX runs_not_over ON landlord.runs (run_id) WHERE state IN ('running', 'compensating', 'stuck');
CREATE INDEX runs_of_tenant ON landlord.runs (tenant_id, run_id);

CREATE TABLE landlord.run_steps (
  run_id bigint NOT NULL CONSTRAINT step_run REFERENCES landlord.runs (run_id) ON DELETE CASCADE,
  place int NOT NULL,
  tenant_id uuid NOT NULL,
  -- NULL: the probe at the end, which enters as the tenant.
  resource text COLLATE "C",
  state text NOT NULL DEFAULT 'pending' CONSTRAINT step_state_known CHECK (
    state IN ('pending', 'running', 'done', 'failed', 'compensating', 'compensated', 'skipped')),
  -- How the resource was before the step touched it: what it is brought back to.
  found text CONSTRAINT condition_known CHECK (found IN ('absent', 'ready', 'suspended')),
  note text CONSTRAINT step_note_length CHECK (length(note) <= 500),
  tries int NOT NULL DEFAULT 0,
  begun_at timestamptz,
  ended_at timestamptz,
  CONSTRAINT run_steps_key PRIMARY KEY (run_id, place)
);

-- What a state wants of the resources.
CREATE FUNCTION landlord.wanted_condition(state text) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN state IN ('provisioning', 'active') THEN 'ready' WHEN state = 'purged' THEN 'absent' ELSE 'suspended' END;

-- Puts a run down with a step for each of these resources and, where they are to be ready, the probe.
CREATE FUNCTION landlord.plan_run(tenant uuid, wanted text, names text[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  run bigint;
BEGIN
  INSERT INTO landlord.runs AS r (tenant_id, wanted, request_id)
  VALUES (tenant, plan_run.wanted, nullif(current_setting('landlord.request_id', true), '')::uuid)
  RETURNING r.run_id INTO run;
  INSERT INTO landlord.run_steps (run_id, place, tenant_id, resource)
  SELECT run, row_number() OVER (ORDER BY s.place), tenant, s.name
  FROM (
    SELECT r.name, r.place FROM landlord.resources r WHERE r.name = ANY (names)
    UNION ALL SELECT NULL, NULL WHERE plan_run.wanted = 'ready') s;
  RETURN run;
END $$;

-- No tenant is born in service while it needs more than its row. By its name the first of the triggers before.
CREATE FUNCTION landlord.await_resources() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NEW.state = 'active' AND EXISTS (SELECT FROM landlord.resources) THEN NEW.state := 'provisioning'; END IF;
  RETURN NEW;
END $$;

-- A state that wants something else of the resources makes a run. One that was not over is overtaken: what it had begun is found
-- and dealt with by the new one.
CREATE FUNCTION landlord.plan_tenant() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  wanted CONSTANT text := landlord.wanted_condition(NEW.state);
  overtaken bigint;
BEGIN
  IF TG_OP = 'UPDATE' AND wanted = landlord.wanted_condition(OLD.state) THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' AND NEW.state <> 'provisioning' THEN RETURN NULL; END IF;
  UPDATE landlord.runs r
  SET state = 'failed', problem = 'overtaken: the tenant became ' || NEW.state, ended_at = clock_timestamp(),
    lease_holder = NULL, lease_until = NULL, lease_backend = NULL
  WHERE r.tenant_id = NEW.tenant_id AND r.state IN ('running', 'compensating', 'stuck')
  RETURNING r.run_id INTO overtaken;
  UPDATE landlord.run_steps s SET state = CASE s.state WHEN 'pending' THEN 'skipped' ELSE 'failed' END, note = 'overtaken'
  WHERE s.run_id = overtaken AND s.state IN ('pending', 'running', 'compensating');
  IF EXISTS (SELECT FROM landlord.resources) THEN
    PERFORM landlord.plan_run(NEW.tenant_id, wanted, ARRAY(SELECT r.name FROM landlord.resources r));
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER await_resources BEFORE INSERT ON landlord.tenants
  FOR EACH ROW EXECUTE FUNCTION landlord.await_resources();
CREATE TRIGGER plan_tenant AFTER INSERT OR UPDATE OF state ON landlord.tenants
  FOR EACH ROW EXECUTE FUNCTION landlord.plan_tenant();
ALTER TABLE landlord.tenants ENABLE ALWAYS TRIGGER await_resources;
ALTER TABLE landlord.tenants ENABLE ALWAYS TRIGGER plan_tenant;

-- Whether somebody is at a run. Their server process outlives them behind a pooler: then the lease alone counts.
CREATE FUNCTION landlord.is_held(run landlord.runs) RETURNS boolean
LANGUAGE sql STABLE
RETURN coalesce((run).lease_until > clock_timestamp(), false) AND EXISTS (SELECT FROM pg_stat_get_activity((run).lease_backend) a);

-- Takes a run that is not over and that nobody holds, the first of those numbered `low` to `high` (NULL: any), and answers its
-- number; NULL: there is none. A stuck one only where it is asked for alone.
CREATE FUNCTION landlord.claim_run(low bigint, high bigint, holder uuid, seconds int) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  run bigint;
BEGIN
  IF seconds IS NULL OR seconds NOT BETWEEN 1 AND 3600 OR holder IS NULL THEN
    RAISE EXCEPTION 'A lease is for 1 to 3600 seconds.' USING ERRCODE = '22023', CONSTRAINT = 'lease_seconds';
  END IF;
  UPDATE landlord.runs r
  SET lease_holder = holder, lease_until = clock_timestamp() + make_interval(secs => seconds), lease_backend = pg_backend_pid(),
    state = CASE r.state WHEN 'stuck' THEN 'compensating' ELSE r.state END
  WHERE r.run_id = (
    SELECT f.run_id FROM landlord.runs f
    WHERE (f.state IN ('running', 'compensating') OR (f.state = 'stuck' AND low = high))
      AND f.run_id >= low AND (high IS NULL OR f.run_id <= high)
      AND (f.lease_holder = holder OR NOT landlord.is_held(f))
      AND landlord.may_reach(f.tenant_id)
    ORDER BY f.run_id LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING r.run_id INTO run;
  RETURN run;
END $$;

-- Gives a run back before its lease is over.
CREATE FUNCTION landlord.release_run(run bigint, holder uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
BEGIN
  UPDATE landlord.runs r SET lease_holder = NULL, lease_until = NULL
  WHERE r.run_id = run AND r.lease_holder = holder AND landlord.may_reach(r.tenant_id);
END $$;

-- Whether what a step did has to be taken back when its run fails.
CREATE FUNCTION landlord.must_compensate(step landlord.run_steps, wanted text) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN wanted = 'ready' AND (step).resource IS NOT NULL AND (step).found <> 'ready'
  AND (step).state IN ('running', 'done', 'failed', 'compensating');

-- Moves a step of a run that one holds, draws the run after it, and makes the lease longer. False: the run is no longer one's own,
-- so leave off. A compensation that fails says so by a note and no new state.
CREATE FUNCTION landlord.move_step(
  run bigint, place int, holder uuid, seconds int, state text, was text, note text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  tenant uuid := (SELECT r.tenant_id FROM landlord.runs r WHERE r.run_id = run);
  tenant_state text;
  held landlord.runs;
  step landlord.run_steps;
BEGIN
  IF tenant IS NULL OR NOT landlord.may_reach(tenant) THEN
    RAISE EXCEPTION 'You may not do this to this tenant.' USING ERRCODE = '42501';
  END IF;
  -- First the tenant, as every change of its state does.
  SELECT t.state INTO tenant_state FROM landlord.tenants t WHERE t.tenant_id = tenant FOR NO KEY UPDATE;
  UPDATE landlord.runs r
  SET lease_until = clock_timestamp() + make_interval(secs => seconds), lease_backend = pg_backend_pid()
  WHERE r.run_id = run AND r.lease_holder = holder AND r.state IN ('running', 'compensating')
  RETURNING * INTO held;
  IF NOT FOUND THEN RETURN false; END IF;
  SELECT * INTO step FROM landlord.run_steps s WHERE s.run_id = run AND s.place = move_step.place;
  IF NOT coalesce(CASE held.state
    WHEN 'running' THEN (step.state, move_step.state) IN (('pending', 'running'), ('running', 'running'), ('running', 'done'),
        ('running', 'failed'), ('running', 'pending'))
      AND NOT EXISTS (SELECT FROM landlord.run_steps s
        WHERE s.run_id = run AND s.place < move_step.place AND s.state IN ('pending', 'running'))
    ELSE landlord.must_compensate(step, held.wanted) AND (move_step.state = 'compensating'
      OR (step.state, move_step.state) = ('compensating', 'compensated')) END, false)
  THEN
    RAISE EXCEPTION 'A step that is % cannot become %.', step.state, move_step.state
      USING ERRCODE = '23514', CONSTRAINT = 'step_transition', TABLE = 'run_steps', SCHEMA = 'landlord';
  END IF;
  UPDATE landlord.run_steps s
  SET state = move_step.state, found = coalesce(s.found, move_step.was), 
    note = CASE WHEN move_step.state IN ('running', 'done') THEN left(move_step.note, 500) ELSE coalesce(left(move_step.note, 500), s.note) END,
    tries = s.tries + (move_step.state = 'running' AND s.state = 'pending')::int, begun_at = coalesce(s.begun_at, clock_timestamp()),
    ended_at = CASE WHEN move_step.state IN ('done', 'failed', 'compensated') THEN clock_timestamp() END
  WHERE s.run_id = run AND s.place = move_step.place;
  PERFORM landlord.draw_run(held, step.resource, move_step.state, left(move_step.note, 500), tenant_state);
  RETURN true;
END $$;

-- What follows for the run from a step that has just become `became`.
CREATE FUNCTION landlord.draw_run(held landlord.runs, resource text, became text, note text, tenant_state text) RETURNS void
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

-- Starts a run that brings these resources to what the tenant's state wants: to mend what has drifted, or to try once more. One that
-- is not over has to be ended first.
CREATE FUNCTION landlord.start_run(request_id uuid, tenant_id uuid, names text[], reason text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  done landlord.answer := landlord.begin_request(
    request_id, 'start run', tenant_id, reason, jsonb_build_array(tenant_id, names));
  state_now text;
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  SELECT t.state INTO state_now FROM landlord.tenants t WHERE t.tenant_id = start_run.tenant_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN landlord.end_request(request_id, 'gone', NULL, NULL, tenant_id);
  ELSIF EXISTS (
    SELECT FROM landlord.runs r
    WHERE r.tenant_id = start_run.tenant_id AND r.state IN ('running', 'compensating', 'stuck'))
  THEN
    RETURN landlord.end_request(request_id, 'refused', 'run_open', NULL, tenant_id);
  END IF;
  IF NOT EXISTS (SELECT FROM landlord.resources r WHERE r.name = ANY (names)) THEN
    RETURN landlord.end_request(request_id, 'refused', 'resource_unknown', NULL, tenant_id);
  END IF;
  PERFORM landlord.plan_run(tenant_id, landlord.wanted_condition(state_now), names);
  RETURN landlord.end_request(request_id, 'saved', NULL, NULL, tenant_id);
END $$;

-- Lists a resource, or gives one that is listed other settings. What tenants have already is not touched: see plan and apply.
CREATE FUNCTION landlord.add_resource(request_id uuid, name text, settings jsonb, reason text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  done landlord.answer := landlord.begin_request(
    request_id, 'add resource', '00000000-0000-0000-0000-000000000000', reason, jsonb_build_array(name, settings));
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  INSERT INTO landlord.resources AS r (name, settings) VALUES (add_resource.name, add_resource.settings)
  ON CONFLICT ON CONSTRAINT resources_key DO UPDATE SET settings = excluded.settings WHERE r.settings <> excluded.settings;
  RETURN landlord.end_act(request_id, 'add resource', name,
    CASE WHEN FOUND THEN jsonb_build_object('resource', name, 'settings', settings) END);
END $$;

-- Takes a resource off the list. What tenants have in it stays there.
CREATE FUNCTION landlord.remove_resource(request_id uuid, name text, reason text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  done landlord.answer := landlord.begin_request(
    request_id, 'remove resource', '00000000-0000-0000-0000-000000000000', reason, to_jsonb(name));
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  IF EXISTS (
    SELECT FROM landlord.runs r JOIN landlord.run_steps s ON s.run_id = r.run_id
    WHERE r.state IN ('running', 'compensating', 'stuck') AND s.resource = remove_resource.name)
  THEN
    RETURN landlord.end_request(request_id, 'refused', 'resource_in_use', NULL, '00000000-0000-0000-0000-000000000000');
  END IF;
  DELETE FROM landlord.resources r WHERE r.name = remove_resource.name;
  IF NOT FOUND THEN
    RETURN landlord.end_request(request_id, 'gone', NULL, NULL, '00000000-0000-0000-0000-000000000000');
  END IF;
  RETURN landlord.end_act(request_id, 'remove resource', name, jsonb_build_object('resource', name, 'removed', true));
END $$;

DO $grants$
DECLARE
  plain CONSTANT text := 'landlord_support, landlord_admin, landlord_auditor';
  limited CONSTANT text := 'landlord_support_limited, landlord_admin_limited, landlord_auditor_limited';
  guarded text;
BEGIN
  FOREACH guarded IN ARRAY ARRAY['runs', 'run_steps'] LOOP
    EXECUTE format('ALTER TABLE landlord.%I ENABLE ROW LEVEL SECURITY', guarded);
    EXECUTE format('CREATE POLICY plain ON landlord.%I FOR SELECT TO %s USING (true)', guarded, plain);
    EXECUTE format('CREATE POLICY limited ON landlord.%1$I FOR SELECT TO %2$s USING (
      EXISTS (SELECT FROM landlord.tenants t WHERE t.tenant_id = %1$I.tenant_id))', guarded, limited);
    EXECUTE format('GRANT SELECT ON landlord.%I TO %s, %s', guarded, plain, limited);
  END LOOP;
  EXECUTE format('GRANT SELECT ON landlord.resources TO %s, %s', plain, limited);
  EXECUTE format('GRANT EXECUTE ON FUNCTION landlord.wanted_condition(text), landlord.is_held(landlord.runs) TO %s, %s', plain, limited);
END $grants$;
GRANT EXECUTE ON FUNCTION landlord.claim_run(bigint, bigint, uuid, int), landlord.release_run(bigint, uuid),
  landlord.move_step(bigint, int, uuid, int, text, text, text), landlord.start_run(uuid, uuid, text[], text)
TO landlord_admin, landlord_admin_limited;
GRANT EXECUTE ON FUNCTION landlord.add_resource(uuid, text, jsonb, text), landlord.remove_resource(uuid, text, text)
TO landlord_admin;
