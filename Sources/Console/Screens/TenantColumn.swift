import TenantStore
import Terminal

/// A column of the list. The raw value is what it is called in a saved view.
enum TenantColumn: String, CaseIterable, Hashable, Sendable {
  case siteID = "siteId"
  case name = "tenantName"
  case contactEmail
  case state
  case updated = "updatedAt"
  case industry = "businessIndustry"
  case created = "createdAt"
  case website = "websiteUrl"
  case origins = "allowedOrigins"
  case permissions
  case version
  case tenantID = "tenantId"

  var title: SafeText {
    switch self {
    case .siteID: "SITE"
    case .name: "NAME"
    case .contactEmail: "EMAIL"
    case .state: "STATE"
    case .updated: "UPDATED"
    case .industry: "INDUSTRY"
    case .created: "CREATED"
    case .website: "WEBSITE"
    case .origins: "ORIGINS"
    case .permissions: "PERMISSIONS"
    case .version: "VERSION"
    case .tenantID: "TENANT ID"
    }
  }

  /// Columns it takes at least, where nobody chose a width.
  var least: Int {
    switch self {
    case .siteID, .name, .contactEmail, .industry, .website, .permissions: 14
    case .origins: 20
    case .state: 11
    case .updated, .created, .version: 7
    case .tenantID: 36
    }
  }

  /// Its share of what is left over.
  var share: Int {
    switch self {
    case .siteID: 3
    case .name, .contactEmail, .website, .origins: 5
    case .industry, .permissions: 1
    case .state, .updated, .created, .version, .tenantID: 0
    }
  }

  func cell(_ tenant: Tenant, _ now: Instant) -> Shown {
    switch self {
    case .siteID: return Shown(tenant.siteID)
    case .name: return Shown(tenant.name)
    case .contactEmail: return Shown(tenant.contactEmail)
    case .state:
      // Upper case, so that a state that is not as it should be is seen without colour.
      let word = tenant.state.rawValue
      return Shown(tenant.state == .active ? word : word.uppercased(), Words.role(of: tenant.state))
    case .updated: return Shown(tenant.updatedAt.age(at: now), .faint)
    case .industry: return Shown(tenant.industry)
    case .created: return Shown(tenant.createdAt.age(at: now), .faint)
    case .website: return Shown(tenant.websiteURL)
    case .origins: return Self.list(tenant.allowedOrigins)
    case .permissions: return Self.list(tenant.permissions)
    case .version: return Shown(String(tenant.version))
    case .tenantID: return Shown(tenant.id.description, .faint)
    }
  }

  private static func list(_ values: [String]) -> Shown {
    values.isEmpty ? Shown(mark: "(none)") : Shown(values.joined(separator: " "))
  }
}
