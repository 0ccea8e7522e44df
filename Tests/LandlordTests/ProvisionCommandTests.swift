import Glibc
import Postgres
import TenantStore
import TestServer
import Testing

@testable import landlord

/// Provisioning as people and timers do it, with the program itself killed at every point.
@Suite struct ProvisionCommandTests {
  /// A database where tenants need PostgreSQL and files, and a person whose configuration knows how.
  private final class Desk {
    let conninfo = TestServer.shared.database(.schema, as: .admin)
    let files = FileResource()

    init(_ resources: String...) {
      mkdir(files.directory + "/landlord", 0o755)
      let file = fopen(files.directory + "/landlord/config.toml", "w")
      fputs("[resource.files]\ncommand = \"\(files.path)\"\n", file)
      fclose(file)
      for name in resources.isEmpty ? ["postgresql", "files"] : resources { run("resource", "add", name) }
    }

    @discardableResult
    func run(_ arguments: String...) -> Program.Outcome { Program.run(arguments, environment) }

    var environment: [String: String] {
      ["LANDLORD_DATABASE": conninfo, "XDG_CONFIG_HOME": files.directory]
    }

    @discardableResult
    func create(_ siteID: String, _ more: String...) -> Program.Outcome {
      Program.run(
        [
          "tenant", "create", "--site-id", siteID, "--name", "N", "--email", "a@b.example", "--industry",
          "retail",
        ]
          + more, environment)
    }

    /// Makes tenants and does something to each, until that says `text`; five at most. What a tenant has elsewhere is left out
    /// where it is not known within two seconds, as on a busy machine.
    func first(saying text: String, _ act: (String) -> Program.Outcome) -> (
      siteID: String, outcome: Program.Outcome
    ) {
      var number = 0
      while true {
        number += 1
        let siteID = "acme-\(number)"
        create(siteID)
        let outcome = act(siteID)
        if outcome.output.contains(text) || number == 5 { return (siteID, outcome) }
      }
    }

