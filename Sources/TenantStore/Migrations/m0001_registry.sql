-- The registry of tenants: what may stand in it.
--
-- Every rule of a field has a name, the same in the form and here. Where several are broken the server reports one: first a
-- missing value (23502, with the column and no name), then what triggers check (marked t), then the CHECKs in the order of their
-- names, then keys (k). Lengths are counted in code points. The client finds the field by the name's beginning.
--
-- constraint                    | field            | what must hold
-- ------------------------------+------------------+--------------------------------------------------------------------------
-- site_id_form                  | siteId           | a-z, 0-9 and hyphens; begins and ends with a letter or digit
-- site_id_length                | siteId           | 3 to 63 characters
-- site_id_no_uuid               | siteId           | has not the form of a UUID, so that it cannot be taken for a tenant's id
-- site_id_immutable         (t) | siteId           | stays what it was given as
-- site_id_taken             (t) | siteId           | no tenant has or had it (23505)
-- tenant_name_bidi              | tenantName       | no U+061C 200E 200F 202A-202E 2066-2069
-- tenant_name_controls          | tenantName       | no U+0001-001F, 007F-009F
-- tenant_name_invisible         | tenantName       | nothing invisible; ZWJ and ZWNJ stand between letters, marks or emoji; U+FE0E
--                               |                  | and FE0F follow a symbol, an emoji or a digit
-- tenant_name_length            | tenantName       | 1 to 200 characters
-- tenant_name_nfc               | tenantName       | in Unicode's normal form C
-- tenant_name_trimmed           | tenantName       | no white space at either end
-- contact_email_characters      | contactEmail     | no white space, control, bidi control or invisible character
-- contact_email_form            | contactEmail     | something, one @, something
-- contact_email_length          | contactEmail     | at most 254 characters
-- website_url_characters        | websiteUrl       | as for the e-mail, and none of < > " \ ^ ` { | }
-- website_url_form              | websiteUrl       | scheme://host[:port][/path][?query][#fragment]; port 1 to 65535
-- website_url_length            | websiteUrl       | at most 2048 characters
-- website_url_scheme            | websiteUrl       | begins with http:// or https://
-- website_url_user_info         | websiteUrl       | no name or password before the host
-- business_industry_known   (k) | businessIndustry | is in the catalogue of industries (23503)
-- business_industry_retired (t) | businessIndustry | a newly chosen one is not retired
-- allowed_origins_count         | allowedOrigins   | at most 50
-- allowed_origins_default_port  | allowedOrigins   | no :443 after https, no :80 after http
-- allowed_origins_form          | allowedOrigins   | each http(s)://host[:port], lower case, port 1 to 65535, no path, no *;
--                               |                  | the host's last label begins with a letter, or it is an IPv4 or [IPv6]
-- allowed_origins_https         | allowedOrigins   | http only for the host localhost
-- allowed_origins_length        | allowedOrigins   | each at most 267 characters
-- allowed_origins_unique        | allowedOrigins   | none twice
-- permissions_known         (t) | permissions      | each is in the catalogue of permissions
-- permissions_retired       (t) | permissions      | a newly chosen one is not retired
-- permissions_sorted            | permissions      | in ascending order of bytes, none twice
-- state_known                   |                  | provisioning, active, suspended, deactivated or purged
-- suspended_access_known        |                  | none or read
-- tenant_id_immutable, created_at_immutable (t), tenant_id_not_nil, version_positive
-- reason_required           (t) | reason           | a change of state has one
-- reason_length                 | reason           | 1 to 500 characters
-- reason_characters             | reason           | no control or bidi control character but a line's end
-- Elsewhere: catalogue_name_form, setting_name_form, setting_name_reserved, setting_value_form, act_known,
-- request_body_same (LL001), field_known, field_type, requests_form (22023).

-- The owner's functions are nobody's until they are granted.
ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC;

-- Each element on a line of its own, with a line's end before and after: what the rules of origins look at.
-- STABLE like array_to_string, so that it is inlined where it is used.
CREATE FUNCTION landlord.lines(list text[]) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN E'\n' || array_to_string(list, E'\n', '') || E'\n';

-- Whether no element stands in the list twice. The rules' functions pin no search_path: that costs more than they do, and
-- what they call is found in pg_catalog first.
CREATE FUNCTION landlord.all_different(list text[]) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  place int := pg_catalog.array_lower(list, 1);
  element text;
