import Testing

/// A platform's schema with everything that isolation asks for: what the doctor must find nothing wrong with.
enum ProtectedShop {
  /// Run by a superuser in a transaction that is rolled back in the end: roles belong to the whole server, where other
  /// tests look at them too.
  static let script = """
    CREATE ROLE shop_owner; CREATE ROLE shop_web LOGIN; CREATE ROLE shop_ops; CREATE ROLE shop_report;
    GRANT landlord_tenant TO shop_web;
    CREATE SCHEMA shop AUTHORIZATION shop_owner;
    SET LOCAL ROLE shop_owner;
    CREATE TABLE shop.customers (
      tenant_id uuid NOT NULL, customer_id bigint GENERATED ALWAYS AS IDENTITY, email text NOT NULL,
      CONSTRAINT customers_key PRIMARY KEY (tenant_id, customer_id), CONSTRAINT customers_email UNIQUE (tenant_id, email));
    CREATE TABLE shop.orders (
      tenant_id uuid NOT NULL, order_id uuid NOT NULL DEFAULT gen_random_uuid(), customer_id bigint,
      CONSTRAINT orders_key PRIMARY KEY (tenant_id, order_id),
      CONSTRAINT orders_customer FOREIGN KEY (tenant_id, customer_id) REFERENCES shop.customers (tenant_id, customer_id));
    CREATE TABLE shop.messages (tenant_id uuid NOT NULL, at date NOT NULL, body text) PARTITION BY RANGE (at);
    CREATE INDEX messages_tenant ON shop.messages (tenant_id);
    CREATE TABLE shop.messages_2026 PARTITION OF shop.messages FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    CREATE TABLE shop.countries (code text PRIMARY KEY);
    RESET ROLE;
    SELECT landlord.protect_grant('shop.orders');
    SET LOCAL ROLE shop_owner;
    SELECT landlord.protect(t) FROM unnest('{shop.customers,shop.orders,shop.messages}'::regclass[]) t;
    GRANT SELECT, INSERT, UPDATE, DELETE ON shop.customers, shop.orders, shop.messages TO landlord_tenant;
    CREATE VIEW shop.open_orders WITH (security_invoker = true) AS SELECT tenant_id, order_id FROM shop.orders;
    CREATE MATERIALIZED VIEW shop.totals AS SELECT tenant_id, count(*) AS orders FROM shop.orders GROUP BY tenant_id;
    CREATE FUNCTION shop.close_month() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'SELECT';
    REVOKE EXECUTE ON FUNCTION shop.close_month() FROM PUBLIC;
    CREATE FUNCTION shop.tell() RETURNS trigger LANGUAGE plpgsql
      AS 'BEGIN PERFORM pg_notify(''orders'', ''''); RETURN NULL; END';
    CREATE TRIGGER tell AFTER INSERT ON shop.orders EXECUTE FUNCTION shop.tell();
    CREATE SEQUENCE shop.invoices;
    GRANT USAGE ON SEQUENCE shop.invoices TO landlord_tenant;
    GRANT USAGE ON SCHEMA shop TO landlord_tenant;
    RESET ROLE;
    """
}

/// One thing that someone did to the shop, and what the doctor must say of it.
struct Sabotage: Sendable, CustomTestStringConvertible {
  /// The check that finds it, and of what.
  var check: String
  var object: String
  var sql: String
  /// What puts it right where the doctor has no statement for it.
  var remedy: String?

  init(_ check: String, of object: String, by sql: String, remedy: String? = nil) {
    self.check = check
    self.object = object
    self.sql = sql
    self.remedy = remedy
  }

  var testDescription: String { "\(check): \(sql.prefix(60))" }

