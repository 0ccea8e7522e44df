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

  /// The place in `fresh` of the selected tenant, else of the next one that is still there, else of the one before.
  func nearest(in fresh: [TenantRow]) -> Int {
    guard rows.indices.contains(selected) else { return 0 }
    var places: [TenantID: Int] = [:]
    for (place, row) in fresh.enumerated() { places[row.tenant.id] = place }
    for row in rows[selected...] { if let place = places[row.tenant.id] { return place } }
    for row in rows[..<selected].reversed() { if let place = places[row.tenant.id] { return place } }
    return max(0, min(fresh.count - 1, selected))
  }
}
