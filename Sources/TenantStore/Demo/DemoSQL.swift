import Postgres

/// What the fill says to the server.
///
/// A first fill is two lanes of statements that touch no table in common, so that two connections can carry them out side
/// by side: the tenants with their secrets and the indexes, which is most of the work, and the audit with the site ids.
enum DemoSQL {
  /// A transaction of the owner, to whom filling is left.
  static let begin = """
    BEGIN;
    SET LOCAL statement_timeout = 0;
    SET LOCAL lock_timeout = '10s';
    SET LOCAL search_path = '';
    SET LOCAL maintenance_work_mem = '1GB';
    SET LOCAL work_mem = '64MB';
    SET LOCAL ROLE landlord_owner;
    """

  /// Waits for whoever fills at the same time; the number is landlord's own.
  static let lock = "SELECT pg_advisory_xact_lock(5207168130493)"

  /// What is in the database: tenants, made-up ones as the mark says (NULL without one), whether the first of them is
  /// there, the environment, and whether there ever was one. Reads nothing that the audit's lane takes down: it may be
  /// another connection that does.
  static let look: Statement = """
    SELECT (SELECT count(*) FROM (SELECT FROM landlord.tenants LIMIT 1) AS any_tenant),
      (SELECT s.value::bigint FROM landlord.settings s WHERE s.name = 'demo'),
      EXISTS (SELECT FROM landlord.tenants t WHERE t.tenant_id = md5('landlord demo 1')::uuid),
      (SELECT s.value FROM landlord.settings s WHERE s.name = 'environment'),
      EXISTS (SELECT FROM landlord.audit_heads h WHERE h.tenant_id <> '00000000-0000-0000-0000-000000000000')
    """

  /// Takes down the keys and indexes of `tables`, to be built over all rows in one go, and answers the statements that
  /// build them again, keys first. The keys of tenants and heads stay: tables of others may refer to the one, and the
  /// other is in the way of nothing.
  static func dismantle(_ tables: [String]) -> (take: String, rebuild: Statement) {
    let list = tables.map { "'landlord.\($0)'::regclass" }.joined(separator: ", ")
    let take = """
      CREATE TEMPORARY TABLE demo_parts ON COMMIT DROP AS
      SELECT c.conrelid::regclass AS place, c.conname::text AS name, c.contype <> 'f' AS is_key,
        format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) AS rebuild
      FROM pg_constraint c
      WHERE c.contype IN ('p', 'f', 'u') AND c.conname <> 'tenants_key' AND c.conrelid IN (\(list))
      UNION ALL
      SELECT NULL, i.indexrelid::regclass::text, true, pg_get_indexdef(i.indexrelid)
      FROM pg_index i
      WHERE i.indrelid IN (\(list)) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid);
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
      """
    return (
      take, "SELECT p.rebuild FROM pg_temp.demo_parts p ORDER BY p.is_key DESC, p.place IS NULL, p.rebuild"
    )
  }

  /// The row triggers, whose work the audit's lane does. Off only inside the one transaction.
  static let triggersOff = switched("DISABLE TRIGGER")
  static let triggersOn = switched("ENABLE ALWAYS TRIGGER")
  private static func switched(_ how: String) -> String {
    "ALTER TABLE landlord.tenants "
      + [
        "await_resources", "before_tenant", "after_tenant", "keep_reach", "keep_transition", "plan_tenant",
        "publish_tenant",
      ].map { "\(how) \($0)" }.joined(separator: ", ")
  }

  /// Tenants as their last change left them. Each batch lies in order of site ids: whoever reads many in that order, or
  /// all of one word, reads a tenth of the pages. Those that people make lie as they come, and cost what they cost. Of the
  /// secrets only the hash was ever known to anyone.
  static func tenants(_ low: Int64, _ high: Int64) -> Statement {
    """
    WITH made AS (
      INSERT INTO landlord.tenants AS t (tenant_id, site_id, tenant_name, contact_email, website_url, business_industry,
        allowed_origins, permissions, state, version, created_at, updated_at)
      SELECT d.tenant_id, d.site_id, d.tenant_name, d.contact_email, d.website_url, d.business_industry, d.allowed_origins,
        d.permissions, CASE WHEN d.deactivated_at IS NULL THEN 'active' ELSE 'deactivated' END,
        CASE WHEN d.deactivated_at IS NULL THEN 1 ELSE 2 END, d.created_at, coalesce(d.deactivated_at, d.created_at)
      FROM (\(DemoTenants.numbered(low, high))) AS d
      ORDER BY d.site_id COLLATE "C"
      RETURNING t.tenant_id, t.created_at
    )
    INSERT INTO landlord.tenant_secrets (tenant_id, verifier, hint, set_at)
    SELECT m.tenant_id, sha256(salt.bytes || uuid_send(m.tenant_id)), left(m.tenant_id::text, 4), m.created_at
    FROM made m, (SELECT uuid_send(gen_random_uuid()) AS bytes OFFSET 0) AS salt
    """
  }

