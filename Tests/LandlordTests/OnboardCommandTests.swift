import Glibc
import TenantStore
import TestServer
import Testing

/// `landlord onboard` as people run it, in a folder of its own.
@Suite struct OnboardCommandTests {
  private let conninfo = TestServer.shared.database(.schema, as: .admin)
  private let folder: String

  init() {
    var template = Array("/tmp/landlord-test-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil)
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private var csv: String { folder + "/tenants.csv" }
  private var results: String { folder + "/tenants.results.csv" }

  private func write(_ text: String, to path: String? = nil) {
    let file = open(path ?? csv, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    defer { close(file) }
    let bytes = Array(text.utf8)
    precondition(Glibc.write(file, bytes, bytes.count) == bytes.count)
  }

  private static func lines(_ range: Range<Int>) -> String {
    range.reduce(into: "siteId,tenantName,contactEmail,businessIndustry,allowedOrigins\r\n") {
      $0 +=
        "site-\($1),\"Site, \($1)\",ops@site-\($1).example,retail,\"https://a.site-\($1).example,https://b.site-\($1).example\"\r\n"
    }
  }

  private func landlord(
    _ arguments: String..., as login: TestServer.Login = .admin, through conninfo: String? = nil
  )
    -> Program.Outcome
  {
    Program.run(
      ["onboard"] + arguments,
      ["LANDLORD_DATABASE": TestServer.shared.conninfo(conninfo ?? self.conninfo, as: login)])
  }

  private func count(_ table: String) throws -> Int {
    let behind = TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .superuser))
    return Int(
      try behind.run("SELECT count(*) FROM landlord.\(unescaped: table)", deadline: 5000).exactlyOne.int64(0))
  }

  /// What the file of results says, without its head.
  private func rows() -> [[String]] {
    Array(CSVReader(Array(Program.text(of: results).utf8)).map(\.cells).dropFirst())
  }

  @Test func aBadLineAtTheEndLetsNothingBeWrittenUnlessItIsLeftOut() throws {
    write(Self.lines(0..<600) + "bad id!,x,nobody,retail,\r\n")

    let refused = landlord("--csv", csv)
    #expect(refused.status == 1)
    #expect(refused.output.hasPrefix("line 602: bad id!: siteId: Use a-z"))
    #expect(refused.output.hasSuffix("601 lines, 600 right, 1 wrong\n"))
    #expect(landlord("--csv", csv, "--dry-run").status == 1)
    #expect(try count("tenants") == 0)
    #expect(access(results, F_OK) != 0)

    let made = landlord("--csv", csv, "--skip-bad", "--reason", "SUP-7")
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.output.hasSuffix("600 onboarded; the results are in \(results)\n"))
    #expect(try count("tenants") == 600)
    var facts = stat()
    #expect(stat(results, &facts) == 0 && facts.st_mode & 0o777 == 0o600)
    let row = rows()[599]
    #expect(row[0] == "601" && row[1] == "site-599" && row[6] == "saved")
    let verified = Program.run(
      ["tenant", "verify-secret", "site-599"], ["LANDLORD_DATABASE": conninfo], input: row[5])
    #expect(verified.status == 0)
  }

  @Test func theSameCommandAgainMakesNothingAndMendedLinesAreMade() throws {
    write(Self.lines(0..<2))
    #expect(landlord("--csv", csv).status == 0)
    let first = rows()
    #expect(landlord("--csv", csv).status == 0)
    #expect(rows() == first)
    write(Self.lines(0..<4))
    #expect(landlord("--csv", csv).status == 0)
    #expect(rows().prefix(2) == first[...])
    #expect(try count("tenants") == 4)
    #expect(try count("audit_entries") == 4)
    // Without its results the file is just a file whose site ids are taken.
    unlink(results)
    let again = landlord("--csv", csv)
    #expect(again.status == 1 && again.output.contains("Another tenant has or had this site id"))
  }

