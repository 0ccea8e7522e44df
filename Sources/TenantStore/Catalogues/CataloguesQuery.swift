import Postgres

/// The catalogues, and their changes.
enum CataloguesQuery {
  static let all = Query(
    """
    SELECT true, i.name, i.retired FROM landlord.industries i
    UNION ALL
    SELECT false, p.name, p.retired FROM landlord.permissions p
    ORDER BY 1, 2
    """
  ) { rows in
    func items(_ industries: Bool) -> [Catalogues.Item] {
      rows.filter { $0.bool(0) == industries }.map { .init(name: $0.string(1), retired: $0.bool(2)) }
    }
    return .catalogues(Catalogues(industries: items(true), permissions: items(false)))
  }

  static func change(_ change: CatalogueChange) -> Query {
    let function =
      switch (change.kind, change.catalogue) {
      case (.add, .industries): "add_industry"
      case (.add, .permissions): "add_permission"
      case (.retire, .industries): "retire_industry"
      case (.retire, .permissions): "retire_permission"
      }
    return TenantWrite.written(
      """
      landlord.\(unescaped: function)(\(change.requestID)::uuid, \(change.name)::text, \(change.reason)::text)
      """)
  }
}
