import TenantStore
import Terminal

/// Something that can be put on the terminal's clipboard: the exact bytes, hidden characters and all.
struct Clipping: Equatable, Sendable {
  /// What it is, for the menu and the notice: "name", "JSON".
  var name: String
  var text: String

  /// The tenant's values one by one, then the whole of it in every form there is.
  static func all(of tenant: Tenant, as forms: [TenantForm]) -> [Clipping] {
    var all = [
      Clipping(name: "site id", text: tenant.siteID), Clipping(name: "name", text: tenant.name),
      Clipping(name: "contact e-mail", text: tenant.contactEmail),
    ]
    if let url = tenant.websiteURL { all.append(Clipping(name: "website", text: url)) }
    if !tenant.allowedOrigins.isEmpty {
      all.append(Clipping(name: "origins", text: tenant.allowedOrigins.joined(separator: "\n")))
    }
    if !tenant.permissions.isEmpty {
      all.append(Clipping(name: "permissions", text: tenant.permissions.joined(separator: "\n")))
    }
    all.append(Clipping(name: "tenant id", text: tenant.id.description))
    all.append(Clipping(name: "row", text: row(tenant)))
    all += forms.map { Clipping(name: $0.name, text: $0.text([tenant])) }
    all.append(Clipping(name: "command line", text: CommandText.show(tenant)))
    return all
  }

  /// The columns of the list, with tabs between them, as spreadsheets take them.
  private static func row(_ tenant: Tenant) -> String {
    [
      tenant.siteID, tenant.name, tenant.contactEmail, tenant.industry, tenant.state.rawValue,
      tenant.id.description,
    ].joined(separator: "\t")
  }

  /// Said while it is on its way. Whether it arrived is known only to the terminal, which does not say.
  var notice: SafeText {
    let bytes = text.utf8.count
    let hidden = SafeText.hiddenCodePoints(in: text).count
    var words = "copied the \(name), \(Words.count(bytes, "byte"))"
    if hidden > 0 { words += " (\(Words.count(hidden, "hidden character")))" }
    return SafeText(words + ", if the terminal allows it")
  }
}

/// The whole of tenants as text: one for the clipboard, many for a file.
public struct TenantForm: Sendable {
  /// For the menu and the file's ending: "JSON".
  public var name: String
  public var text: @Sendable ([Tenant]) -> String

  public init(_ name: String, _ text: @escaping @Sendable ([Tenant]) -> String) {
    self.name = name
    self.text = text
  }
}
