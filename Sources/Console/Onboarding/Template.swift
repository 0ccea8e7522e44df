import TenantStore
import Terminal

/// What a new tenant's form can be filled in from. Only adds: nothing that was typed goes.
enum Template: Sendable {
  /// The usual of this industry, still to be asked for.
  case industry(String)
  case usual(Usual)
  case tenant(Tenant)

  /// Adds to the form what it lacks; answers what that was, in words.
  func fill(_ form: inout Form, _ catalogues: Catalogues?) -> SafeText {
    let (origins, permissions, whose) = parts
    var siteID = ""
    if case .text(let typed)? = form.value(.siteID) { siteID = typed }
    var added = (origins: 0, permissions: 0)
    form.change(.tenant(.allowedOrigins)) { row in
      guard case .lines(let lines) = row.editor else { return }
      let typed = Set(lines.entries.map { Array($0.utf8) })
      // Without a site id nothing can be made of a pattern.
      let new = origins.compactMap { Usual.origin($0, siteID: siteID) }.filter {
        !typed.contains(Array($0.utf8))
      }
      added.origins = new.count
      if !new.isEmpty { row.editor = .lines(LinesField(lines.entries + new)) }
    }
    form.change(.tenant(.permissions)) { row in
      guard case .choices(let chosen) = row.editor else { return }
      let offered = catalogues.map { Set($0.permissions.filter { !$0.retired }.map(\.name)) }
      let new = Set(permissions).subtracting(chosen).filter { offered?.contains($0) ?? true }
      added.permissions = new.count
      row.editor = .choices((chosen + new).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    }
    if case .tenant(let tenant) = self {
      form.change(.tenant(.industry)) {
        if case .choice("") = $0.editor { $0.editor = .choice(tenant.industry) }
      }
    }
    guard added != (0, 0) else { return SafeText("nothing to add: \(whose)") }
    let words = [Words.count(added.origins, "origin"), Words.count(added.permissions, "permission")]
    return SafeText("added \(words.joined(separator: " and ")): \(whose)")
  }

  private var parts: (origins: [String], permissions: [String], whose: String) {
    switch self {
    case .industry(let name): ([], [], "the usual of \(name)")
    case .usual(let usual):
      (
        usual.origins, usual.permissions,
        "what more than half of \(Words.count(Int(usual.tenants), "tenant")) of \(usual.industry) have"
      )
    case .tenant(let tenant):
      (
        tenant.allowedOrigins.map { Usual.pattern($0, siteID: tenant.siteID) }, tenant.permissions,
        "what \(tenant.siteID) has"
      )
    }
  }
}
