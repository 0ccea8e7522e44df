import Postgres
import TenantStore
import TestServer
import Testing

@testable import landlord

/// The commands of a tenant's life, on a platform whose tables are protected.
@Suite struct LifecycleCommandTests {
  private let conninfo = TestServer.shared.database(.platform, as: .superuser)
  private let superuser: Connection

  init() throws {
    superuser = TestServer.shared.connect(conninfo)
    let admin = TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .platformAdmin))
    let protector = Protector(admin: admin, owner: admin)
    _ = try protector.protect(ProtectTarget(table: SamplePlatform.tables[0]), reason: "x")
    _ = try protector.protect(ProtectTarget(table: SamplePlatform.tables[1]), reason: "x")
  }

  private func landlord(_ arguments: String..., as login: TestServer.Login = .admin) -> Program.Outcome {
    Program.run(arguments, ["LANDLORD_DATABASE": TestServer.shared.conninfo(conninfo, as: login)])
  }

  /// What the platform's own code gets to see of tenant 7, by each of its ways in: the error's name, or a number.
  private func platform(_ sql: String) -> String {
    let line = TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .platform))
    do {
      try line.runScript(
        "BEGIN; SET LOCAL landlord.tenant_id = '\(SamplePlatform.tenant(7))'", deadline: 5_000)
      return try line.run("\(unescaped: sql)", deadline: 5_000).exactlyOne.optionalString(0) ?? "-"
    } catch {
      if case .server(let server) = error { return server.constraint ?? server.sqlState }
      return "\(error)"
    }
  }

  @Test func aSuspendedTenantIsOutOfEveryDoor() {
    let ways = [
      "SELECT count(*)::text FROM platform.orders",
      "WITH d AS (DELETE FROM platform.messages WHERE message_id < 0 RETURNING 1) SELECT count(*)::text FROM d",
      "SELECT landlord.verify_secret('\(SamplePlatform.tenant(7))', sha256('secret 7'))::text",
      "SELECT landlord.origin_allowed('\(SamplePlatform.tenant(7))', 'https://tenant7.example')::text",
    ]
    #expect(ways.map(platform) == ["1200", "0", "true", "true"])
    let done = landlord(
      "tenant", "suspend", "tenant-07", "--reason", "unpaid", "--ticket", "FIN-1", "--until", "30d")
    #expect(done.status == 0)
    #expect(done.output.contains("rows              platform.orders: predicted 1200, actual 1200\n"))
    for door in ["reads", "writes", "secret", "origins"] {
      #expect(done.output.contains("\(door) refused after "), "\(door): \(done.output)")
    }
    #expect(ways.map(platform) == ["context_state", "context_state", "false", "false"])

    #expect(
      landlord("tenant", "suspend", "tenant-07", "--reason", "may look", "--access", "read").status == 0)
    #expect(ways.map(platform) == ["1200", "context_state", "true", "true"])
    let back = landlord("tenant", "resume", "tenant-07", "--reason", "paid", "--json")
    #expect(back.status == 0)
    #expect(
      back.output.contains(#"{"door":"secret","opens":true,"allowed":true,"refusedAfterMilliseconds":null}"#))
    #expect(ways.map(platform) == ["1200", "0", "true", "true"])
    #expect(landlord("tenant", "resume", "tenant-07", "--reason", "again").status == 5)
  }

  @Test func whatIsDueIsRunOnceAndSaidUntilThen() throws {
    #expect(landlord("tenant", "suspend", "tenant-03", "--reason", "x", "--until", "yesterday").status == 64)
    #expect(landlord("tenant", "suspend", "tenant-03", "--reason", "x", "--until", "2020-01-01").status == 64)
    #expect(landlord("tenant", "suspend", "tenant-03", "--reason", "x", "--until", "2d").status == 0)
    #expect(landlord("tenant", "show", "tenant-03").output.contains("resumed then"))
    #expect(landlord("lifecycle", "run").output == "")
    try superuser.run("UPDATE landlord.terms SET until = now() - interval '1 hour'", deadline: 5_000)
    #expect(landlord("tenant", "show", "tenant-03").output.contains("OVERDUE to be resumed"))
    #expect(landlord("info", "--json").output.contains(#""lifecycle.overdue":1"#))
    #expect(landlord("lifecycle", "run", as: .support).status == 4)
    #expect(landlord("lifecycle", "run").output == "tenant-03\tactive\n")
    #expect(landlord("lifecycle", "run").output == "")
    #expect(landlord("info", "--json").output.contains(#""lifecycle.overdue":0"#))
  }

  @Test func aPurgeTakesTwoPeopleACodeAndTheSiteID() throws {
    _ = landlord("settings", "set", "purge_days", "0")
    let site = "tenant-07"
    #expect(landlord("tenant", "purge", site, "--request", "--reason", "x", "--yes", site).status == 5)
    #expect(landlord("tenant", "deactivate", site, "--reason", "over", "--yes", site).status == 0)
    #expect(landlord("tenant", "reactivate", site, "--reason", "x").status == 5)
    #expect(landlord("tenant", "purge", site, "--request").status == 64)
    #expect(
      landlord("tenant", "purge", site, "--request", "--reason", "x", "--yes", "tenant-08").status == 64)
    let asked = landlord("tenant", "purge", site, "--request", "--reason", "GDPR", "--yes", site)
    #expect(asked.status == 0)
    #expect(asked.output.contains("  1200\trows of platform.orders\n"))
    #expect(asked.output.contains("agreed to         no\n"))
    let code =
      asked.output.split(separator: "\n").first { $0.hasPrefix("code ") }?.split(separator: " ").last ?? ""
    #expect(code.utf8.count == 12)
    let approve = ["tenant", "purge", site, "--reason", "seen", "--yes", site, "--approve"]
    func approved(_ code: String, as login: TestServer.Login) -> Int32 {
      Program.run(
        approve + [code], ["LANDLORD_DATABASE": TestServer.shared.conninfo(conninfo, as: login)]
      ).status
    }
    #expect(approved(String(code), as: .admin) == 5)
    #expect(approved("000000000000", as: .platformAdmin) == 5)
    #expect(approved(String(code), as: .support) == 4)
    #expect(landlord("tenant", "purge", site, "--run", "--reason", "x", "--yes", site).status == 1)
    #expect(approved(String(code), as: .platformAdmin) == 0)
    let done = landlord("tenant", "purge", site, "--run", "--reason", "GDPR", "--yes", site, "--batch", "500")
    #expect(done.status == 0, "\(done.errors)")
    #expect(done.output.contains("rows              platform.orders: predicted 1200, actual 1200\n"))
    #expect(done.output.contains("state             purged\n"))
    #expect(landlord("tenant", "purge", site, "--run", "--reason", "x", "--yes", site).status == 5)
  }
}
