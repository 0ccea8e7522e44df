-- Every door is known by the time at which it was tried itself.
--
-- The answer has a column more, so the function is made anew.

DROP FUNCTION landlord.doors(uuid);

-- Tries each door of a tenant as the platform would, now, and answers whether it opens; NULL: there is nothing to try it with.
-- `allowed`: whether its state lets it. `tried_at`: how many milliseconds after the statement began it had been tried.
CREATE FUNCTION landlord.doors(tenant_id uuid) RETURNS TABLE (door text, opens boolean, allowed boolean, tried_at bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  now_is landlord.tenants;
BEGIN
  IF NOT landlord.may_reach(tenant_id) THEN
    RAISE EXCEPTION 'You may not reach this tenant.' USING ERRCODE = '42501';
  END IF;
  SELECT t.state, t.suspended_access, t.allowed_origins INTO now_is.state, now_is.suspended_access, now_is.allowed_origins
  FROM landlord.tenants t WHERE t.tenant_id = doors.tenant_id;
  IF NOT FOUND THEN RETURN; END IF;
  FOREACH door IN ARRAY ARRAY['reads', 'writes', 'secret', 'origins'] LOOP
    allowed := landlord.state_allows(now_is.state, now_is.suspended_access,
      CASE door WHEN 'reads' THEN 'read' WHEN 'writes' THEN 'write' ELSE 'door' END);
    opens := CASE door
      WHEN 'reads' THEN landlord.enters(tenant_id, 'read')
      WHEN 'writes' THEN landlord.enters(tenant_id, 'write')
      WHEN 'secret' THEN CASE WHEN EXISTS (
        SELECT FROM landlord.tenant_secrets s WHERE s.tenant_id = doors.tenant_id) THEN landlord.probe_secret(tenant_id) END
      WHEN 'origins' THEN CASE WHEN now_is.allowed_origins <> '{}' THEN
        landlord.origin_allowed(tenant_id, now_is.allowed_origins[1]) END
      END;
    tried_at := extract(epoch FROM clock_timestamp() - statement_timestamp()) * 1000;
    RETURN NEXT;
  END LOOP;
END $$;

GRANT EXECUTE ON FUNCTION landlord.doors(uuid)
TO landlord_support, landlord_admin, landlord_auditor, landlord_support_limited, landlord_admin_limited, landlord_auditor_limited;
