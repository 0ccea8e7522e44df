import Glibc
import Postgres
import Synchronization
import TenantStore
import TestServer
import Testing

@Suite struct StoreTests {
  let fixture = Fixture()

  /// Polls the stores as a loop would until `count` answers have come; by ticket.
  func answers(_ stores: [Store], _ count: Int) -> [[Ticket: Result<Answer, StoreError>]] {
    var found: [[Ticket: Result<Answer, StoreError>]] = stores.map { _ in [:] }
    let end = Monotonic.milliseconds + 20_000
    while found.reduce(0, { $0 + $1.count }) < count {
      if Monotonic.milliseconds > end {
        Issue.record("no answer in time")
        return found
      }
      for (place, store) in stores.enumerated() {
        for (ticket, result) in store.advance() { found[place][ticket] = result }
      }
      var entries = stores.flatMap(\.watched).map {
        pollfd(fd: $0.descriptor, events: Int16(POLLIN | ($0.forWriting ? POLLOUT : 0)), revents: 0)
      }
      poll(&entries, nfds_t(entries.count), 5)
    }
    return found
  }

  /// Keeps everyone from reading tenants until the connection goes.
  func lockTenants() throws -> Connection {
    let connection = fixture.behind()
    try connection.runScript("BEGIN; LOCK TABLE landlord.tenants", deadline: 5_000)
    return connection
  }

  func release(_ connection: Connection) throws { try connection.runScript("ROLLBACK", deadline: 5_000) }

