/// The rules of a tenant's fields, each under its constraint's name: the same rule as in the schema, so that a form can
/// speak before the server does. A property test holds both equal.
///
/// Where several are broken, the one whose name comes first is told, as the server does. Lengths are code points.
public enum TenantRules {
  /// The first rule that `value` breaks, or nil. What needs the server (a site id taken, the catalogues) is not asked.
  public static func problem(in field: TenantField, _ value: FieldValue) -> FieldProblem? {
    broken(field, value).map { FieldProblem(field: field, rule: $0, message: message(for: $0)) }
  }

  /// The same, with the choice from a catalogue checked too. `before` is what the field held: a retired item may stay
  /// but not be newly chosen.
  public static func problem(
    in field: TenantField, _ value: FieldValue, catalogues: Catalogues, before: FieldValue? = nil
  ) -> FieldProblem? {
    if let problem = problem(in: field, value) { return problem }
    return choiceBroken(field, value, catalogues, before).map {
      FieldProblem(field: field, rule: $0, message: message(for: $0))
    }
  }

  private static func broken(_ field: TenantField, _ value: FieldValue) -> String? {
    switch (field, value) {
    case (.siteID, .text(let text)): SiteIDRules.broken(text)
    case (.name, .text(let text)): NameRules.broken(text)
    case (.contactEmail, .text(let text)): EmailRules.broken(text)
    case (.websiteURL, .text(let text)): URLRules.broken(text)
    case (.websiteURL, .absent): nil
    case (.industry, .text(let text)): text.isEmpty ? "business_industry_known" : nil
    case (.allowedOrigins, .list(let list)): OriginRules.broken(list)
    case (.permissions, .list(let list)): isAscending(list) ? nil : "permissions_sorted"
    case (.siteID, .absent), (.name, .absent), (.contactEmail, .absent), (.industry, .absent),
      (.allowedOrigins, .absent), (.permissions, .absent):
      field.column + "_required"
    case (.siteID, .list), (.name, .list), (.contactEmail, .list), (.websiteURL, .list), (.industry, .list),
      (.allowedOrigins, .text), (.permissions, .text):
      "field_type"
    }
  }

  private static func choiceBroken(
    _ field: TenantField, _ value: FieldValue, _ catalogues: Catalogues, _ before: FieldValue?
  ) -> String? {
    switch (field, value) {
    case (.industry, .text(let name)):
      let item = catalogues.industries.first { $0.name.isSameBytes(as: name) }
      if item == nil { return "business_industry_known" }
      return item!.retired && before != value ? "business_industry_retired" : nil
    case (.permissions, .list(let names)):
      let items = names.map { name in catalogues.permissions.first { $0.name.isSameBytes(as: name) } }
      if items.contains(where: { $0 == nil }) { return "permissions_known" }
      var kept: [String] = []
      if case .list(let list) = before { kept = list }
      let isNewlyRetired = items.contains { item in
        item!.retired && !kept.contains { $0.isSameBytes(as: item!.name) }
      }
      return isNewlyRetired ? "permissions_retired" : nil
    default:
      return nil
    }
  }

  static func isAscending(_ list: [String]) -> Bool {
    zip(list, list.dropFirst()).allSatisfy { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}

extension TenantField {
  /// The column that holds it, with which its constraints' names begin.
  var column: String {
    switch self {
    case .siteID: "site_id"
    case .name: "tenant_name"
    case .contactEmail: "contact_email"
    case .websiteURL: "website_url"
    case .industry: "business_industry"
    case .allowedOrigins: "allowed_origins"
    case .permissions: "permissions"
    }
  }

  /// The field whose constraint this is; nil for what concerns no field.
  static func ofConstraint(_ name: String) -> TenantField? {
    allCases.first { name.utf8.starts(with: ($0.column + "_").utf8) }
  }
}

extension String {
  /// Equal byte by byte: `==` would take two forms of an accented letter for one.
  func isSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
