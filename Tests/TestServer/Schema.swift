import Postgres
import TenantStore

/// Puts landlord's schema into a database.
enum Schema {
  static func install(_ conninfo: String) {
    do {
      let connection = try Connection.open(conninfo, deadline: 60_000)
      _ = try Migrator(connection).migrate()
    } catch { TestServer.stop("the schema could not be installed: \(error)") }
  }
}
