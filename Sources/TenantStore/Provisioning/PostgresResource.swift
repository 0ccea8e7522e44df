import Postgres

/// What a tenant has in the platform's PostgreSQL: its row in the registry with its secret, its context, and its rows in the
/// protected tables. All of that follows from its state, so there is nothing to be done here but to look whether it does.
struct PostgresResource: Resource {
  /// As it is listed.
  static let listed = "postgresql"
  static func isListed(as name: String) -> Bool { name.utf8.elementsEqual(listed.utf8) }
  var name: String { Self.listed }
  private let connection: Connection

  init(_ connection: Connection) { self.connection = connection }

  func inspect(_ tenant: Tenant) throws(ResourceError) -> Condition {
    let doors = try doors(tenant)
    guard doors.contains(where: { $0.name == "secret" && $0.opens != nil }) else {
      return try footprint(tenant).isEmpty ? .absent : .suspended
    }
    let open = doors.filter { $0.opens == true && ["reads", "writes"].contains($0.name) }
    return open.count == 2 ? .ready : .suspended
  }

  func provision(_ tenant: Tenant) throws(ResourceError) { throw .refused("its secret was never set") }
  func suspend(_ tenant: Tenant) throws(ResourceError) { throw .refused("its context still opens") }
  func resume(_ tenant: Tenant) throws(ResourceError) { throw .refused("its context does not open") }

  func destroy(_ tenant: Tenant) throws(ResourceError) {
    let rows = try footprint(tenant).reduce(0) { $0 + $1.count }
    throw .refused("\(rows) rows of it are still there; landlord tenant purge removes them")
  }

  func probe(_ tenant: Tenant) throws(ResourceError) -> [Door] { try doors(tenant) }

  func footprint(_ tenant: Tenant) throws(ResourceError) -> [Amount] {
    try run(
      "SELECT f.relation, f.tenant_rows FROM landlord.footprint(\(tenant.id)::uuid) f WHERE f.tenant_rows > 0"
    ).map {
      Amount(name: $0.string(0), count: $0.int64(1))
    }
  }

  private func doors(_ tenant: Tenant) throws(ResourceError) -> [Door] {
    try run("SELECT d.door, d.opens, d.allowed FROM landlord.doors(\(tenant.id)::uuid) d").map {
      Door(name: $0.string(0), opens: $0.optionalBool(1), isAllowed: $0.bool(2))
    }
  }

  private func run(_ statement: Statement) throws(ResourceError) -> Rows {
    do { return try connection.run(statement, deadline: Self.patience) } catch {
      switch error {
      case .server(let error): throw .refused(error.message)
      case .cannotConnect(let message), .lost(let message, _), .unsendable(let message):
        throw .unreachable(message)
      case .deadline: throw .unreachable("the server did not answer in time")
      }
    }
  }
}
