import Postgres
import TenantStore
import TestServer
import Testing

@testable import landlord

/// `landlord events` as a process.
@Suite struct EventsCommandTests {
  let conninfo = TestServer.shared.database(.schema, as: .admin)

  private func environment(_ login: TestServer.Login) -> [String: String] {
    ["LANDLORD_DATABASE": TestServer.shared.conninfo(conninfo, as: login)]
  }

  private func run(_ arguments: String..., as login: TestServer.Login = .listener) -> Program.Outcome {
    Program.run(arguments, environment(login))
  }

  private func register(_ siteID: String) throws {
    try TestServer.shared.connect(conninfo).run(
      """
      SELECT landlord.register_tenant('00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b',
        jsonb_build_object('siteId', \(siteID)::text, 'tenantName', 'Name', 'contactEmail', 'a@b.example',
          'businessIndustry', 'retail'), sha256('x'), 'hint', NULL)
      """, deadline: 5_000)
  }

  @Test func anEventIsALineOfJSONWithoutAnythingPersonal() throws {
    try register("acme")
    TestServer.shared.awaitTransactions()
    let outcome = run("events")

    let parts = outcome.output.split(separator: "\"at\":")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(parts.first == #"{"event":1,"kind":"tenant.onboarded","#)
    #expect(
      outcome.output.hasSuffix(
        #"Z","tenantId":"00000000-0000-4000-8000-00000000000b","siteId":"acme","version":1,"state":"active","#
          + #""suspendedAccess":"none","changed":["siteId","tenantName","contactEmail","businessIndustry","state"],"#
          + #""requestId":"00000000-0000-4000-8000-00000000000a"}"# + "\n"))
    #expect(run("events", "--after", "1").output == "")
    #expect(run("events", "--after", "7").status == 3)
    #expect(run("events", "--after=-1").status == 64)
    #expect(run("events", as: .stranger).status == 4)
  }

  @Test func whoFollowsGetsWhatComesAndLosesNothingBetweenTwoRuns() throws {
    try register("acme")
    let script =
      "landlord() { \"\(Program.folder)/landlord\" \"$@\"; }; landlord events --follow --after 0 | head -n 2"
    let following = Program.start(["/bin/bash", "-c", script], environment(.listener), input: "")

    _ = Program.run(["tenant", "edit", "acme", "--set", "name=Second"], environment(.admin))
    let seen = Program.finish(following).output.split(separator: "\n")
    _ = Program.run(["tenant", "edit", "acme", "--set", "name=Third"], environment(.admin))

    #expect(seen.map { $0.prefix(10) } == [#"{"event":1"#, #"{"event":2"#])
    TestServer.shared.awaitTransactions()
    let rest = run("events", "--after", "2")
    #expect(rest.output.hasPrefix(#"{"event":3,"kind":"tenant.updated""#))
  }
}
