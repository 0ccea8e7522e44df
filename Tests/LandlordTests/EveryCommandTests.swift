import ArgumentParser
import Postgres
import TestServer
import Testing

@testable import landlord

/// Every command of the command line, run as each role: nothing that the role may not do changes anything. The commands are
/// the parser's own, so one that is new fails here until it is sorted.
@Suite("Every command as each role") struct EveryCommandTests {
  private enum Sort {
    /// Changes something where the person may.
    case changes([String])
    case looks([String])
    /// Has nothing to do with the database that is named, or is tried elsewhere because it takes more than a line.
    case elsewhere
  }

  /// How to call each. The tenant "bolt" is out of reach for the limited.
  private static let calls: [String: Sort] = [
    "console": .elsewhere, "demo": .elsewhere, "server start": .elsewhere, "server stop": .elsewhere,
    "server status": .elsewhere, "man": .elsewhere, "onboard": .elsewhere, "completions": .elsewhere,
    "isolation protect": .elsewhere, "isolation unprotect": .elsewhere,
    "tenant list": .looks([]), "tenant show": .looks(["bolt"]), "tenant verify-secret": .looks(["bolt"]),
    "tenant create": .changes([
      "--site-id", "watt", "--name", "Watt", "--email", "a@b.example", "--industry", "energy",
    ]),
    "tenant edit": .changes(["bolt", "--set", "name=Other"]),
    "tenant suspend": .changes(["bolt", "--reason", "why"]),
    "tenant resume": .changes(["bolt", "--reason", "why"]),
    "tenant purge": .changes(["bolt", "--request", "--reason", "why", "--yes", "bolt"]),
    "lifecycle run": .looks([]),
    "tenant deactivate": .changes(["bolt", "--reason", "why", "--yes", "bolt"]),
    "tenant reactivate": .changes(["bolt", "--reason", "why"]),
    "migrate": .looks([]), "info": .looks([]), "doctor": .looks([]), "events": .looks([]),
    "provision status": .looks([]), "provision plan": .looks(["--all"]),
    "provision apply": .changes(["--tenant", "volt"]), "provision resume": .changes(["--tenant", "amps"]),
    "resource list": .looks([]), "resource add": .changes(["walked"]),
    "resource remove": .changes(["walked"]),
    "settings get": .looks(["environment"]), "settings set": .changes(["environment", "walked"]),
    "catalogue": .changes(["industries", "add", "walked"]),
    "access list": .looks([]), "access grant": .changes(["walker", "support"]),
    "access revoke": .changes(["walker", "support"]),
    "access limit": .changes(["walker", "--industry", "energy", "--reason", "why"]),
    "access unlimit": .changes(["walker", "--industry", "energy", "--reason", "why"]),
    "context mode": .looks([]), "context sign": .looks(["bolt", "--pid", "1"]),
    "context verify": .looks(["bolt", "--pid", "1", "1.1.x"]), "context rotate": .changes([]),
    "isolation list": .looks([]),
    "audit list": .looks([]), "audit activity": .looks([]), "audit verify": .looks([]),
    "audit export": .looks([]),
    // They keep a key and signatures in a folder of the person's.
    "audit checkpoint": .elsewhere, "audit key show": .elsewhere, "audit key create": .elsewhere,
    "audit key rotate": .elsewhere, "audit verify-file": .elsewhere,
  ]

  private static func leaves(_ command: ParsableCommand.Type, _ path: [String] = []) -> [String] {
    let below = command.configuration.subcommands
    if below.isEmpty { return [path.joined(separator: " ")] }
    return below.flatMap { leaves($0, path + [$0._commandName]) }
  }

  @Test func everyCommandIsSorted() {
    let commands = Self.leaves(Landlord.self)
    #expect(commands.count > 20)
    for command in commands {
      #expect(Self.calls[command] != nil, "sort \"\(command)\" into the table of this test")
    }
    #expect(Set(Self.calls.keys).subtracting(commands) == [])
  }

  @Test(arguments: TestServer.Login.people + [.stranger])
  func nothingThatTheRoleMayNotDoChangesAnything(_ login: TestServer.Login) throws {
    let conninfo = TestServer.shared.database(.schema, as: .superuser)
    let behind = TestServer.shared.connect(conninfo)
    try behind.runScript(
      """
      SELECT landlord.register_tenant(gen_random_uuid(), gen_random_uuid(), '{"siteId": "bolt", "tenantName": "Bolt",
        "contactEmail": "a@b.example", "businessIndustry": "energy"}', sha256('x'), 'hint', NULL);
      SELECT landlord.limit_person(gen_random_uuid(), 'admin_limited', 'retail', NULL, 'why');
      SELECT landlord.add_resource(gen_random_uuid(), 'postgresql', '{}', NULL);
      SELECT landlord.register_tenant(gen_random_uuid(), gen_random_uuid(), jsonb_build_object('siteId', n, 'tenantName', 'N',
        'contactEmail', 'a@b.example', 'businessIndustry', 'energy'), sha256('x'), 'hint', NULL)
      FROM unnest(ARRAY['volt', 'amps']) n;
      -- One has a run that nobody has carried out, one never had any.
      DELETE FROM landlord.runs r USING landlord.tenants t WHERE t.tenant_id = r.tenant_id AND t.site_id = 'volt';
      DO $$ BEGIN CREATE ROLE walker LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
      """, deadline: 10_000)

    for command in Self.leaves(Landlord.self) {
      let (arguments, changesForAdmin): ([String], Bool)
      switch Self.calls[command] {
      case .changes(let given): (arguments, changesForAdmin) = (given, true)
      case .looks(let given): (arguments, changesForAdmin) = (given, false)
      case .elsewhere, nil: continue
      }
      let before = try Snapshot(behind)
      let outcome = Program.run(
        command.split(separator: " ").map(String.init) + arguments,
        ["LANDLORD_DATABASE": TestServer.shared.conninfo(conninfo, as: login)],
        input: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n")
      let changes = try Snapshot(behind).changes(since: before).filter { $0 != "attempts" }
      // An admin of ours may grant no group of the server's.
      let mayChange = login == .admin && !command.hasPrefix("access ") && changesForAdmin
      if mayChange {
        #expect(outcome.status == 0 && !changes.isEmpty, "\(command): \(outcome.errors)")
      } else if login != .admin {
        #expect(changes == [], "\(command) as \(login) changes \(changes)")
        if changesForAdmin { #expect(outcome.status != 0, "\(command) as \(login)") }
      } else if !changesForAdmin {
        #expect(changes == [], "\(command) as \(login)")
      }
      #expect(outcome.status < 128, "\(command) as \(login) ended by a signal")
    }
  }
}