  @Test func killedAtAnyTimeItGoesOnAndEachTenantHasItsSecret() throws {
    // So many that it is in the midst of them when its death comes.
    write(Self.lines(0..<3000))
    let running = Program.start(
      [Program.folder + "/landlord", "onboard", "--csv", csv], ["LANDLORD_DATABASE": conninfo], input: "")
    let looking = TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .superuser))
    while try looking.run("SELECT count(*) FROM landlord.tenants", deadline: 60_000).exactlyOne.int64(0) < 500
    {
      usleep(5_000)
    }
    kill(running.process, SIGKILL)
    #expect(Program.finish(running).status == 128 + SIGKILL)
    #expect(rows().count == 3000)

    let again = landlord("--csv", csv)

    #expect(again.status == 0 && again.errors.contains("going on with"), "\(again.errors)")
    #expect(try count("tenants") == 3000)
    #expect(try count("audit_entries") == 3000)
    for place in [0, 499, 500, 2999] {
      let row = rows()[place]
      let verified = Program.run(
        ["tenant", "verify-secret", row[1]], ["LANDLORD_DATABASE": conninfo], input: row[5])
      #expect(verified.status == 0, "\(row[1])")
    }
  }

  @Test(arguments: [CuttingProxy.Cut.beforeServer, .whileRunning, .beforeClient])
  func aBatchWhoseLineIsLostIsSentAgain(_ moment: CuttingProxy.Cut) throws {
    let proxy = CuttingProxy(to: .shared)
    proxy.cut(moment, at: "register_tenants")
    write(Self.lines(0..<3))
    let made = landlord("--csv", csv, through: "\(conninfo) host='\(proxy.directory)'")
    #expect(made.status == 0, "\(made.errors)")
    #expect(try count("tenants") == 3)
    #expect(try count("audit_entries") == 3)
  }

  @Test func theWholeIsUndoneWithAReasonAndItsNumber() throws {
    write(Self.lines(0..<3))
    #expect(landlord("--csv", csv).status == 0)
    #expect(landlord("--undo", results).status == 64)
    let other = landlord("--undo", results, "--reason", "wrong file", "--yes", "2")
    #expect(
      other.status == 64 && other.errors.contains("deactivates 3 tenants, which must be said again and was 2")
    )
    #expect(try count("tenants WHERE state = 'deactivated'") == 0)

    #expect(landlord("--undo", results, "--reason", "wrong file", "--yes", "3").output.hasPrefix("3 undone"))

    #expect(try count("tenants WHERE state = 'deactivated'") == 3)
    #expect(try count("audit_entries WHERE reason = 'wrong file'") == 3)
    #expect(rows().allSatisfy { $0[6] == "undone" })
    #expect(landlord("--undo", results, "--reason", "wrong file", "--yes", "0").status == 0)
  }

  @Test func whatIsNoFileOfResultsIsLeftAloneAndNothingIsWritten() throws {
    write(Self.lines(0..<1))
    let elsewhere = folder + "/elsewhere"
    write("precious", to: elsewhere)
    let obstacles: [() -> Void] = [
      { self.write("precious", to: self.results) }, { symlink(elsewhere, self.results) },
      { mkdir(self.results, 0o700) },
      { mkfifo(self.results, 0o600) },
      {
        self.write("", to: self.results)
        chmod(self.results, 0o644)
      },
    ]
    for obstacle in obstacles {
      obstacle()
      let outcome = landlord("--csv", csv)
      #expect(outcome.status == 1 && outcome.errors.contains(results), "\(outcome.errors)")
      unlink(results)
      rmdir(results)
    }
    #expect(Program.text(of: elsewhere) == "precious")
    #expect(try count("tenants") == 0)
  }

  @Test func whatIsNoOrdinaryFileIsNotWaitedFor() {
    #expect(landlord("--csv", csv).status == 3)
    mkfifo(csv, 0o600)
    #expect(landlord("--csv", csv).errors.contains("no ordinary file"))
    #expect(landlord("--csv", folder).errors.contains("no ordinary file"))
    #expect(landlord().status == 64 && landlord("--csv", csv, "--undo", csv).status == 64)
  }

  @Test func theResultsOfOneInstallationAreNotUsedOnAnother() throws {
    write(Self.lines(0..<1))
    #expect(landlord("--csv", csv).status == 0)
    // Databases of the tests are copies of one, so they are the same installation: this one is made another.
    let text = Program.text(of: results)
    let installation = rows()[0][11]
    write(
      String(
        text.split(separator: installation, omittingEmptySubsequences: false).joined(
          separator: "\(TenantID.random())")), to: results)
    #expect(landlord("--csv", csv).status == 5)
    #expect(landlord("--undo", results, "--reason", "x", "--yes", "1").status == 5)
    #expect(try count("tenants WHERE state = 'active'") == 1)
  }

  @Test(arguments: [TestServer.Login.support, .auditor, .limitedSupport, .limitedAuditor, .stranger])
  func whoMayNotOnboardIsToldAndNothingIsWritten(_ login: TestServer.Login) throws {
    write(Self.lines(0..<2))
    let outcome = landlord("--csv", csv, as: login)
    #expect(outcome.status == (login == .stranger ? 1 : 4) || outcome.status == 4, "\(outcome.errors)")
    #expect(try count("tenants") == 0)
    #expect(access(results, F_OK) != 0)
  }

  @Test func whoIsLimitedMakesWhatIsWithinTheLimitsAndIsToldOfTheRest() throws {
    let behind = TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .admin))
    try behind.run(
      "SELECT landlord.limit_person(gen_random_uuid(), 'admin_limited', 'energy', NULL, 'why')",
      deadline: 5000)
    write(Self.lines(0..<2) + "watt,Watt,a@b.example,energy,\n")
    let outcome = landlord("--csv", csv, as: .limitedAdmin)
    #expect(
      outcome.status == 1 && outcome.output.contains("line 2: site-0: This industry lies outside your limits")
    )
    #expect(rows().map { $0[6] } == ["refused", "refused", "saved"])
  }

  @Test func twoDoNotWorkWithOneFileAtOnce() throws {
    write(Self.lines(0..<3))
    let other = open(results + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    #expect(flock(other, LOCK_EX) == 0)

    let refused = landlord("--csv", csv)

    #expect(refused.status == 5)
    #expect(refused.errors.contains("somebody else works with \(results) just now"))
    #expect(access(results, F_OK) != 0)
    #expect(access(results + ".lock", F_OK) == 0, "the other's lock is left to the other")
    #expect(landlord("--csv", csv, "--dry-run").status == 0)
    close(other)
    #expect(landlord("--csv", csv).status == 0)
    #expect(access(results + ".lock", F_OK) != 0)
  }
}
