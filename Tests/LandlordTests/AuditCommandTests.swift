import Glibc
import Postgres
import TenantStore
import TestServer
import Testing

@testable import landlord

/// The audit's commands as processes, each test with a database and a state directory of its own.
@Suite struct AuditCommandTests {
  /// A fresh database, a person who changes and an auditor who proves.
  private final class Desk {
    let conninfo = TestServer.shared.database(.schema, as: .admin)
    let state: String

    init() {
      var template = Array("/tmp/landlord-state-XXXXXX".utf8CString)
      guard mkdtemp(&template) != nil else { fatalError("cannot make a folder in /tmp") }
      state = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
      run([
        "tenant", "create", "--site-id", "acme", "--name", "Acme", "--email", "a@b.example", "--industry",
        "retail",
      ])
      run(["tenant", "edit", "acme", "--set", "name=Other", "--reason", "SUP-1"])
      // Else the first checkpoint might be of less than all this.
      TestServer.shared.awaitTransactions()
    }

    deinit { _ = Program.shell("rm -rf '\(state)'") }

    private func environment(_ login: TestServer.Login) -> [String: String] {
      ["LANDLORD_DATABASE": TestServer.shared.conninfo(conninfo, as: login), "XDG_STATE_HOME": state]
    }

    @discardableResult
    func run(_ arguments: [String], as login: TestServer.Login = .admin) -> Program.Outcome {
      Program.run(arguments, environment(login))
    }

    func audit(_ arguments: String..., as login: TestServer.Login = .auditor) -> Program.Outcome {
      run(["audit"] + arguments, as: login)
    }

    func start(_ line: String) -> Program.Running {
      let script = "landlord() { \"\(Program.folder)/landlord\" \"$@\"; }; \(line)"
      return Program.start(["/bin/bash", "-c", script], environment(.auditor), input: "")
    }

    func shell(_ line: String) -> Program.Outcome { Program.shell(line, environment(.auditor)) }

