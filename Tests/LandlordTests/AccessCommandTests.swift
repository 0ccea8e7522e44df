import Postgres
import TenantStore
import TestServer
import Testing

/// `landlord access` as people run it. Roles are the server's, so each test has a person of its own.
@Suite struct AccessCommandTests {
  private let conninfo = TestServer.shared.database(.schema, as: .superuser)
  private let name = "ben_\(TenantID.random().description.prefix(8))"

  init() throws {
    try TestServer.shared.connect(conninfo).runScript("CREATE ROLE \(name) LOGIN", deadline: 5_000)
  }

  private func landlord(_ arguments: String..., as login: String = "postgres") -> Program.Outcome {
    Program.run(arguments, ["LANDLORD_DATABASE": conninfo + " user='\(login)'"])
  }

  private func create(_ siteID: String, _ industry: String) {
    _ = landlord(
      "tenant", "create", "--site-id", siteID, "--name", siteID, "--email", "a@b.example", "--industry",
      industry)
  }

  @Test func aPersonIsLetInLimitedAndTakenOut() throws {
    create("acme", "retail")
    create("bolt", "energy")
    create("watt", "energy")
    #expect(landlord("tenant", "list", as: name).status == 4)

    let granted = landlord("access", "grant", name, "support", "--reason", "SUP-7")
    #expect(granted.status == 0 && granted.errors == "")
    #expect(granted.output.hasPrefix("\(name) is in landlord_support now\nauditEntry "))
    #expect(
      landlord("access", "grant", name, "support").output
        == "auditEntry        none: nothing changed\n")
    let limited = landlord(
      "access", "limit", name, "--industry", "retail", "--tenant", "bolt", "--reason", "why")
    #expect(
      limited.output.hasPrefix(
        """
        \(name) is in landlord_support_limited now
        \(name) is in landlord_support no longer
        limits changed    2

        """))
    #expect(landlord("tenant", "show", "acme", as: name).status == 0)
    #expect(landlord("tenant", "show", "bolt", as: name).status == 0)
    #expect(landlord("tenant", "show", "watt", as: name).status == 3)
    #expect(landlord("tenant", "list", "--csv", as: name).output.split(separator: "\r\n").count == 3)
    #expect(
      landlord("access", "list", as: name).output
        == "\(name)\tsupport\tindustry:retail tenant:bolt\n")
    #expect(landlord("access", "list", "--json", as: name).output.contains(#""tenants":["bolt"]"#))
    #expect(landlord("access", "unlimit", name, "--all", "--reason", "why").status == 0)
    #expect(landlord("tenant", "show", "watt", as: name).status == 0)
    #expect(landlord("access", "revoke", name, "support").status == 0)
    #expect(landlord("tenant", "show", "watt", as: name).status == 4)
  }

  @Test func whatCannotBeDoneIsSaidWithItsCode() throws {
    let nobody = landlord("access", "grant", "nosuch", "admin")
    #expect(nobody.status == 3 && nobody.errors.contains(#"CREATE ROLE "nosuch" LOGIN"#))
    let admin = landlord("access", "grant", name, "admin", as: "admin")
    #expect(admin.status == 4 && admin.errors.contains("ADMIN OPTION"))
    let support = landlord("access", "grant", name, "admin", as: "support")
    #expect(support.status == 4 && support.errors.contains("could not write it into the audit"))
    #expect(landlord("access", "list", as: "stranger").status == 4)
    #expect(landlord("access", "limit", name, "--industry", "nosuch", "--reason", "why").status == 1)
    #expect(landlord("access", "limit", name, "--tenant", "nosuch", "--reason", "why").status == 3)
    #expect(landlord("access", "unlimit", name, "--industry", "retail", "--reason", "why").status == 3)
    #expect(landlord("access", "limit", name, "--reason", "why").status == 64)
    #expect(landlord("access", "limit", name, "--industry", "retail").status == 64)
    #expect(landlord("access", "unlimit", name, "--reason", "why").status == 64)
    #expect(landlord("access", "grant", name, "owner").status == 64)
  }
}
