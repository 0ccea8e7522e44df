import TenantStore

extension TenantWindow {
  /// The tenants from the one with this id to the selected one; nil: it is not among the rows that are held.
  func range(from start: TenantID) -> [TenantID]? {
    guard let place = rows.firstIndex(where: { $0.tenant.id == start }), rows.indices.contains(selected)
    else {
      return nil
    }
    return rows[min(place, selected)...max(place, selected)].map(\.tenant.id)
  }
}
