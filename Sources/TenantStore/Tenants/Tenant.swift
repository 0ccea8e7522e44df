/// What a tenant's life is at. Which doors each state opens stands in the README's list of words.
public enum TenantState: String, CaseIterable, Sendable {
  case provisioning, active, suspended, deactivated, purged
}

/// A tenant as the registry keeps it. Values are the exact bytes that are stored; clean them before drawing.
/// Compare texts by bytes (`sameBytes`), never with `==`: NFC and NFD forms are two different tenants.
public struct Tenant: Sendable, Equatable {
  public var id: TenantID
  public var siteID: String
  public var name: String
  public var contactEmail: String
  /// Nil where the tenant has no site.
  public var websiteURL: String?
  /// The name of an entry in the catalogue of industries.
  public var industry: String
  /// Serialised origins, in the order in which they were given. May be empty.
  public var allowedOrigins: [String]
  /// Names from the catalogue of permissions, sorted by bytes. May be empty.
  public var permissions: [String]
  public var state: TenantState
  /// True in state active only.
  public var isActive: Bool
  /// 1 for a new tenant, one more with each change.
  public var version: Int64
  public var createdAt: Instant
  public var updatedAt: Instant

  public init(
    id: TenantID, siteID: String, name: String, contactEmail: String, websiteURL: String?, industry: String,
    allowedOrigins: [String], permissions: [String], state: TenantState, isActive: Bool, version: Int64,
    createdAt: Instant, updatedAt: Instant
  ) {
    self.id = id
    self.siteID = siteID
    self.name = name
    self.contactEmail = contactEmail
    self.websiteURL = websiteURL
    self.industry = industry
    self.allowedOrigins = allowedOrigins
    self.permissions = permissions
    self.state = state
    self.isActive = isActive
    self.version = version
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }

  /// Equal by bytes, field by field.
  public static func == (a: Tenant, b: Tenant) -> Bool {
    a.id == b.id && a.version == b.version && a.state == b.state && a.isActive == b.isActive
      && a.createdAt == b.createdAt && a.updatedAt == b.updatedAt
      && TenantField.allCases.allSatisfy { a[$0].sameBytes(as: b[$0]) }
  }
}

/// The fields that people fill in. The raw value is the key in JSON and in `changes`.
public enum TenantField: String, CaseIterable, Sendable {
  case siteID = "siteId"
  case name = "tenantName"
  case contactEmail
  case websiteURL = "websiteUrl"
  case industry = "businessIndustry"
  case allowedOrigins
  case permissions
}

/// The value of one field.
public enum FieldValue: Sendable, Hashable {
  case text(String)
  case list([String])
  /// The URL that is not there.
  case absent

  /// Whether both are the same bytes in the same shape. `==` of strings would take NFC and NFD for one.
  public func sameBytes(as other: FieldValue) -> Bool {
    switch (self, other) {
    case (.text(let a), .text(let b)): a.utf8.elementsEqual(b.utf8)
    case (.list(let a), .list(let b)): a.elementsEqual(b) { $0.utf8.elementsEqual($1.utf8) }
    case (.absent, .absent): true
    case (.text, _), (.list, _), (.absent, _): false
    }
  }

  public static func == (a: FieldValue, b: FieldValue) -> Bool { a.sameBytes(as: b) }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .text(let text): hasher.combine(Array(text.utf8))
    case .list(let list): hasher.combine(list.map { Array($0.utf8) })
    case .absent: hasher.combine(0)
    }
  }
}

extension Tenant {
  /// The value of a field.
  public subscript(field: TenantField) -> FieldValue {
    switch field {
    case .siteID: .text(siteID)
    case .name: .text(name)
    case .contactEmail: .text(contactEmail)
    case .websiteURL: websiteURL.map(FieldValue.text) ?? .absent
    case .industry: .text(industry)
    case .allowedOrigins: .list(allowedOrigins)
    case .permissions: .list(permissions)
    }
  }
}