  static let all = [
    Sabotage(
      "unprotected", of: "shop.carts",
      by: "SET LOCAL ROLE shop_owner; CREATE TABLE shop.carts (tenant_id uuid); RESET ROLE"),
    Sabotage(
      "unprotected", of: "shop.orders",
      by: """
        DROP POLICY landlord_floor ON shop.orders; DROP POLICY landlord_open ON shop.orders;
        DROP POLICY landlord_keeper ON shop.orders; DROP POLICY landlord_floor_delete ON shop.orders;
        ALTER TABLE shop.orders DISABLE ROW LEVEL SECURITY
        """),
    Sabotage(
      "floor_without_delete", of: "shop.orders", by: "DROP POLICY landlord_floor_delete ON shop.orders"),
    Sabotage(
      "floor_without_delete", of: "shop.orders",
      by: "ALTER POLICY landlord_floor_delete ON shop.orders USING (true)"),
    Sabotage(
      "floor_by_setting", of: "shop.orders",
      by: """
        SET LOCAL ROLE shop_owner; SELECT landlord.protect('shop.orders', citus => true); RESET ROLE
        """),
    Sabotage(
      "partition_unprotected", of: "shop.messages_2027",
      by: """
        SET LOCAL ROLE shop_owner;
        CREATE TABLE shop.messages_2027 PARTITION OF shop.messages FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
        RESET ROLE
        """),
    Sabotage("rls_off", of: "shop.orders", by: "ALTER TABLE shop.orders DISABLE ROW LEVEL SECURITY"),
    Sabotage(
      "rls_off", of: "shop.messages_2026", by: "ALTER TABLE shop.messages_2026 DISABLE ROW LEVEL SECURITY"),
    Sabotage("rls_not_forced", of: "shop.orders", by: "ALTER TABLE shop.orders NO FORCE ROW LEVEL SECURITY"),
    Sabotage("floor_missing", of: "shop.orders", by: "DROP POLICY landlord_floor ON shop.orders"),
    Sabotage(
      "floor_changed", of: "shop.orders",
      by: """
        DROP POLICY landlord_floor ON shop.orders;
        CREATE POLICY landlord_floor ON shop.orders TO landlord_tenant USING (tenant_id = (SELECT landlord.current_tenant()))
        """),
    Sabotage(
      "floor_changed", of: "shop.orders", by: "ALTER POLICY landlord_floor ON shop.orders TO shop_owner"),
    Sabotage(
      "floor_changed", of: "shop.orders",
      by:
        "ALTER POLICY landlord_floor ON shop.orders USING (tenant_id = (SELECT landlord.current_tenant()) OR order_id IS NOT NULL)"
    ),
    Sabotage(
      "floor_changed", of: "shop.orders",
      by: """
        CREATE FUNCTION public.current_tenant() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid';
        ALTER POLICY landlord_floor ON shop.orders USING (tenant_id = (SELECT public.current_tenant()))
        """),
    Sabotage(
      "floor_without_check", of: "shop.orders",
      by: """
        DROP POLICY landlord_floor ON shop.orders;
        CREATE POLICY landlord_floor ON shop.orders AS RESTRICTIVE TO landlord_tenant
          USING (tenant_id = (SELECT landlord.current_tenant()))
        """),
    Sabotage(
      "floor_without_check", of: "shop.orders",
      by: "ALTER POLICY landlord_floor ON shop.orders WITH CHECK (true)"),
    Sabotage(
      "tenant_nullable", of: "shop.messages",
      by: "ALTER TABLE shop.messages ALTER COLUMN tenant_id DROP NOT NULL"),
    Sabotage("index_missing", of: "shop.messages", by: "DROP INDEX shop.messages_tenant"),
    Sabotage(
      "unique_oracle", of: "shop.customers",
      by: "ALTER TABLE shop.customers ADD CONSTRAINT one_email UNIQUE (email)"),
    Sabotage(
      "unique_oracle", of: "shop.customers",
      by: #"CREATE UNIQUE INDEX "odd (name" ON shop.customers (lower(email)) WHERE email <> ''"#),
    Sabotage(
      "unique_oracle", of: "shop.orders",
      by:
        "ALTER TABLE shop.orders DROP CONSTRAINT orders_key, ADD CONSTRAINT orders_key PRIMARY KEY (order_id);"
        + " CREATE INDEX ON shop.orders (tenant_id)"),
    Sabotage(
      "foreign_key_oracle", of: "shop.messages",
      by: """
        ALTER TABLE shop.orders ADD CONSTRAINT orders_id UNIQUE (order_id);
        ALTER TABLE shop.messages ADD order_id uuid CONSTRAINT messages_order REFERENCES shop.orders (order_id) ON DELETE SET NULL
        """),
    Sabotage(
      "foreign_key_oracle", of: "shop.countries",
      by: """
        ALTER TABLE shop.customers ADD CONSTRAINT customers_id UNIQUE (customer_id);
        ALTER TABLE shop.countries ADD vip bigint CONSTRAINT vip REFERENCES shop.customers (customer_id)
        """,
      remedy: "ALTER TABLE shop.countries DROP vip; ALTER TABLE shop.customers DROP CONSTRAINT customers_id"),
    Sabotage(
      "grant_beyond_policies", of: "shop.orders", by: "GRANT TRUNCATE ON shop.orders TO landlord_tenant"),
    Sabotage(
      "grant_beyond_policies", of: "shop.orders",
      by: "GRANT REFERENCES (order_id) ON shop.orders TO shop_web"),
    Sabotage("grant_to_others", of: "shop.orders", by: "GRANT SELECT ON shop.orders TO shop_report"),
    Sabotage("grant_to_others", of: "shop.orders", by: "GRANT SELECT (order_id) ON shop.orders TO PUBLIC"),
    Sabotage(
      "grant_to_others", of: "shop.orders",
      by: "ALTER ROLE shop_web NOINHERIT; GRANT SELECT ON shop.orders TO shop_web"),
    Sabotage("owned_by_platform", of: "shop.orders", by: "ALTER TABLE shop.orders OWNER TO shop_web"),
    Sabotage(
      "sequence_open", of: "shop.invoices", by: "GRANT ALL ON SEQUENCE shop.invoices TO landlord_tenant"),
    Sabotage(
      "sequence_open", of: "shop.invoices",
      by:
        "REVOKE ALL ON SEQUENCE shop.invoices FROM landlord_tenant; GRANT UPDATE ON SEQUENCE shop.invoices TO shop_web"
    ),
    Sabotage(
      "view_as_owner", of: "shop.open_orders", by: "ALTER VIEW shop.open_orders RESET (security_invoker)"),
    Sabotage(
      "view_as_owner", of: "shop.newest",
      by: "CREATE VIEW shop.newest AS SELECT order_id FROM shop.open_orders"),
    Sabotage("copy_readable", of: "shop.totals", by: "GRANT SELECT ON shop.totals TO landlord_tenant"),
    Sabotage("copy_readable", of: "shop.totals", by: "GRANT SELECT (orders) ON shop.totals TO PUBLIC"),
    Sabotage(
      "definer_path_open", of: "shop.close_month()", by: "ALTER FUNCTION shop.close_month() RESET search_path"
    ),
    Sabotage(
      "definer_path_open", of: "landlord.may_close()",
      by: """
        CREATE FUNCTION landlord.may_close() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'SELECT';
        REVOKE EXECUTE ON FUNCTION landlord.may_close() FROM PUBLIC
        """),
    Sabotage(
      "definer_path_temporary", of: "shop.close_month()",
      by: "ALTER FUNCTION shop.close_month() SET search_path = shop, public"),
    Sabotage(
      "definer_public", of: "shop.close_month()", by: "GRANT EXECUTE ON FUNCTION shop.close_month() TO PUBLIC"
    ),
    Sabotage(
      "definer_bypasses", of: "shop.close_month()",
      by: """
        ALTER FUNCTION shop.close_month() OWNER TO postgres; GRANT EXECUTE ON FUNCTION shop.close_month() TO landlord_tenant
        """),
    Sabotage("path_to_bypass", of: "role shop_web", by: "ALTER ROLE shop_web BYPASSRLS"),
    Sabotage("path_to_bypass", of: "role shop_owner", by: "ALTER ROLE shop_owner SUPERUSER"),
    Sabotage(
      "path_to_bypass", of: "role shop_web",
      by: "CREATE ROLE shop_dba BYPASSRLS; GRANT shop_dba TO shop_ops; GRANT shop_ops TO shop_web"),
    Sabotage("path_to_bypass", of: "role shop_owner", by: "GRANT pg_read_server_files TO shop_owner"),
    Sabotage("path_to_bypass", of: "role shop_web", by: "GRANT shop_owner TO shop_web"),
    Sabotage("path_to_bypass", of: "role shop_web", by: "GRANT landlord_owner TO shop_web"),
    Sabotage("path_to_bypass", of: "role shop_web", by: "ALTER ROLE shop_web CREATEROLE"),
    Sabotage(
      "policy_compares_text", of: "shop.orders",
      by:
        "CREATE POLICY mine ON shop.orders USING (tenant_id::text = current_setting('landlord.tenant_id', true))"
    ),
    Sabotage(
      "policy_runs_others", of: "shop.orders",
      by: """
        CREATE TABLE shop.admins (name text); ALTER TABLE shop.admins OWNER TO shop_ops;
        CREATE POLICY admins ON shop.orders USING (EXISTS (SELECT FROM shop.admins a WHERE a.name = session_user))
        """),
    Sabotage(
      "policy_runs_others", of: "shop.orders",
      by: """
        CREATE FUNCTION shop.odd() RETURNS boolean LANGUAGE sql AS 'SELECT true'; ALTER FUNCTION shop.odd() OWNER TO shop_report;
        CREATE POLICY odd ON shop.orders USING (shop.odd())
        """),
    Sabotage("open_without_floor", of: "shop.customers", by: "DROP POLICY landlord_floor ON shop.customers"),
    Sabotage("schema_open", of: "schema shop", by: "GRANT CREATE ON SCHEMA shop TO landlord_tenant"),
    Sabotage("schema_open", of: "schema public", by: "GRANT CREATE ON SCHEMA public TO PUBLIC"),
    Sabotage("schema_open", of: "schema shop_web", by: "CREATE SCHEMA AUTHORIZATION shop_web"),
    Sabotage("published", of: "publication feed", by: "CREATE PUBLICATION feed FOR TABLE shop.orders"),
    Sabotage("published", of: "publication feed", by: "CREATE PUBLICATION feed FOR TABLES IN SCHEMA shop"),
    Sabotage("published", of: "publication feed", by: "CREATE PUBLICATION feed FOR ALL TABLES"),
    Sabotage(
      "notifies", of: "shop.orders",
      by: """
        CREATE OR REPLACE FUNCTION shop.tell() RETURNS trigger LANGUAGE plpgsql
          AS 'BEGIN PERFORM pg_notify(''orders'', NEW::text); RETURN NULL; END'
        """,
      remedy: "DROP TRIGGER tell ON shop.orders"),
  ]
}
