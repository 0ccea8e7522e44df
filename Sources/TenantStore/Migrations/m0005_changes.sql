-- The changes themselves: the only way to change anything for those who are not the owner. Each checks, changes and audits in one
-- statement, waits no more than five seconds for a row, and answers the outcome.

-- Makes a tenant, in service at once, with the SHA-256 of its secret and the secret's last four characters.
CREATE FUNCTION landlord.register_tenant(
  request_id uuid, tenant_id uuid, fields jsonb, secret_verifier bytea, secret_hint text, reason text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  -- Without the tenant's id, the verifier and the hint: a repeat from another process has made others.
  done landlord.answer := landlord.begin_request(request_id, 'register', tenant_id, reason, fields);
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  PERFORM landlord.check_fields(fields);
  INSERT INTO landlord.tenants (
    tenant_id, site_id, tenant_name, contact_email, website_url, business_industry, allowed_origins, permissions)
  VALUES (register_tenant.tenant_id, fields ->> 'siteId', fields ->> 'tenantName', fields ->> 'contactEmail',
    fields ->> 'websiteUrl', fields ->> 'businessIndustry',
    CASE WHEN fields ? 'allowedOrigins' THEN landlord.text_list(fields -> 'allowedOrigins') ELSE '{}' END,
    CASE WHEN fields ? 'permissions' THEN landlord.text_list(fields -> 'permissions') ELSE '{}' END);
  INSERT INTO landlord.tenant_secrets (tenant_id, verifier, hint)
  VALUES (register_tenant.tenant_id, secret_verifier, secret_hint);
  RETURN landlord.end_request(request_id, 'saved', NULL, landlord.last_entry(tenant_id), tenant_id);
END $$;

-- Changes the fields that are keys of `changes`; JSON's null clears the URL. Without a version, whatever the version is.
CREATE FUNCTION landlord.update_tenant(
  request_id uuid, tenant_id uuid, expected_version bigint, changes jsonb, reason text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  done landlord.answer := landlord.begin_request(
    request_id, 'update', tenant_id, reason, jsonb_build_array(tenant_id, changes, expected_version));
  version_now bigint;
  state_now text;
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  PERFORM landlord.check_fields(changes);
  IF changes ? 'siteId' THEN
    RAISE EXCEPTION 'The site id of a tenant never changes.'
      USING ERRCODE = '23514', CONSTRAINT = 'site_id_immutable', COLUMN = 'site_id', TABLE = 'tenants', SCHEMA = 'landlord';
  END IF;
  SELECT t.version, t.state INTO version_now, state_now
  FROM landlord.tenants t WHERE t.tenant_id = update_tenant.tenant_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN landlord.end_request(request_id, 'gone', NULL, NULL, tenant_id);
  ELSIF version_now <> expected_version THEN
    RETURN landlord.end_request(request_id, 'stale', NULL, NULL, tenant_id);
  ELSIF state_now = 'purged' THEN
    RETURN landlord.end_request(request_id, 'refused', 'tenant_purged', NULL, tenant_id);
  END IF;
  UPDATE landlord.tenants t SET
    tenant_name = CASE WHEN changes ? 'tenantName' THEN changes ->> 'tenantName' ELSE t.tenant_name END,
    contact_email = CASE WHEN changes ? 'contactEmail' THEN changes ->> 'contactEmail' ELSE t.contact_email END,
    website_url = CASE WHEN changes ? 'websiteUrl' THEN changes ->> 'websiteUrl' ELSE t.website_url END,
    business_industry =
      CASE WHEN changes ? 'businessIndustry' THEN changes ->> 'businessIndustry' ELSE t.business_industry END,
    allowed_origins =
      CASE WHEN changes ? 'allowedOrigins' THEN landlord.text_list(changes -> 'allowedOrigins') ELSE t.allowed_origins END,
    permissions = CASE WHEN changes ? 'permissions' THEN landlord.text_list(changes -> 'permissions') ELSE t.permissions END
  WHERE t.tenant_id = update_tenant.tenant_id;
  -- The trigger lets through only what changes something.
  RETURN landlord.end_request(
    request_id, 'saved', NULL, CASE WHEN FOUND THEN landlord.last_entry(tenant_id) END, tenant_id);
END $$;

-- Moves a tenant from one of some states to another; anything else is refused.
CREATE FUNCTION landlord.move_tenant(
  request uuid, action text, tenant uuid, expected_version bigint, reason text, from_states text[], to_state text)
RETURNS landlord.answer
LANGUAGE plpgsql AS $$
DECLARE
  done landlord.answer := landlord.begin_request(
    request, action, tenant, reason, jsonb_build_array(tenant, expected_version));
  version_now bigint;
  state_now text;
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  IF coalesce(reason, '') !~ '\S' THEN
    RAISE EXCEPTION 'A change of state needs a reason.'
      USING ERRCODE = '23514', CONSTRAINT = 'reason_required', COLUMN = 'reason', TABLE = 'audit_entries', SCHEMA = 'landlord';
  END IF;
  SELECT t.version, t.state INTO version_now, state_now
  FROM landlord.tenants t WHERE t.tenant_id = tenant FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN landlord.end_request(request, 'gone', NULL, NULL, tenant);
  ELSIF version_now <> expected_version THEN
    RETURN landlord.end_request(request, 'stale', NULL, NULL, tenant);
  ELSIF state_now <> ALL (from_states) THEN
    RETURN landlord.end_request(request, 'refused', 'state_transition', NULL, tenant);
  END IF;
  UPDATE landlord.tenants t SET state = to_state WHERE t.tenant_id = tenant;
  RETURN landlord.end_request(request, 'saved', NULL, landlord.last_entry(tenant), tenant);
END $$;

-- Takes a tenant out of service, from any state but deactivated and purged.
CREATE FUNCTION landlord.deactivate_tenant(
  request_id uuid, tenant_id uuid, expected_version bigint, reason text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
BEGIN
  RETURN landlord.move_tenant(request_id, 'deactivate', tenant_id, expected_version, reason,
    '{provisioning,active,suspended}', 'deactivated');
END $$;

-- Brings a deactivated tenant back.
CREATE FUNCTION landlord.reactivate_tenant(
  request_id uuid, tenant_id uuid, expected_version bigint, reason text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
BEGIN
  RETURN landlord.move_tenant(request_id, 'reactivate', tenant_id, expected_version, reason, '{deactivated}', 'active');
END $$;

-- Puts an element into a list of the tenant's or takes it out; nothing is changed where that is so already. What makes two such
-- requests the same is the element, not the list that comes of it.
CREATE FUNCTION landlord.change_list(
  request uuid, tenant uuid, expected_version bigint, field text, element text, is_added boolean, reason text)
RETURNS landlord.answer
LANGUAGE plpgsql AS $$
DECLARE
  done landlord.answer := landlord.begin_request(
    request, 'update', tenant, reason, jsonb_build_array(tenant, field, element, is_added, expected_version));
  now_is landlord.tenants;
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  IF element IS NULL THEN
    RAISE EXCEPTION 'There is nothing to add or to remove.' USING ERRCODE = '22023', CONSTRAINT = 'field_type', COLUMN = field;
  END IF;
  SELECT t.version, t.state, t.allowed_origins, t.permissions
  INTO now_is.version, now_is.state, now_is.allowed_origins, now_is.permissions
  FROM landlord.tenants t WHERE t.tenant_id = tenant FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN landlord.end_request(request, 'gone', NULL, NULL, tenant);
  ELSIF now_is.version <> expected_version THEN
    RETURN landlord.end_request(request, 'stale', NULL, NULL, tenant);
  ELSIF now_is.state = 'purged' THEN
    RETURN landlord.end_request(request, 'refused', 'tenant_purged', NULL, tenant);
  END IF;
  now_is.allowed_origins := CASE WHEN field = 'allowedOrigins'
    THEN landlord.list_with(now_is.allowed_origins, element, is_added) ELSE now_is.allowed_origins END;
  now_is.permissions := CASE WHEN field = 'permissions' THEN ARRAY(
    SELECT p COLLATE "C" FROM unnest(landlord.list_with(now_is.permissions, element, is_added)) p ORDER BY 1)
    ELSE now_is.permissions END;
  UPDATE landlord.tenants t SET allowed_origins = now_is.allowed_origins, permissions = now_is.permissions
  WHERE t.tenant_id = tenant;
  RETURN landlord.end_request(
    request, 'saved', NULL, CASE WHEN FOUND THEN landlord.last_entry(tenant) END, tenant);
END $$;

CREATE FUNCTION landlord.list_with(list text[], element text, is_added boolean) RETURNS text[]
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN NOT is_added THEN array_remove(list, element) WHEN element = ANY (list) THEN list
  ELSE array_append(list, element) END;

-- Up to 500 requests at once: [{"action", "requestId", "tenantId", "expectedVersion", "reason"}, …] with the action update and
-- "changes", deactivate, reactivate, or with a "value" addOrigin, removeOrigin, addPermission, removePermission, setIndustry. All rows are locked first, in the order of their ids, or two of these would wait for each other.
-- Answers in that order, each with its request's id. A broken rule undoes its own part only and comes back as refused with the
-- rule's name; that request is not written down, so the mended one may go out under the same id.
CREATE FUNCTION landlord.apply_requests(requests jsonb) RETURNS SETOF landlord.answer
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
  ORDER BY t.tenant_id FOR NO KEY UPDATE;
  FOR part IN
    SELECT r ->> 'action' AS action, (r ->> 'requestId')::uuid AS request, (r ->> 'tenantId')::uuid AS tenant,
      (r ->> 'expectedVersion')::bigint AS version, r -> 'changes' AS changes, r ->> 'value' AS value,
      r ->> 'reason' AS reason
    FROM jsonb_array_elements(requests) WITH ORDINALITY AS given (r, place)
    ORDER BY (r ->> 'tenantId')::uuid, place
  LOOP
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