BEGIN
  FOREACH element IN ARRAY list LOOP
    IF pg_catalog.array_position(list, element) <> place THEN RETURN false; END IF;
    place := place + 1;
  END LOOP;
  RETURN true;
END $$;

-- Whether each element is greater than the one before, by bytes.
CREATE FUNCTION landlord.ascending(list text[]) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  element text;
  previous text;
BEGIN
  FOREACH element IN ARRAY list LOOP
    IF element IS NULL OR element COLLATE "C" <= previous THEN RETURN false; END IF;
    previous := element;
  END LOOP;
  RETURN true;
END $$;

-- The characters of the longest element.
CREATE FUNCTION landlord.longest(list text[]) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT max(length(element)) FROM unnest(list) AS element);

-- What the filter looks at, lower-cased by the database's own locale (one in "C" would know a-z alone): every text as it is,
-- each after a blank; then site id, name and e-mail once more with a blank for each of - . @ / so that ' word' finds the
-- beginning of a word wherever it stands. Not the id: its digits are half as many trigrams again, and a whole id has an index.
CREATE FUNCTION landlord.search_text(
  site_id text, tenant_name text, contact_email text, website_url text, allowed_origins text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  words text := pg_catalog.lower((' ' || site_id || ' ' || tenant_name || ' ' || contact_email) COLLATE pg_catalog."default");
BEGIN
  RETURN words || pg_catalog.translate(words, '-.@/', '    ')
    || pg_catalog.lower((' ' || coalesce(website_url, '') || ' ' || pg_catalog.array_to_string(allowed_origins, ' '))
      COLLATE pg_catalog."default");
END $$;

-- Whether a search text holds more than a-z, digits and the punctuation that nearly every tenant's has. Not in SQL, which would be
-- inlined: who reads through a policy has no statistics for ~, so the planner would think that all tenants have symbols and shun
-- the index.
CREATE FUNCTION landlord.has_symbols(search text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
BEGIN
  RETURN search COLLATE "C" ~ '[^a-z0-9 .,&''()@/:_-]';
END $$;

CREATE TABLE landlord.migrations (
  name text COLLATE "C" CONSTRAINT migrations_key PRIMARY KEY,
  checksum text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now(),
  applied_by text NOT NULL DEFAULT session_user
);

CREATE TABLE landlord.settings (
  name text COLLATE "C" CONSTRAINT settings_key PRIMARY KEY
    CONSTRAINT setting_name_form CHECK (name ~ '^[a-z][a-z0-9]*([._-][a-z0-9]+)*$' AND length(name) <= 63),
  value text NOT NULL
    CONSTRAINT setting_value_form CHECK (length(value) BETWEEN 1 AND 200 AND value !~ '[\u0001-\u001F\u007F-\u009F]'),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE landlord.industries (
  name text COLLATE "C" CONSTRAINT industries_key PRIMARY KEY
    CONSTRAINT catalogue_name_form CHECK (name ~ '^[a-z][a-z0-9]*([._:-][a-z0-9]+)*$' AND length(name) <= 63),
  retired boolean NOT NULL DEFAULT false
);

CREATE TABLE landlord.permissions (
  name text COLLATE "C" CONSTRAINT permissions_key PRIMARY KEY
    CONSTRAINT catalogue_name_form CHECK (name ~ '^[a-z][a-z0-9]*([._:-][a-z0-9]+)*$' AND length(name) <= 63),
  retired boolean NOT NULL DEFAULT false
);

INSERT INTO landlord.industries (name) VALUES
  ('agriculture'), ('education'), ('energy'), ('finance'), ('healthcare'), ('hospitality'), ('logistics'),
  ('manufacturing'), ('media'), ('public-sector'), ('retail'), ('software');

INSERT INTO landlord.permissions (name) VALUES
  ('api.access'), ('billing.read'), ('billing.write'), ('data.export'), ('data.import'), ('orders.read'), ('orders.write'),
  ('reports.read'), ('sso.configure'), ('users.read'), ('users.write'), ('webhooks.manage');

-- Every site id that was ever given, and to whom: never taken back.
CREATE TABLE landlord.site_ids (
  site_id text COLLATE "C" CONSTRAINT site_id_taken PRIMARY KEY,
  tenant_id uuid NOT NULL,
  claimed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE landlord.tenants (
  tenant_id uuid CONSTRAINT tenants_key PRIMARY KEY
    CONSTRAINT tenant_id_not_nil CHECK (tenant_id <> '00000000-0000-0000-0000-000000000000'),
  site_id text COLLATE "C" NOT NULL
    CONSTRAINT site_id_form CHECK (site_id ~ '^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$')
    CONSTRAINT site_id_length CHECK (length(site_id) BETWEEN 3 AND 63)
    CONSTRAINT site_id_no_uuid CHECK (
      length(site_id) <> 36 OR site_id !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  tenant_name text COLLATE "C" NOT NULL
    CONSTRAINT tenant_name_length CHECK (length(tenant_name) BETWEEN 1 AND 200)
    CONSTRAINT tenant_name_trimmed CHECK (tenant_name = btrim(tenant_name, U&'\0009\000A\000B\000C\000D\0020\0085\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\2028\2029\202F\205F\3000'))
    CONSTRAINT tenant_name_nfc CHECK (octet_length(tenant_name) = length(tenant_name) OR tenant_name IS NFC NORMALIZED)
    CONSTRAINT tenant_name_controls CHECK (tenant_name !~ '[\u0001-\u001F\u007F-\u009F]')
    CONSTRAINT tenant_name_bidi CHECK (
      octet_length(tenant_name) = length(tenant_name) OR tenant_name !~ '[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]')
    -- The second line: joiners without a letter, a mark or an emoji on both sides. The third: presentation selectors.
    CONSTRAINT tenant_name_invisible CHECK (
      octet_length(tenant_name) = length(tenant_name) OR (
        tenant_name !~ '[\u00AD\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B\u2028\u2029\u2060-\u2065\u206A-\u206F\u2800\u3164\uFE00-\uFE0D\uFEFF\uFFA0\uFFF0-\uFFFB\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E0FFF]'
        AND tenant_name !~ '(?:^|[^A-Za-z\u00A9\u00AA\u00AE\u00B5\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u167F\u1681-\u1FFF\u2070-\u2FFF\u3040-\U0010FFFF])[\u200C\u200D]|[\u200C\u200D](?:$|[^A-Za-z\u00A9\u00AA\u00AE\u00B5\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u167F\u1681-\u1FFF\u2070-\u2FFF\u3040-\U0010FFFF])'
        AND tenant_name !~ '(?:^|[^0-9#*\u00A9\u00AE\u203C\u2049\u2100-\u2BFF\u3030\u303D\u3297\u3299\U0001F000-\U0001FAFF])[\uFE0E\uFE0F]')),
  contact_email text COLLATE "C" NOT NULL
    CONSTRAINT contact_email_length CHECK (length(contact_email) <= 254)
    CONSTRAINT contact_email_form CHECK (contact_email ~ '^[^@]+@[^@]+$')
    CONSTRAINT contact_email_characters CHECK (contact_email !~ '[\u0001-\u0020\u007F-\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E0FFF]'),
  website_url text COLLATE "C"
    CONSTRAINT website_url_length CHECK (length(website_url) <= 2048)
    CONSTRAINT website_url_scheme CHECK (starts_with(website_url, 'https://') OR starts_with(website_url, 'http://'))
    CONSTRAINT website_url_user_info CHECK (
      position('@' IN website_url) = 0 OR website_url !~ '^[^/?#]*//[^/?#]*@')
    CONSTRAINT website_url_characters CHECK (website_url !~ '[\u0001-\u0020<>"\\^`{|}\u007F-\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E0FFF]')
    CONSTRAINT website_url_form CHECK (website_url ~ '^[^:/?#]+://(?:[^/?#@]*@)?(?:[A-Za-z0-9\u00A1-\U0010FFFF][A-Za-z0-9._\u00A1-\U0010FFFF-]*|\[[0-9A-Fa-f:.]+\])(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?(?:[/?#].*)?$'),
  business_industry text COLLATE "C" NOT NULL
    CONSTRAINT business_industry_known REFERENCES landlord.industries (name),
  allowed_origins text[] COLLATE "C" NOT NULL DEFAULT '{}'
    CONSTRAINT allowed_origins_count CHECK (cardinality(allowed_origins) <= 50)
    CONSTRAINT allowed_origins_length CHECK (
      length(landlord.lines(allowed_origins)) <= 269 OR landlord.longest(allowed_origins) <= 267)
    -- The last line: an element that holds a line's end would else pass for two.
    CONSTRAINT allowed_origins_form CHECK (allowed_origins = '{}' OR (
      array_ndims(allowed_origins) = 1
      AND landlord.lines(allowed_origins) ~ '^\n(?:https?://(?:(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z](?:[a-z0-9-]*[a-z0-9])?|(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])|\[[0-9a-f:.]+\])(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?\n)+$'
      AND length(landlord.lines(allowed_origins)) - length(replace(landlord.lines(allowed_origins), E'\n', ''))
        = cardinality(allowed_origins) + 1))
    -- The first part is quick, and enough for nearly all.
    CONSTRAINT allowed_origins_default_port CHECK (
      landlord.lines(allowed_origins) !~ ':(?:443|80)\n'
      OR landlord.lines(allowed_origins) !~ '\n(?:https://[^\n]*:443|http://[^\n]*:80)\n')
    CONSTRAINT allowed_origins_https CHECK (
      position(E'\nhttp://' IN landlord.lines(allowed_origins)) = 0
      OR landlord.lines(allowed_origins) !~ '\nhttp://(?!localhost[:\n])')
    CONSTRAINT allowed_origins_unique CHECK (
      cardinality(allowed_origins) < 2 OR landlord.all_different(allowed_origins)),
  permissions text[] COLLATE "C" NOT NULL DEFAULT '{}'
    CONSTRAINT permissions_sorted CHECK (
      permissions = '{}' OR (array_ndims(permissions) = 1 AND landlord.ascending(permissions))),
  state text COLLATE "C" NOT NULL DEFAULT 'active'
    CONSTRAINT state_known CHECK (state IN ('provisioning', 'active', 'suspended', 'deactivated', 'purged')),
  suspended_access text COLLATE "C" NOT NULL DEFAULT 'none'
    CONSTRAINT suspended_access_known CHECK (suspended_access IN ('none', 'read')),
  is_active boolean NOT NULL GENERATED ALWAYS AS (state = 'active') STORED,
  version bigint NOT NULL DEFAULT 1 CONSTRAINT version_positive CHECK (version > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  search text COLLATE "C" NOT NULL GENERATED ALWAYS AS (
    landlord.search_text(site_id, tenant_name, contact_email, website_url, allowed_origins)) STORED
);

-- The verifier of a tenant's secret, apart from the tenant: a failing CHECK shows its whole row to the client.
CREATE TABLE landlord.tenant_secrets (
  tenant_id uuid CONSTRAINT tenant_secrets_key PRIMARY KEY
    CONSTRAINT tenant_secrets_tenant REFERENCES landlord.tenants (tenant_id),
  -- SHA-256 of the secret; the secret itself never came here.
  verifier bytea NOT NULL CONSTRAINT secret_verifier_length CHECK (octet_length(verifier) = 32),
  -- The secret's last characters, for people to tell one from another.
  hint text NOT NULL CONSTRAINT secret_hint_length CHECK (length(hint) = 4),
  set_at timestamptz NOT NULL DEFAULT now()
);

-- The orders of the list, each with the id to break ties (a site id has none), so that a page is a walk along an index.
CREATE UNIQUE INDEX tenants_by_site_id ON landlord.tenants (site_id);
CREATE INDEX tenants_by_name ON landlord.tenants (lower(tenant_name), tenant_id);
CREATE INDEX tenants_by_email ON landlord.tenants (lower(contact_email), tenant_id);
CREATE INDEX tenants_by_industry ON landlord.tenants (business_industry, tenant_id);
CREATE INDEX tenants_by_state ON landlord.tenants (state, tenant_id);
CREATE INDEX tenants_by_created ON landlord.tenants (created_at, tenant_id);
CREATE INDEX tenants_by_updated ON landlord.tenants (updated_at, tenant_id);

-- Symbols, emoji and two characters of Chinese have no trigram: a filter that holds one of these looks only at the tenants
-- that have any. A query uses this index if it says `landlord.has_symbols(search)` too.
CREATE INDEX tenants_with_symbols ON landlord.tenants (site_id) WHERE landlord.has_symbols(search);

-- Substrings. Without the extension everything works, only slower.
DO $trigrams$
DECLARE
  home name;
BEGIN
  SELECT n.nspname INTO home FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm';
  IF home IS NOT NULL THEN
    EXECUTE format('CREATE INDEX tenants_search ON landlord.tenants USING gin (search %I.gin_trgm_ops)', home);
  END IF;
EXCEPTION
  -- It lives in a schema that landlord's owner may not use.
  WHEN insufficient_privilege THEN NULL;
END $trigrams$;
