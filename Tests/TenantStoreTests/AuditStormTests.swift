import Glibc
import Postgres
import TenantStore
import TestServer
import Testing

/// Fifty writers at once, some of them killed in the middle: what is left is whole.
@Suite struct AuditStormTests {
  /// A person's connection with one statement in flight.
  private final class Writer {
    var connection: Connection
    init(_ connection: Connection) { self.connection = connection }

    /// On a new connection where the present one was killed while it had nothing to do.
    func start(_ statement: Statement, _ database: Database) throws {
      do {
        try connection.start(statement)
      } catch let error where error.isKill {
        connection = database.connect(.admin)
        try connection.start(statement)
      }
    }
  }

  @Test func fiftyWritersWithRandomKillsLeaveWholeChains() throws {
    let database = Database()
    let hands = database.connect(.superuser)
    var tenants: [TenantID] = []
    for place in 1...20 { tenants.append(try database.register(hands, siteID: "tenant-\(place)")) }
    var random = SplitMix(state: 20_261_128)
    let writers = (0..<50).map { _ in Writer(database.connect(.admin)) }
    let sealer = Writer(database.connect(.auditor))
    var (left, kills, errors) = (800, 0, [String]())

    try sealer.connection.start("SELECT landlord.seal_block()")
    for writer in writers { try writer.connection.start(statement(tenants, &random)) }
    while left > 0 {
      for writer in writers {
        guard let result = writer.connection.advance() else { continue }
        left -= 1
        switch result {
        case .success: break
        // A new one takes the place of one that was killed.
        case .failure(let error):
          if !error.isKill { errors.append("\(error)") }
          writer.connection = database.connect(.admin)
        }
        if left >= 50 { try writer.start(statement(tenants, &random), database) }
      }
      if sealer.connection.advance() != nil { try sealer.connection.start("SELECT landlord.seal_block()") }
      usleep(1_000)
      // As the work goes on, and not as time does: spread over all of it, on however slow a machine.
      while kills < (800 - left) / 20 {
        kills += 1
        let victim = writers[Int(random.next() % 50)].connection.processID
        try hands.run("SELECT pg_terminate_backend(\(Int(victim))::int)", deadline: 5_000)
      }
    }
    _ = try sealer.connection.wait(deadline: 30_000)
    database.server.awaitTransactions()
    try hands.run("SELECT landlord.seal_block()", deadline: 30_000)

    let outcome = try AuditVerifier(hands).verify()
    #expect(errors == [])
    #expect(kills == 40)
    #expect(outcome.findings == [])
    #expect(outcome.unsealed == 0)
    #expect(outcome.entries > 500)
    #expect(outcome.blocks > 1)
  }

  /// One tenant, or many at once in an order of their own.
  private func statement(_ tenants: [TenantID], _ random: inout SplitMix) -> Statement {
    let name = "Name \(random.next() % 1_000_000)"
    if random.next() % 4 > 0 {
      let tenant = tenants[Int(random.next() % UInt64(tenants.count))]
      return """
        SELECT outcome FROM landlord.update_tenant(
          gen_random_uuid(), \(tenant)::uuid, NULL, jsonb_build_object('tenantName', \(name)::text), NULL)
        """
    }
    let some = tenants.shuffled(using: &random).prefix(5).map { tenant in
      """
      {"action":"update","requestId":"\(RequestID.random())","tenantId":"\(tenant)","changes":{"tenantName":"\(name)"}}
      """
    }
    return "SELECT outcome FROM landlord.apply_requests(\("[" + some.joined(separator: ",") + "]")::jsonb)"
  }
}

extension PostgresError {
  /// Whether an administrator ended the server's process.
  fileprivate var isKill: Bool {
    switch self {
    case .lost: true
    case .server(let error): error.sqlState == "57P01"
    case .cannotConnect, .deadline, .unsendable: false
    }
  }
}

/// The same numbers in every run. Source: S. Vigna, splitmix64.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
