/// Puts landlord's schema into a database.
enum Schema {
  static func install(_ conninfo: String) {}
}
