import TenantStore
import Terminal

/// What a new tenant's people are told, without the secret: that goes another way.
struct HandOver: Sendable {
  private let lines: [(title: String, values: [String])]
  private let name: String

  init(_ tenant: Tenant, hint: String, _ session: Session?) {
    name = SafeText(tenant.name).text
    let environment = session?.environment.map { [$0] } ?? []
    // Cleaned: other people read it, and paste it on.
    lines = [
      ("Tenant", [tenant.name]), ("Site id", [tenant.siteID]), ("Tenant id", [tenant.id.description]),
      ("Environment", environment), ("Contact", [tenant.contactEmail]),
      ("Website", tenant.websiteURL.map { [$0] } ?? []),
      ("Origins", tenant.allowedOrigins), ("Permissions", tenant.permissions),
      ("Since", [tenant.createdAt.utc]),
      ("Secret", ["comes another way; it ends in \(hint)"]),
    ].filter { !$0.1.isEmpty }.map { ($0.0, $0.1.map { SafeText($0).text }) }
  }

  var text: String {
    lines.map { title, values in
      let indent = String(repeating: " ", count: 13)
      return title + String(repeating: " ", count: 13 - title.count) + values.joined(separator: "\n" + indent)
        + "\n"
    }.joined()
  }

  var markdown: String {
    let rows = lines.map { title, values in
      "| \(title) | \(values.map(Self.escaped).joined(separator: "<br>")) |\n"
    }
    return "# \(Self.escaped(name))\n\n| | |\n|---|---|\n" + rows.joined()
  }

  /// What would be taken for a mark or for HTML is not.
  private static func escaped(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if "\\`*_[]<>|#!~&".unicodeScalars.contains(scalar) { escaped.append("\\") }
      escaped.append(scalar)
    }
    return String(escaped)
  }
}
