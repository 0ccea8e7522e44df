import TestServer
import Testing

/// `landlord doctor` as a process: what it prints, in which form, and how it ends.
@Suite struct DoctorCommandTests {
  private let conninfo = TestServer.shared.database(.schema, as: .admin)

  /// A table that was protected once, and of which someone has since switched row-level security off.
  private func sabotage() throws {
    try TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .superuser)).runScript(
      """
      CREATE SCHEMA shop AUTHORIZATION installer;
      CREATE TABLE shop."odd ""name" (tenant_id uuid PRIMARY KEY);
      ALTER TABLE shop."odd ""name" OWNER TO installer;
      ALTER TABLE shop."odd ""name" FORCE ROW LEVEL SECURITY;
      CREATE POLICY landlord_keeper ON shop."odd ""name" TO landlord_owner USING (true);
      """, deadline: 10_000)
  }

  private func doctor(_ arguments: String..., as login: TestServer.Login = .admin) -> Program.Outcome {
    Program.run(
      ["doctor"] + arguments, ["LANDLORD_DATABASE": TestServer.shared.conninfo(conninfo, as: login)])
  }

  @Test func aFailedCheckIsExitCode8AndSaysHowToMendIt() throws {
    try sabotage()
    let outcome = doctor("--table", #"shop."odd ""name""#)
    #expect(outcome.status == 8)
    #expect(
      outcome.output.hasPrefix(
        """
        FAIL  rls_off  shop."odd ""name": row-level security is off
              Policies that are not switched on hold nobody.
              ALTER TABLE shop."odd ""name" ENABLE ROW LEVEL SECURITY;
              -- as installer

        """))
    #expect(outcome.output.hasSuffix("1 table with a tenant column: 2 failures, 0 warnings, 0 notes\n"))
    #expect(outcome.errors.contains("the doctor found 2 failures"))
  }

  @Test func supportMaySeeItAndAnUnknownTableIsNotFound() throws {
    try sabotage()
    #expect(doctor("--table", #"odd "name"#, as: .support).status == 8)
    #expect(doctor("--table", "shop.nothing").status == 3)
  }

  @Test func jsonAndMarkdownTellTheSame() throws {
    try sabotage()
    let json = doctor("--json", "--only-failures").output
    #expect(json.hasPrefix(#"{"tables":1,"counts":{"fail":2,"#))
    #expect(
      json.contains(
        #""mend":["ALTER TABLE shop.\"odd \"\"name\" ENABLE ROW LEVEL SECURITY"],"runsAs":"installer""#))
    let markdown = doctor("--markdown").output
    #expect(markdown.contains("### `rls_off` of `shop.\"odd \"\"name\"`"))
    #expect(markdown.contains("```sql\n-- as installer\nALTER TABLE"))
    #expect(doctor("--json", "--markdown").status == 64)
  }

  @Test func aKeptRunIsComparedWithTheNext() throws {
    try sabotage()
    #expect(doctor("--keep", as: .support).status == 4)
    #expect(doctor("--keep").status == 8)
    try TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .superuser)).runScript(
      """
      ALTER TABLE shop."odd ""name" ENABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY
      """, deadline: 10_000)
    let outcome = doctor()
    #expect(outcome.output.contains("FAIL  NEW rls_not_forced"))
    #expect(outcome.output.contains("MENDED  rls_off"))
    #expect(outcome.output.contains("since 20"))
    #expect(doctor("--keep", "--table", "x").status == 64)
  }

  @Test func anEmptyDatabaseIsGreenAndNotesDoNotFail() {
    let outcome = doctor("--fail-on", "warn")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("0 tables with a tenant column: 0 failures, 0 warnings,"))
  }
}
