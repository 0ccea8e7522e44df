import Postgres

/// The SQL around the migrations.
extension Migrator {
  /// The roles of the cluster.
  static let roles = String(decoding: PackageResources.roles_sql, as: UTF8.self)

  /// Lets the login become the owner. From PostgreSQL 16 on being able to become a role is a thing of its own, and
  /// enough: the owner's rights are not inherited.
  static let becomeOwner = """
    DO $owner$
    BEGIN
      IF current_setting('server_version_num')::int >= 160000 THEN
        IF NOT pg_has_role(current_user, 'landlord_owner', 'SET') THEN
          EXECUTE 'GRANT landlord_owner TO CURRENT_USER WITH SET TRUE, INHERIT FALSE';
        END IF;
      ELSIF NOT pg_has_role(current_user, 'landlord_owner', 'MEMBER') THEN
        EXECUTE 'GRANT landlord_owner TO CURRENT_USER';
      END IF;
    END
    $owner$;

    """

  /// Opens the transaction of a migration and waits for its turn. The number is landlord's own, nothing more.
  static let begin = """
    BEGIN;
    SET LOCAL statement_timeout = 0;
    SET LOCAL lock_timeout = '60s';
    SET LOCAL search_path = '';
    SELECT pg_advisory_xact_lock(5207168130492);

    """

  /// The schema and the extension are made by the login itself, which may have rights on the database that the owner
  /// has not. Without the extension search is slower, nothing else: so whatever keeps it away is no error.
  private static let foundation = """
    CREATE SCHEMA IF NOT EXISTS landlord AUTHORIZATION landlord_owner;
    DO $extension$
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
        CREATE EXTENSION pg_trgm SCHEMA public;
      END IF;
    EXCEPTION
      WHEN OTHERS THEN NULL;
    END
    $extension$;

    """

  static let asOwner = "SET LOCAL ROLE landlord_owner"
  static let asLogin = "SET LOCAL ROLE NONE"

  /// What follows `begin`: the migration as the owner, its record, the end.
  static func body(of migration: Migration) -> String {
    """
    \(migration == Migration.all[0] ? foundation : "")\(asOwner);
    \(migration.sql)
    INSERT INTO landlord.migrations (name, checksum) VALUES ('\(migration.name)', '\(migration.checksum)');
    COMMIT;

    """
  }

  /// The whole transaction, as a person would run it by hand.
  static func script(for migration: Migration) -> String { begin + body(of: migration) }

  /// Tables and triggers of ours that do not always fire, each as an identifier in SQL.
  static let sleepingTriggers: Statement = """
    SELECT pg_catalog.quote_ident(c.relname), pg_catalog.quote_ident(t.tgname)
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = pg_catalog.to_regnamespace('landlord') AND NOT t.tgisinternal AND t.tgenabled <> 'A'
    ORDER BY 1, 2
    """

  /// An identifier in SQL.
  static func quoted(_ name: String) -> String {
    var text = "\""
    for scalar in name.unicodeScalars {
      if scalar == "\"" { text += "\"" }
      text.unicodeScalars.append(scalar)
    }
    return text + "\""
  }
}
