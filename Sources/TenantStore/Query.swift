import Postgres

/// How a request is put to the server: its SQL, how its rows become the answer, and what to ask instead where a server
/// error is expected. Made in the feature folders.
struct Query: Sendable {
  enum Step: Sendable {
    case answer(Answer)
    case then(Query)
  }
  var statement: Statement
  /// What the rows mean. May ask the connection for facts, never send on it.
  var decode: @Sendable (Rows, Connection) -> Step
  /// Another question in place of this error; nil where the error is the answer.
  var recover: @Sendable (ServerError) -> Query? = { _ in nil }
}

extension Query {
  init(_ statement: Statement, _ decode: @escaping @Sendable (Rows) -> Answer) {
    self.init(statement: statement, decode: { rows, _ in .answer(decode(rows)) })
  }
}

extension Request {
  /// The question that this request puts first.
  var query: Query {
    switch self {
    case .session: SessionQuery.whole
    case .page(let request): TenantListQuery.page(request)
    case .total(let filter): TenantListQuery.total(filter)
    case .tenant(let reference): TenantQuery.one(reference)
    case .history(let id, let before, let limit): AuditQuery.history(id, before: before, limit: limit)
    case .catalogues: CataloguesQuery.all
    case .availability(let siteID): TenantQuery.availability(siteID)
    case .onboard(let onboarding): TenantWrite.onboard(onboarding)
    case .update(let update): TenantWrite.update(update)
    case .deactivate(let transition): TenantWrite.deactivate(transition)
    case .reactivate(let transition): TenantWrite.reactivate(transition)
    case .settle(let id): SettlementQuery.settle(id)
    case .noteRefusal(let action, let tenant, let what): AuditQuery.noteRefusal(action, tenant, what)
    case .changeSetting(let change): SettingsQuery.change(change)
    case .changeCatalogue(let change): CataloguesQuery.change(change)
    case .verifySecret(let id, let verifier): SecretQuery.verify(id, verifier)
    }
  }

  /// Whether it goes over the line that writes and is never cancelled.
  var writes: Bool {
    switch self {
    case .onboard, .update, .deactivate, .reactivate, .settle, .noteRefusal, .changeSetting, .changeCatalogue:
      true
    case .session, .page, .total, .tenant, .history, .catalogues, .availability, .verifySecret: false
    }
  }

  /// Whether asking twice is the same as asking once, so that it may be asked again after a lost line.
  var isRepeatable: Bool {
    switch self {
    case .session, .page, .total, .tenant, .history, .catalogues, .availability, .verifySecret, .settle: true
    case .onboard, .update, .deactivate, .reactivate, .noteRefusal, .changeSetting, .changeCatalogue: false
    }
  }

  /// How many milliseconds an answer may take. A count is given up soon, a write late: giving it up leaves it unknown.
  var patience: Int {
    switch self {
    case .total: 5_000
    case .session, .tenant, .catalogues, .availability, .verifySecret: 15_000
    case .page, .history: 20_000
    case .onboard, .update, .deactivate, .reactivate, .settle, .noteRefusal, .changeSetting, .changeCatalogue:
      30_000
    }
  }
}
