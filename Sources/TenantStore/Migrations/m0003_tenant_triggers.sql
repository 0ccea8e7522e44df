-- What happens to every change of a tenant, whoever makes it and however.

-- Keeps version, times and what cannot change; checks the catalogues, which a CHECK may not read; claims the site id.
CREATE FUNCTION landlord.before_tenant() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  fixed text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.version := 1;
    NEW.updated_at := NEW.created_at;
  ELSE
    fixed := CASE
      WHEN NEW.site_id <> OLD.site_id THEN 'site_id'
      WHEN NEW.tenant_id <> OLD.tenant_id THEN 'tenant_id'
      WHEN NEW.created_at <> OLD.created_at THEN 'created_at' END;
    IF fixed IS NOT NULL THEN
      RAISE EXCEPTION 'The % of a tenant never changes.', fixed
        USING ERRCODE = '23514', CONSTRAINT = fixed || '_immutable', COLUMN = fixed, TABLE = 'tenants', SCHEMA = 'landlord';
    END IF;
    -- What changes nothing is no change: no version, no entry.
    IF NEW.tenant_name = OLD.tenant_name AND NEW.contact_email = OLD.contact_email
      AND NEW.website_url IS NOT DISTINCT FROM OLD.website_url AND NEW.business_industry = OLD.business_industry
      AND NEW.allowed_origins = OLD.allowed_origins AND NEW.permissions = OLD.permissions
      AND NEW.state = OLD.state AND NEW.suspended_access = OLD.suspended_access
    THEN
      RETURN NULL;
    END IF;
    NEW.version := OLD.version + 1;
    NEW.updated_at := greatest(OLD.updated_at, clock_timestamp());
  END IF;

  IF TG_OP = 'INSERT' OR NEW.business_industry <> OLD.business_industry THEN
    IF EXISTS (SELECT FROM landlord.industries i WHERE i.name = NEW.business_industry AND i.retired) THEN
      RAISE EXCEPTION 'This industry is retired: it cannot be newly chosen.'
        USING ERRCODE = '23514', CONSTRAINT = 'business_industry_retired', COLUMN = 'business_industry', TABLE = 'tenants',
          SCHEMA = 'landlord';
    END IF;
  END IF;

  IF cardinality(NEW.permissions) > 0 AND (TG_OP = 'INSERT' OR NEW.permissions <> OLD.permissions) THEN
    IF EXISTS (
      SELECT FROM unnest(NEW.permissions) AS chosen LEFT JOIN landlord.permissions p ON p.name = chosen WHERE p.name IS NULL)
    THEN
      RAISE EXCEPTION 'A permission is not in the catalogue.'
        USING ERRCODE = '23514', CONSTRAINT = 'permissions_known', COLUMN = 'permissions', TABLE = 'tenants',
          SCHEMA = 'landlord';
    END IF;
    IF EXISTS (
      SELECT FROM unnest(NEW.permissions) AS chosen JOIN landlord.permissions p ON p.name = chosen
      WHERE p.retired AND (TG_OP = 'INSERT' OR chosen <> ALL (OLD.permissions)))
    THEN
      RAISE EXCEPTION 'A permission is retired: it cannot be newly chosen.'
        USING ERRCODE = '23514', CONSTRAINT = 'permissions_retired', COLUMN = 'permissions', TABLE = 'tenants',
          SCHEMA = 'landlord';
    END IF;
  END IF;

  -- Last, so that a site id is not taken for a tenant that another rule keeps out (the CHECKs undo it with the statement).
  IF TG_OP = 'INSERT' AND NEW.site_id IS NOT NULL AND NEW.tenant_id IS NOT NULL THEN
    INSERT INTO landlord.site_ids (site_id, tenant_id) VALUES (NEW.site_id, NEW.tenant_id)
    ON CONFLICT ON CONSTRAINT site_id_taken DO NOTHING;
    IF NOT FOUND AND NOT EXISTS (
      SELECT FROM landlord.site_ids s WHERE s.site_id = NEW.site_id AND s.tenant_id = NEW.tenant_id)
    THEN
      RAISE EXCEPTION 'Another tenant has or had this site id.'
        USING ERRCODE = '23505', CONSTRAINT = 'site_id_taken', COLUMN = 'site_id', TABLE = 'tenants', SCHEMA = 'landlord';
    END IF;
  END IF;
  RETURN NEW;
END $$;

-- Appends the entry. Without a request it is a change by hand, and is called so.
CREATE FUNCTION landlord.after_tenant() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  action text := coalesce(nullif(current_setting('landlord.action', true), ''), 'direct ' || lower(TG_OP));
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM landlord.append_entry(OLD.tenant_id, action, OLD.version + 1, ARRAY['tenantId'], NULL);
  ELSIF TG_OP = 'INSERT' THEN
    PERFORM landlord.append_entry(NEW.tenant_id, action, NEW.version, landlord.given_fields(NEW.website_url, NEW.allowed_origins, NEW.permissions),
      landlord.tenant_record(NEW));
  ELSE
    PERFORM landlord.append_entry(NEW.tenant_id, action, NEW.version,
      array_remove(ARRAY[
        CASE WHEN NEW.tenant_name <> OLD.tenant_name THEN 'tenantName' END,
        CASE WHEN NEW.contact_email <> OLD.contact_email THEN 'contactEmail' END,
        CASE WHEN NEW.website_url IS DISTINCT FROM OLD.website_url THEN 'websiteUrl' END,
        CASE WHEN NEW.business_industry <> OLD.business_industry THEN 'businessIndustry' END,
        CASE WHEN NEW.allowed_origins <> OLD.allowed_origins THEN 'allowedOrigins' END,
        CASE WHEN NEW.permissions <> OLD.permissions THEN 'permissions' END,
        CASE WHEN NEW.state <> OLD.state THEN 'state' END,
        CASE WHEN NEW.suspended_access <> OLD.suspended_access THEN 'suspendedAccess' END], NULL),
      landlord.tenant_record(NEW));
  END IF;
  RETURN NULL;
END $$;

-- The names of the fields that a new tenant was given.
CREATE FUNCTION landlord.given_fields(website_url text, allowed_origins text[], permissions text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE
RETURN array_remove(ARRAY['siteId', 'tenantName', 'contactEmail', CASE WHEN website_url IS NOT NULL THEN 'websiteUrl' END,
  'businessIndustry', CASE WHEN allowed_origins <> '{}' THEN 'allowedOrigins' END,
  CASE WHEN permissions <> '{}' THEN 'permissions' END, 'state'], NULL);

CREATE TRIGGER before_tenant BEFORE INSERT OR UPDATE ON landlord.tenants
  FOR EACH ROW EXECUTE FUNCTION landlord.before_tenant();
CREATE TRIGGER after_tenant AFTER INSERT OR UPDATE OR DELETE ON landlord.tenants
  FOR EACH ROW EXECUTE FUNCTION landlord.after_tenant();
ALTER TABLE landlord.tenants ENABLE ALWAYS TRIGGER before_tenant;
ALTER TABLE landlord.tenants ENABLE ALWAYS TRIGGER after_tenant;
