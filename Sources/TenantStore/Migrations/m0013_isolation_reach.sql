-- Two amendments of the isolation of the platform's tables.

-- People with limits are not told which tenants there are: for them the plan looks at no row's tenant. The owner of a table that
-- is to be protected is told, as the foreign key would tell it.
REVOKE EXECUTE ON FUNCTION landlord.is_tenant(uuid)
FROM landlord_support_limited, landlord_admin_limited, landlord_auditor_limited;

-- Enters a tenant until the end of the transaction; in signed mode with a signature for this backend. A transaction that has
-- entered a tenant cannot enter another.
CREATE OR REPLACE FUNCTION landlord.enter_tenant(tenant_id uuid, signature text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  IF tenant_id IS NULL THEN
    RAISE EXCEPTION 'There is no tenant to enter.' USING ERRCODE = '22023', CONSTRAINT = 'context_malformed';
  END IF;
  IF lower(nullif(current_setting('landlord.tenant_id', true), '')) <> tenant_id::text THEN
    RAISE EXCEPTION 'This transaction works for another tenant.' USING ERRCODE = '42501', CONSTRAINT = 'context_held';
  END IF;
  -- So it is outside of a transaction block, but also where BEGIN came in the same text: nothing tells the two apart, so the words
  -- must be true of both.
  IF statement_timestamp() = transaction_timestamp() THEN
    RAISE NOTICE 'The tenant is entered until the end of the transaction; without BEGIN that is now.';
  END IF;
  PERFORM set_config('landlord.tenant_id', tenant_id::text, true);
  IF signature IS NOT NULL THEN PERFORM set_config('landlord.context_signature', signature, true); END IF;
  PERFORM landlord.context('read');
END $$;
