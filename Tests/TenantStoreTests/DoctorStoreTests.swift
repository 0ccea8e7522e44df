import Postgres
import TestServer
import Testing

@testable import TenantStore

/// The doctor through the store: what each role may do with it, what is kept, what a mend leaves behind.
@Suite struct DoctorStoreTests {
  /// A database with a table of the installer's that nobody protects and that an admin may change.
  private struct Clinic {
    let fixture = Fixture()

    /// `admin` owns the table, so that it may mend it.
    init() throws {
      try fixture.behind().runScript(
        """
        CREATE SCHEMA IF NOT EXISTS landlord_trial AUTHORIZATION admin;
        CREATE TABLE landlord_trial.orders (tenant_id uuid, note text);
        ALTER TABLE landlord_trial.orders OWNER TO admin;
        CREATE POLICY landlord_open ON landlord_trial.orders TO landlord_tenant USING (tenant_id IS NOT NULL);
        """, deadline: 10_000)
    }

    func examine(_ group: CheckGroup, as login: TestServer.Login = .admin) throws -> [Finding] {
      guard
        case .examined(let examined) = try fixture.store(as: login).answer(to: .examine(group, table: nil))
      else {
        throw WrongAnswer()
      }
      return examined.findings
    }

    func finding(_ check: String, as login: TestServer.Login = .admin) throws -> Finding {
      try #require(try examine(.tables, as: login).first { $0.check.name == check })
    }
  }

  @Test func everyRoleMayLookAndSeesWhetherItMayMend() throws {
    let clinic = try Clinic()
    for login in [TestServer.Login.admin, .support, .auditor, .stranger] {
      let finding = try clinic.finding("rls_off", as: login)
      #expect(finding.mend?.isAllowed == (login == .admin))
      #expect(finding.mend?.runsAs == "admin")
    }
  }

  @Test func aMendIsRunAndWrittenDownTogether() throws {
    let clinic = try Clinic()
    let finding = try clinic.finding("rls_off")
    let mending = Mending(finding: finding.key, mend: try #require(finding.mend), reason: "SUP-1")

    #expect(try clinic.fixture.written(.mend(mending)).outcome == .saved)

    #expect(try clinic.examine(.tables).contains { $0.check.name == "rls_off" } == false)
    let entry = try clinic.fixture.value(
      """
      SELECT e.action || ' ' || e.actor || ' ' || e.reason || ' ' || (e.record::jsonb #>> '{statements,0}')
      FROM landlord.audit_entries e ORDER BY e.entry_id DESC LIMIT 1
      """)
    #expect(entry == "protect mend admin SUP-1 ALTER TABLE landlord_trial.orders ENABLE ROW LEVEL SECURITY")
    #expect(try clinic.fixture.written(.mend(mending)).repeated)
  }

  @Test func aMendThatFailsLeavesNothing() throws {
    let clinic = try Clinic()
    try clinic.fixture.behind().runScript(
      "INSERT INTO landlord_trial.orders DEFAULT VALUES", deadline: 10_000)
    let finding = try clinic.finding("tenant_nullable")
    let mending = Mending(finding: finding.key, mend: try #require(finding.mend), reason: "SUP-1")
    #expect(throws: StoreError.self) { try clinic.fixture.store.answer(to: .mend(mending)) }
    #expect(try clinic.fixture.value("SELECT count(*) FROM landlord.audit_entries") == "0")
    #expect(throws: StoreError.self) { try clinic.fixture.store(as: .support).answer(to: .mend(mending)) }
  }

  @Test func anIndexIsBuiltBesideTheWorkOfOthers() throws {
    let clinic = try Clinic()
    let finding = try clinic.finding("index_missing")
    let mend = try #require(finding.mend)
    #expect(!mend.isTransactional)
    let written = try clinic.fixture.written(.mend(Mending(finding: finding.key, mend: mend, reason: "slow")))
    #expect(written.outcome == .saved)
    #expect(try clinic.examine(.tables).contains { $0.check.name == "index_missing" } == false)
  }

  @Test func aRunIsKeptAndToldFromTheNext() throws {
    let clinic = try Clinic()
    #expect(try clinic.fixture.store.answer(to: .lastExamination) == .lastExamination(nil))
    var first = Examination()
    first.add(Examined(tables: 1, findings: try clinic.examine(.tables)))
    let keeping = ExaminationKeeping(findings: first.findings.map(\.key))
    #expect(try clinic.fixture.written(.keepExamination(keeping)).outcome == .saved)
    #expect(throws: StoreError.self) {
      try clinic.fixture.store(as: .support).answer(to: .keepExamination(keeping))
    }

    try clinic.fixture.behind().runScript(
      "ALTER TABLE landlord_trial.orders ENABLE ROW LEVEL SECURITY; CREATE TABLE landlord_trial.carts (tenant_id uuid)",
      deadline: 10_000)
    var second = Examination()
    second.add(Examined(tables: 2, findings: try clinic.examine(.tables)))
    guard
      case .lastExamination(let kept?) = try clinic.fixture.store(as: .support).answer(to: .lastExamination)
    else {
      throw WrongAnswer()
    }
    #expect(kept.actor == "admin")
    let difference = second.difference(since: kept)
    #expect(difference.new.map(\.object) == ["landlord_trial.carts"])
    #expect(difference.mended.map(\.check) == ["rls_off"])
  }

  @Test func onlyTheLastThirtyRunsAreKept() throws {
    let clinic = try Clinic()
    for _ in 0..<32 { _ = try clinic.fixture.written(.keepExamination(ExaminationKeeping(findings: []))) }
    #expect(
      try clinic.fixture.value("SELECT count(*) || ' ' || min(examination_id) FROM landlord.examinations")
        == "30 3")
  }

