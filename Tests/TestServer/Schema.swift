import Postgres
import TenantStore

/// Puts landlord's schema into a database.
enum Schema {
  static func install(_ conninfo: String) {
    do {
      _ = try Migrator(Connection.open(conninfo, deadline: 10_000)).migrate()
    } catch {
      TestServer.stop("cannot migrate: \(error)")
    }
  }
}
