-- The outbox: what the platform's other parts want to hear of, written in the transaction that did it, whoever did it and however.
--
-- kind               | when
-- -------------------+-------------------------------------------------------------------------------------
-- tenant.registered  | it was made, and is not in service yet
-- tenant.onboarded   | it is in service for the first time
-- tenant.updated     | fields of it were changed
-- tenant.suspended   | it was suspended, or what it may do meanwhile was changed
-- tenant.resumed     | its suspension ended
-- tenant.deactivated | it was taken out of service
-- tenant.reactivated | it was brought back
-- tenant.purged      | its data are gone, and so are its name and contact
-- tenant.removed     | its row was deleted by hand
--
-- An event says what the tenant is now, as far as others need it, and holds nothing personal: neither name nor contact.
CREATE TABLE landlord.outbox (
  event_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT outbox_key PRIMARY KEY,
  -- Where it stands in the order, with event_id behind it: not the moment of its writing but of a transaction, because a lower
  -- event_id may be committed later. Its own transaction's, or that of the tenant's event before where that is greater, so that
  -- a tenant's events never change places. See events_after.
  xid xid8 NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  kind text COLLATE "C" NOT NULL CONSTRAINT outbox_kind_known CHECK (kind IN ('tenant.registered', 'tenant.onboarded', 'tenant.updated',
    'tenant.suspended', 'tenant.resumed', 'tenant.deactivated', 'tenant.reactivated', 'tenant.purged', 'tenant.removed')),
  tenant_id uuid NOT NULL,
  site_id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  state text COLLATE "C" NOT NULL,
  suspended_access text COLLATE "C" NOT NULL,
  -- The names of the fields that were changed, as in the audit.
  changed text[] NOT NULL,
  -- NULL: by hand.
  request_id uuid
);
CREATE INDEX outbox_in_order ON landlord.outbox (xid, event_id);
CREATE INDEX outbox_by_tenant ON landlord.outbox (tenant_id, event_id);

-- What a change of a tenant is called.
CREATE FUNCTION landlord.event_kind(was text, becomes text, access_changed boolean) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE
  WHEN becomes IS NULL THEN 'tenant.removed'
  WHEN was IS NULL AND becomes = 'provisioning' THEN 'tenant.registered'
  WHEN becomes = 'suspended' AND (was IS DISTINCT FROM becomes OR access_changed) THEN 'tenant.suspended'
  WHEN was = becomes THEN 'tenant.updated'
  WHEN becomes = 'active' THEN
    CASE was WHEN 'suspended' THEN 'tenant.resumed' WHEN 'deactivated' THEN 'tenant.reactivated' ELSE 'tenant.onboarded' END
  WHEN becomes = 'provisioning' THEN 'tenant.registered'
  ELSE 'tenant.' || becomes END;

CREATE FUNCTION landlord.publish_tenant() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  t landlord.tenants := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  INSERT INTO landlord.outbox (xid, kind, tenant_id, site_id, version, state, suspended_access, changed, request_id)
  VALUES (
    greatest(pg_current_xact_id(),
      (SELECT o.xid FROM landlord.outbox o WHERE o.tenant_id = t.tenant_id ORDER BY o.event_id DESC LIMIT 1)),
    landlord.event_kind(OLD.state, NEW.state, OLD.suspended_access <> NEW.suspended_access),
    t.tenant_id, t.site_id, t.version, t.state, t.suspended_access,
    CASE TG_OP
      WHEN 'DELETE' THEN '{tenantId}'
      WHEN 'INSERT' THEN landlord.given_fields(NEW.website_url, NEW.allowed_origins, NEW.permissions)
      ELSE landlord.changed_fields(OLD, NEW) END,
    nullif(current_setting('landlord.request_id', true), '')::uuid);
  -- Without data: whoever listens is not asked for a right. Once a transaction, however many events it has.
  NOTIFY landlord_events;
  RETURN NULL;
END $$;

