-- What concerns the installation and no tenant: settings, catalogues, what clients carried out. Chained under the nil UUID.

-- Writes the entry and ends the request; `record` is NULL where nothing changed.
CREATE FUNCTION landlord.end_act(request uuid, action text, name text, record jsonb) RETURNS landlord.answer
LANGUAGE plpgsql AS $$
DECLARE
  nobody CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
BEGIN
  RETURN landlord.end_request(request, 'saved', NULL,
    CASE WHEN record IS NOT NULL THEN landlord.append_entry(nobody, action, NULL, ARRAY[name], record::text) END, nobody);
END $$;

-- Sets a setting of the installation, or with NULL removes it. `demo` is the mark of a database of made-up tenants, not to be set.
CREATE FUNCTION landlord.set_setting(request_id uuid, name text, value text, reason text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  done landlord.answer := landlord.begin_request(
    request_id, 'set setting', '00000000-0000-0000-0000-000000000000', reason, jsonb_build_array(name, value));
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  IF name = 'demo' THEN
    RAISE EXCEPTION 'This setting is not to be set by hand.'
      USING ERRCODE = '23514', CONSTRAINT = 'setting_name_reserved', COLUMN = 'name', TABLE = 'settings', SCHEMA = 'landlord';
  END IF;
  IF value IS NULL THEN
    DELETE FROM landlord.settings s WHERE s.name = set_setting.name;
  ELSE
    INSERT INTO landlord.settings AS s (name, value) VALUES (set_setting.name, set_setting.value)
    ON CONFLICT ON CONSTRAINT settings_key DO UPDATE SET value = excluded.value, updated_at = now()
    WHERE s.value <> excluded.value;
  END IF;
  RETURN landlord.end_act(request_id, 'set setting', name,
    CASE WHEN FOUND THEN jsonb_build_object('setting', name, 'value', value) END);
END $$;

-- Adds an industry; one that was retired comes back.
CREATE FUNCTION landlord.add_industry(request_id uuid, name text, reason text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  done landlord.answer := landlord.begin_request(
    request_id, 'add industry', '00000000-0000-0000-0000-000000000000', reason, to_jsonb(name));
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  INSERT INTO landlord.industries AS i (name) VALUES (add_industry.name)
  ON CONFLICT ON CONSTRAINT industries_key DO UPDATE SET retired = false WHERE i.retired;
  RETURN landlord.end_act(request_id, 'add industry', name,
    CASE WHEN FOUND THEN jsonb_build_object('industry', name, 'retired', false) END);
END $$;

-- Retires an industry: tenants keep it, nobody can newly choose it. An unknown one is gone.
CREATE FUNCTION landlord.retire_industry(request_id uuid, name text, reason text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  done landlord.answer := landlord.begin_request(
    request_id, 'retire industry', '00000000-0000-0000-0000-000000000000', reason, to_jsonb(name));
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  IF NOT EXISTS (SELECT FROM landlord.industries i WHERE i.name = retire_industry.name) THEN
    RETURN landlord.end_request(request_id, 'gone', NULL, NULL, '00000000-0000-0000-0000-000000000000');
  END IF;
  UPDATE landlord.industries i SET retired = true WHERE i.name = retire_industry.name AND NOT i.retired;
  RETURN landlord.end_act(request_id, 'retire industry', name,
    CASE WHEN FOUND THEN jsonb_build_object('industry', name, 'retired', true) END);
END $$;

-- Adds a permission; one that was retired comes back.
CREATE FUNCTION landlord.add_permission(request_id uuid, name text, reason text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  done landlord.answer := landlord.begin_request(
    request_id, 'add permission', '00000000-0000-0000-0000-000000000000', reason, to_jsonb(name));
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  INSERT INTO landlord.permissions AS p (name) VALUES (add_permission.name)
  ON CONFLICT ON CONSTRAINT permissions_key DO UPDATE SET retired = false WHERE p.retired;
  RETURN landlord.end_act(request_id, 'add permission', name,
    CASE WHEN FOUND THEN jsonb_build_object('permission', name, 'retired', false) END);
END $$;

-- Retires a permission: tenants keep it, nobody can newly choose it. An unknown one is gone.
CREATE FUNCTION landlord.retire_permission(request_id uuid, name text, reason text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  done landlord.answer := landlord.begin_request(
    request_id, 'retire permission', '00000000-0000-0000-0000-000000000000', reason, to_jsonb(name));
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  IF NOT EXISTS (SELECT FROM landlord.permissions p WHERE p.name = retire_permission.name) THEN
    RETURN landlord.end_request(request_id, 'gone', NULL, NULL, '00000000-0000-0000-0000-000000000000');
  END IF;
  UPDATE landlord.permissions p SET retired = true WHERE p.name = retire_permission.name AND NOT p.retired;
  RETURN landlord.end_act(request_id, 'retire permission', name,
    CASE WHEN FOUND THEN jsonb_build_object('permission', name, 'retired', true) END);
END $$;

-- Writes down what a client carried out with rights that landlord's owner has not: protect, access, keys.
CREATE FUNCTION landlord.record_act(request_id uuid, action text, what jsonb, reason text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  done landlord.answer := landlord.begin_request(
    request_id, 'record act', '00000000-0000-0000-0000-000000000000', reason, jsonb_build_array(action, what));
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  -- Nothing else, or an act could be named as if a function of ours had done it.
  IF action !~ '^(protect|access|keys)( [a-z]+)*$' OR length(action) > 63 OR what IS NULL THEN
    RAISE EXCEPTION 'An act is one of protect, access or keys.'
      USING ERRCODE = '23514', CONSTRAINT = 'act_known', COLUMN = 'action', TABLE = 'audit_entries', SCHEMA = 'landlord';
  END IF;
  RETURN landlord.end_act(request_id, action, action, what);
END $$;

-- A refusal that a client noticed.
CREATE FUNCTION landlord.note_refusal(action text, tenant_id uuid, what text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF tenant_id IS NOT NULL AND NOT landlord.may_reach(tenant_id) THEN
    RAISE EXCEPTION 'You may not reach this tenant.' USING ERRCODE = '42501';
  END IF;
  INSERT INTO landlord.attempts (client, action, tenant_id, what, outcome)
  VALUES (landlord.client(), note_refusal.action, note_refusal.tenant_id, note_refusal.what, 'refused');
END $$;

-- The intent to look at something sensitive, to be committed before the look: a look is undone by no ROLLBACK.
CREATE FUNCTION landlord.open_look(what jsonb) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  tenant uuid := (what ->> 'tenantId')::uuid;
  look bigint;
BEGIN
  IF tenant IS NOT NULL AND NOT landlord.may_reach(tenant) THEN
    RAISE EXCEPTION 'You may not reach this tenant.' USING ERRCODE = '42501';
  END IF;
  INSERT INTO landlord.attempts (client, action, tenant_id, what)
  VALUES (landlord.client(), 'look', tenant, open_look.what::text)
  RETURNING attempt_id INTO look;
  RETURN look;
END $$;

-- How one's own look ended.
CREATE FUNCTION landlord.close_look(look bigint, outcome text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  UPDATE landlord.attempts a SET outcome = coalesce(close_look.outcome, 'closed'), closed_at = clock_timestamp()
  WHERE a.attempt_id = look AND a.actor = session_user AND a.action = 'look' AND a.closed_at IS NULL;
END $$;
