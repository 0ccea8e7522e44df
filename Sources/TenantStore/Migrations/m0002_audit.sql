-- The audit: every change of a tenant is an entry that holds the whole record after it, chained by hashes tenant by tenant.
-- A version of a tenant is an entry, so what a tenant was at a time T is the entry with the highest seq whose `at` is not after T.
-- What concerns no tenant (settings, catalogues, acts of clients) is chained under the nil UUID.

-- A request that was carried out, and its outcome: repeating it is harmless, and a lost answer can be asked for.
CREATE TABLE landlord.requests (
  request_id uuid CONSTRAINT requests_key PRIMARY KEY,
  actor text NOT NULL DEFAULT session_user,
  action text NOT NULL,
  -- What the request said; NULL for an id that was fenced before it arrived.
  body_hash bytea,
  tenant_id uuid,
  -- Only null while its transaction is open.
  outcome text CONSTRAINT outcome_known CHECK (outcome IN ('saved', 'stale', 'gone', 'refused', 'never')),
  rule text,
  entry_id bigint,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE landlord.audit_entries (
  entry_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT audit_entries_key PRIMARY KEY,
  tenant_id uuid NOT NULL,
  -- 1, 2, 3 … for each tenant, without a gap.
  seq bigint NOT NULL,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  -- The role the person had taken on by SET ROLE, or 'none'.
  role text NOT NULL,
  client text NOT NULL,
  action text NOT NULL,
  version bigint,
  request_id uuid,
  reason text
    CONSTRAINT reason_length CHECK (length(reason) BETWEEN 1 AND 500)
    CONSTRAINT reason_characters CHECK (
      reason !~ '[\u0001-\u0009\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]'),
  changed text[] NOT NULL,
  -- The record after the change, as JSON; NULL after a deletion. These very bytes are hashed.
  record text,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  hash bytea NOT NULL,
  CONSTRAINT audit_entries_seq UNIQUE (tenant_id, seq)
);

-- The end of each chain, locked while an entry is appended.
CREATE TABLE landlord.audit_heads (
  tenant_id uuid CONSTRAINT audit_heads_key PRIMARY KEY,
  seq bigint NOT NULL,
  hash bytea NOT NULL,
  at timestamptz NOT NULL
) WITH (fillfactor = 70);

INSERT INTO landlord.audit_heads (tenant_id, seq, hash, at)
VALUES ('00000000-0000-0000-0000-000000000000', 0, decode(repeat('00', 32), 'hex'), '-infinity');

-- The chain of the installation: all entries of the transactions from `xid_from` up to before `xid_before`, as one hash.
CREATE TABLE landlord.audit_blocks (
  block bigint CONSTRAINT audit_blocks_key PRIMARY KEY,
  incarnation bigint NOT NULL,
  xid_from xid8 NOT NULL,
  xid_before xid8 NOT NULL,
  entries bigint NOT NULL,
  previous_hash bytea NOT NULL,
  hash bytea NOT NULL,
  sealed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  sealed_by text NOT NULL DEFAULT session_user
);

-- What clients say was refused or looked at. Cooperative: who goes round the clients is in the server's log alone.
CREATE TABLE landlord.attempts (
  attempt_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT attempts_key PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor text NOT NULL DEFAULT session_user,
  role text NOT NULL DEFAULT current_setting('role'),
  client text NOT NULL,
  action text NOT NULL CONSTRAINT attempt_action_length CHECK (length(action) BETWEEN 1 AND 100),
  tenant_id uuid,
  what text NOT NULL CONSTRAINT attempt_what_length CHECK (length(what) <= 2000),
  outcome text CONSTRAINT attempt_outcome_length CHECK (length(outcome) <= 200),
  closed_at timestamptz
);
CREATE INDEX attempts_by_time ON landlord.attempts (at, attempt_id);

-- Where the change came from, as JSON: the address, how the person was proven (PostgreSQL 16 knows; NULL before), and what the
-- client claims to be.
DO $client$
BEGIN
  EXECUTE format($create$
    CREATE FUNCTION landlord.client() RETURNS text
    LANGUAGE sql STABLE
    RETURN '{"address":' || coalesce(to_json(host(inet_client_addr()))::text, 'null')
      || ',"proven":' || coalesce(to_json(%s)::text, 'null')
      || ',"application":' || coalesce(to_json(nullif(current_setting('application_name'), ''))::text, 'null') || '}'
    $create$, CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'system_user' ELSE 'NULL::text' END);
END $client$;

-- A tenant as the audit keeps it. Instants are microseconds since 1970.
CREATE FUNCTION landlord.record_text(
  tenant_id uuid, site_id text, tenant_name text, contact_email text, website_url text, business_industry text,
  allowed_origins text[], permissions text[], state text, suspended_access text, version bigint, created_at timestamptz,
  updated_at timestamptz) RETURNS text
LANGUAGE sql STABLE
RETURN '{"tenantId":"' || tenant_id || '","siteId":' || to_json(site_id) || ',"tenantName":' || to_json(tenant_name)
  || ',"contactEmail":' || to_json(contact_email) || ',"websiteUrl":' || coalesce(to_json(website_url)::text, 'null')
  || ',"businessIndustry":' || to_json(business_industry) || ',"allowedOrigins":' || array_to_json(allowed_origins)
  || ',"permissions":' || array_to_json(permissions) || ',"state":"' || state
  || '","suspendedAccess":"' || suspended_access || '","version":' || version
  || ',"createdAt":' || (extract(epoch FROM created_at) * 1000000)::bigint
  || ',"updatedAt":' || (extract(epoch FROM updated_at) * 1000000)::bigint || '}';

CREATE FUNCTION landlord.tenant_record(t landlord.tenants) RETURNS text
LANGUAGE sql STABLE
RETURN landlord.record_text(t.tenant_id, t.site_id, t.tenant_name, t.contact_email, t.website_url, t.business_industry,
  t.allowed_origins, t.permissions, t.state, t.suspended_access, t.version, t.created_at, t.updated_at);

-- A value with its length before it; -1 and nothing for an absent one.
CREATE FUNCTION landlord.sized(value bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(int8send(length(value)) || value, int8send(-1));

-- The hash of an entry: SHA-256 over the format's name, the hash before it (32 zero bytes for the first), seq, and each part
-- with its length. Integers and lengths are eight bytes, most significant first; instants are microseconds since 1970. Not in it: entry_id and xid,
-- which a restored copy may have to give anew.
CREATE FUNCTION landlord.entry_hash(
  previous bytea, tenant_id uuid, seq bigint, at timestamptz, actor text, role text, client text, action text, version bigint,
  request_id uuid, reason text, changed text[], record text) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256('\x6c616e646c6f726420656e747279203100'::bytea || previous || int8send(seq)
  || landlord.sized(uuid_send(tenant_id)) || landlord.sized(int8send((extract(epoch FROM at) * 1000000)::bigint))
  || landlord.sized(convert_to(actor, 'UTF8')) || landlord.sized(convert_to(role, 'UTF8'))
  || landlord.sized(convert_to(client, 'UTF8')) || landlord.sized(convert_to(action, 'UTF8'))
  || landlord.sized(int8send(version)) || landlord.sized(uuid_send(request_id)) || landlord.sized(convert_to(reason, 'UTF8'))
  || landlord.sized(convert_to(array_to_string(changed, ','), 'UTF8')) || landlord.sized(convert_to(record, 'UTF8')));

-- Appends an entry to a chain and answers its id. Request and reason are the settings that the changing functions make.
CREATE FUNCTION landlord.append_entry(tenant uuid, action text, version bigint, changed text[], record text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  request uuid := nullif(current_setting('landlord.request_id', true), '')::uuid;
  reason text := nullif(current_setting('landlord.reason', true), '');
  client text := landlord.client();
  head landlord.audit_heads;
  entry bigint;
BEGIN
  -- One statement locks the head and moves it; the time is read with the lock held (a statement that waited evaluates the
  -- sub-select anew), and never lies before that of the entry before.
  UPDATE landlord.audit_heads h
  SET (seq, at, hash) = (
    SELECT h.seq + 1, moment.at,
      landlord.entry_hash(h.hash, tenant, h.seq + 1, moment.at, session_user, current_setting('role'), client,
        action, version, request, reason, changed, record)
    FROM (SELECT greatest(h.at, clock_timestamp()) AS at OFFSET 0) AS moment)
  WHERE h.tenant_id = tenant
  RETURNING * INTO head;
  IF NOT FOUND THEN
    head := (tenant, 1, NULL, clock_timestamp());
    head.hash := landlord.entry_hash(decode(repeat('00', 32), 'hex'), tenant, 1, head.at, session_user,
      current_setting('role'), client, action, version, request, reason, changed, record);
    INSERT INTO landlord.audit_heads (tenant_id, seq, hash, at) VALUES (tenant, 1, head.hash, head.at);
  END IF;
  INSERT INTO landlord.audit_entries
    (tenant_id, seq, at, actor, role, client, action, version, request_id, reason, changed, record, hash)
  VALUES (tenant, head.seq, head.at, session_user, current_setting('role'), client, action, version, request, reason,
    changed, record, head.hash)
  RETURNING entry_id INTO entry;
  RETURN entry;
END $$;

-- Refuses what the statement would do; the argument says what to tell.
CREATE FUNCTION landlord.refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  RAISE EXCEPTION '% of landlord.% is refused: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0]
    USING ERRCODE = '42501', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
END $$;

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON landlord.audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION landlord.refuse('the audit only grows.');
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON landlord.site_ids
  FOR EACH STATEMENT EXECUTE FUNCTION landlord.refuse('a site id once given is never taken back.');
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON landlord.tenants
  FOR EACH STATEMENT EXECUTE FUNCTION landlord.refuse('tenants are deactivated, not removed.');
ALTER TABLE landlord.audit_entries ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE landlord.site_ids ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE landlord.tenants ENABLE ALWAYS TRIGGER refuse_truncate;
