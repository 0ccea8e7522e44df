-- Reading the audit of everybody, newest first, with what was refused beside it; looks whose end nobody told; and how a person
-- was proven.

-- The orders of that list. Of the requests only those are in it that left no entry.
CREATE INDEX audit_entries_by_time ON landlord.audit_entries (at, entry_id);
CREATE INDEX requests_not_saved ON landlord.requests (at, request_id) WHERE outcome IN ('stale', 'gone', 'refused');

-- The server process that a look was opened on. Behind a pooler it outlives the person's, and the look stays open with it.
ALTER TABLE landlord.attempts ADD COLUMN backend int;
CREATE INDEX attempts_open ON landlord.attempts (attempt_id) WHERE action = 'look' AND closed_at IS NULL;

-- The intent to look at something sensitive, to be committed before the look: a look is undone by no ROLLBACK. Whoever looks next
-- closes the looks of those that went without a word.
CREATE OR REPLACE FUNCTION landlord.open_look(what jsonb) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  tenant uuid := (what ->> 'tenantId')::uuid;
  look bigint;
BEGIN
  IF tenant IS NOT NULL AND NOT landlord.may_reach(tenant) THEN
    RAISE EXCEPTION 'You may not reach this tenant.' USING ERRCODE = '42501';
  END IF;
  UPDATE landlord.attempts a SET outcome = 'broken off', closed_at = clock_timestamp()
  WHERE a.action = 'look' AND a.closed_at IS NULL AND NOT EXISTS (
    SELECT FROM pg_stat_activity s WHERE s.pid = a.backend AND s.usename = a.actor::name);
  INSERT INTO landlord.attempts (client, action, tenant_id, what, backend)
  VALUES (landlord.client(), 'look', tenant, open_look.what::text, pg_backend_pid())
  RETURNING attempt_id INTO look;
  RETURN look;
END $$;

-- How one's own look ended; the word of who looked counts more than that of who found it open.
CREATE OR REPLACE FUNCTION landlord.close_look(look bigint, outcome text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  UPDATE landlord.attempts a SET outcome = coalesce(close_look.outcome, 'closed'), closed_at = clock_timestamp()
  WHERE a.attempt_id = look AND a.actor = session_user AND a.action = 'look'
    AND (a.closed_at IS NULL OR a.outcome = 'broken off');
END $$;

-- Where the change came from, as JSON: the address, how the person was proven (NULL: not known), and what the client claims to be.
-- Proof is what the server itself says: from 16 on by name; on 15 the subject of a certificate, which a definer's function
-- gets to see only if its owner is a member of pg_read_all_stats. The version is looked at with each call, as a server may have
-- been upgraded since this was made; of the two names only the one that this server knows is ever looked up.
CREATE OR REPLACE FUNCTION landlord.client() RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
  address CONSTANT text := pg_catalog.host(pg_catalog.inet_client_addr());
  proven text;
BEGIN
  IF pg_catalog.current_setting('server_version_num')::int >= 160000 THEN
    proven := system_user;
  ELSIF address IS NOT NULL THEN
    proven := (SELECT 'cert:' || a.ssl_client_dn FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) a);
  END IF;
  RETURN '{"address":' || coalesce(pg_catalog.to_json(address)::text, 'null')
    || ',"proven":' || coalesce(pg_catalog.to_json(proven)::text, 'null')
    || ',"application":' || coalesce(pg_catalog.to_json(nullif(pg_catalog.current_setting('application_name'), ''))::text, 'null') || '}';
END $$;
