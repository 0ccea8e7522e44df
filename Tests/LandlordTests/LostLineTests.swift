import Postgres
import TestServer
import Testing

@testable import landlord

/// What commands say when the line to the server goes in the middle of their work.
@Suite struct LostLineTests {
  private let direct = TestServer.shared.database(.schema, as: .admin)
  private let proxy = CuttingProxy(to: .shared)

  private func landlord(_ arguments: String..., directly: Bool = false) -> Program.Outcome {
    let conninfo = directly ? direct : "\(direct) host='\(proxy.directory)'"
    return Program.run(arguments, ["LANDLORD_DATABASE": conninfo])
  }

  private func create(directly: Bool = false) -> Program.Outcome {
    landlord(
      "tenant", "create", "--site-id", "acme", "--name", "Acme", "--email", "a@b.example", "--industry",
      "retail",
      "--json", directly: directly)
  }

  @Test func aCreateWhoseAnswerWasLostIsSettledAndStillShowsTheSecret() throws {
    proxy.cut(.beforeClient, at: "register_tenant")

    let made = create()

    #expect(made.status == 0)
    #expect(made.errors.contains("asking what became of it"))
    let secret = try #require(made.output.split(separator: "\"tenantSecret\":\"").last?.prefix { $0 != "\"" })
    let verified = Program.run(
      ["tenant", "verify-secret", "acme"], ["LANDLORD_DATABASE": direct], input: String(secret))
    #expect(verified.status == 0)
  }

  /// The question may overtake the statement and fence it off: then nothing was made, and the words must say so.
  @Test func whatIsSaidOfACreateCutWhileItRanAgreesWithTheDatabase() {
    proxy.cut(.whileRunning, at: "register_tenant")
    let made = create()
    #expect(made.status == 0 || made.status == 1 && made.errors.contains("nothing was changed"))
    #expect(landlord("tenant", "show", "acme", directly: true).status == (made.status == 0 ? 0 : 3))
  }

  @Test func aCreateThatNeverArrivedSaysThatNothingWasChanged() {
    proxy.cut(.beforeServer, at: "register_tenant")
    let lost = create()
    #expect(lost.status == 1)
    #expect(lost.output == "")
    #expect(lost.errors.contains("nothing was changed"))
    #expect(landlord("tenant", "show", "acme", directly: true).status == 3)
  }

  @Test func anOutcomeThatCannotBeFoundOutIsUnknownAndNamesTheRequest() throws {
    proxy.cut(.beforeClient, at: "register_tenant")
    for _ in 0..<100 { proxy.cut(.beforeServer, at: "settle_request") }
    let lost = create()
    #expect(lost.status == 6)
    #expect(lost.output == "")
    let id = try #require(lost.errors.split(separator: "request id is ").last?.prefix(36))
    let again = landlord(
      "tenant", "create", "--site-id", "acme", "--name", "Acme", "--email", "a@b.example", "--industry",
      "retail",
      "--request-id", String(id), "--json", directly: true)
    #expect(again.status == 0)
    #expect(again.output.contains("\"repeated\":true"))
    #expect(!again.output.contains("tenantSecret"))
  }

  /// Cut at the first message, at the second, and so on, until the command passes untouched.
  @Test(arguments: CuttingProxy.Cut.allCases)
  func whereverTheLineIsCutWhatIsSaidOfAChangeIsSo(_ cut: CuttingProxy.Cut) throws {
    #expect(create(directly: true).status == 0)
    let conninfo = TestServer.shared.conninfo(direct, as: .superuser)
    var number = 0
    repeat {
      number += 1
      proxy.cut(cut, atMessage: number)
      let edited = landlord("tenant", "edit", "acme", "--set", "tenantName=Acme \(number)")
      let name = try TestServer.shared.connect(conninfo).run(
        "SELECT tenant_name FROM landlord.tenants", deadline: 10_000
      ).exactlyOne.string(0)
      switch edited.status {
      case 0: #expect(name == "Acme \(number)", "\(number): \(edited)")
      case 1, 7: #expect(name != "Acme \(number)", "\(number): \(edited)")
      default: Issue.record("\(number): \(edited)")
      }
    } while proxy.hasCounted
    #expect(number > 3)
  }

  @Test func aRowThatSomeoneHoldsTimesOut() throws {
    #expect(create(directly: true).status == 0)
    let other = TestServer.shared.connect(TestServer.shared.conninfo(direct, as: .superuser))
    try other.runScript("BEGIN; SELECT FROM landlord.tenants FOR UPDATE", deadline: 5000)
    let held = landlord("tenant", "edit", "acme", "--set", "name=B", directly: true)
    #expect(held.status == 7)
    #expect(held.errors.contains("try again"))
  }
}
