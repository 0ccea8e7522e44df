import TenantStore

/// What can be done to all tenants that are marked.
enum BulkKind: CaseIterable, Sendable {
  case deactivate, reactivate, addOrigin, removeOrigin, addPermission, removePermission, setIndustry

  /// For the menu and the titles.
  var words: String {
    switch self {
    case .deactivate: "deactivate"
    case .reactivate: "reactivate"
    case .addOrigin: "add an origin"
    case .removeOrigin: "remove an origin"
    case .addPermission: "add a permission"
    case .removePermission: "remove a permission"
    case .setIndustry: "set the industry"
    }
  }

  /// The field whose value it takes; nil: none.
  var field: TenantField? {
    switch self {
    case .deactivate, .reactivate: nil
    case .addOrigin, .removeOrigin: .allowedOrigins
    case .addPermission, .removePermission: .permissions
    case .setIndustry: .industry
    }
  }

  /// The change, with `value` where it takes one.
  func change(_ value: String) -> Bulk.Change {
    switch self {
    case .deactivate: .deactivate
    case .reactivate: .reactivate
    case .addOrigin: .addOrigin(value)
    case .removeOrigin: .removeOrigin(value)
    case .addPermission: .addPermission(value)
    case .removePermission: .removePermission(value)
    case .setIndustry: .setIndustry(value)
    }
  }
}

extension Bulk.Change {
  /// What it does, for titles: "add the origin https://x.example".
  var words: String {
    switch self {
    case .deactivate: "deactivate"
    case .reactivate: "reactivate"
    case .addOrigin(let origin): "add the origin \(origin)"
    case .removeOrigin(let origin): "remove the origin \(origin)"
    case .addPermission(let name): "add the permission \(name)"
    case .removePermission(let name): "remove the permission \(name)"
    case .setIndustry(let name): "set the industry \(name)"
    }
  }

  /// What that means for the tenants it is done to.
  var effect: String {
    switch self {
    case .deactivate: "Their origins, permissions and secrets stop being accepted. Nothing is deleted."
    case .reactivate: "Their origins, permissions and secrets are accepted again."
    case .addOrigin: "Requests from this origin are accepted for them from then on."
    case .removeOrigin: "Requests from this origin are no longer accepted for them."
    case .addPermission: "They may do what this permission allows from then on."
    case .removePermission: "They may no longer do what this permission allows."
    case .setIndustry: "What they have there now is replaced."
    }
  }
}