-- The names of the fields in which two states of a tenant differ.
CREATE FUNCTION landlord.changed_fields(old landlord.tenants, new landlord.tenants) RETURNS text[]
LANGUAGE sql STABLE
RETURN array_remove(ARRAY[
  CASE WHEN (new).tenant_name <> (old).tenant_name THEN 'tenantName' END,
  CASE WHEN (new).contact_email <> (old).contact_email THEN 'contactEmail' END,
  CASE WHEN (new).website_url IS DISTINCT FROM (old).website_url THEN 'websiteUrl' END,
  CASE WHEN (new).business_industry <> (old).business_industry THEN 'businessIndustry' END,
  CASE WHEN (new).allowed_origins <> (old).allowed_origins THEN 'allowedOrigins' END,
  CASE WHEN (new).permissions <> (old).permissions THEN 'permissions' END,
  CASE WHEN (new).state <> (old).state THEN 'state' END,
  CASE WHEN (new).suspended_access <> (old).suspended_access THEN 'suspendedAccess' END], NULL);

CREATE TRIGGER publish_tenant AFTER INSERT OR UPDATE OR DELETE ON landlord.tenants
  FOR EACH ROW EXECUTE FUNCTION landlord.publish_tenant();
ALTER TABLE landlord.tenants ENABLE ALWAYS TRIGGER publish_tenant;

-- As it was, but as STABLE it answers for the very snapshot of the statement that asks: what lies before it is to be seen there.
ALTER FUNCTION landlord.first_open_transaction() STABLE;

-- The events after this one (0: from the first), in order, at most so many. Fewer does not mean the end: events wait here until every
-- transaction that might still write one before them has ended, so no consumer that keeps the last number misses any.
CREATE FUNCTION landlord.events_after(after bigint, most int DEFAULT 500)
RETURNS TABLE (event_id bigint, kind text, at timestamptz, tenant_id uuid, site_id text, version bigint, state text,
  suspended_access text, changed text[], request_id uuid)
LANGUAGE plpgsql STABLE SECURITY INVOKER SET search_path = '' AS $$
DECLARE
  place xid8 := (SELECT o.xid FROM landlord.outbox o WHERE o.event_id = after);
BEGIN
  IF place IS NULL AND after <> 0 THEN
    RAISE EXCEPTION 'There is no event %.', after USING ERRCODE = '22023', CONSTRAINT = 'event_known';
  END IF;
  RETURN QUERY
  SELECT o.event_id, o.kind, o.at, o.tenant_id, o.site_id, o.version, o.state, o.suspended_access, o.changed, o.request_id
  FROM landlord.outbox o
  WHERE (o.xid, o.event_id) > (coalesce(place, '0'), after) AND o.xid < landlord.first_open_transaction()
  ORDER BY o.xid, o.event_id
  LIMIT most;
END $$;

-- The number of the last event that events_after gives; 0: there is none.
CREATE FUNCTION landlord.last_event() RETURNS bigint
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = ''
RETURN coalesce((
  SELECT o.event_id FROM landlord.outbox o WHERE o.xid < landlord.first_open_transaction() ORDER BY o.xid DESC, o.event_id DESC LIMIT 1),
  0);

-- After a restore into another server, whose transactions are numbered anew: puts all events before the first of its own, in the
-- order of their numbers. Answers whether it had to. For the owner, by landlord migrate.
CREATE FUNCTION landlord.renumber_outbox() RETURNS boolean
LANGUAGE plpgsql VOLATILE SET search_path = '' AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM landlord.outbox o WHERE o.xid >= pg_snapshot_xmax(pg_current_snapshot())) THEN RETURN false; END IF;
  UPDATE landlord.outbox SET xid = '0';
  RETURN true;
END $$;

ALTER TABLE landlord.outbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY plain ON landlord.outbox FOR SELECT
TO landlord_support, landlord_admin, landlord_auditor, landlord_events USING (true);
CREATE POLICY limited ON landlord.outbox FOR SELECT
TO landlord_support_limited, landlord_admin_limited, landlord_auditor_limited
USING (EXISTS (SELECT FROM landlord.tenants t WHERE t.tenant_id = outbox.tenant_id));
GRANT USAGE ON SCHEMA landlord TO landlord_events;
GRANT SELECT (event_id, xid, at, kind, tenant_id, site_id, version, state, suspended_access, changed, request_id) ON landlord.outbox
TO landlord_support, landlord_admin, landlord_auditor, landlord_support_limited, landlord_admin_limited, landlord_auditor_limited,
  landlord_events;
GRANT EXECUTE ON FUNCTION landlord.events_after(bigint, int), landlord.last_event(), landlord.first_open_transaction()
TO landlord_support, landlord_admin, landlord_auditor, landlord_support_limited, landlord_admin_limited, landlord_auditor_limited,
  landlord_events;