    func value(_ statement: Statement) throws -> String? {
      try TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .superuser))
        .run(statement, deadline: 5_000).exactlyOne.optionalString(0)
    }

    func id(_ siteID: String) throws -> TenantID {
      try #require(
        TenantID(try value("SELECT tenant_id::text FROM landlord.tenants WHERE site_id = \(siteID)") ?? ""))
    }

    /// What is left in the end: the tenant's state, its run's, and every step's.
    func end(_ siteID: String) throws -> String {
      try value(
        """
        SELECT t.state || ' v' || t.version || ': ' || r.state || coalesce(' (' || r.problem || ')', '') || ': '
          || (SELECT string_agg(coalesce(s.resource, 'probe') || ' ' || s.state, ', ' ORDER BY s.place)
            FROM landlord.run_steps s WHERE s.run_id = r.run_id) || ': '
          || (SELECT string_agg(o.kind, ', ' ORDER BY o.event_id) FROM landlord.outbox o WHERE o.tenant_id = t.tenant_id)
        FROM landlord.tenants t JOIN landlord.runs r ON r.tenant_id = t.tenant_id WHERE t.site_id = \(siteID)
        ORDER BY r.run_id DESC LIMIT 1
        """) ?? ""
    }
  }

  /// A run that succeeds, one that is taken back, and one that is stuck: killed before and after each call of its resource, and
  /// gone on with, all end as they do without a kill.
  @Test(arguments: [["none"], ["probe"], ["probe", "destroy"]])
  func killedAnywhereAndResumedItEndsAsWithoutAKill(_ refusing: [String]) throws {
    let desk = Desk()
    func refuse() { for act in refusing { desk.files.plan(.refuse, at: act) } }
    refuse()
    desk.create("whole")
    let calls = desk.files.calls
    let wanted = try desk.end("whole")
    let history = desk.files.history(try desk.id("whole"))
    #expect(calls.count >= 4)

    for number in 1...calls.count {
      for fault in [FileResource.Fault.killBefore, .killAfter] {
        // Whoever refuses does so before there is an after.
        if fault == .killAfter && refusing.contains(calls[number - 1]) { continue }
        let siteID = "killed-\(number)-\(fault == .killBefore ? "before" : "after")"
        desk.files.forget()
        refuse()
        desk.files.plan(fault, at: String(number))

        let killed = desk.create(siteID)
        #expect(killed.status == 128 + SIGKILL, "\(siteID): \(killed.errors)")
        #expect(killed.output.contains("tenantSecret"), "\(siteID)")
        desk.run("provision", "resume", "--tenant", siteID)

        #expect(try desk.end(siteID) == wanted, "\(siteID)")
        #expect(desk.files.history(try desk.id(siteID)) == history, "\(siteID)")
      }
    }
  }

  @Test func withNothingListedATenantIsInServiceAtOnce() {
    let desk = Desk("postgresql")
    desk.run("resource", "remove", "postgresql")

    let made = desk.create("acme", "--json")

    #expect(made.status == 0)
    #expect(made.output.contains(#""state":"active""#))
    #expect(desk.run("provision", "status", "--tenant", "acme").status == 3)
    #expect(desk.run("provision", "plan", "--all").status == 0)
  }

  @Test func createLeavesProvisioningToOthersWhereItIsTold() throws {
    let desk = Desk()

    #expect(desk.create("acme", "--no-wait").status == 0)
    let status = desk.run("provision", "status")
    #expect(status.output.contains("acme  ready  running  since "))
    #expect(status.output.contains("  2  files  pending\n"))
    #expect(status.output.contains("step 1 of 3, postgresql: not begun; landlord provision resume goes on"))
    #expect(desk.files.calls == [])

    #expect(desk.run("provision", "resume").status == 0)
    #expect(desk.run("tenant", "show", "acme").output.contains("active"))
    #expect(desk.run("provision", "status").output == "")
    #expect(desk.run("provision", "status", "--tenant", "acme", "--json").output.contains(#""state":"done""#))
  }

  @Test func whatFailsSaysWhyAndIsAppliedOnceMore() throws {
    let desk = Desk()
    desk.files.plan(.refuse, at: "provision")

    let made = desk.create("acme")
    #expect(made.status == 8)
    #expect(
      made.errors.contains(
        "acme is made and not in service: files: the disk is full; what was made was taken back"))
    #expect(made.output.contains("tenantSecret"))
    #expect(desk.run("provision", "resume", "--tenant", "acme").status == 3)

    desk.files.forget()
    let applied = desk.run("provision", "apply", "--tenant", "acme", "--reason", "SUP-1")
    #expect(applied.status == 0, "\(applied.errors)")
    #expect(try desk.end("acme").hasPrefix("active v2: "))
  }

  @Test func aPlanShowsDriftAndApplyMendsIt() throws {
    let desk = Desk()
    desk.create("acme")
    desk.create("bolt")
    #expect(desk.run("provision", "plan", "--all").status == 0)
    unlink("\(desk.files.directory)/tenants/\(try desk.id("bolt"))")

    let plan = desk.run("provision", "plan", "--all")
    #expect(plan.status == 8)
    #expect(plan.output == "bolt  files  wanted ready  found absent  drifted\n")
    #expect(
      desk.run("provision", "plan", "--tenant", "acme").output.hasSuffix(
        "acme  files  wanted ready  found ready  as wanted  1 files\n"))
    #expect(desk.run("provision", "apply", "--all").status == 0)
    #expect(desk.run("provision", "plan", "--all").status == 0)
    #expect(desk.run("provision", "plan").status == 64)
  }

  @Test func aChangeOfStateIsCarriedToTheResourcesByTheCommandThatMakesIt() throws {
    let desk = Desk()
    let elsewhere = "elsewhere         files 1 files -> 1 files\n"
    let (acme, off) = desk.first(saying: elsewhere) {
      desk.run("tenant", "deactivate", $0, "--reason", "SUP-1", "--yes", $0)
    }
    #expect(off.status == 0)
    #expect(off.output.contains(elsewhere))
    #expect(off.output.contains("steps             postgresql done "))
    #expect(off.output.contains(", files files refused after "))
    #expect(desk.files.history(try desk.id(acme)) == ["ready", "suspended"])
    desk.files.plan(.unreachable, at: "resume")
    let back = desk.run("tenant", "reactivate", acme, "--reason", "SUP-2")
    #expect(back.status == 8)
    #expect(
      back.errors.contains(
        "\(acme) is active, but not everywhere: files: nobody answers; what was made was taken back"))
    #expect(desk.run("tenant", "show", acme).output.contains("state             active"))
  }

  @Test func aDoorElsewhereThatStaysOpenIsAFailedCheck() throws {
    let desk = Desk()
    let elsewhere =
      #""predictedElsewhere":{"files":{"files":1}},"actualElsewhere":{"files":{"files":1}}"#

    let (acme, off) = desk.first(saying: elsewhere) {
      desk.files.plan(.lie, at: "suspend")
      return desk.run("tenant", "suspend", $0, "--reason", "SUP-1", "--json")
    }

    #expect(off.status == 8)
    #expect(
      off.errors.contains(
        "\(acme) is suspended, but not everywhere: files: it is ready and should be suspended"))
    #expect(off.errors.contains("files files of \(acme) still open though its state forbids it"))
    #expect(
      off.output.contains(
        #"{"door":"files files","opens":true,"allowed":false,"refusedAfterMilliseconds":null}"#))
    #expect(off.output.contains(elsewhere))
    #expect(off.output.contains(#""run":"failed""#))
  }

  @Test func whatThisMachineDoesNotKnowWaitsAndIsNeverCalledDone() {
    let desk = Desk("postgresql", "redis")

    let made = desk.create("acme")
    #expect(made.status == 8)
    #expect(made.errors.contains("step 2 of 3, redis: redis is not configured on this machine"))
    #expect(
      desk.run("provision", "plan", "--tenant", "acme").output.contains(
        "redis is not configured on this machine"))
    #expect(desk.run("resource", "list").output == "postgresql\nredis  not configured on this machine\n")
    #expect(desk.run("resource", "remove", "redis").status == 5)
    #expect(desk.run("resource", "add", "files", "--set", "root=/srv").status == 0)
    #expect(desk.run("resource", "list", "--json").output.contains(#""settings":{"root":"/srv"}"#))
    #expect(desk.run("resource", "add", "Files").status == 1)
  }
}
