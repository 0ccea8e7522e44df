import Glibc
import Postgres
import TenantStore
import TestServer
import Testing

/// `landlord onboard` where tenants need more than their rows.
@Suite struct OnboardRunsTests {
  private let conninfo = TestServer.shared.database(.schema, as: .admin)
  private let files = FileResource()

  init() {
    mkdir(files.directory + "/landlord", 0o755)
    write("[resource.files]\ncommand = \"\(files.path)\"\n", to: "landlord/config.toml")
    for name in ["postgresql", "files"] { _ = landlord("resource", "add", name) }
    write(
      (0..<3).reduce(into: "siteId,tenantName,contactEmail,businessIndustry\n") {
        $0 += "site-\($1),Site,a@b.example,retail\n"
      }, to: "tenants.csv")
  }

  private func write(_ text: String, to name: String) {
    let file = fopen("\(files.directory)/\(name)", "w")
    fputs(text, file)
    fclose(file)
  }

  private func landlord(_ arguments: String...) -> Program.Outcome {
    Program.run(arguments, ["LANDLORD_DATABASE": conninfo, "XDG_CONFIG_HOME": files.directory])
  }

  private func onboard(_ more: String...) -> Program.Outcome {
    Program.run(
      ["onboard", "--csv", "\(files.directory)/tenants.csv"] + more,
      ["LANDLORD_DATABASE": conninfo, "XDG_CONFIG_HOME": files.directory])
  }

  /// "active:ready", a tenant each, in the order of their site ids.
  private func states() throws -> [String] {
    try TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .superuser)).run(
      "SELECT tenant_id::text, state FROM landlord.tenants ORDER BY site_id", deadline: 5_000
    ).map { "\($0.string(1)):\(files.history(TenantID($0.string(0))!).joined(separator: ","))" }
  }

  @Test func eachIsBroughtIntoServiceByTheCommandItself() throws {
    let made = onboard()
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.output.hasSuffix("3 onboarded; the results are in \(files.directory)/tenants.results.csv\n"))
    #expect(try states() == ["active:ready", "active:ready", "active:ready"])
  }

  @Test func whatIsNotInServiceIsToldByLineWithTheReasonUntilItIs() throws {
    files.plan(.refuse, at: "provision")
    let made = onboard()
    #expect(made.status == 8)
    #expect(
      made.output.contains(
        "line 2: site-0: not in service: files: the disk is full; what was made was taken back"))
    #expect(made.output.contains("3 onboarded, 3 not in service; the results are in "))
    #expect(
      onboard("--json").output.contains(#""saved":3,"refused":0,"undone":0,"planned":0,"notAsWanted":3"#))

    files.forget()
    for number in 0..<3 { _ = landlord("provision", "apply", "--tenant", "site-\(number)") }
    #expect(onboard().status == 0)
    #expect(try states() == ["active:ready", "active:ready", "active:ready"])
  }

  @Test func itLeavesTheRunsToOthersWhereItIsToldAndTheSameCommandGoesOnWithThem() throws {
    let left = onboard("--no-wait")
    #expect(left.status == 0, "\(left.errors)")
    #expect(left.errors.contains("3 in provisioning; landlord provision resume brings them into service"))
    #expect(files.calls == [])
    #expect(try states() == ["provisioning:", "provisioning:", "provisioning:"])

    #expect(onboard().status == 0)
    #expect(try states() == ["active:ready", "active:ready", "active:ready"])
  }

  @Test(arguments: [FileResource.Fault.killBefore, .killAfter])
  func killedInARunTheSameCommandEndsAsWithoutAKill(_ fault: FileResource.Fault) throws {
    files.plan(fault, at: "provision")
    #expect(onboard().status == 128 + SIGKILL)
    let again = onboard()
    #expect(again.status == 0, "\(again.errors)")
    #expect(try states() == ["active:ready", "active:ready", "active:ready"])
  }

  private func plainly(_ siteID: String) -> String {
    Program.run(
      ["--plain"], ["LANDLORD_DATABASE": conninfo, "XDG_CONFIG_HOME": files.directory],
      input: "onboard\n\(siteID)\n\nb@beta.example\n\nretail\n\n\nyes\nquit\n"
    ).output
  }

  @Test func thePlainConsoleSaysWhatIsMadeAndBringsItIntoServiceToo() throws {
    let beta = plainly("beta")
    #expect(
      beta.contains(
        "This makes its row, its secret; postgresql, files, and a probe that enters as the tenant.\n"))
    #expect(beta.contains("Carrying it to postgresql, files.\nSteps: postgresql done"))
    #expect(beta.contains("\nbeta is in service.\n"))
    #expect(try states() == ["active:ready"])

    files.plan(.refuse, at: "provision")
    let gamma = plainly("gamma")
    #expect(gamma.contains("gamma is onboarded. This is its secret"))
    #expect(gamma.contains("Not done: files: the disk is full; what was made was taken back"))
    #expect(gamma.contains("\ngamma is not in service: provisioning.\n"))
  }

  @Test func undoingShutsTheResourcesToo() throws {
    #expect(onboard().status == 0)
    let undone = landlord(
      "onboard", "--undo", "\(files.directory)/tenants.results.csv", "--reason", "wrong", "--yes", "3")
    #expect(undone.status == 0 && undone.output.hasPrefix("3 undone; "), "\(undone.errors)")
    #expect(
      try states()
        == ["deactivated:ready,suspended", "deactivated:ready,suspended", "deactivated:ready,suspended"])
  }
}
