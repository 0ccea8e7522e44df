import TenantStore

extension Cursor {
  /// The place of a tenant in an order, in the form in which the server compares: texts by bytes, names and addresses
  /// with the letters A to Z made small (which is what `lower` does in the collation "C").
  init(of tenant: Tenant, sort: Sort) {
    let key =
      switch sort.column {
      case .siteID: tenant.siteID
      case .name: Self.lower(tenant.name)
      case .contactEmail: Self.lower(tenant.contactEmail)
      case .industry: tenant.industry
      case .state: tenant.state.rawValue
      case .createdAt: String(tenant.createdAt.microseconds)
      case .updatedAt: String(tenant.updatedAt.microseconds)
      }
    self.init(key: key, id: tenant.id)
  }

  private static func lower(_ text: String) -> String {
    String(decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }, as: UTF8.self)
  }
}
