import Postgres
import TenantStore
import TestServer
import Testing

@testable import Console

/// The line breaks at the first message of what a person does, at the second, and so on, until all of it passes untouched.
/// Each time the person can finish, what is said is true, and what is done is done once.
@Suite("Faults at each call") struct DoorFaultTests {
  /// Keys, and what is on the screen once they have done what they should.
  struct Step: Sendable {
    var keys: String
    /// What of the screen must be there.
    var text: String
    /// And what must not.
    var without: String?
    /// What a person presses who sees that it did not work.
    var again = "r"
  }

  enum Flow: String, CaseIterable, Sendable {
    case start, browse, search, onboard, edit, deactivate, bulk, audit

    private static let opened = Step(keys: "", text: "3 tenants")

    var steps: [Step] { [Self.opened] + rest }

    private var rest: [Step] {
      switch self {
      case .start: []
      case .browse:
        [
          Step(keys: "j<Enter>", text: "Overview"), Step(keys: "2", text: "https://bolt.example"),
          Step(keys: "3", text: "register"), Step(keys: "<Esc>", text: "3 tenants"),
        ]
      case .search:
        [
          Step(keys: "/cedar", text: "> cedar", without: "acme", again: "<Ctrl-u>cedar"),
          Step(keys: "<Enter>", text: "> cedar"), Step(keys: "<Esc>", text: "acme"),
        ]
      case .onboard:
        [
          Step(keys: "c", text: "Onboard a tenant"), Step(keys: "Zebra Ltd", text: "zebra-ltd"),
          Step(
            keys: "<Tab><Tab>ops@zebra.example<Tab>https://zebra.example<Tab><Enter>", text: "agriculture",
            again: "<Enter>"),
          Step(
            keys: "<Enter><Tab>https://app.zebra.example<Ctrl-o>", text: "y saves, n goes back",
            again: "<Ctrl-o>"),
          Step(keys: "y", text: "This is the only time it is shown", again: "<Ctrl-o>y"),
          Step(keys: "s", text: "onboarded zebra-ltd"), Step(keys: "<Enter>", text: "4 tenants"),
        ]
      case .edit:
        [
          Step(keys: "e", text: "Edit acme"),
          Step(keys: "<End> mine<Ctrl-o>", text: "+ Tenant acme mine", again: "<Ctrl-o>"),
          Step(keys: "y", text: "version 1 -> 2", again: "<Ctrl-o>y"),
          Step(keys: "<Enter>", text: "Tenant acme mine"),
        ]
      case .deactivate:
        [
          Step(keys: "x", text: "LIFECYCLE"), Step(keys: "d", text: "DEACTIVATE acme"),
          Step(keys: "contract ended<Tab><Tab><Tab>acme<Tab>", text: "acme"),
          Step(keys: "<Enter>", text: "active -> deactivated", again: "<Enter>"),
          Step(keys: "<Enter>", text: "DEACTIVATED"),
        ]
      case .bulk:
        [
          Step(keys: "vjjvb<Enter>", text: "Reason"),
          Step(keys: "SUP-7 ended<Ctrl-o>", text: "3  would change", again: "<Ctrl-o>"),
          Step(keys: "y", text: "3 of 3 tenants changed"), Step(keys: "<Esc>", text: "3 tenants"),
        ]
      case .audit:
        [
          Step(keys: "a", text: "register"), Step(keys: "<Esc>", text: "3 tenants"),
          Step(keys: "A", text: "register"), Step(keys: "<Enter>", text: "What changed"),
          Step(keys: "<Esc><Esc>", text: "3 tenants"),
        ]
      }
    }

    /// The tenants and their versions, each of which has its entry, when it has been done once.
    var result: String {
      switch self {
      case .start, .browse, .search, .audit: "acme active 1, bolt active 1, cedar active 1"
      case .onboard: "acme active 1, bolt active 1, cedar active 1, zebra-ltd active 1"
      case .edit: "acme active 2, bolt active 1, cedar active 1"
      case .deactivate: "acme deactivated 2, bolt active 1, cedar active 1"
      case .bulk: "acme deactivated 2, bolt deactivated 2, cedar deactivated 2"
      }
    }
  }

  /// The quick form takes one kind of fault after the other, the long form every kind at every message.
  @Test(arguments: Flow.allCases) func whereverTheLineBreaksItIsFinishedOnce(_ flow: Flow) throws {
    let cuts = CuttingProxy.Cut.allCases
    for first in cuts.indices where Length.isLong || first == Flow.allCases.firstIndex(of: flow)! % cuts.count
    {
      var number = 1
      while try run(flow, cuts[(first + number) % cuts.count], at: number) { number += 1 }
      #expect(number > 3, "\(flow) sends less than that never")
    }
  }

