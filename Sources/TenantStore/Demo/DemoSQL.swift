import Postgres

/// What the fill says to the server.
enum DemoSQL {
  /// Waits for whoever fills at the same time; the number is landlord's own. Filling is the owner's.
  static let begin = """
    BEGIN;
    SET LOCAL lock_timeout = '10s';
    SET LOCAL statement_timeout = 0;
    SET LOCAL search_path = '';
    SELECT pg_advisory_xact_lock(5207168130493);
    SET LOCAL ROLE landlord_owner;
    """

  /// What is in the database: tenants, made-up ones as the mark says (NULL without one), the environment, and whether a
  /// site id was ever given.
  static let look: Statement = """
    SELECT (SELECT count(*) FROM landlord.tenants),
      (SELECT s.value::bigint FROM landlord.settings s WHERE s.name = 'demo'),
      (SELECT s.value FROM landlord.settings s WHERE s.name = 'environment'),
      EXISTS (SELECT FROM landlord.site_ids)
    """

  /// Takes away what makes each row slow: keys and indexes to be built over all rows in one go, and the row triggers,
  /// whose work the set-based statements do. Only inside one transaction, and only where there is nothing yet. The
  /// tenants' own key stays, because tables of others may refer to it.
  static let dismantle = """
    SET LOCAL maintenance_work_mem = '512MB';
    SET LOCAL work_mem = '64MB';
    LOCK TABLE landlord.tenants IN ACCESS EXCLUSIVE MODE;
    CREATE TEMPORARY TABLE demo_parts ON COMMIT DROP AS
    SELECT c.conrelid::regclass AS place, c.conname AS name, c.contype <> 'f' AS is_key,
      format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) AS rebuild
    FROM pg_constraint c
    WHERE c.contype IN ('p', 'f', 'u') AND c.conname NOT IN ('tenants_key')
      AND c.conrelid IN ('landlord.tenants'::regclass, 'landlord.tenant_secrets'::regclass, 'landlord.site_ids'::regclass,
        'landlord.audit_entries'::regclass)
    UNION ALL
    SELECT NULL, i.indexrelid::regclass::text, true, pg_get_indexdef(i.indexrelid)
    FROM pg_index i
    WHERE i.indrelid = 'landlord.tenants'::regclass
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid);
    DO $dismantle$
    DECLARE
      part record;
    BEGIN
      FOR part IN SELECT p.place, p.name FROM pg_temp.demo_parts p ORDER BY p.is_key LOOP
        IF part.place IS NULL THEN
          EXECUTE 'DROP INDEX ' || part.name;
        ELSE
          EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', part.place, part.name);
        END IF;
      END LOOP;
    END
    $dismantle$;
    ALTER TABLE landlord.tenants DISABLE TRIGGER before_tenant, DISABLE TRIGGER after_tenant;
    """

  /// The statements that build it all again, keys first.
  static let parts: Statement =
    "SELECT p.rebuild FROM pg_temp.demo_parts p ORDER BY p.is_key DESC, p.place IS NULL, p.rebuild"

  static let restore = """
    ALTER TABLE landlord.tenants ENABLE ALWAYS TRIGGER before_tenant, ENABLE ALWAYS TRIGGER after_tenant;
    """

  /// New tenants in service, with the site ids, secrets, entries and heads that the functions would have written. Of the
  /// secrets only the hash was ever known to anyone.
  static func fill(_ low: Int64, _ high: Int64) -> Statement {
    """
    WITH made AS (
      INSERT INTO landlord.tenants AS t (tenant_id, site_id, tenant_name, contact_email, website_url, business_industry,
        allowed_origins, permissions, created_at, updated_at)
      SELECT d.tenant_id, d.site_id, d.tenant_name, d.contact_email, d.website_url, d.business_industry,
        d.allowed_origins, d.permissions, d.created_at, d.created_at
      FROM (\(DemoTenants.numbered(low, high))) AS d
      RETURNING t.tenant_id, t.site_id, t.created_at, landlord.given_fields(t) AS given, landlord.tenant_record(t) AS record
    ), claimed AS (
      INSERT INTO landlord.site_ids (site_id, tenant_id, claimed_at)
      SELECT m.site_id, m.tenant_id, m.created_at FROM made m
    ), secret AS (
      INSERT INTO landlord.tenant_secrets (tenant_id, verifier, hint, set_at)
      SELECT m.tenant_id, sha256(uuid_send(gen_random_uuid())), left(md5(m.site_id), 4), m.created_at FROM made m
    ), entry AS (
      INSERT INTO landlord.audit_entries
        (tenant_id, seq, at, actor, role, client, action, version, reason, changed, record, hash)
      SELECT m.tenant_id, 1, m.created_at, session_user, current_setting('role'), c.client, 'demo', 1, 'made up', m.given,
        m.record, landlord.entry_hash(decode(repeat('00', 32), 'hex'), m.tenant_id, 1, m.created_at, session_user,
          current_setting('role'), c.client, 'demo', 1, NULL, 'made up', m.given, m.record)
      FROM made m, (SELECT landlord.client() AS client OFFSET 0) AS c
      RETURNING tenant_id, hash, at
    )
    INSERT INTO landlord.audit_heads (tenant_id, seq, hash, at)
    SELECT e.tenant_id, 1, e.hash, e.at FROM entry e
    """
  }