  /// As an admin who is a member of the tables' owner, with nothing but what the doctor offers.
  @Test func theSamplePlatformGoesFromRedToGreen() throws {
    let store = Store(conninfo: TestServer.shared.database(.platform, as: .platformAdmin), wake: {})
    func troubles() throws -> [Finding] {
      try CheckGroup.allCases.flatMap { group in
        guard case .examined(let examined) = try store.answer(to: .examine(group, table: nil)) else {
          throw WrongAnswer()
        }
        return examined.findings.filter { $0.severity > .note }
      }
    }
    let found = Set(try troubles().map { "\($0.check.name) \($0.object)" })
    let expected: Set<String> = [
      "unprotected platform.orders", "unprotected platform.messages", "view_as_owner platform.recent_orders",
      "copy_readable platform.order_totals", "definer_path_open platform.order_count()",
      "definer_public platform.order_count()",
    ]
    #expect(found.isSuperset(of: expected))

    for _ in 0..<20 {
      guard let finding = try troubles().first, let mend = finding.mend else { break }
      #expect(mend.isAllowed)
      _ = try store.answer(to: .mend(Mending(finding: finding.key, mend: mend, reason: "SUP-2")))
    }
    #expect(try troubles() == [])
  }

  /// No time is asserted, nor is the request's own patience the limit: a machine may be busy.
  @Test func fiveThousandTablesAreLookedAt() throws {
    let fixture = Fixture()
    let behind = fixture.behind()
    for first in stride(from: 1, to: 5000, by: 250) {
      try behind.runScript(
        """
        DO $$
        BEGIN
          FOR n IN \(first)..\(first + 249) LOOP
            EXECUTE format('CREATE TABLE public.t%s (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id))', n);
            EXECUTE format('ALTER TABLE public.t%s ENABLE ROW LEVEL SECURITY', n);
            EXECUTE format('CREATE POLICY landlord_open ON public.t%s TO landlord_tenant USING (true)', n);
          END LOOP;
        END $$
        """, deadline: 120_000)
    }
    // As autovacuum, which this server does without, would have done.
    try behind.runScript("ANALYZE", deadline: 120_000)
    let admin = TestServer.shared.connect(fixture.conninfo)
    var examination = Examination()
    for group in CheckGroup.allCases {
      let began = Monotonic.milliseconds
      let query = Request.examine(group, table: nil).query
      guard
        case .answer(.examined(let examined)) = query.decode(
          try admin.run(query.statement, deadline: 600_000), admin)
      else { throw WrongAnswer() }
      examination.add(examined)
      print("doctor: 5,000 tables, \(group.rawValue): \(Monotonic.milliseconds - began) ms")
    }
    #expect(examination.tables == 5000)
    // Not forced, no floor, open without a floor; and once that a superuser owns them.
    #expect(examination.count(.fail) == 15_001)
  }
}
