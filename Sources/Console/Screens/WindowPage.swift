import TenantStore

/// What the window asks for.
extension TenantWindow {
  /// What brings the rows on the screen.
  var page: PageRequest {
    PageRequest(
      filter: filter, sort: sort, anchor: rows.indices.contains(top) ? .from(rows[top].cursor) : .first,
      limit: Self.limit, asOf: asOf)
  }

  /// What brings a page from there on.
  func page(_ anchor: PageRequest.Anchor, _ limit: Int = limit, isThorough: Bool = false) -> Request {
    .page(
      PageRequest(
        filter: filter, sort: sort, anchor: anchor, limit: limit, isThorough: isThorough, asOf: asOf))
  }
}
