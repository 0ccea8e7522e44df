-- Whose tenant a transaction of the platform works for. The context is the setting landlord.tenant_id, made by SET LOCAL or by
-- enter_tenant and gone with the transaction; the policies of protected tables ask the functions here for it.
--
-- No context is NULL: no rows, refused writes. Every other context that does not hold is an error with a name:
--
-- constraint           | SQLSTATE | what must hold
-- ---------------------+----------+-------------------------------------------------------------------------------
-- context_malformed    | 22023    | the setting is a UUID
-- context_unknown      | 42501    | the tenant is in the registry
-- context_state        | 42501    | the tenant's state lets it read, or write where it writes
-- context_held         | 42501    | the transaction has entered no other tenant
-- context_unsigned     | 42501    | signed mode: there is a signature
-- signature_form       | 42501    | it is KEY.EXPIRY.HEX
-- signature_key        | 42501    | its key is one of the two that live
-- signature_forged     | 42501    | it is the HMAC of this tenant, this expiry and this backend
-- signature_expired    | 42501    | its time has not passed
-- context_mode_known   | 23514    | the setting context_mode is plain or signed
-- context_key_length   | 23514    | a key has 32 bytes
-- signature_seconds    | 22023    | a signature is good for 1 second to a day

-- What a state allows; the only place that says so. `act` is read, write, or door: secrets and origins.
CREATE FUNCTION landlord.state_allows(state text, suspended_access text, act text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE state
  WHEN 'provisioning' THEN act <> 'door'
  WHEN 'active' THEN true
  WHEN 'suspended' THEN suspended_access = 'read' AND act <> 'write'
  ELSE false END;

-- Signatures. Whoever can run SQL can make a setting, so an injection inside one tenant could enter another. Where context_mode is
-- `signed`, the context counts only with an HMAC (RFC 2104, SHA-256) by a key that the platform's code holds and its role in
-- the database cannot read.

-- A key of 32 bytes as HMAC wants it before the message (54) and before the inner hash (92): filled to 64 bytes, each XOR `fill`.
CREATE FUNCTION landlord.hmac_pad(key bytea, fill int) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  pad bytea := key || decode(repeat('00', 64 - length(key)), 'hex');
BEGIN
  FOR place IN 0..63 LOOP
    pad := set_byte(pad, place, get_byte(pad, place) # fill);
  END LOOP;
  RETURN pad;
END $$;

-- The keys that live, at most two: the newest signs, both are good. Kept as their pads, which spares making them for each check.
CREATE TABLE landlord.context_keys (
  key_id int GENERATED ALWAYS AS IDENTITY CONSTRAINT context_keys_key PRIMARY KEY,
  inner_pad bytea NOT NULL,
  outer_pad bytea NOT NULL,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  made_by text NOT NULL DEFAULT session_user
);
-- Without a policy: not even PostgreSQL's own role that reads everything sees a key.
ALTER TABLE landlord.context_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE landlord.settings ADD CONSTRAINT context_mode_known CHECK (name <> 'context_mode' OR value IN ('plain', 'signed'));

-- The HMAC of a context, in hexadecimal digits; NULL where the key does not live. `expiry` is in seconds since 1970.
CREATE FUNCTION landlord.context_hmac(key int, tenant uuid, expiry bigint, backend int) RETURNS text
LANGUAGE sql STABLE
RETURN (
  SELECT encode(sha256(k.outer_pad || sha256(k.inner_pad
    || convert_to('landlord ' || tenant || ' ' || expiry || ' ' || backend, 'UTF8'))), 'hex')
  FROM landlord.context_keys k WHERE k.key_id = key);

-- The rule that a signature breaks; NULL: it holds.
CREATE FUNCTION landlord.signature_problem(tenant uuid, signature text, backend int) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
  part text[];
  hmac text;
BEGIN
  IF coalesce(signature, '') = '' THEN RETURN 'context_unsigned'; END IF;
  part := regexp_match(signature, '^([0-9]{1,9})\.([0-9]{1,15})\.([0-9a-f]{64})$');
  IF part IS NULL THEN RETURN 'signature_form'; END IF;
  hmac := landlord.context_hmac(part[1]::int, tenant, part[2]::bigint, backend);
  RETURN CASE
    WHEN hmac IS NULL THEN 'signature_key'
    WHEN hmac <> part[3] THEN 'signature_forged'
    WHEN part[2]::bigint < extract(epoch FROM clock_timestamp()) THEN 'signature_expired' END;
END $$;

-- The tenant of the context, for an act; NULL without one.
CREATE FUNCTION landlord.context(act text) RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED AS $$
DECLARE
  given text := nullif(current_setting('landlord.tenant_id', true), '');
  problem text;
  tenant uuid;
  allowed boolean;
BEGIN
  IF given IS NULL THEN RETURN NULL; END IF;
  IF given !~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' THEN
    RAISE EXCEPTION 'landlord.tenant_id is not a UUID.' USING ERRCODE = '22023', CONSTRAINT = 'context_malformed';
  END IF;
  tenant := given::uuid;
  IF EXISTS (SELECT FROM landlord.settings s WHERE s.name = 'context_mode' AND s.value = 'signed') THEN
    problem := landlord.signature_problem(tenant, current_setting('landlord.context_signature', true), pg_backend_pid());
    IF problem IS NOT NULL THEN
      RAISE EXCEPTION 'The signature of the tenant''s context does not hold (%).', problem
        USING ERRCODE = '42501', CONSTRAINT = problem;
    END IF;
  END IF;
  SELECT landlord.state_allows(t.state, t.suspended_access, act) INTO allowed FROM landlord.tenants t WHERE t.tenant_id = tenant;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'The tenant of the context is not known.' USING ERRCODE = '42501', CONSTRAINT = 'context_unknown';
  ELSIF NOT allowed THEN
    RAISE EXCEPTION 'The state of the tenant does not let it %.', act USING ERRCODE = '42501', CONSTRAINT = 'context_state';
  END IF;
  RETURN tenant;
END $$;

-- For the policies of protected tables, as (SELECT landlord.current_tenant()): asked once a query, and the index serves.
-- Restricted in parallel plans, because a worker is another backend than the one that the context was signed for.
CREATE FUNCTION landlord.current_tenant() RETURNS uuid
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = ''
RETURN landlord.context('read');

CREATE FUNCTION landlord.current_tenant_for_write() RETURNS uuid
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = ''
RETURN landlord.context('write');

-- Enters a tenant until the end of the transaction; in signed mode with a signature for this backend. A transaction that has
-- entered a tenant cannot enter another.
CREATE FUNCTION landlord.enter_tenant(tenant_id uuid, signature text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF tenant_id IS NULL THEN
    RAISE EXCEPTION 'There is no tenant to enter.' USING ERRCODE = '22023', CONSTRAINT = 'context_malformed';
  END IF;
  IF lower(nullif(current_setting('landlord.tenant_id', true), '')) <> tenant_id::text THEN
    RAISE EXCEPTION 'This transaction works for another tenant.' USING ERRCODE = '42501', CONSTRAINT = 'context_held';
  END IF;
  -- True of the first statement of a transaction only where it is the whole of it, or was sent in one text with BEGIN.
  IF statement_timestamp() = transaction_timestamp() THEN
    RAISE WARNING 'landlord.enter_tenant holds until the end of the transaction: begin one first.';
  END IF;
  PERFORM set_config('landlord.tenant_id', tenant_id::text, true);
  IF signature IS NOT NULL THEN PERFORM set_config('landlord.context_signature', signature, true); END IF;
  PERFORM landlord.context('read');
END $$;

-- A signature for a tenant's context on one backend, by the newest key; NULL where there is none. The platform's code makes its own.
CREATE FUNCTION landlord.sign_context(tenant_id uuid, backend int, seconds int) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  expiry CONSTANT bigint := extract(epoch FROM clock_timestamp())::bigint + seconds;
BEGIN
  IF NOT landlord.may_reach(tenant_id) THEN
    RAISE EXCEPTION 'You may not reach this tenant.' USING ERRCODE = '42501';
  END IF;
  IF seconds IS NULL OR seconds NOT BETWEEN 1 AND 86400 THEN
    RAISE EXCEPTION 'A signature is good for 1 to 86400 seconds.' USING ERRCODE = '22023', CONSTRAINT = 'signature_seconds';
  END IF;
  RETURN (SELECT k.key_id || '.' || expiry || '.' || landlord.context_hmac(k.key_id, tenant_id, expiry, backend)
    FROM landlord.context_keys k ORDER BY k.key_id DESC LIMIT 1);
END $$;

-- The rule that a signature breaks for that tenant and backend; NULL: it holds.
CREATE FUNCTION landlord.verify_context(tenant_id uuid, signature text, backend int) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF NOT landlord.may_reach(tenant_id) THEN
    RAISE EXCEPTION 'You may not reach this tenant.' USING ERRCODE = '42501';
  END IF;
  RETURN landlord.signature_problem(tenant_id, signature, backend);
END $$;

-- Takes a new key; the one before stays good, those before that are forgotten. Two rotations shut out a key that became known.
CREATE FUNCTION landlord.rotate_context_key(request_id uuid, key bytea, reason text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  -- Without the key: a repeat from another process has made another, and no hash of it lies about.
  done landlord.answer := landlord.begin_request(
    request_id, 'rotate context key', '00000000-0000-0000-0000-000000000000', reason, 'null');
  live int[];
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  IF length(key) IS DISTINCT FROM 32 THEN
    RAISE EXCEPTION 'A key has 32 bytes.'
      USING ERRCODE = '23514', CONSTRAINT = 'context_key_length', TABLE = 'context_keys', SCHEMA = 'landlord';
  END IF;
  LOCK TABLE landlord.context_keys IN SHARE ROW EXCLUSIVE MODE;
  INSERT INTO landlord.context_keys (inner_pad, outer_pad) VALUES (landlord.hmac_pad(key, 54), landlord.hmac_pad(key, 92));
  live := ARRAY(SELECT k.key_id FROM landlord.context_keys k ORDER BY k.key_id DESC LIMIT 2);
  DELETE FROM landlord.context_keys k WHERE k.key_id <> ALL (live);
  RETURN landlord.end_act(request_id, 'rotate context key', 'contextKey', jsonb_build_object('contextKey', live[1], 'live', live));
END $$;

-- The numbers of the keys that live, the one that signs first, and when each was made.
CREATE FUNCTION landlord.context_key_list() RETURNS TABLE (key_id int, made_at timestamptz, made_by text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
  SELECT k.key_id, k.made_at, k.made_by FROM landlord.context_keys k ORDER BY k.key_id DESC;
END;

-- What the platform asks before it has a context. Each is false for a tenant that is not known.

-- Whether a page from this origin may call for the tenant now.
CREATE FUNCTION landlord.origin_allowed(tenant_id uuid, origin text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
RETURN landlord.may_reach(tenant_id) AND EXISTS (
  SELECT FROM landlord.tenants t
  WHERE t.tenant_id = origin_allowed.tenant_id AND origin_allowed.origin = ANY (t.allowed_origins)
    AND landlord.state_allows(t.state, t.suspended_access, 'door'));

-- Whether the tenant has this permission, in a state that lets it read at all.
CREATE FUNCTION landlord.tenant_may(tenant_id uuid, permission text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
RETURN landlord.may_reach(tenant_id) AND EXISTS (
  SELECT FROM landlord.tenants t
  WHERE t.tenant_id = tenant_may.tenant_id AND tenant_may.permission = ANY (t.permissions)
    AND landlord.state_allows(t.state, t.suspended_access, 'read'));

-- Whether `hash` is the SHA-256 of the tenant's secret and the tenant's state lets a secret open anything.
CREATE OR REPLACE FUNCTION landlord.verify_secret(tenant_id uuid, hash bytea) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
RETURN landlord.may_reach(tenant_id) AND EXISTS (
  SELECT FROM landlord.tenant_secrets s JOIN landlord.tenants t ON t.tenant_id = s.tenant_id
  WHERE s.tenant_id = verify_secret.tenant_id AND s.verifier = hash
    AND landlord.state_allows(t.state, t.suspended_access, 'door'));

-- Whether the right secret would open the door now: the check without the secret, for those who look after the tenant.
CREATE FUNCTION landlord.probe_secret(tenant_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
RETURN coalesce(landlord.verify_secret(tenant_id,
  (SELECT s.verifier FROM landlord.tenant_secrets s WHERE s.tenant_id = probe_secret.tenant_id)), false);

GRANT EXECUTE ON FUNCTION landlord.current_tenant(), landlord.current_tenant_for_write(), landlord.enter_tenant(uuid, text),
  landlord.origin_allowed(uuid, text), landlord.tenant_may(uuid, text)
TO landlord_tenant;
GRANT EXECUTE ON FUNCTION landlord.origin_allowed(uuid, text), landlord.tenant_may(uuid, text), landlord.probe_secret(uuid),
  landlord.verify_context(uuid, text, int), landlord.context_key_list()
TO landlord_support, landlord_admin, landlord_auditor, landlord_support_limited, landlord_admin_limited, landlord_auditor_limited;
GRANT EXECUTE ON FUNCTION landlord.sign_context(uuid, int, int), landlord.rotate_context_key(uuid, bytea, text)
TO landlord_admin, landlord_admin_limited;
