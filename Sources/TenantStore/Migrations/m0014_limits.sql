-- Limits: who is in a `…_limited` group reaches the tenants of some industries, and some tenants by name, and no others.
-- What is limited by industry follows the tenant's present industry, with all of its past.
--
-- constraint              | what must hold
-- ------------------------+------------------------------------------------------------------------------------------------
-- limit_of_one            | a limit names an industry or a tenant, one of them
-- limit_industry_known    | the industry is in the catalogue (23503)
-- limit_tenant_known      | there is such a tenant (23503)
-- limit_person_known  (f) | there is a role of this name that may log in, and it is none of landlord's own
-- limit_holds         (f) | the person is in no group without limits, which no limit would narrow
-- business_industry_reach | a limited person leaves no tenant outside the own limits (t)
--
-- Limits are of this database; the groups are the server's. A role that is dropped or renamed leaves its limits behind under
-- the old name; whoever is in a limited group without a limit here reaches nothing.
CREATE TABLE landlord.limits (
  person text COLLATE "C" NOT NULL,
  industry text COLLATE "C" CONSTRAINT limit_industry_known REFERENCES landlord.industries (name),
  tenant_id uuid CONSTRAINT limit_tenant_known REFERENCES landlord.tenants (tenant_id) ON DELETE CASCADE,
  limited_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT limit_of_one CHECK (num_nonnulls(industry, tenant_id) = 1),
  CONSTRAINT limits_key UNIQUE NULLS NOT DISTINCT (person, industry, tenant_id)
);
CREATE INDEX limits_of_tenant ON landlord.limits (tenant_id);

-- Whether limits bind what the person who is connected does (not the role taken on). Membership in a limited group binds also
-- who is in another group that only looks; it binds no admin without limits, nor the platform's code, nor the owner.
CREATE FUNCTION landlord.is_limited() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN NOT (pg_has_role(session_user, 'landlord_admin', 'MEMBER') OR pg_has_role(session_user, 'landlord_tenant', 'MEMBER')
    OR pg_has_role(session_user, 'landlord_owner', 'MEMBER'))
  AND (pg_has_role(session_user, 'landlord_support_limited', 'MEMBER')
    OR pg_has_role(session_user, 'landlord_admin_limited', 'MEMBER')
    OR pg_has_role(session_user, 'landlord_auditor_limited', 'MEMBER'));

