import Postgres
import TestServer
import Testing

@testable import TenantStore

/// The doctor against a protected schema that is right, and that is sabotaged in every way it knows of. Each test works in a
/// transaction that is rolled back, so that nobody else sees its roles; one after the other, as the names of those are the same.
@Suite(.serialized) struct DoctorTests {
  /// A database with the shop in an open transaction of a superuser's.
  private struct Ward {
    let connection: Connection

    init() throws {
      let database = Database()
      connection = database.connect(.superuser)
      try connection.runScript("BEGIN; " + ProtectedShop.script, deadline: 60_000)
    }

    func run(_ script: String) throws { try connection.runScript(script, deadline: 60_000) }

    func examine(table: String? = nil) throws -> Examination {
      var examination = Examination()
      for group in CheckGroup.allCases {
        let query = Request.examine(group, table: table).query
        let rows = try connection.run(query.statement, deadline: 60_000)
        guard case .answer(.examined(let examined)) = query.decode(rows, connection) else {
          throw WrongAnswer()
        }
        examination.add(examined)
      }
      return examination
    }

    /// What is worse than a note.
    func troubles() throws -> [Finding] { try examine().findings.filter { $0.severity > .note } }

    /// Runs a mend as the console does, but for the transaction.
    func run(_ mend: Mend) throws {
      for statement in mend.statements {
        let role = statement.hasPrefix(Mend.grant) ? nil : mend.runsAs
        try connection.run("SELECT set_config('role', \(role ?? "none"), true)", deadline: 10_000)
        try run(statement.replacingConcurrently)
      }
      try run("RESET ROLE")
    }
  }

  @Test func aProtectedSchemaIsGreen() throws {
    let ward = try Ward()
    let examination = try ward.examine()
    #expect(examination.tables == 4)
    #expect(examination.findings.filter { $0.severity > .note } == [])
    #expect(examination.findings.contains { $0.check.name == "bypasser" && $0.object == "role postgres" })
    #expect(!examination.reaches(.warn))
  }

  @Test(arguments: Sabotage.all)
  func aSabotageIsFoundAndItsMendMakesItGreenAgain(_ sabotage: Sabotage) throws {
    let ward = try Ward()
    try ward.run(sabotage.sql)

    let found = try ward.troubles()
    let culprit = found.first { $0.check.name == sabotage.check && $0.object == sabotage.object }
    #expect(culprit != nil, "\(sabotage.check) of \(sabotage.object) is not among \(found.map(\.key))")
    #expect(
      culprit?.severity
        == (["definer_path_temporary", "floor_by_setting"].contains(sabotage.check) ? .warn : .fail))
    #expect((culprit?.mend == nil) == (sabotage.remedy != nil))

    if let remedy = sabotage.remedy { try ward.run(remedy) }
    // A mend can make the next one possible, or needless.
    for _ in 0..<4 {
      guard let mend = try ward.troubles().lazy.compactMap(\.mend).first else { break }
      try ward.run(mend)
    }
    #expect(try ward.troubles() == [])
  }

  @Test func everyCheckHasItsSabotage() {
    let checks = CheckGroup.allCases.flatMap(\.checks)
    #expect(Set(checks.map(\.name)).count == checks.count)
    let sabotaged = Set(Sabotage.all.map(\.check))
    #expect(checks.filter { $0.severity > .note && !sabotaged.contains($0.name) }.map(\.name) == [])
  }

  @Test func oneTableIsLookedAtAlone() throws {
    let ward = try Ward()
    try ward.run(
      "ALTER TABLE shop.orders DISABLE ROW LEVEL SECURITY; DROP POLICY landlord_floor ON shop.customers")
    let orders = try ward.examine(table: "shop.orders")
    #expect(orders.tables == 1)
    #expect(orders.findings.map(\.check.name) == ["rls_off"])
    #expect(try ward.examine(table: "shop.nothing") == Examination())
    #expect(try ward.examine(table: "shop.countries").tables == 0)
  }

  @Test func aTenantColumnOfAnotherNameIsKnownByItsFloor() throws {
    let ward = try Ward()
    try ward.run(
      "ALTER TABLE shop.orders RENAME tenant_id TO customer; ALTER TABLE shop.orders NO FORCE ROW LEVEL SECURITY"
    )
    #expect(try ward.troubles().map(\.object) == ["shop.orders"])
  }

  @Test func hostileNamesStayNamesInTheMend() throws {
    let ward = try Ward()
    try ward.run(
      """
      CREATE SCHEMA "a;b" AUTHORIZATION shop_owner; SET LOCAL ROLE shop_owner; CREATE TABLE "a;b"."x""; DROP TABLE shop.orders; --" (tenant_id uuid NOT NULL);
      CREATE POLICY landlord_open ON "a;b"."x""; DROP TABLE shop.orders; --" TO landlord_tenant USING (true);
      RESET ROLE
      """)
    for _ in 0..<8 {
      guard let mend = try ward.troubles().lazy.compactMap(\.mend).first else { break }
      try ward.run(mend)
    }
    #expect(try ward.troubles() == [])
    #expect(try ward.examine().tables == 5)
  }
}

extension String {
  /// An index cannot be built beside others' work inside a transaction.
  fileprivate var replacingConcurrently: String {
    let prefix = "CREATE INDEX CONCURRENTLY "
    return hasPrefix(prefix) ? "CREATE INDEX " + dropFirst(prefix.count) : self
  }
}
