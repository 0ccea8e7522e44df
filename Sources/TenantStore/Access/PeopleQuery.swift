import Postgres

/// Who has access, from the server's catalogue and the limits of this database.
enum PeopleQuery {
  /// Roles in a group, and names that have limits. For a superuser, who passes for a member of all, only the groups that were given.
  static let all: Statement = """
    SELECT p.name, coalesce(r.rolcanlogin, false), coalesce(r.rolsuper OR r.rolbypassrls, false), p.groups,
      ARRAY(SELECT l.industry FROM landlord.limits l WHERE l.person = p.name AND l.industry IS NOT NULL ORDER BY l.industry),
      ARRAY(
        SELECT t.site_id FROM landlord.limits l JOIN landlord.tenants t ON t.tenant_id = l.tenant_id
        WHERE l.person = p.name ORDER BY t.site_id)
    FROM (
      SELECT r.rolname::text COLLATE "C" AS name, ARRAY(
        SELECT g.rolname::text FROM pg_roles g
        WHERE g.rolname = ANY (\(Group.roles)::name[]) AND pg_has_role(r.oid, g.oid, 'MEMBER') AND (NOT r.rolsuper OR EXISTS (
          SELECT FROM pg_auth_members m WHERE m.roleid = g.oid AND m.member = r.oid))
        ORDER BY g.rolname) AS groups
      FROM pg_roles r WHERE r.rolname NOT LIKE 'landlord\\_%'
      UNION ALL
      SELECT DISTINCT l.person, '{}'::text[] FROM landlord.limits l
      WHERE NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname::text = l.person)
    ) p LEFT JOIN pg_roles r ON r.rolname::text = p.name
    WHERE (p.groups <> '{}' OR EXISTS (SELECT FROM landlord.limits l WHERE l.person = p.name))
      AND (p.name = session_user::text OR \(unescaped: TenantTotalQuery.seesAll))
    ORDER BY p.name
    """

  static func person(_ row: Row) -> Person {
    Person(
      name: row.string(0), roles: row.strings(3), industries: row.strings(4), tenants: row.strings(5),
      canLogIn: row.bool(1), bypassesPolicies: row.bool(2))
  }

  /// The groups that a role was put into itself, and whether it has limits here. No row: no such role.
  static func one(_ name: String) -> Statement {
    """
    SELECT ARRAY(
        SELECT DISTINCT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
        WHERE m.member = r.oid AND g.rolname = ANY (\(Group.roles)::name[]) ORDER BY 1),
      EXISTS (SELECT FROM landlord.limits l WHERE l.person = r.rolname::text)
    FROM pg_roles r WHERE r.rolname::text = \(name)::text
    """
  }
}