    /// Behind everyone's back, with the guard asleep.
    func sabotage(_ sql: String) throws {
      try TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .superuser)).runScript(
        """
        ALTER TABLE landlord.audit_entries DISABLE TRIGGER refuse_change; \(sql);
        ALTER TABLE landlord.audit_entries ENABLE ALWAYS TRIGGER refuse_change
        """, deadline: 5_000)
    }

    func value(_ statement: Statement) throws -> String? {
      try TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .superuser))
        .run(statement, deadline: 5_000).exactlyOne.optionalString(0)
    }
  }

  // MARK: Listing

  @Test func theListTellsWhatWasDoneAndFilters() {
    let desk = Desk()

    let list = desk.audit("list", "--tenant", "acme")
    let lines = list.output.split(separator: "\n")

    #expect(list.status == 0)
    #expect(lines.count == 2)
    #expect(lines.first?.hasSuffix("\tadmin\tupdate\tsaved\tacme\ttenantName\tSUP-1") ?? false)
    let json = desk.audit("list", "--filter", "field:name action:update", "--json")
    #expect(json.output.contains(#""changes":[{"field":"tenantName","old":"Acme","new":"Other"}]"#))
    #expect(
      desk.audit("list", "--filter", "since:1h", "--limit", "1", "--csv").output.hasPrefix("at,actor,role,"))
    #expect(desk.audit("list", "--filter", "outcome:nonsense").status == 64)
    #expect(desk.audit("list", "--tenant", "nosuch").status == 3)
    #expect(desk.audit("list", as: .stranger).status == 4)
  }

  @Test func lookingAtEverybodyIsWrittenDownFirst() throws {
    let desk = Desk()

    _ = desk.audit("list", "--tenant", "acme")
    #expect(try desk.value("SELECT count(*)::text FROM landlord.attempts") == "0")
    _ = desk.audit("list", "--filter", "since:1h", as: .support)
    #expect(
      try desk.value("SELECT outcome || ' ' || what FROM landlord.attempts")
        == #"2 shown {"what": "audit of everybody", "filter": "since:1h"}"#)
    _ = desk.run(["tenant", "list", "--json"], as: .support)
    _ = desk.run(["tenant", "list"], as: .support)
    _ = desk.run(["tenant", "list", "--json", "--filter", "acme"], as: .support)
    #expect(
      try desk.value(
        "SELECT string_agg(outcome || ' ' || (what::json ->> 'what'), ', ') FROM landlord.attempts WHERE attempt_id > 1"
      )
        == "1 shown all contacts")
  }

  @Test func activityIsCountedAndOfEverybodyALook() throws {
    TestServer.awaitQuietDay()
    let desk = Desk()

    let tenant = desk.audit("activity", "--tenant", "acme", "--days", "1")
    let lines = tenant.output.split(separator: "\n").map(String.init)

    #expect(lines.count == 4)
    #expect(lines.first?.hasSuffix("\t2\t" + String(repeating: "#", count: 40)) ?? false)
    #expect(lines.contains("action\tupdate\t1\t" + String(repeating: "#", count: 40)))
    #expect(try desk.value("SELECT count(*)::text FROM landlord.attempts") == "0")
    let all = desk.audit("activity", "--filter", "action:register", "--days", "2", "--json")
    #expect(all.output.contains(#"{"by":"person","name":"admin","count":1}"#))
    #expect(
      try desk.value("SELECT outcome || ' ' || what FROM landlord.attempts")
        == #"1 shown {"what": "activity of everybody", "filter": "action:register"}"#)
    #expect(desk.audit("activity", "--days", "2", "--csv").output.hasPrefix("by,name,count"))
    #expect(desk.audit("activity", "--days", "0").status == 64)
  }

  @Test func whatSomebodyHadNoRightToStandsBeside() {
    let desk = Desk()

    #expect(desk.run(["tenant", "edit", "acme", "--set", "name=X"], as: .support).status == 4)

    let refused = desk.audit("list", "--filter", "actor:support outcome:refused").output
    #expect(refused.contains("\tsupport\tupdate\trefused\t-\t"))
    #expect(desk.audit("list", "--filter", "actor:support outcome:refused", as: .admin).output == "")
  }

  @Test func followingShowsWhatComesEachOnceInItsOrder() throws {
    let desk = Desk()

    // Ends with its reader, who has seen enough after three.
    let following = desk.start("landlord audit list --tenant acme --follow --json | head -n 3")
    desk.run(["tenant", "edit", "acme", "--set", "name=Third"])
    let seen = Program.finish(following).output.split(separator: "\n")

    #expect(seen.count == 3)
    for (line, version) in zip(seen, 1...) { #expect(line.contains("\"version\":\(version),")) }
  }

  @Test func whereNothingCanBeWrittenDownNothingIsShown() {
    let desk = Desk()
    let conninfo =
      TestServer.shared.conninfo(desk.conninfo, as: .auditor)
      + " options='-c default_transaction_read_only=on'"

    let refused = Program.run(["audit", "list"], ["LANDLORD_DATABASE": conninfo])

    #expect(refused.status == 4)
    #expect(refused.output == "")
    #expect(refused.errors.contains("looking is written down first"))
    #expect(Program.run(["audit", "list", "--tenant", "acme"], ["LANDLORD_DATABASE": conninfo]).status == 0)
  }

  // MARK: Checkpoints

  @Test func theFirstCheckpointMakesTheKeyAndSaysSo() {
    let desk = Desk()

    let first = desk.audit("checkpoint")
    let second = desk.audit("checkpoint", "--json")

    #expect(first.status == 0)
    #expect(first.errors.contains("made the key"))
    #expect(second.errors == "")
    #expect(second.output.hasPrefix(#"{"block":1,"entries":2,"#))
    var facts = stat()
    #expect(stat(desk.state + "/landlord/audit.key", &facts) == 0 && facts.st_mode & 0o777 == 0o600)
    #expect(desk.audit("key", "create").status == 5)
    #expect(desk.audit("key", "show").output.hasPrefix("ed25519 "))
    #expect(desk.audit("checkpoint", as: .admin).status == 4)
    chmod(desk.state + "/landlord/audit.key", 0o644)
    #expect(desk.audit("checkpoint").errors.contains("may be read by others"))
  }

  @Test func manyAtOnceMakeOneKeyAndKeepEachSignatureOnce() {
    let desk = Desk()

    let all = desk.shell(
      "for n in 1 2 3 4 5 6; do landlord audit checkpoint & done; wait; landlord audit verify")

    #expect(all.status == 0)
    #expect(all.errors.split(separator: "\n").filter { $0.contains("made the key") }.count == 1)
    #expect(desk.shell("cat '\(desk.state)'/landlord/checkpoints/*.jsonl | wc -l").output == "1\n")
  }

  @Test func aRotatedKeyIsVouchedForByTheOneBefore() {
    let desk = Desk()
    let old = desk.audit("key", "create").output.prefix { $0 != "\n" }
    _ = desk.audit("checkpoint")
    #expect(desk.audit("key", "rotate").status == 0)

    #expect(desk.audit("key", "show").output.contains("former  \(old)"))
    #expect(desk.audit("verify").output.contains("signed  block 1: \(old), this machine"))
    _ = desk.audit("checkpoint")
    #expect(desk.audit("verify").status == 0)
  }

  @Test func aWitnessSignsThroughTheAgentAndIsChecked() throws {
    let desk = Desk()
    let signed = desk.shell(
      """
      cd '\(desk.state)' && eval $(ssh-agent) >/dev/null && trap 'kill $SSH_AGENT_PID' EXIT
      ssh-keygen -q -t ed25519 -N '' -f w -C witness && ssh-add -q w && rm w && landlord audit checkpoint --witness w.pub
      """)
    #expect(signed.status == 0, "\(signed.errors)")
    #expect(signed.output.contains("signed  ssh-ed25519 "))
    #expect(desk.audit("verify").output.contains(", a witness\n"))

    try desk.sabotage(
      "UPDATE landlord.audit_checkpoints SET signature = convert_to(replace(convert_from(signature, 'UTF8'), 'U', 'V'), 'UTF8') WHERE key LIKE 'ssh%'"
    )
    let broken = desk.audit("verify")
    #expect(broken.status == 8)
    #expect(broken.output.contains("did not sign this block"))
  }

  @Test func nothingIsSignedThatDoesNotGoOnFromWhatWas() throws {
    let desk = Desk()
    _ = desk.audit("checkpoint")
    try desk.sabotage("DELETE FROM landlord.audit_checkpoints; DELETE FROM landlord.audit_blocks")

    let refused = desk.audit("checkpoint")

    #expect(refused.status == 8)
    #expect(refused.errors.contains("nothing was signed"))
  }

  @Test func infoTellsOfTheLastCheckpoint() throws {
    let desk = Desk()
    func overdue() -> String {
      String(
        desk.run(["info", "--json"]).output.split(separator: "\"audit.checkpointOverdue\":").last?.prefix(4)
          ?? "")
    }
    #expect(overdue() == "fals")
    try desk.sabotage("UPDATE landlord.audit_entries SET at = at - interval '25 hours'")
    #expect(overdue() == "true")
    _ = desk.audit("checkpoint")
    #expect(overdue() == "fals")
  }

  // MARK: Verifying

  @Test func aFindingIsNamedAndEndsWithEight() throws {
    let desk = Desk()
    #expect(desk.audit("verify").output.hasSuffix("all as it was written\n"))
    try desk.sabotage("UPDATE landlord.audit_entries SET reason = 'SUP-2' WHERE seq = 2")

    let found = desk.audit("verify", as: .support)
    #expect(found.status == 8)
    #expect(found.output.hasPrefix("EDITED  entry 2, tenant "))
    #expect(
      desk.audit("verify", "--tenant", "acme", "--json").output.contains(#""findings":[{"kind":"edited","#))
  }

  // MARK: Exports

  @Test func anExportProvesItselfWithoutTheDatabase() throws {
    let desk = Desk()
    _ = desk.audit("checkpoint")
    let key = String(desk.audit("key", "show").output.prefix { $0 != "\n" })
    for arguments in ["", "--tenant acme"] {
      #expect(desk.shell("landlord audit export \(arguments) > '\(desk.state)/export'").status == 0)

      let checked = Program.run(["audit", "verify-file", desk.state + "/export", "--key", key])

      #expect(checked.status == 0)
      #expect(checked.output.hasPrefix("2 entries in "))
      #expect(
        Program.run(["audit", "verify-file", desk.state + "/export", "--key", "ed25519 00"]).status == 8)
    }
  }

  @Test func anyFlippedByteOfAnExportFails() throws {
    let desk = Desk()
    _ = desk.audit("checkpoint")
    _ = desk.shell("landlord audit export > '\(desk.state)/export'")
    let file = desk.state + "/export"
    let bytes = Array(Program.text(of: file).utf8)
    #expect(bytes.count > 2000)

    // In this process, as there are many; the seal is tried more closely than what it covers.
    let seal = try #require(bytes.dropLast().lastIndex(of: UInt8(ascii: "\n")))
    var passed: [Int] = []
    for place in bytes.indices where place > seal ? place.isMultiple(of: 4) : place.isMultiple(of: 23) {
      var changed = bytes
      changed[place] ^= 1 << UInt8(place % 7)
      try write(changed, to: file)
      if (try? ExportFile.read(file).outcome.mustBeWhole()) != nil { passed.append(place) }
    }
    #expect(passed == [])
    for rest in [Array(bytes.dropLast()), Array(bytes.dropLast(200)), bytes + [10], bytes + bytes, []] {
      try write(rest, to: file)
      #expect(throws: Failure.self) { try ExportFile.read(file).outcome.mustBeWhole() }
    }
    try write(bytes, to: file)
    #expect(try ExportFile.read(file).outcome.findings == [])
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let file = open(path, O_WRONLY | O_TRUNC)
    defer { close(file) }
    #expect(Glibc.write(file, bytes, bytes.count) == bytes.count)
  }
}
