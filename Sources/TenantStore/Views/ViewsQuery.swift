import Postgres

/// The shared views, and their changes.
enum ViewsQuery {
  static let all = Query(
    """
    SELECT v.name, v.filter, v.sort_column, v.descending, v.columns FROM landlord.saved_views v ORDER BY v.name
    """
  ) { .views($0.map(view)) }

  private static func view(_ row: Row) -> SavedView {
    guard let column = SortColumn(rawValue: row.string(2)) else {
      preconditionFailure("a column that the schema's own rule view_sort_known forbids")
    }
    return SavedView(
      name: row.string(0), filter: row.string(1), sort: Sort(column, descending: row.bool(3)),
      columns: row.strings(4))
  }

  static func change(_ change: ViewChange) -> Query {
    switch change.kind {
    case .save(let view):
      TenantWrite.written(
        """
        landlord.save_view(\(change.requestID)::uuid, \(view.name)::text, \(view.filter)::text,
          \(view.sort.column.rawValue)::text, \(view.sort.descending)::boolean, \(view.columns)::text[],
          \(change.reason)::text)
        """)
    case .remove(let name):
      TenantWrite.written(
        "landlord.remove_view(\(change.requestID)::uuid, \(name)::text, \(change.reason)::text)")
    }
  }
}
