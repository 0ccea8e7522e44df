import Postgres

/// A platform as its developers might have made it, before anyone thought of isolation: 100,000 rows of 50 tenants in a schema
/// `platform` that a role of its own owns, and everything granted to the platform's code.
///
/// `orders` (60,000 rows; the tenant may be missing) and `messages` (40,000; partitioned by month, refers to orders), a view, a
/// materialised view, a function that runs as its owner, a sequence. Nothing is protected.
public enum SamplePlatform {
  public static let tenants = 1...50
  public static let tables = ["platform.orders", "platform.messages"]

  /// The id of a tenant by its number. Its site id is `tenant-01` to `tenant-50`, each has 1,200 orders and 800 messages.
  public static func tenant(_ number: Int) -> String {
    "00000000-0000-4000-8000-0000000000" + (number < 10 ? "0" : "") + String(number)
  }

  /// Into a database that has the schema; as a superuser.
  static func install(_ connection: Connection) throws(PostgresError) {
    try connection.runScript(script, deadline: 60_000)
  }

  private static let script = """
    BEGIN;
    SELECT landlord.register_tenant(gen_random_uuid(), ('00000000-0000-4000-8000-0000000000' || lpad(n::text, 2, '0'))::uuid,
      jsonb_build_object('siteId', 'tenant-' || lpad(n::text, 2, '0'), 'tenantName', 'Tenant ' || n,
        'contactEmail', 'ops@tenant' || n || '.example', 'businessIndustry', 'retail',
        'allowedOrigins', jsonb_build_array('https://tenant' || n || '.example'),
        'permissions', jsonb_build_array('orders.read')),
      sha256(convert_to('secret ' || n, 'UTF8')), 'cret', NULL)
    FROM generate_series(1, 50) n;

    CREATE SCHEMA platform AUTHORIZATION platform_owner;
    SET LOCAL ROLE platform_owner;
    SET LOCAL search_path = platform;

    CREATE TABLE orders (
      order_id bigint NOT NULL, tenant_id uuid, customer text NOT NULL, amount numeric NOT NULL, placed_at timestamptz NOT NULL,
      UNIQUE (order_id, tenant_id));
    INSERT INTO orders
    SELECT n, ('00000000-0000-4000-8000-0000000000' || lpad((n % 50 + 1)::text, 2, '0'))::uuid, 'Customer of ' || n % 50 + 1,
      n % 1000, timestamptz '2026-01-01Z' + n * interval '3 minutes'
    FROM generate_series(1, 60000) n;

    CREATE SEQUENCE message_ids;
    CREATE TABLE messages (
      message_id bigint DEFAULT nextval('message_ids'), tenant_id uuid NOT NULL, order_id bigint, sent_at timestamptz NOT NULL,
      body text NOT NULL,
      PRIMARY KEY (message_id, tenant_id, sent_at),
      FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, order_id)
    ) PARTITION BY RANGE (sent_at);
    CREATE TABLE messages_2026_01 PARTITION OF messages FOR VALUES FROM ('2026-01-01Z') TO ('2026-02-01Z');
    CREATE TABLE messages_2026_02 PARTITION OF messages FOR VALUES FROM ('2026-02-01Z') TO ('2026-03-01Z');
    CREATE TABLE messages_rest PARTITION OF messages DEFAULT;
    INSERT INTO messages (tenant_id, order_id, sent_at, body)
    SELECT o.tenant_id, o.order_id, o.placed_at + interval '1 hour', 'Thanks, ' || o.customer
    FROM orders o ORDER BY o.order_id LIMIT 40000;

    CREATE VIEW recent_orders AS SELECT order_id, tenant_id, customer, amount FROM orders WHERE placed_at > '2026-02-01Z';
    CREATE MATERIALIZED VIEW order_totals AS
      SELECT tenant_id, count(*) AS orders, sum(amount) AS amount FROM orders GROUP BY tenant_id;
    CREATE FUNCTION order_count() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER AS 'SELECT count(*) FROM platform.orders';

    GRANT USAGE ON SCHEMA platform TO landlord_tenant;
    GRANT ALL ON ALL TABLES IN SCHEMA platform TO landlord_tenant;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA platform TO landlord_tenant;
    COMMIT;
    ANALYZE;
    """
}
