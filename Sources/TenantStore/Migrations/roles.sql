-- The roles of the cluster. Roles belong to all databases of a server, so this step stands apart from the migrations:
-- it may run many times, from several databases at once, and never changes a role that is there.
DO $roles$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY[
    'landlord_owner',
    'landlord_support', 'landlord_admin', 'landlord_auditor',
    'landlord_support_limited', 'landlord_admin_limited', 'landlord_auditor_limited',
    'landlord_tenant', 'landlord_events']
  LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = wanted) THEN
      BEGIN
        EXECUTE pg_catalog.format('CREATE ROLE %I NOLOGIN', wanted);
      EXCEPTION
        -- Someone else made it in the meantime: the one or the other, by how far they had come.
        WHEN duplicate_object OR unique_violation THEN NULL;
      END;
    END IF;
  END LOOP;

  -- A role of this name that goes round the policies would make all that follows a fiction.
  SELECT r.rolname INTO wanted
  FROM pg_catalog.pg_roles r
  WHERE r.rolname IN (
      'landlord_owner', 'landlord_support', 'landlord_admin', 'landlord_auditor', 'landlord_support_limited',
      'landlord_admin_limited', 'landlord_auditor_limited', 'landlord_tenant', 'landlord_events')
    AND (r.rolsuper OR r.rolbypassrls OR (r.rolname = 'landlord_owner' AND r.rolcanlogin))
  LIMIT 1;
  IF wanted IS NOT NULL THEN
    RAISE EXCEPTION 'Role % has SUPERUSER, BYPASSRLS or (as the owner) LOGIN, which it must not have.', wanted
      USING ERRCODE = '42501', HINT = pg_catalog.format('ALTER ROLE %I NOSUPERUSER NOBYPASSRLS NOLOGIN.', wanted);
  END IF;
END
$roles$;
