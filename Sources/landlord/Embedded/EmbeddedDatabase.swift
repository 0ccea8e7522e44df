/// A database of the embedded server, by the name that `--connection` takes.
enum EmbeddedDatabase: String, CaseIterable {
  /// The one that is used when nobody names a database.
  case usual = "embedded"
  /// Made-up tenants, to try things on.
  case demo

  /// Its name to the server.
  var name: String {
    switch self {
    case .usual: "landlord"
    case .demo: "landlord_demo"
    }
  }
}
