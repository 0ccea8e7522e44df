import Postgres

/// One tenant, and how a row becomes one.
enum TenantQuery {
  /// The columns of a tenant, in the order in which `tenant` reads them, of whatever is called `t`.
  static let columns = """
    t.tenant_id, t.site_id, t.tenant_name, t.contact_email, t.website_url, t.business_industry, t.allowed_origins,
      t.permissions, t.state, t.is_active, t.version, (extract(epoch FROM t.created_at) * 1000000)::bigint,
      (extract(epoch FROM t.updated_at) * 1000000)::bigint
    """
  /// What those are made of.
  static let names = """
    t.tenant_id, t.site_id, t.tenant_name, t.contact_email, t.website_url, t.business_industry, t.allowed_origins,
      t.permissions, t.state, t.is_active, t.version, t.created_at, t.updated_at
    """
  /// How many columns those are.
  static let width = 13

  /// The tenant whose columns begin at `first`.
  static func tenant(_ row: Row, from first: Int = 0) -> Tenant {
    guard let state = TenantState(rawValue: row.string(first + 8)) else {
      preconditionFailure("a state that the schema's own rule state_known forbids")
    }
    return Tenant(
      id: row.identifier(first), siteID: row.string(first + 1), name: row.string(first + 2),
      contactEmail: row.string(first + 3), websiteURL: row.optionalString(first + 4),
      industry: row.string(first + 5), allowedOrigins: row.strings(first + 6),
      permissions: row.strings(first + 7), state: state, isActive: row.bool(first + 9),
      version: row.int64(first + 10), createdAt: row.instant(first + 11), updatedAt: row.instant(first + 12))
  }

  /// Opens a tenant by its id or its site id.
  static func one(_ reference: TenantReference) -> Query {
    let condition: Statement =
      switch reference {
      case .id(let id): "t.tenant_id = \(id)::uuid"
      case .siteID(let siteID): "t.site_id = \(siteID)::text"
      }
    return Query("SELECT \(unescaped: columns) FROM landlord.tenants t WHERE \(condition)") { rows in
      .tenant(rows.first.map { tenant($0) })
    }
  }

  static func many(_ ids: [TenantID]) -> Query {
    let ids = ids.map(\.description)
    return Query(
      "SELECT \(unescaped: columns) FROM landlord.tenants t WHERE t.tenant_id = ANY (\(ids)::uuid[])"
    ) { rows in .tenants(rows.map { tenant($0) }) }
  }

  /// Whether a site id can be given to a new tenant; of all tenants, also those that a limited person does not see.
  static func availability(_ siteID: String) -> Query {
    Query("SELECT landlord.site_id_availability(\(siteID)::text)") { rows in
      guard let availability = Availability(rawValue: rows.exactlyOne.string(0)) else {
        preconditionFailure("site_id_availability answers one of three words")
      }
      return .availability(availability)
    }
  }
}