  /// Their site ids, entries and heads, as the triggers would have written them.
  static func audit(_ low: Int64, _ high: Int64) -> Statement {
    """
    WITH made AS MATERIALIZED (
      SELECT d.tenant_id, d.site_id, d.created_at, d.deactivated_at, c.client,
        landlord.given_fields(d.website_url, d.allowed_origins, d.permissions) AS given,
        \(record(state: "active", version: 1, updatedAt: "d.created_at")) AS first,
        CASE WHEN d.deactivated_at IS NOT NULL
          THEN \(record(state: "deactivated", version: 2, updatedAt: "d.deactivated_at")) END AS second
      FROM (\(DemoTenants.numbered(low, high))) AS d, (SELECT landlord.client() AS client OFFSET 0) AS c
    ), hashed AS MATERIALIZED (
      SELECT m.tenant_id, m.created_at, m.deactivated_at, m.client, m.given, m.first, m.second,
        \(hash(previous: "decode(repeat('00', 32), 'hex')", version: 1, at: "m.created_at", changed: "m.given", record: "m.first"))
          AS first_hash
      FROM made m
    ), entry AS (
      SELECT h.tenant_id, 1 AS seq, h.created_at AS at, h.client, h.given AS changed, h.first AS record, h.first_hash AS hash,
        h.deactivated_at IS NULL AS is_last
      FROM hashed h
      UNION ALL
      SELECT m.tenant_id, 2, m.deactivated_at, m.client, ARRAY['state'], m.second,
        \(hash(previous: "m.first_hash", version: 2, at: "m.deactivated_at", changed: "ARRAY['state']", record: "m.second")), true
      FROM hashed m
      WHERE m.deactivated_at IS NOT NULL
    ), appended AS (
      INSERT INTO landlord.audit_entries
        (tenant_id, seq, at, actor, role, client, action, version, reason, changed, record, hash)
      SELECT e.tenant_id, e.seq, e.at, session_user, current_setting('role'), e.client, 'demo', e.seq, 'made up', e.changed,
        e.record, e.hash
      FROM entry e
    ), claimed AS (
      INSERT INTO landlord.site_ids (site_id, tenant_id, claimed_at)
      SELECT m.site_id, m.tenant_id, m.created_at FROM made m
    )
    INSERT INTO landlord.audit_heads (tenant_id, seq, hash, at)
    SELECT e.tenant_id, e.seq, e.hash, e.at FROM entry e WHERE e.is_last
    """
  }

  private static func record(state: String, version: Int, updatedAt: String) -> Statement {
    """
    landlord.record_text(d.tenant_id, d.site_id, d.tenant_name, d.contact_email, d.website_url, d.business_industry,
      d.allowed_origins, d.permissions, '\(unescaped: state)', 'none', \(unescaped: String(version)), d.created_at,
      \(unescaped: updatedAt))
    """
  }

  private static func hash(previous: String, version: Int, at: String, changed: String, record: String)
    -> Statement
  {
    """
    landlord.entry_hash(\(unescaped: previous), m.tenant_id, \(unescaped: String(version)), \(unescaped: at), session_user,
      current_setting('role'), m.client, 'demo', \(unescaped: String(version)), NULL, 'made up', \(unescaped: changed),
      \(unescaped: record))
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
      RETURNING t.tenant_id
    )
    INSERT INTO landlord.tenant_secrets (tenant_id, verifier, hint)
    SELECT m.tenant_id, sha256(uuid_send(gen_random_uuid())), left(m.tenant_id::text, 4) FROM made m
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

  static let statistics =
    begin + """

      ANALYZE landlord.tenants, landlord.site_ids, landlord.tenant_secrets, landlord.audit_entries, landlord.audit_heads;
      COMMIT
      """
}
