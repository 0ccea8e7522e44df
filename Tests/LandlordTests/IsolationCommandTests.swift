import Postgres
import TenantStore
import TestServer
import Testing

@testable import landlord

/// The commands that protect the platform's tables.
@Suite struct IsolationCommandTests {
  private let conninfo = TestServer.shared.database(.platform, as: .platformAdmin)

  private func landlord(_ arguments: String..., as login: TestServer.Login = .platformAdmin)
    -> Program.Outcome
  {
    Program.run(
      ["isolation"] + arguments, ["LANDLORD_DATABASE": TestServer.shared.conninfo(conninfo, as: login)])
  }

  @Test func theSamplePlatformIsProtectedByCommandsAndOpenedAgain() throws {
    #expect(landlord("list").output == "")
    let dry = landlord("protect", "platform.orders", "--dry-run")
    #expect(dry.status == 0)
    #expect(
      dry.output.contains("CREATE INDEX CONCURRENTLY orders_landlord_tenant ON platform.orders (tenant_id);"))
    #expect(
      dry.output.contains(
        "CREATE POLICY landlord_floor ON platform.orders AS RESTRICTIVE FOR ALL TO landlord_tenant"))
    #expect(landlord("list").output == "")

    let done = landlord("protect", "platform.orders", "platform.messages", "--reason", "SUP-1")
    #expect(done.status == 0)
    #expect(
      done.output == "platform.orders is protected (7 steps)\nplatform.messages is protected (15 steps)\n")
    #expect(done.errors.contains("platform.messages_2026_01: lay the floor"))
    #expect(landlord("protect", "platform.orders").output == "platform.orders is protected already\n")
    #expect(landlord("list", as: .support).output.split(separator: "\n").count == 5)
    #expect(
      landlord("list", "--json").output.hasPrefix(
        #"[{"table":"platform.messages","column":"tenant_id","form":"registry","holds":true},"#))

    #expect(landlord("unprotect", "platform.orders", "--reason", "x", "--yes", "platform.order").status == 64)
    let opened = landlord("unprotect", "platform.messages", "--reason", "SUP-2", "--yes", "platform.messages")
    #expect(opened.output == "platform.messages is open to all tenants again (4 tables)\n")
    #expect(landlord("list").output == "platform.orders\ttenant_id\tregistry\tholds\n")
    #expect(
      landlord("unprotect", "platform.messages", "--reason", "x", "--yes", "platform.messages").status == 3)
  }

  @Test func aDryRunIsAScriptThatProtects() throws {
    let script = landlord("protect", "platform.orders", "--dry-run").output
    let owner = TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .platformOwner))
    try TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .superuser)).run(
      "SELECT landlord.protect_grant('platform.orders')", deadline: 5_000)
    // A blank line ends each step; one that is not to be in a transaction must be sent alone.
    for step in script.split(separator: "\n\n") { try owner.runScript(String(step), deadline: 30_000) }
    #expect(
      landlord("protect", "platform.orders", "--dry-run").output
        == "-- platform.orders is protected already\n")
  }

  @Test func whatIsRefusedHasAReasonAndTheStatementThatMendsIt() throws {
    let owner = TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .platformOwner))
    try owner.runScript("CREATE TABLE platform.notes (tenant_id uuid, id int PRIMARY KEY)", deadline: 5_000)
    for extra in [["--dry-run"], []] {
      let refused = Program.run(
        ["isolation", "protect", "platform.notes"] + extra, ["LANDLORD_DATABASE": conninfo])
      #expect(refused.status == 5)
      #expect(
        refused.errors.contains(
          "ALTER TABLE platform.notes DROP CONSTRAINT notes_pkey, ADD CONSTRAINT notes_pkey PRIMARY KEY (tenant_id, id);"
        ))
    }
  }

  @Test func anAdminWhoIsNoOwnerNamesTheOwnersLogin() throws {
    // The admin may not even look into that schema.
    let blind = landlord("protect", "platform.orders", as: .admin)
    #expect(blind.status == 4)
    #expect(blind.errors.contains("permission denied for schema platform"))
    try TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .superuser)).runScript(
      "GRANT USAGE ON SCHEMA platform TO admin", deadline: 5_000)
    let alone = landlord("protect", "platform.orders", as: .admin)
    #expect(alone.status == 4)
    #expect(alone.errors.contains("platform.orders belongs to platform_owner"))
    let owner = TestServer.shared.conninfo(conninfo, as: .platformOwner)
    #expect(landlord("protect", "platform.orders", "--owner-database", owner, as: .admin).status == 0)
    #expect(landlord("protect", "platform.orders", "--owner-database", owner, as: .support).status == 4)
    #expect(landlord("protect", "platform.nothing").status == 3)
  }
}
