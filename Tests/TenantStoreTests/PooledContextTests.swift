import Glibc
import Postgres
import Synchronization
import TenantStore
import TestServer
import Testing

/// Two tenants over one server process, which PgBouncer gives to whoever begins a transaction.
@Suite struct PooledContextTests {
  private struct Thrown: Error {}

  @Test func noTransactionSeesWhatAnotherTenantsLeftBehind() async throws {
    let database = Database()
    let superuser = database.connect(.superuser)
    let tenants = [
      try database.register(superuser, siteID: "acme"), try database.register(superuser, siteID: "bolt"),
    ]
    try superuser.runScript(TenantConnectionTests.rooms, deadline: 5_000)
    let pooler = Pooler(to: database.server)
    let conninfo = pooler.conninfo(database: superuser.database, as: .platform)
    let tally = Tally()

    try await withThrowingTaskGroup(of: Void.self) { group in
      for (place, tenant) in tenants.enumerated() {
        group.addTask { try Self.work(for: tenant, conninfo, seed: UInt64(place), tally) }
      }
      try await group.waitForAll()
    }

    #expect(tally.foreign.load(ordering: .relaxed) == 0)
    #expect(tally.processes.withLock { $0.count } >= 1)
    // Each way to end was taken, and what was committed is all there.
    let ends = tally.ends.withLock { $0 }
    #expect(ends.values.reduce(0, +) == 10_000)
    #expect(Set(ends.keys) == Set(Ending.allCases))
    #expect(try database.count(superuser, "SELECT count(*) FROM rooms") == Int64(2 + ends[.commits]!))
  }

  private enum Ending: CaseIterable { case commits, throwsAnError, fails, isCancelled, isLost, hasNoContext }

  private final class Tally: Sendable {
    /// Rows of another tenant that were seen.
    let foreign = Atomic(0)
    let ends = Mutex<[Ending: Int]>([:])
    let processes = Mutex<Set<Int64>>([])
  }

  private static func work(for tenant: TenantID, _ conninfo: String, seed: UInt64, _ tally: Tally) throws {
    var chance = Values(seed: seed)
    let line = TenantConnection(conninfo: conninfo)
    for _ in 0..<5_000 {
      let ending = ending(Int.random(in: 0..<1000, using: &chance))
      tally.ends.withLock { $0[ending, default: 0] += 1 }
      switch ending {
      case .isLost: try lose(conninfo, tenant)
      case .hasNoContext:
        let bare = try Connection.open(conninfo, deadline: 10_000)
        let seen = try bare.run("SELECT what FROM rooms", deadline: 10_000).count
        tally.foreign.add(seen, ordering: .relaxed)
      case .commits, .throwsAnError, .fails, .isCancelled:
        do {
          try line.withTenant(tenant) { work in
            let seen = try work.run("SELECT DISTINCT tenant_id::text, pg_backend_pid() FROM rooms")
            tally.foreign.add(seen.filter { $0.string(0) != tenant.description }.count, ordering: .relaxed)
            tally.processes.withLock { $0.formUnion(seen.map { $0.int64(1) }) }
            try end(work, ending, tenant)
          }
          #expect(ending == .commits)
        } catch is Thrown where ending == .throwsAnError {
        } catch PostgresError.server(let error) where ending == .fails && error.sqlState == "22012" {
        } catch PostgresError.server(let error) where ending == .isCancelled && error.sqlState == "57014" {
        }
      }
    }
  }

  /// Of a thousand: 600 commit, 200 throw, 150 fail, 30 are cancelled, 10 lose their line, 10 forget the context.
  private static func ending(_ number: Int) -> Ending {
    switch number {
    case ..<600: .commits
    case ..<800: .throwsAnError
    case ..<950: .fails
    case ..<980: .isCancelled
    case ..<990: .isLost
    default: .hasNoContext
    }
  }

  private static func end(_ work: TenantTransaction, _ ending: Ending, _ tenant: TenantID) throws {
    switch ending {
    case .commits, .isLost, .hasNoContext:
      try work.run("INSERT INTO rooms VALUES (\(tenant)::uuid, 'more')")
    case .throwsAnError:
      try work.run("DELETE FROM rooms")
      throw Thrown()
    case .fails: try work.run("SELECT 1 / 0")
    case .isCancelled: try cancel(work)
    }
  }

  /// A request to cancel that comes before its statement does nothing, so it is made until the statement has ended; and
  /// nothing new is sent before the last one has.
  private static func cancel(_ work: TenantTransaction) throws {
    final class State: Sendable {
      let isOver = Atomic(false)
      let isQuiet = Atomic(false)
    }
    let canceller = try work.canceller()
    let state = State()
    TestServer.thread {
      while !state.isOver.load(ordering: .acquiring) {
        canceller.cancel()
        usleep(1_000)
      }
      state.isQuiet.store(true, ordering: .releasing)
    }
    defer {
      state.isOver.store(true, ordering: .releasing)
      while !state.isQuiet.load(ordering: .acquiring) { usleep(100) }
    }
    try work.run("SELECT pg_sleep(20)")
  }

  /// A line that goes away in the middle of a transaction.
  private static func lose(_ conninfo: String, _ tenant: TenantID) throws {
    let line = try Connection.open(conninfo, deadline: 10_000)
    try line.runScript("BEGIN", deadline: 10_000)
    try line.run("SELECT landlord.enter_tenant(\(tenant)::uuid)", deadline: 10_000)
    try line.run("DELETE FROM rooms", deadline: 10_000)
  }
}
