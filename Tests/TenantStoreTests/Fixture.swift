import Glibc
import Postgres
import TenantStore
import TestServer
import Testing

/// A database of a test's own, with a store for each login and a connection to look behind their backs.
struct Fixture {
  let conninfo = TestServer.shared.database(.schema, as: .admin)
  let store: Store

  init() { store = Store(conninfo: conninfo, wake: {}) }

  func store(as login: TestServer.Login) -> Store {
    Store(conninfo: TestServer.shared.conninfo(conninfo, as: login), wake: {})
  }

  /// As the superuser, whom no rule of a role holds.
  func behind() -> Connection {
    TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .superuser))
  }

  /// The one value of a query behind the store's back, as text.
  func value(_ statement: Statement) throws -> String? {
    try behind().run(statement, deadline: 10_000).exactlyOne.optionalString(0)
  }

  static let fields: [TenantField: FieldValue] = [
    .siteID: .text("acme"), .name: .text("Acme GmbH"), .contactEmail: .text("ops@acme.example"),
    .websiteURL: .text("https://acme.example/"), .industry: .text("retail"),
    .allowedOrigins: .list(["https://shop.acme.example", "https://acme.example:8443"]),
    .permissions: .list(["billing.read", "users.read"]),
  ]

  static func onboarding(
    _ siteID: String = "acme", _ changes: [TenantField: FieldValue] = [:], requestID: RequestID = .random()
  ) -> Onboarding {
    let secret = TenantSecret.random()
    return Onboarding(
      requestID: requestID,
      fields: fields.merging([.siteID: .text(siteID)]) { $1 }.merging(changes) { $1 },
      verifier: secret.verifier, hint: secret.hint)
  }

  /// A tenant that is there.
  @discardableResult
  func onboard(_ siteID: String = "acme", _ changes: [TenantField: FieldValue] = [:]) throws -> Tenant {
    try #require(try written(.onboard(Self.onboarding(siteID, changes))).tenant)
  }

  func written(_ request: Request) throws -> Written {
    guard case .written(let written) = try store.answer(to: request) else { throw WrongAnswer() }
    return written
  }

  func page(_ request: PageRequest) throws -> Page {
    guard case .page(let page) = try store.answer(to: .page(request)) else { throw WrongAnswer() }
    return page
  }

  func history(_ id: TenantID, before: Int64? = nil, limit: Int = 100) throws -> [AuditEntry] {
    guard case .history(let entries) = try store.answer(to: .history(id, before: before, limit: limit)) else {
      throw WrongAnswer()
    }
    return entries
  }
}

struct WrongAnswer: Error {}

/// Whether the condition holds within a minute; asks again and again, and once more when that is over: a machine may stand still.
func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
  let end = Monotonic.milliseconds + 60_000
  while Monotonic.milliseconds < end {
    if try condition() { return true }
    usleep(2_000)
  }
  return try condition()
}

extension StoreError {
  /// The rule of a field problem.
  var rule: String? {
    if case .field(let problem) = self { return problem.rule }
    return nil
  }
}
