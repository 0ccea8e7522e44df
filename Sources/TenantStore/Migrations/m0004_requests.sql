-- How a change is asked for and answered. Each changing function is one statement of the client: it writes down the request, changes
-- and audits, or does nothing of it. What the functions here share is granted to nobody.

-- What a changing function answers: the outcome, then the tenant as it now is (all NULL where there is none).
CREATE TYPE landlord.answer AS (
  -- saved: done, or there was nothing to do; stale: someone changed the tenant since; gone: no such tenant; refused: see rule.
  outcome text,
  -- The request had been carried out before; this is what it did then.
  repeated boolean,
  rule text,
  entry_id bigint,
  tenant_id uuid, site_id text, tenant_name text, contact_email text, website_url text, business_industry text,
  allowed_origins text[], permissions text[], state text, suspended_access text, is_active boolean, version bigint,
  created_at timestamptz, updated_at timestamptz,
  request_id uuid
);

-- What became of a request: the same, and the outcomes never (it has not arrived and never will) and running (ask again).
CREATE TYPE landlord.settlement AS (
  outcome text, repeated boolean, rule text, entry_id bigint,
  tenant_id uuid, site_id text, tenant_name text, contact_email text, website_url text, business_industry text,
  allowed_origins text[], permissions text[], state text, suspended_access text, is_active boolean, version bigint,
  created_at timestamptz, updated_at timestamptz,
  request_id uuid
);

CREATE FUNCTION landlord.make_answer(
  outcome text, repeated boolean, rule text, entry bigint, tenant uuid, request uuid) RETURNS landlord.answer
LANGUAGE sql STABLE
RETURN (
  SELECT ROW(outcome, repeated, rule, entry, t.tenant_id, t.site_id, t.tenant_name, t.contact_email, t.website_url,
    t.business_industry, t.allowed_origins, t.permissions, t.state, t.suspended_access, t.is_active, t.version, t.created_at,
    t.updated_at, request)::landlord.answer
  FROM (VALUES (tenant)) AS asked (id) LEFT JOIN landlord.tenants t ON t.tenant_id = asked.id);

-- The request's name for the triggers. Settings of the transaction, because a SET clause of a custom setting is a superuser's.
CREATE FUNCTION landlord.name_request(request text, action text, reason text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('landlord.request_id', request, true), set_config('landlord.action', action, true),
    set_config('landlord.reason', coalesce(reason, ''), true);
END $$;

-- Writes the request down. Answers NULL if it is new and to be carried out, else what it did then. `body` is what makes two
-- requests the same. `tenant` is the nil UUID for what concerns none.
CREATE FUNCTION landlord.begin_request(request uuid, action text, tenant uuid, reason text, body jsonb) RETURNS landlord.answer
LANGUAGE plpgsql AS $$
DECLARE
  hash bytea := sha256(convert_to(jsonb_build_array(action, reason, body)::text, 'UTF8'));
  known landlord.requests;
BEGIN
  IF NOT landlord.may_reach(tenant) THEN
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
  RETURN landlord.make_answer(known.outcome, true, known.rule, known.entry_id, known.tenant_id, request);
END $$;

-- Writes down what became of the request, forgets its name, and answers.
CREATE FUNCTION landlord.end_request(request uuid, outcome text, rule text, entry bigint, tenant uuid) RETURNS landlord.answer
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE landlord.requests r
  SET outcome = end_request.outcome, rule = end_request.rule, entry_id = entry
  WHERE r.request_id = request;
  PERFORM landlord.name_request('', '', '');
  RETURN landlord.make_answer(outcome, false, rule, entry, tenant, request);
END $$;

-- The entry that the statement before wrote. The caller holds the tenant's row, so it is the last of its chain.
CREATE FUNCTION landlord.last_entry(tenant uuid) RETURNS bigint
LANGUAGE sql STABLE
RETURN (SELECT e.entry_id FROM landlord.audit_entries e WHERE e.tenant_id = tenant ORDER BY e.seq DESC LIMIT 1);

-- Whether `fields` holds only known names, each with a value of the right JSON type; else an error that names the key.
CREATE FUNCTION landlord.check_fields(fields jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  key text;
  value jsonb;
  kind text;
BEGIN
  IF jsonb_typeof(fields) IS DISTINCT FROM 'object' THEN
    RAISE EXCEPTION 'The fields must be a JSON object.' USING ERRCODE = '22023', CONSTRAINT = 'field_type';
  END IF;
  FOR key, value IN SELECT f.key, f.value FROM jsonb_each(fields) f LOOP
    kind := CASE
      WHEN key IN ('siteId', 'tenantName', 'contactEmail', 'websiteUrl', 'businessIndustry') THEN 'string'
      WHEN key IN ('allowedOrigins', 'permissions') THEN 'array' END;
    IF kind IS NULL THEN
      RAISE EXCEPTION 'There is no field of this name.'
        USING ERRCODE = '22023', CONSTRAINT = 'field_known', COLUMN = left(key, 63);
    END IF;
    IF jsonb_typeof(value) NOT IN (kind, 'null') OR jsonb_path_exists(value, 'strict $[*] ? (@.type() != "string")', silent => true)
    THEN
      RAISE EXCEPTION 'The field must be %.', CASE kind WHEN 'array' THEN 'a list of texts' ELSE 'a text' END
        USING ERRCODE = '22023', CONSTRAINT = 'field_type', COLUMN = key;
    END IF;
  END LOOP;
END $$;

-- The texts of a JSON array; NULL for JSON's null.
CREATE FUNCTION landlord.text_list(list jsonb) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN CASE WHEN jsonb_typeof(list) = 'array' THEN ARRAY(SELECT jsonb_array_elements_text(list)) END;
END $$;

-- What became of a write whose line was lost. Waits a moment for its transaction; an id that never came is fenced by taking it.
-- For one's own requests.
CREATE FUNCTION landlord.settle_request(request_id uuid) RETURNS landlord.settlement
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
  IF known.actor <> session_user
    OR NOT landlord.may_reach(coalesce(known.tenant_id, '00000000-0000-0000-0000-000000000000'))
  THEN
    RAISE EXCEPTION 'This request is not yours to ask about.' USING ERRCODE = '42501';
  END IF;
  IF known.outcome = 'never' THEN
    result.outcome := 'never';
    RETURN result;
  END IF;
  SELECT a.outcome, a.repeated, a.rule, a.entry_id, a.tenant_id, a.site_id, a.tenant_name, a.contact_email, a.website_url,
    a.business_industry, a.allowed_origins, a.permissions, a.state, a.suspended_access, a.is_active, a.version, a.created_at,
    a.updated_at, a.request_id
  INTO result
  FROM landlord.make_answer(known.outcome, true, known.rule, known.entry_id, known.tenant_id, settle_request.request_id) a;
  RETURN result;
END $$;
