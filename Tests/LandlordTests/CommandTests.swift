import Glibc
import Postgres
import TenantStore
import TestServer
import Testing

@testable import landlord

/// The commands as processes, against a real server: what they print, where, and how they end.
@Suite struct CommandTests {
  /// A fresh database, and `landlord` on it.
  private struct Desk {
    let conninfo: String

    init(_ contents: TestServer.Contents = .schema) {
      conninfo = TestServer.shared.database(contents, as: .admin)
    }

    func callAsFunction(_ arguments: String..., as login: TestServer.Login? = nil, input: String = "")
      -> Program.Outcome
    {
      let conninfo = login.map { TestServer.shared.conninfo(self.conninfo, as: $0) } ?? conninfo
      return Program.run(arguments, ["LANDLORD_DATABASE": conninfo], input: input)
    }

    func shell(_ line: String) -> Program.Outcome { Program.shell(line, ["LANDLORD_DATABASE": conninfo]) }

    @discardableResult
    func create(_ siteID: String, _ more: String...) -> Program.Outcome {
      let arguments = [
        "tenant", "create", "--site-id", siteID, "--name", "Acme GmbH", "--email", "ops@acme.example",
      ]
      return Program.run(arguments + ["--industry", "retail"] + more, ["LANDLORD_DATABASE": conninfo])
    }

    /// So many tenants with site ids t00001 …, made by the schema's own function.
    func fill(_ count: Int) throws {
      try TestServer.shared.connect(conninfo).run(
        """
        SELECT count(landlord.register_tenant(gen_random_uuid(), gen_random_uuid(), jsonb_build_object(
          'siteId', 't' || lpad(n::text, 5, '0'), 'tenantName', 'Tenant ' || n, 'contactEmail', 'a@b.example',
          'businessIndustry', 'retail', 'allowedOrigins', '[]'::jsonb, 'permissions', '[]'::jsonb),
          sha256('x'), 'hint', NULL))
        FROM generate_series(1, \(count)::int) n
        """, deadline: 60_000)
    }
  }

  /// The value of a string or number member in a line of JSON.
  private func member(_ name: String, _ outcome: Program.Outcome) -> String? {
    guard let start = outcome.output.split(separator: "\"\(name)\":", maxSplits: 1).dropFirst().first else {
      return nil
    }
    if start.hasPrefix("\"") { return String(start.dropFirst().prefix { $0 != "\"" }) }
    return String(start.prefix { $0 != "," && $0 != "}" })
  }

  // MARK: Onboarding

  @Test func aTenantIsMadeAndItsSecretShownOnce() throws {
    let landlord = Desk()
    let made = landlord.create(
      "acme", "--url", "https://acme.example", "--origin", "https://a.example", "--permission", "orders.read",
      "--json")
    #expect(made.status == 0)
    #expect(made.errors == "")
    let secret = try #require(member("tenantSecret", made))
    #expect(secret.utf8.count == 43)
    let shown = landlord("tenant", "show", "acme", "--json")
    #expect(!shown.output.contains(secret))
    #expect(made.output.hasPrefix(shown.output.dropLast(2)))
    let keys = [
      "tenantId", "siteId", "tenantName", "contactEmail", "websiteUrl", "businessIndustry", "allowedOrigins",
      "permissions", "isActive", "createdAt", "updatedAt", "version", "state",
    ]
    #expect(keys.allSatisfy { shown.output.contains("\"\($0)\":") })
    #expect(landlord("tenant", "show", try #require(member("tenantId", made)), "--json") == shown)
  }

  @Test func theSecretIsRecognisedAndNoOther() throws {
    let landlord = Desk()
    let secret = try #require(member("tenantSecret", landlord.create("acme", "--json")))
    #expect(landlord("tenant", "verify-secret", "acme", input: secret + "\n").status == 0)
    let other = TenantSecret.random().text
    #expect(landlord("tenant", "verify-secret", "acme", input: other).status == 1)
    #expect(landlord("tenant", "verify-secret", "acme", input: "nonsense").status == 1)
    #expect(landlord("tenant", "verify-secret", "acme", input: "").status == 64)
    #expect(landlord("tenant", "verify-secret", "nosuch", input: other).status == 3)
  }