  /// One in eleven of them out of service, some time later, as their second version.
  static func deactivate(_ low: Int64, _ high: Int64) -> Statement {
    """
    WITH moved AS (
      UPDATE landlord.tenants t
      SET state = 'deactivated', version = 2, updated_at = t.created_at + (n % 300 + 1) * interval '1 day'
      FROM generate_series(\(low)::bigint, \(high)::bigint) AS n
      WHERE n % 11 = 0 AND t.tenant_id = md5('landlord demo ' || n)::uuid
      RETURNING t.tenant_id, t.updated_at, landlord.tenant_record(t) AS record
    ), entry AS (
      INSERT INTO landlord.audit_entries
        (tenant_id, seq, at, actor, role, client, action, version, reason, changed, record, hash)
      SELECT m.tenant_id, 2, m.updated_at, session_user, current_setting('role'), c.client, 'demo', 2, 'made up',
        ARRAY['state'], m.record, landlord.entry_hash(h.hash, m.tenant_id, 2, m.updated_at, session_user,
          current_setting('role'), c.client, 'demo', 2, NULL, 'made up', ARRAY['state'], m.record)
      FROM moved m JOIN landlord.audit_heads h ON h.tenant_id = m.tenant_id,
        (SELECT landlord.client() AS client OFFSET 0) AS c
      RETURNING tenant_id, hash, at
    )
    UPDATE landlord.audit_heads h SET seq = 2, hash = e.hash, at = e.at FROM entry e WHERE h.tenant_id = e.tenant_id
    """
  }

  /// The same through the triggers, for a database that has tenants already. A site id that a person has taken in the
  /// meantime stays theirs.
  static func append(_ low: Int64, _ high: Int64) -> Statement {
    """
    WITH made AS (
      INSERT INTO landlord.tenants AS t (tenant_id, site_id, tenant_name, contact_email, website_url, business_industry,
        allowed_origins, permissions, created_at)
      SELECT d.tenant_id, d.site_id, d.tenant_name, d.contact_email, d.website_url, d.business_industry,
        d.allowed_origins, d.permissions, d.created_at
      FROM (\(DemoTenants.numbered(low, high))) AS d
      WHERE NOT EXISTS (SELECT FROM landlord.site_ids s WHERE s.site_id = d.site_id)
      RETURNING t.tenant_id, t.site_id
    )
    INSERT INTO landlord.tenant_secrets (tenant_id, verifier, hint)
    SELECT m.tenant_id, sha256(uuid_send(gen_random_uuid())), left(md5(m.site_id), 4) FROM made m
    """
  }

  static func appendDeactivations(_ low: Int64, _ high: Int64) -> Statement {
    """
    UPDATE landlord.tenants t SET state = 'deactivated'
    FROM generate_series(\(low)::bigint, \(high)::bigint) AS n
    WHERE n % 11 = 0 AND t.tenant_id = md5('landlord demo ' || n)::uuid
    """
  }

  /// The name under which the triggers record what follows, until the transaction's end.
  static let name: Statement = "SELECT landlord.name_request('', 'demo', 'made up')"

  /// The mark of a database of made-up tenants, and how many were made; a change of it is an entry like any other.
  static func mark(_ count: Int64) -> Statement {
    """
    WITH marked AS (
      INSERT INTO landlord.settings AS s (name, value) VALUES ('demo', \(String(count)))
      ON CONFLICT ON CONSTRAINT settings_key DO UPDATE SET value = excluded.value, updated_at = now()
    )
    SELECT landlord.append_entry('00000000-0000-0000-0000-000000000000', 'demo', NULL, ARRAY['demo'],
      jsonb_build_object('setting', 'demo', 'value', \(String(count))::text)::text)
    """
  }
}