-- Whether a tenant of this industry lies within the limits of the person who is connected.
CREATE FUNCTION landlord.within_limits(tenant_id uuid, industry text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN EXISTS (
  SELECT FROM landlord.limits l
  WHERE l.person = session_user::text
    AND (l.tenant_id = within_limits.tenant_id OR l.industry = within_limits.industry));

-- Whether the person who is connected may reach this tenant; the nil UUID stands for the installation, which no limited person
-- reaches. Nor does a limited person reach a tenant that is not there. The functions ask this; looking asks the policies below.
CREATE OR REPLACE FUNCTION landlord.may_reach(tenant_id uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
  WHEN landlord.is_limited() THEN landlord.within_limits(
    may_reach.tenant_id,
    (SELECT t.business_industry FROM landlord.tenants t WHERE t.tenant_id = may_reach.tenant_id))
  ELSE pg_has_role(session_user, 'landlord_admin', 'MEMBER') OR pg_has_role(session_user, 'landlord_support', 'MEMBER')
    OR pg_has_role(session_user, 'landlord_auditor', 'MEMBER') OR pg_has_role(session_user, 'landlord_tenant', 'MEMBER')
    OR pg_has_role(session_user, 'landlord_owner', 'MEMBER') END;

-- A limited person makes no tenant outside the own limits and moves none there: it would be gone from sight with the change. Asked
-- for every change, so that it holds too where someone else has moved the tenant since it was looked at. Fires after
-- before_tenant, by its name.
CREATE FUNCTION landlord.keep_reach() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NEW.business_industry IS NULL OR NOT landlord.is_limited()
    OR landlord.within_limits(NEW.tenant_id, NEW.business_industry)
  THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.business_industry = OLD.business_industry THEN
    RAISE EXCEPTION 'You may not reach this tenant.' USING ERRCODE = '42501';
  END IF;
  RAISE EXCEPTION 'This industry lies outside your limits.'
    USING ERRCODE = '23514', CONSTRAINT = 'business_industry_reach', COLUMN = 'business_industry', TABLE = 'tenants',
      SCHEMA = 'landlord';
END $$;
CREATE TRIGGER keep_reach BEFORE INSERT OR UPDATE ON landlord.tenants
  FOR EACH ROW EXECUTE FUNCTION landlord.keep_reach();
ALTER TABLE landlord.tenants ENABLE ALWAYS TRIGGER keep_reach;

-- No answer shows a tenant out of reach, whatever was asked.
CREATE OR REPLACE FUNCTION landlord.make_answer(
  outcome text, repeated boolean, rule text, entry bigint, tenant uuid, request uuid) RETURNS landlord.answer
LANGUAGE sql STABLE
RETURN (
  SELECT ROW(outcome, repeated, rule, entry, t.tenant_id, t.site_id, t.tenant_name, t.contact_email, t.website_url,
    t.business_industry, t.allowed_origins, t.permissions, t.state, t.suspended_access, t.is_active, t.version, t.created_at,
    t.updated_at, request)::landlord.answer
  FROM (VALUES (tenant)) AS asked (id) LEFT JOIN landlord.tenants t ON t.tenant_id = asked.id AND landlord.may_reach(asked.id));

-- As before, but for who is limited: a tenant that is to be made is not asked about here (keep_reach does), and what became of an
-- earlier request is told only while its tenant is in reach.
CREATE OR REPLACE FUNCTION landlord.begin_request(request uuid, action text, tenant uuid, reason text, body jsonb)
RETURNS landlord.answer
LANGUAGE plpgsql AS $$
DECLARE
  hash bytea := sha256(convert_to(jsonb_build_array(action, reason, body)::text, 'UTF8'));
  known landlord.requests;
BEGIN
  IF action <> 'register' AND NOT landlord.may_reach(tenant) THEN
    RAISE EXCEPTION 'You may not do this to this tenant.' USING ERRCODE = '42501';
  END IF;
  IF request IS NULL OR tenant IS NULL THEN
    RAISE EXCEPTION 'A request needs an id and a tenant.' USING ERRCODE = '22023', CONSTRAINT = 'requests_form';
  END IF;
  INSERT INTO landlord.requests AS r (request_id, action, body_hash, tenant_id)
  VALUES (request, begin_request.action, hash, tenant)
  ON CONFLICT ON CONSTRAINT requests_key DO NOTHING;
  IF FOUND THEN
    PERFORM landlord.name_request(request::text, action, reason);
    RETURN NULL;
  END IF;
  SELECT r.actor, r.body_hash, r.outcome, r.rule, r.entry_id, r.tenant_id
  INTO known.actor, known.body_hash, known.outcome, known.rule, known.entry_id, known.tenant_id
  FROM landlord.requests r WHERE r.request_id = request;
  IF known.actor = session_user AND known.outcome = 'never' THEN
    RETURN landlord.make_answer('refused', true, 'request_fenced', NULL, tenant, request);
  END IF;
  IF known.actor <> session_user OR known.body_hash <> hash THEN
    RAISE EXCEPTION 'This request id was used for something else.'
      USING ERRCODE = 'LL001', CONSTRAINT = 'request_body_same', TABLE = 'requests', SCHEMA = 'landlord';
  END IF;
  IF NOT landlord.may_reach(known.tenant_id) THEN
    RAISE EXCEPTION 'This request was carried out; its tenant is out of your reach now.' USING ERRCODE = '42501';
  END IF;
  RETURN landlord.make_answer(known.outcome, true, known.rule, known.entry_id, known.tenant_id, request);
END $$;

-- As before, but an id that is fenced here concerns no tenant, so no reach is asked for it.
CREATE OR REPLACE FUNCTION landlord.settle_request(request_id uuid) RETURNS landlord.settlement
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '1s' AS $$
DECLARE
  known landlord.requests;
  result landlord.settlement;
BEGIN
  result.request_id := settle_request.request_id;
  BEGIN
    INSERT INTO landlord.requests (request_id, action, outcome) VALUES (settle_request.request_id, 'settle', 'never')
    ON CONFLICT ON CONSTRAINT requests_key DO NOTHING;
  EXCEPTION WHEN lock_not_available THEN
    result.outcome := 'running';
    RETURN result;
  END;
  SELECT r.actor, r.outcome, r.rule, r.entry_id, r.tenant_id
  INTO known.actor, known.outcome, known.rule, known.entry_id, known.tenant_id
  FROM landlord.requests r WHERE r.request_id = settle_request.request_id;
  IF known.actor <> session_user THEN
    RAISE EXCEPTION 'This request is not yours to ask about.' USING ERRCODE = '42501';
  END IF;
  IF known.outcome = 'never' THEN
    result.outcome := 'never';
    RETURN result;
  END IF;
  IF NOT landlord.may_reach(known.tenant_id) THEN
    RAISE EXCEPTION 'This request was carried out; its tenant is out of your reach now.' USING ERRCODE = '42501';
  END IF;
  SELECT a.outcome, a.repeated, a.rule, a.entry_id, a.tenant_id, a.site_id, a.tenant_name, a.contact_email, a.website_url,
    a.business_industry, a.allowed_origins, a.permissions, a.state, a.suspended_access, a.is_active, a.version, a.created_at,
    a.updated_at, a.request_id
  INTO result
  FROM landlord.make_answer(known.outcome, true, known.rule, known.entry_id, known.tenant_id, settle_request.request_id) a;
  RETURN result;
END $$;

-- As before, but for who is limited a tenant out of reach is gone, as it is for the list; its row is not even locked.
CREATE OR REPLACE FUNCTION landlord.apply_requests(requests jsonb) RETURNS SETOF landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  part record;
  result landlord.answer;
  broken text;
  broken_column text;
BEGIN
  IF jsonb_typeof(requests) IS DISTINCT FROM 'array' OR jsonb_array_length(requests) > 500 THEN
    RAISE EXCEPTION 'The requests must be a JSON array of at most 500.'
      USING ERRCODE = '22023', CONSTRAINT = 'requests_form';
  END IF;
  PERFORM t.tenant_id FROM landlord.tenants t
  WHERE t.tenant_id IN (SELECT (r ->> 'tenantId')::uuid FROM jsonb_array_elements(requests) r)
    AND landlord.may_reach(t.tenant_id)
  ORDER BY t.tenant_id FOR NO KEY UPDATE;
  FOR part IN
    SELECT r ->> 'action' AS action, (r ->> 'requestId')::uuid AS request, (r ->> 'tenantId')::uuid AS tenant,
      (r ->> 'expectedVersion')::bigint AS version, r -> 'changes' AS changes, r ->> 'value' AS value,
      r ->> 'reason' AS reason
    FROM jsonb_array_elements(requests) WITH ORDINALITY AS given (r, place)
    ORDER BY (r ->> 'tenantId')::uuid, place
  LOOP
    IF part.tenant IS NOT NULL AND NOT landlord.may_reach(part.tenant) THEN
      RETURN NEXT landlord.make_answer('gone', false, NULL, NULL, part.tenant, part.request);
      CONTINUE;
    END IF;
    BEGIN
      result := CASE part.action
        WHEN 'update' THEN landlord.update_tenant(part.request, part.tenant, part.version, part.changes, part.reason)
        WHEN 'deactivate' THEN landlord.deactivate_tenant(part.request, part.tenant, part.version, part.reason)
        WHEN 'reactivate' THEN landlord.reactivate_tenant(part.request, part.tenant, part.version, part.reason)
        WHEN 'setIndustry' THEN landlord.update_tenant(part.request, part.tenant, part.version,
          jsonb_build_object('businessIndustry', part.value), part.reason)
        WHEN 'addOrigin' THEN
          landlord.change_list(part.request, part.tenant, part.version, 'allowedOrigins', part.value, true, part.reason)
        WHEN 'removeOrigin' THEN
          landlord.change_list(part.request, part.tenant, part.version, 'allowedOrigins', part.value, false, part.reason)
        WHEN 'addPermission' THEN
          landlord.change_list(part.request, part.tenant, part.version, 'permissions', part.value, true, part.reason)
        WHEN 'removePermission' THEN
          landlord.change_list(part.request, part.tenant, part.version, 'permissions', part.value, false, part.reason) END;
      IF result IS NULL THEN
        result := landlord.make_answer('refused', false, 'requests_form', NULL, part.tenant, part.request);
      END IF;
    EXCEPTION WHEN integrity_constraint_violation OR invalid_parameter_value OR SQLSTATE 'LL001' THEN
      GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME, broken_column = COLUMN_NAME;
      result := landlord.make_answer(
        'refused', false, coalesce(nullif(broken, ''), broken_column || '_required'), NULL, part.tenant, part.request);
    END;
    RETURN NEXT result;
  END LOOP;
END $$;

-- Limits a person to the tenants of an industry, or to one tenant, besides what other limits give. For admins without limits.
CREATE FUNCTION landlord.limit_person(request_id uuid, person text, industry text, tenant_id uuid, reason text)
RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  done landlord.answer := landlord.begin_request(
    request_id, 'limit person', '00000000-0000-0000-0000-000000000000', reason,
    jsonb_build_array(person, industry, tenant_id));
  broken text;
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  broken := CASE
    WHEN coalesce(reason, '') !~ '\S' THEN 'reason_required'
    WHEN person LIKE 'landlord\_%' OR NOT EXISTS (
      SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = person AND r.rolcanlogin) THEN 'limit_person_known'
    WHEN EXISTS (
      SELECT FROM pg_catalog.pg_roles r
      WHERE r.rolname = person AND (r.rolbypassrls OR EXISTS (
        SELECT FROM pg_catalog.pg_roles g
        WHERE g.rolname IN ('landlord_support', 'landlord_admin', 'landlord_auditor', 'landlord_tenant', 'landlord_owner')
          AND pg_has_role(r.oid, g.oid, 'MEMBER')))) THEN 'limit_holds' END;
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'This person cannot be limited so (%).', broken
      USING ERRCODE = '23514', CONSTRAINT = broken, TABLE = 'limits', SCHEMA = 'landlord';
  END IF;
  INSERT INTO landlord.limits (person, industry, tenant_id)
  VALUES (limit_person.person, limit_person.industry, limit_person.tenant_id)
  ON CONFLICT ON CONSTRAINT limits_key DO NOTHING;
  RETURN landlord.end_act(request_id, 'limit person', person, CASE WHEN FOUND THEN jsonb_strip_nulls(
    jsonb_build_object('person', person, 'industry', industry, 'tenantId', tenant_id, 'limited', true)) END);
END $$;

-- Takes a limit away; with neither industry nor tenant all of the person's. One that is not there is gone. Who is left in a
-- limited group without a limit reaches nothing: the limit narrows no more only once the group is left too.
CREATE FUNCTION landlord.unlimit_person(request_id uuid, person text, industry text, tenant_id uuid, reason text)
RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  done landlord.answer := landlord.begin_request(
    request_id, 'unlimit person', '00000000-0000-0000-0000-000000000000', reason,
    jsonb_build_array(person, industry, tenant_id));
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  IF coalesce(reason, '') !~ '\S' THEN
    RAISE EXCEPTION 'Taking a limit away needs a reason.'
      USING ERRCODE = '23514', CONSTRAINT = 'reason_required', TABLE = 'limits', SCHEMA = 'landlord';
  END IF;
  DELETE FROM landlord.limits l
  WHERE l.person = unlimit_person.person
    AND (num_nulls(unlimit_person.industry, unlimit_person.tenant_id) = 2
      OR (l.industry, l.tenant_id) IS NOT DISTINCT FROM (unlimit_person.industry, unlimit_person.tenant_id));
  IF NOT FOUND THEN
    RETURN landlord.end_request(request_id, 'gone', NULL, NULL, '00000000-0000-0000-0000-000000000000');
  END IF;
  RETURN landlord.end_act(request_id, 'unlimit person', person, jsonb_strip_nulls(
    jsonb_build_object('person', person, 'industry', industry, 'tenantId', tenant_id, 'limited', false)));
END $$;

-- Whether a site id can be given to a new tenant: free, taken, or used once and never given again. For those who may make one, and of
-- all tenants: a site id is the platform's, so a limited admin learns here, as by trying, that one is taken, and no more.
CREATE FUNCTION landlord.site_id_availability(site_id text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
RETURN CASE
  WHEN EXISTS (SELECT FROM landlord.tenants t WHERE t.site_id = site_id_availability.site_id) THEN 'taken'
  WHEN EXISTS (SELECT FROM landlord.site_ids s WHERE s.site_id = site_id_availability.site_id) THEN 'used'
  ELSE 'free' END;

-- Limits are two lists, made once for a statement: the tenants' own indexes find what is in them. Whatever else belongs to a tenant
-- is seen by whoever sees the tenant.
ALTER POLICY limited ON landlord.tenants USING (
  business_industry = ANY (ARRAY(
    SELECT l.industry FROM landlord.limits l WHERE l.person = session_user::text AND l.industry IS NOT NULL))
  OR tenant_id = ANY (ARRAY(
    SELECT l.tenant_id FROM landlord.limits l WHERE l.person = session_user::text AND l.tenant_id IS NOT NULL)));
DO $policies$
DECLARE
  guarded text;
BEGIN
  FOREACH guarded IN ARRAY ARRAY['site_ids', 'audit_entries', 'audit_heads', 'requests', 'attempts'] LOOP
    EXECUTE format('ALTER POLICY limited ON landlord.%1$I USING (
      EXISTS (SELECT FROM landlord.tenants t WHERE t.tenant_id = %1$I.tenant_id))', guarded);
  END LOOP;
END $policies$;

-- A limited person sees the own limits.
ALTER TABLE landlord.limits ENABLE ROW LEVEL SECURITY;
CREATE POLICY plain ON landlord.limits FOR SELECT TO landlord_support, landlord_admin, landlord_auditor USING (true);
CREATE POLICY limited ON landlord.limits FOR SELECT
TO landlord_support_limited, landlord_admin_limited, landlord_auditor_limited USING (person = session_user::text);
GRANT SELECT (person, industry, tenant_id, limited_at) ON landlord.limits
TO landlord_support, landlord_admin, landlord_auditor, landlord_support_limited, landlord_admin_limited, landlord_auditor_limited;

GRANT EXECUTE ON FUNCTION landlord.is_limited(), landlord.within_limits(uuid, text)
TO landlord_support, landlord_admin, landlord_auditor, landlord_support_limited, landlord_admin_limited, landlord_auditor_limited;
GRANT EXECUTE ON FUNCTION landlord.site_id_availability(text) TO landlord_admin, landlord_admin_limited;
GRANT EXECUTE ON FUNCTION landlord.limit_person(uuid, text, text, uuid, text),
  landlord.unlimit_person(uuid, text, text, uuid, text) TO landlord_admin;
