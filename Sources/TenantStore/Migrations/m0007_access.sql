-- Who may see and do what. Looking is a grant of named columns and a policy; changing is a grant of a function.

-- Whether the person who is connected (not the role taken on) may reach this tenant; the nil UUID stands for the installation.
-- The groups without limits reach all. Limits per tenant are not there yet: who is in a limited group alone reaches nothing.
CREATE FUNCTION landlord.may_reach(tenant_id uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN pg_has_role(session_user, 'landlord_admin', 'MEMBER') OR pg_has_role(session_user, 'landlord_support', 'MEMBER')
  OR pg_has_role(session_user, 'landlord_auditor', 'MEMBER') OR pg_has_role(session_user, 'landlord_tenant', 'MEMBER')
  OR pg_has_role(session_user, 'landlord_owner', 'MEMBER');

-- Whether `hash` is the SHA-256 of the tenant's secret and the tenant's state lets a secret open anything: active, or suspended
-- with access to read.
CREATE FUNCTION landlord.verify_secret(tenant_id uuid, hash bytea) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
RETURN landlord.may_reach(tenant_id) AND EXISTS (
  SELECT FROM landlord.tenant_secrets s JOIN landlord.tenants t ON t.tenant_id = s.tenant_id
  WHERE s.tenant_id = verify_secret.tenant_id AND s.verifier = hash
    AND (t.state = 'active' OR (t.state = 'suspended' AND t.suspended_access = 'read')));

GRANT USAGE ON SCHEMA landlord TO landlord_support, landlord_admin, landlord_auditor, landlord_support_limited,
  landlord_admin_limited, landlord_auditor_limited, landlord_tenant;

DO $grants$
DECLARE
  plain CONSTANT text := 'landlord_support, landlord_admin, landlord_auditor';
  limited CONSTANT text := 'landlord_support_limited, landlord_admin_limited, landlord_auditor_limited';
  everyone CONSTANT text := plain || ', ' || limited;
  guarded text;
BEGIN
  EXECUTE 'GRANT SELECT (tenant_id, site_id, tenant_name, contact_email, website_url, business_industry, allowed_origins,
    permissions, state, suspended_access, is_active, version, created_at, updated_at, search) ON landlord.tenants TO ' || everyone;
  EXECUTE 'GRANT SELECT (site_id, tenant_id, claimed_at) ON landlord.site_ids TO ' || everyone;
  EXECUTE 'GRANT SELECT (name, retired) ON landlord.industries TO ' || everyone;
  EXECUTE 'GRANT SELECT (name, retired) ON landlord.permissions TO ' || everyone;
  EXECUTE 'GRANT SELECT (name, value, updated_at) ON landlord.settings TO ' || everyone;
  EXECUTE 'GRANT SELECT (name, checksum, applied_at, applied_by) ON landlord.migrations TO ' || everyone;
  EXECUTE 'GRANT SELECT (entry_id, tenant_id, seq, at, actor, role, client, action, version, request_id, reason, changed, record,
    xid, hash) ON landlord.audit_entries TO ' || everyone;
  EXECUTE 'GRANT SELECT (tenant_id, seq, hash, at) ON landlord.audit_heads TO ' || everyone;
  EXECUTE 'GRANT SELECT (request_id, actor, action, tenant_id, outcome, rule, entry_id, at) ON landlord.requests TO ' || everyone;
  EXECUTE 'GRANT SELECT (attempt_id, at, actor, role, client, action, tenant_id, what, outcome, closed_at) ON landlord.attempts
    TO landlord_auditor, landlord_auditor_limited';
  EXECUTE 'GRANT SELECT (block, incarnation, xid_from, xid_before, entries, previous_hash, hash, sealed_at, sealed_by)
    ON landlord.audit_blocks TO landlord_auditor, landlord_auditor_limited';

  -- A constant `true` is folded away and search keeps its index; for people with limits each row is asked about.
  FOREACH guarded IN ARRAY ARRAY['tenants', 'site_ids', 'audit_entries', 'audit_heads', 'requests', 'attempts'] LOOP
    EXECUTE format('ALTER TABLE landlord.%I ENABLE ROW LEVEL SECURITY', guarded);
    EXECUTE format('CREATE POLICY plain ON landlord.%I FOR SELECT TO %s USING (true)', guarded, plain);
    EXECUTE format('CREATE POLICY limited ON landlord.%I FOR SELECT TO %s USING (landlord.may_reach(tenant_id))', guarded, limited);
  END LOOP;

  -- For looking: all of these are STABLE or IMMUTABLE, so the catalogue itself says that they change nothing.
  EXECUTE 'GRANT EXECUTE ON FUNCTION landlord.may_reach(uuid), landlord.verify_secret(uuid, bytea), landlord.has_symbols(text),
    landlord.sized(bytea),
    landlord.entry_hash(bytea, uuid, bigint, timestamptz, text, text, text, text, bigint, uuid, text, text[], text)
    TO ' || everyone;
  -- The three that write, and only to `attempts`.
  EXECUTE 'GRANT EXECUTE ON FUNCTION landlord.note_refusal(text, uuid, text), landlord.open_look(jsonb),
    landlord.close_look(bigint, text) TO ' || everyone;
END $grants$;

-- For changing.
GRANT EXECUTE ON FUNCTION
  landlord.register_tenant(uuid, uuid, jsonb, bytea, text, text), landlord.update_tenant(uuid, uuid, bigint, jsonb, text),
  landlord.deactivate_tenant(uuid, uuid, bigint, text), landlord.reactivate_tenant(uuid, uuid, bigint, text),
  landlord.apply_requests(jsonb), landlord.settle_request(uuid), landlord.set_setting(uuid, text, text, text),
  landlord.add_industry(uuid, text, text), landlord.retire_industry(uuid, text, text),
  landlord.add_permission(uuid, text, text), landlord.retire_permission(uuid, text, text),
  landlord.record_act(uuid, text, jsonb, text)
TO landlord_admin, landlord_admin_limited;

-- For the platform's own code.
GRANT EXECUTE ON FUNCTION landlord.verify_secret(uuid, bytea) TO landlord_tenant;