  /// True when the message came and was cut, and the flow was finished.
  private func run(_ flow: Flow, _ cut: CuttingProxy.Cut, at number: Int) throws -> Bool {
    let proxy = CuttingProxy(to: .shared)
    proxy.cut(cut, atMessage: number)
    let isFinished = try isFinished(flow, "\(flow), \(cut) at \(number)") {
      "\(TestServer.shared.conninfo(database: $0)) host='\(proxy.directory)'"
    }
    return isFinished && proxy.hasCounted
  }

  private static let pooler = Pooler(to: .shared)

  @Test(arguments: Flow.allCases) func throughAPoolerInTransactionModeItIsTheSame(_ flow: Flow) throws {
    #expect(
      try isFinished(flow, "\(flow), through a pooler") { Self.pooler.conninfo(database: $0, as: .admin) })
  }

  /// Does all of it at a console on a database of its own, of which `line` makes the way there from its name.
  private func isFinished(_ flow: Flow, _ place: String, line: (String) -> String) throws -> Bool {
    let behind = TestServer.shared.connect(TestServer.shared.database(.schema, as: .superuser))
    try fill(behind)
    let stage = LiveStage(conninfo: line(behind.database))
    for step in flow.steps {
      let before = try entries(behind)
      stage.press(step.keys)
      var tries = 0
      while !stage.comes({ $0.contains(step.text) && !(step.without.map($0.contains) ?? false) }) {
        try expectTruth(of: stage.picture, behind, before, place)
        tries += 1
        guard tries < 4 else {
          Issue.record("\(place): \"\(step.keys)\" does not come to \"\(step.text)\"\n\(stage.picture)")
          return false
        }
        stage.press(step.again)
      }
      try expectTruth(of: stage.picture, behind, nil, place)
    }
    let result = try result(behind)
    #expect(result == flow.result, "\(place)\n\(stage.picture)")
    #expect(try isIdle(behind), "\(place)")
    return true
  }

  /// What the screen says of a change is so; `before`: how many entries there were before the change that is not done yet.
  private func expectTruth(of picture: String, _ behind: Connection, _ before: Int64?, _ place: String) throws
  {
    if let number = picture.split(separator: "did commit (audit ").dropFirst().first?.prefix(
      while: \.isNumber)
    {
      let found = try behind.run(
        "SELECT count(*) FROM landlord.audit_entries WHERE entry_id = \(String(number))::bigint",
        deadline: 10_000)
      #expect(found.exactlyOne.int64(0) == 1, "\(place): \(picture)")
    }
    let denials = ["did not commit", "nothing was changed", "no connection", "not done yet"]
    if let before, denials.contains(where: picture.contains) {
      #expect(try entries(behind) == before, "\(place): \(picture)")
    }
  }

  private func fill(_ behind: Connection) throws {
    try behind.runScript(
      """
      SELECT landlord.register_tenant(gen_random_uuid(), gen_random_uuid(), jsonb_build_object('siteId', name,
        'tenantName', 'Tenant ' || name, 'contactEmail', 'ops@' || name || '.example', 'businessIndustry', 'retail',
        'allowedOrigins', jsonb_build_array('https://' || name || '.example')), sha256('x'), 'abcd', NULL)
      FROM unnest(ARRAY['acme', 'bolt', 'cedar']) name
      """, deadline: 10_000)
  }

  /// Those of changes; what was looked at has some too.
  private func entries(_ behind: Connection) throws -> Int64 {
    try behind.run("SELECT count(version) FROM landlord.audit_entries", deadline: 10_000).exactlyOne.int64(0)
  }

  /// The tenants as they are, each with as many entries as its version, of which the last is what it is now.
  private func result(_ behind: Connection) throws -> String? {
    try behind.run(
      """
      SELECT string_agg(concat_ws(' ', t.site_id, t.state, (
          SELECT CASE WHEN count(e.version) = t.version AND max(e.version) = t.version THEN t.version::text
            ELSE format('disagrees: version %s, entries %s', t.version, array_agg(e.version ORDER BY e.seq)) END
          FROM landlord.audit_entries e WHERE e.tenant_id = t.tenant_id)), ', ' ORDER BY t.site_id)
      FROM landlord.tenants t
      """, deadline: 10_000
    ).exactlyOne.optionalString(0)
  }

  private func isIdle(_ behind: Connection) throws -> Bool {
    try behind.run(
      """
      SELECT count(*) FROM pg_stat_activity
      WHERE datname = current_database() AND state LIKE 'idle in transaction%'
      """, deadline: 10_000
    ).exactlyOne.int64(0) == 0
  }
}