  @Test func aRepeatedRequestMakesOneTenantAndShowsNoSecretAgain() throws {
    let landlord = Desk()
    let id = RequestID.random().description
    let first = landlord.create("acme", "--request-id", id, "--json")
    let second = landlord.create("acme", "--request-id", id, "--json")
    #expect(second.status == 0)
    #expect(member("tenantId", first) == member("tenantId", second))
    #expect(member("repeated", second) == "true")
    #expect(member("tenantSecret", second) == nil)
    #expect(second.errors.contains("repeated"))
    #expect(landlord.create("other", "--request-id", id).status == 5)
  }

  @Test func refusedValuesAreListedByField() {
    let refused = Program.run(
      [
        "tenant", "create", "--site-id", "A b", "--name", " ", "--email", "x", "--industry", "retail",
        "--origin", "http://a",
      ],
      ["LANDLORD_DATABASE": "host=/nonexistent"])
    #expect(refused.status == 1)
    #expect(refused.output == "")
    #expect(
      ["siteId:", "tenantName:", "contactEmail:", "allowedOrigins:"].allSatisfy {
        refused.errors.contains($0)
      })
  }

  @Test func whatOnlyTheServerKnowsIsRefusedByField() {
    let landlord = Desk()
    let refused = Program.run(
      ["tenant", "create", "--site-id", "acme", "--name", "A", "--email", "a@b", "--industry", "alchemy"],
      ["LANDLORD_DATABASE": landlord.conninfo])
    #expect(refused.status == 1)
    #expect(refused.errors.contains("businessIndustry:"))
  }

  @Test func aTakenSiteIDIsAConflict() {
    let landlord = Desk()
    landlord.create("acme")
    let second = landlord.create("acme")
    #expect(second.status == 5)
    #expect(second.errors.contains("siteId:"))
  }

  // MARK: Editing

  @Test func onlyTouchedFieldsAreWritten() {
    let landlord = Desk()
    landlord.create("acme")
    let edited = landlord(
      "tenant", "edit", "acme", "--set", "name=Néw", "--set", "url=https://x.example", "--json")
    #expect(edited.status == 0)
    #expect(member("tenantName", edited) == "Néw")
    #expect(member("contactEmail", edited) == "ops@acme.example")
    #expect(member("version", edited) == "2")
    let cleared = landlord("tenant", "edit", "acme", "--set", "websiteUrl=", "--json")
    #expect(member("websiteUrl", cleared) == "null")
  }

  @Test func aStaleVersionIsAConflictAndChangesNothing() {
    let landlord = Desk()
    landlord.create("acme")
    #expect(landlord("tenant", "edit", "acme", "--set", "name=A", "--if-version", "1").status == 0)
    #expect(landlord("tenant", "edit", "acme", "--set", "name=B", "--if-version", "1").status == 5)
    #expect(member("tenantName", landlord("tenant", "show", "acme", "--json")) == "A")
  }

  @Test func whatOpensDoorsWantsAReason() {
    let landlord = Desk()
    landlord.create("acme", "--origin", "https://a.example")
    #expect(landlord("tenant", "edit", "acme", "--set", "origins=https://b.example").status == 64)
    #expect(landlord("tenant", "edit", "acme", "--set", "permissions=orders.read").status == 64)
    // The same value again opens nothing.
    #expect(landlord("tenant", "edit", "acme", "--set", "origins=https://a.example").status == 0)
    let edited = landlord("tenant", "edit", "acme", "--set", "origins=https://b.example", "--reason", "moved")
    #expect(edited.status == 0)
  }

  @Test func aDryRunShowsTheDifferenceAndChangesNothing() {
    let landlord = Desk()
    landlord.create("acme")
    let dry = landlord(
      "tenant", "edit", "acme", "--set", "name=New", "--set", "email=ops@acme.example", "--dry-run")
    #expect(dry.output == "tenantName\n  - Acme GmbH\n  + New\n")
    #expect(member("version", landlord("tenant", "show", "acme", "--json")) == "1")
    let json = landlord("tenant", "edit", "acme", "--set", "name=New", "--dry-run", "--json")
    #expect(json.output.contains(#""changes":[{"field":"tenantName","old":"Acme GmbH","new":"New"}]"#))
  }

  @Test func theSiteIDNeverChanges() {
    let landlord = Desk()
    landlord.create("acme")
    let refused = landlord("tenant", "edit", "acme", "--set", "siteId=other")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("siteId:"))
  }

  // MARK: Lifecycle

  @Test func deactivatingWantsAReasonAndTheSiteID() {
    let landlord = Desk()
    landlord.create("acme")
    #expect(landlord("tenant", "deactivate", "acme", "--yes", "acme").status == 64)
    #expect(landlord("tenant", "deactivate", "acme", "--reason", "x").status == 64)
    #expect(landlord("tenant", "deactivate", "acme", "--reason", "x", "--yes", "acm").status == 64)
    #expect(member("isActive", landlord("tenant", "show", "acme", "--json")) == "true")
    let done = landlord("tenant", "deactivate", "acme", "--reason", "x", "--yes", "acme", "--json")
    #expect(done.status == 0)
    #expect(member("state", done) == "deactivated")
    #expect(member("isActive", done) == "false")
  }

  @Test func aTransitionThatTheStateRefusesIsAConflict() {
    let landlord = Desk()
    landlord.create("acme")
    #expect(landlord("tenant", "reactivate", "acme", "--reason", "x").status == 5)
    _ = landlord("tenant", "deactivate", "acme", "--reason", "x", "--yes", "acme")
    #expect(landlord("tenant", "deactivate", "acme", "--reason", "x", "--yes", "acme").status == 5)
    #expect(landlord("tenant", "reactivate", "acme", "--reason", "x").status == 0)
    #expect(member("state", landlord("tenant", "show", "acme", "--json")) == "active")
  }

  // MARK: As it was

  @Test func aTenantAndTheListAreShownAsTheyWere() throws {
    let landlord = Desk()
    landlord.create("acme")
    let then = try #require(
      member("changedAt", landlord("tenant", "show", "acme", "--version", "1", "--json")))
    _ = landlord("tenant", "edit", "acme", "--set", "tenantName=Later")
    landlord.create("beta")
    let first = landlord("tenant", "show", "acme", "--version", "1", "--json")
    #expect(member("tenantName", first) != "Later" && member("version", first) == "1", "\(first)")
    #expect(member("newestVersion", first) == "2" && member("action", first) == "register")
    let moment = "\(try #require(Instant(then)).description)"
    let list = landlord("tenant", "list", "--at", moment)
    #expect(list.output.contains("acme") && !list.output.contains("beta") && !list.output.contains("Later"))
    #expect(landlord("tenant", "show", "acme", "--at", "2020-01-01").status == 3)
    #expect(landlord("tenant", "show", "acme", "--version", "9").errors.contains("the newest is 2"))
    for wrong in ["yesterday", "2031-01-01"] {
      #expect(landlord("tenant", "show", "acme", "--at", wrong).status == 64)
    }
    #expect(landlord("tenant", "list", "--at", "1d", "--filter", "x").status == 64)
    #expect(Program.run(["--version"]).output == Landlord.version + "\n")
  }

  // MARK: Listing

  @Test func allRowsComeOverPagesInOrder() throws {
    let landlord = Desk()
    try landlord.fill(1001)
    let list = landlord("tenant", "list", "--json")
    let lines = list.output.split(separator: "\n")
    #expect(lines.count == 1003)
    #expect(lines.first == "[" && lines.last == "]")
    #expect(lines[1].contains("\"siteId\":\"t00001\"") && lines[1001].contains("\"siteId\":\"t01001\""))
    let csv = landlord("tenant", "list", "--csv", "--sort", "updatedAt", "--descending")
    #expect(csv.output.utf8.split(separator: UInt8(ascii: "\n")).count == 1002)
  }

  @Test(arguments: SortColumn.allCases)
  func aListGoesOnAfterTheLastRowSeen(column: SortColumn) throws {
    let landlord = Desk()
    try landlord.fill(12)
    func ids(_ more: String...) -> [Substring] {
      let arguments = ["tenant", "list", "--sort", column.rawValue] + more
      let list = Program.run(arguments, ["LANDLORD_DATABASE": landlord.conninfo])
      return list.output.split(separator: "\n").compactMap { $0.split(separator: "\t").first }
    }
    let all = ids()
    #expect(all.count == 12)
    #expect(ids("--limit", "5") == Array(all.prefix(5)))
    #expect(ids("--after", String(all[4]), "--limit", "3") == Array(all[5..<8]))
    #expect(ids("--after", String(all[11])) == [])
    #expect(ids("--descending") == all.reversed())
  }

  @Test func wordsAndStatesFilter() throws {
    let landlord = Desk()
    landlord.create("acme")
    landlord.create("zeta")
    _ = landlord("tenant", "deactivate", "zeta", "--reason", "x", "--yes", "zeta")
    #expect(landlord("tenant", "list", "--filter", "ACME gmbh state:active").output.hasPrefix("acme\t"))
    #expect(landlord("tenant", "list", "--filter", "state:deactivated").output.hasPrefix("zeta\t"))
    #expect(landlord("tenant", "list", "--filter", "absent", "--json").output == "[]\n")
    #expect(landlord("tenant", "list", "--filter", "state:nosuch").status == 64)
    #expect(landlord("tenant", "list", "--json", "--csv").status == 64)
    #expect(landlord("tenant", "list", "--after", "nosuch").status == 3)
  }

  @Test func aReaderThatHasSeenEnoughEndsTheListQuietly() throws {
    let landlord = Desk()
    try landlord.fill(400)
    let head = landlord.shell("landlord tenant list --json | head -n 1")
    #expect(head.output == "[\n")
    #expect(head.errors == "")
    #expect(head.status == 128 + SIGPIPE)
    // The same where the signal is ignored, as under some services.
    #expect(landlord.shell("trap '' PIPE; landlord tenant list --json | head -n 1") == head)
  }

  @Test func aFullDiskIsAnError() {
    let landlord = Desk()
    landlord.create("acme")
    for command in [
      "tenant list", "tenant show acme", "info", "catalogue industries list", "migrate --status",
    ] {
      let full = landlord.shell("landlord \(command) > /dev/full")
      #expect(full.status == 1)
      #expect(full.errors.contains("No space left"))
    }
    #expect(landlord.shell("landlord tenant list >&-").status == 1)
  }

  @Test func withoutAnyDescriptorNothingGoesWhereItDoesNotBelong() {
    let landlord = Desk()
    #expect(landlord.shell("landlord info <&- >&- 2>&-").status == 1)
    #expect(landlord.shell("landlord console <&- >&- 2>&-").status == 64)
    #expect(landlord.shell("landlord tenant list <&- 2>&-").status == 0)
  }

  // MARK: Who may

  @Test func supportMayLookAndNotChange() {
    let landlord = Desk()
    landlord.create("acme")
    #expect(landlord("tenant", "show", "acme", as: .support).status == 0)
    #expect(landlord("tenant", "edit", "acme", "--set", "name=B", as: .support).status == 4)
    #expect(
      landlord("tenant", "deactivate", "acme", "--reason", "x", "--yes", "acme", as: .support).status == 4)
    #expect(landlord("settings", "set", "environment", "x", as: .support).status == 4)
    #expect(landlord("catalogue", "industries", "add", "x", as: .support).status == 4)
    #expect(landlord("tenant", "list", as: .stranger).status == 4)
  }

  // MARK: The installation

  @Test func theEnvironmentIsKept() {
    let landlord = Desk()
    #expect(landlord("settings", "get", "environment").status == 3)
    #expect(landlord("settings", "set", "environment", "production").status == 0)
    #expect(landlord("settings", "get", "environment").output == "production\n")
    #expect(
      landlord("settings", "get", "environment", "--json").output == #"{"environment":"production"}"# + "\n")
    #expect(landlord("settings", "get", "nosuch").status == 64)
  }

  @Test(arguments: ["industries", "permissions"])
  func cataloguesGrowAndRetire(catalogue: String) {
    let landlord = Desk()
    #expect(landlord("catalogue", catalogue, "add", "space.travel").status == 0)
    #expect(landlord("catalogue", catalogue, "list").output.contains("space.travel\n"))
    #expect(landlord("catalogue", catalogue, "retire", "space.travel").status == 0)
    #expect(
      landlord("catalogue", catalogue, "list", "--json").output.contains(
        #"{"name":"space.travel","retired":true}"#))
    #expect(landlord("catalogue", catalogue, "retire", "nosuch").status == 3)
    #expect(landlord("catalogue", catalogue, "add", "Not a name").status == 1)
    #expect(landlord("catalogue", catalogue, "add").status == 64)
  }

  @Test func anEmptyDatabaseIsMigratedOnRequestOnly() {
    let landlord = Desk(.empty)
    func migrate(_ more: String...) -> Program.Outcome {
      Program.run(
        ["migrate"] + more,
        ["LANDLORD_DATABASE": TestServer.shared.conninfo(landlord.conninfo, as: .superuser)])
    }
    let unready = landlord("tenant", "list")
    #expect(unready.status == 1)
    #expect(unready.errors.contains("landlord migrate"))
    #expect(migrate("--status").output.contains("no landlord schema"))
    let sql = migrate("--dry-run").output
    #expect(sql.contains("CREATE TABLE landlord.tenants"))
    #expect(migrate("--status").output.contains("no landlord schema"))
    #expect(migrate().status == 0)
    #expect(migrate().output == "nothing to do\n")
    #expect(migrate("--status").output.contains("m0001_registry"))
    #expect(migrate("--status", "--dry-run").status == 64)
    #expect(landlord("migrate", "--status", as: .stranger).status == 4)
  }

  @Test func infoSaysWhoNamedWhatAndHidesPasswords() {
    let landlord = Desk()
    let info = Program.run(
      ["info"],
      [
        "DATABASE_URL":
          "postgres:///\(database(landlord.conninfo))?host=\(TestServer.shared.directory)&user=admin&password=hunter2&schema=public",
        "PGHOST": "elsewhere",
      ])
    #expect(info.status == 0)
    #expect(!info.output.contains("hunter2"))
    #expect(info.output.contains("DATABASE_URL"))
    #expect(
      info.output.split(separator: "\n").contains {
        $0.hasPrefix("droppedParameters") && $0.hasSuffix(" schema")
      })
    #expect(
      info.output.split(separator: "\n").contains {
        $0.hasPrefix("ignoredVariables") && $0.hasSuffix(" PGHOST")
      })
    #expect(
      info.output.split(separator: "\n").contains { $0.hasPrefix("server.user") && $0.hasSuffix(" admin") })
  }

  private func database(_ conninfo: String) -> String {
    (try? Connection.parameters(in: conninfo).first { $0.keyword == "dbname" }?.value) ?? ""
  }

  // MARK: Going wrong

  @Test func aNamedDatabaseThatDoesNotAnswerIsAnErrorAndNeverTheEmbeddedOne() {
    let lost = Program.run(
      ["tenant", "list"], ["LANDLORD_DATABASE": "host=/nonexistent", "XDG_DATA_HOME": "/nonexistent"])
    #expect(lost.status == 1)
    #expect(lost.errors.contains("/nonexistent/.s.PGSQL"))
    #expect(lost.errors.contains("LANDLORD_DATABASE"))
    #expect(lost.output == "")
    let info = Program.run(["info"], ["LANDLORD_DATABASE": "host=/nonexistent"])
    #expect(info.status == 1)
    #expect(info.output.contains("databaseFrom"))
  }

  @Test func theConsoleNeedsATerminal() {
    let outcome = Program.run([], ["LANDLORD_DATABASE": "host=/nonexistent"])
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
    #expect(outcome.errors.contains("terminal"))
  }

  @Test(arguments: [
    ["nosuch"], ["tenant", "nosuch"], ["tenant", "show"], ["tenant", "list", "--limit", "0"],
    ["tenant", "list", "--sort", "x"],
  ])
  func wrongUsageIs64AndPrintsNoResult(arguments: [String]) {
    let outcome = Program.run(arguments, ["LANDLORD_DATABASE": "host=/nonexistent"])
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
    #expect(outcome.errors != "")
  }

  @Test func theLogHasNoValues() throws {
    let landlord = Desk()
    let path = "/tmp/landlord-test-log-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    defer { unlink(path) }
    _ = landlord.create("acme", "--log", path)
    _ = landlord.create("acme", "--log", path)
    let log = Program.text(of: path)
    #expect(log.split(separator: "\n").allSatisfy { $0.hasPrefix("{\"at\":\"") && $0.hasSuffix("}") })
    #expect(log.contains(#""request":"onboard""#))
    #expect(log.contains("site_id_taken"))
    #expect(!log.contains("acme"))
    var facts = stat()
    #expect(stat(path, &facts) == 0 && facts.st_mode & 0o777 == 0o600)
  }
}