  @Test func nothingBlocksTheCallerAndAnswersComeInOrder() throws {
    let store = Store(conninfo: fixture.conninfo, wake: {})
    #expect(store.link == .connecting)
    let start = Monotonic.milliseconds
    for number in 1...20 {
      store.send(number % 2 == 0 ? .catalogues : .session, ticket: Ticket(UInt64(number)))
    }
    #expect(Monotonic.milliseconds - start < 5_000)
    var order: [UInt64] = []
    try #require(
      eventually {
        order += store.advance().map(\.0.number)
        return order.count == 20
      })
    #expect(order == Array(1...20))
    #expect(store.link == .up)
  }

  @Test func aLostLineIsOpenedAgainByItself() throws {
    let proxy = CuttingProxy(to: .shared)
    let store = Store(conninfo: fixture.conninfo + " host='\(proxy.directory)'", wake: {})
    _ = try store.answer(to: .session)
    proxy.cutAll()
    var wasDown = false
    try #require(
      eventually {
        #expect(store.advance().isEmpty)
        if case .down = store.link { wasDown = true }
        return wasDown && store.link == .up
      })
  }

  @Test func aServerThatNeverLetUsInIsNotAskedAgainByItself() throws {
    let store = Store(conninfo: fixture.conninfo + " host='/nowhere'", wake: {})
    guard
      case .failure(.unavailable) = Result(catching: { () throws(StoreError) in try store.answer(to: .session)
      })
    else { throw WrongAnswer() }
    guard case .down = store.link else { throw WrongAnswer() }
    #expect(store.deadline == nil)
  }

  @Test func aWriteThatIsPreparedFindsItsLineOpen() throws {
    let store = Store(conninfo: fixture.conninfo, wake: {})
    _ = try store.answer(to: .session)
    #expect(store.watched.count == 1)
    store.prepareToWrite()
    try #require(
      eventually {
        _ = store.advance()
        return store.watched.count == 2
      })
    store.prepareToWrite()
    #expect(store.advance().isEmpty && store.watched.count == 2)
  }

  @Test func theOwnerIsWokenWhenTheLineIsUp() throws {
    let woken = Mutex(0)
    let box = WakeCount(woken: woken)
    let store = Store(conninfo: fixture.conninfo, wake: { box.count() })
    store.send(.session, ticket: Ticket(1))
    _ = answers([store], 1)
    #expect(box.value >= 1)
  }

  final class WakeCount: Sendable {
    private let woken: Mutex<Int>
    init(woken: consuming sending Mutex<Int>) { self.woken = woken }
    func count() { woken.withLock { $0 += 1 } }
    var value: Int { woken.withLock { $0 } }
  }

  @Test func aCancelledReadIsAnsweredAtOnceAndTheNextIsNotHit() throws {
    let store = Store(conninfo: fixture.conninfo, wake: {})
    store.send(.session, ticket: Ticket(1000))
    _ = answers([store], 1)
    let holder = try lockTenants()
    for number in UInt64(1)...20 {
      store.send(.page(PageRequest()), ticket: Ticket(number))
      if number % 2 == 0 { usleep(5_000) }
      store.cancel(Ticket(number))
      store.send(.catalogues, ticket: Ticket(number + 100))

      let found = answers([store], 2)[0]

      #expect(found[Ticket(number)] == .failure(.cancelled))
      guard case .success(.catalogues) = found[Ticket(number + 100)] else {
        Issue.record("\(String(describing: found[Ticket(number + 100)]))")
        return
      }
    }
    #expect(store.link == .up)
    try release(holder)
  }

  @Test func aReadThatWaitsIsDroppedWhenCancelled() throws {
    let store = Store(conninfo: fixture.conninfo, wake: {})
    let holder = try lockTenants()
    store.send(.page(PageRequest()), ticket: Ticket(1))
    store.send(.page(PageRequest()), ticket: Ticket(2))
    store.cancel(Ticket(2))
    #expect(answers([store], 1)[0] == [Ticket(2): .failure(.cancelled)])
    try release(holder)
    guard case .success(.page) = answers([store], 1)[0][Ticket(1)] else { throw WrongAnswer() }
  }

  @Test func aReadIsTimedOutAndTheLineUsableAgain() throws {
    let holder = try lockTenants()
    #expect(throws: StoreError.timedOut) {
      try fixture.store.answer(to: .page(PageRequest()), deadline: 200)
    }
    guard case .catalogues = try fixture.store.answer(to: .catalogues) else { throw WrongAnswer() }
    try release(holder)
    #expect(try fixture.page(PageRequest()).rows.isEmpty)
  }

  @Test func aWriteThatTakesTooLongIsUnknownAndCanBeSettled() throws {
    let tenant = try fixture.onboard()
    // It waits for as long as it is not let go, and on a line that is there.
    try fixture.behind().runScript(
      "ALTER FUNCTION landlord.update_tenant SET lock_timeout = '2min'", deadline: 60_000)
    _ = try fixture.store.answer(to: .settle(.random()))
    let holder = try lockTenants()
    let update = Update(tenantID: tenant.id, expectedVersion: 1, changes: [.name: .text("Late")])
    #expect(throws: StoreError.unknown(update.requestID)) {
      // Long enough to be on the server, however busy the machine is.
      try fixture.store.answer(to: .update(update), deadline: 3_000)
    }
    try release(holder)
    while true {
      let answer = try fixture.store.answer(to: .settle(update.requestID))
      if answer == .settled(.running) { continue }
      guard case .settled(.recorded(let written)) = answer else {
        Issue.record("\(answer)")
        return
      }
      #expect(written.tenant?.name == "Late")
      return
    }
  }

  @Test func aRowThatSomeoneHoldsIsSaidSoAfterAWhile() throws {
    let tenant = try fixture.onboard()
    let holder = fixture.behind()
    try holder.runScript("BEGIN; SELECT FROM landlord.tenants FOR UPDATE", deadline: 5_000)
    let error = #expect(throws: StoreError.self) {
      try fixture.store.answer(
        to: .update(Update(tenantID: tenant.id, expectedVersion: nil, changes: [.name: .text("x")])))
    }
    #expect(error == .lockHeld(by: "postgres (process \(holder.processID))"))
    try release(holder)
  }

  @Test func withoutAServerItIsUnavailableUntilThereIsOne() throws {
    let store = Store(conninfo: "host=/nowhere user=x dbname=y", wake: {})
    for request in [Request.session, .onboard(Fixture.onboarding())] {
      let error = #expect(throws: StoreError.self) { try store.answer(to: request) }
      guard case .unavailable(let text) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(text.contains("/nowhere"))
    }
    guard case .down(let text) = store.link else {
      Issue.record("\(store.link)")
      return
    }
    #expect(text.contains("/nowhere"))
  }

  @Test func aLineThatWentAtRestIsSeenAndOpenedAgainWhenAsked() throws {
    let store = Store(conninfo: fixture.conninfo, wake: {})
    _ = try store.answer(to: .session)
    let behind = fixture.behind()
    try behind.run(
      "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'admin' AND datname = current_database()",
      deadline: 10_000)
    try #require(
      eventually {
        _ = store.advance()
        return store.link != .up
      })
    guard case .down = store.link else {
      Issue.record("\(store.link)")
      return
    }
    guard case .session = try store.answer(to: .session) else { throw WrongAnswer() }
    #expect(store.link == .up)
  }

  @Test func ofTwoWritersOnTheSameVersionOneIsStale() throws {
    let tenant = try fixture.onboard()
    let stores = [Store(conninfo: fixture.conninfo, wake: {}), Store(conninfo: fixture.conninfo, wake: {})]
    for round in Int64(1)...10 {
      for (place, store) in stores.enumerated() {
        store.send(
          .update(
            Update(
              tenantID: tenant.id, expectedVersion: round,
              changes: [.name: .text("Round \(round) by \(place)")])),
          ticket: Ticket(UInt64(round)))
      }
      let outcomes = answers(stores, 2).compactMap { found -> Written.Outcome? in
        guard case .success(.written(let written)) = found[Ticket(UInt64(round))] else { return nil }
        return written.outcome
      }
      #expect(Set(outcomes) == [.saved, .stale])
    }
    #expect(try fixture.history(tenant.id).map(\.seq) == (1...11).reversed())
  }

  @Test func ofTheSameRequestFromTwoConnectionsOneIsRepeated() throws {
    let stores = [Store(conninfo: fixture.conninfo, wake: {}), Store(conninfo: fixture.conninfo, wake: {})]
    for round in UInt64(1)...10 {
      let onboarding = Fixture.onboarding("acme-\(round)")
      for store in stores { store.send(.onboard(onboarding), ticket: Ticket(round)) }
      let written = answers(stores, 2).compactMap { found -> Written? in
        guard case .success(.written(let written)) = found[Ticket(round)] else { return nil }
        return written
      }
      #expect(written.map(\.outcome) == [.saved, .saved])
      #expect(Set(written.map(\.repeated)) == [true, false])
      #expect(written.first?.tenant == written.last?.tenant)
    }
    #expect(try fixture.value("SELECT count(*)::text FROM landlord.tenants") == "10")
  }

  @Test func whatAnswerDoesNotWaitForComesOutOfAdvance() throws {
    let store = Store(conninfo: fixture.conninfo, wake: {})
    store.send(.catalogues, ticket: Ticket(7))
    guard case .session = try store.answer(to: .session) else { throw WrongAnswer() }
    guard case .success(.catalogues) = answers([store], 1)[0][Ticket(7)] else { throw WrongAnswer() }
  }
}
