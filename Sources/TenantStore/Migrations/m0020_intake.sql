-- Tenants by the thousand, from a file.

-- Makes up to 500 tenants, in the order given, each under its own request id: a broken rule undoes that one only and comes back
-- in its answer. Apart from apply_requests, which locks its tenants first and knows as gone what is not there yet.
-- Each: {"requestId", "tenantId", "fields", "verifier" (hexadecimal digits), "hint", "reason"}.
CREATE FUNCTION landlord.register_tenants(requests jsonb) RETURNS SETOF landlord.answer
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
  FOR part IN
    SELECT (r ->> 'requestId')::uuid AS request, (r ->> 'tenantId')::uuid AS tenant, r -> 'fields' AS fields,
      decode(r ->> 'verifier', 'hex') AS verifier, r ->> 'hint' AS hint, r ->> 'reason' AS reason
    FROM jsonb_array_elements(requests) WITH ORDINALITY AS given (r, place)
    ORDER BY place
  LOOP
    BEGIN
      result := landlord.register_tenant(part.request, part.tenant, part.fields, part.verifier, part.hint, part.reason);
    EXCEPTION WHEN integrity_constraint_violation OR invalid_parameter_value OR SQLSTATE 'LL001' THEN
      GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME, broken_column = COLUMN_NAME;
      result := landlord.make_answer(
        'refused', false, coalesce(nullif(broken, ''), broken_column || '_required'), NULL, part.tenant, part.request);
    END;
    RETURN NEXT result;
  END LOOP;
END $$;

GRANT EXECUTE ON FUNCTION landlord.register_tenants(jsonb) TO landlord_admin, landlord_admin_limited;
