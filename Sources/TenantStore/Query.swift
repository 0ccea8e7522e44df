import Postgres

/// How a request is put to the server: its SQL, how its rows become the answer, and what to ask instead where a server
/// error is expected. Made in the feature folders.
struct Query: Sendable {
  enum Step: Sendable {
    case answer(Answer)
    case then(Query)
    case failure(StoreError)
  }
  var statement: Statement
  /// What the rows mean. May ask the connection for facts, never send on it.
  var decode: @Sendable (Rows, Connection) -> Step
  /// Another question in place of this error; nil where the error is the answer.
  var recover: @Sendable (ServerError) -> Query? = { _ in nil }
  /// What to answer where the statement takes longer than that many milliseconds; it is cancelled then.
  var late: (after: Int, answer: Answer)?
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
    case .total(let filter): TenantTotalQuery.total(filter)
    case .tenant(let reference): TenantQuery.one(reference)
    case .tenants(let ids): TenantQuery.many(ids)
    case .matching(let filter, let limit): TenantListQuery.matching(filter, limit: limit)
    case .history(let id, let before, let limit): AuditQuery.history(id, before: before, limit: limit)
    case .activity(let id, let weeks): AuditQuery.activity(id, weeks: weeks)
    case .version(let id, let moment): VersionQuery.one(id, moment)
    case .lastOwnChange: VersionQuery.lastOwn
    case .isolation(let id): TenantIsolationQuery.one(id)
    case .auditPage(let request): AuditListQuery.page(request)
    case .auditTail(let tail, let request): AuditListQuery.tail(tail, request)
    case .auditActivity(let request): AuditActivityQuery.counted(request)
    case .lastChanges(let id): AuditQuery.lastChanges(id)
    case .openLook(let look): LookQuery.open(look)
    case .events(let event, let limit): OutboxQuery.after(event, limit: limit)
    case .lastEvent: OutboxQuery.last
    case .run(let request): request.query
    case .closeLook(let number, let outcome): LookQuery.close(number, outcome)
    case .proof: SealQuery.proof
    case .seal(let first): SealQuery.seal(from: first)
    case .recordCheckpoint(let checkpoint): SealQuery.record(checkpoint)
    case .catalogues: CataloguesQuery.all
    case .views: ViewsQuery.all
    case .availability(let siteID): TenantQuery.availability(siteID)
    case .usual(let industry): UsualQuery.usual(industry)
    case .unavailable(let siteIDs): IntakeQuery.unavailable(siteIDs)
    case .onboard(let onboarding): TenantWrite.onboard(onboarding)
    case .onboardBatch(let batch): IntakeQuery.onboard(batch)
    case .update(let update): TenantWrite.update(update)
    case .lifecycle(let request): LifecycleQuery.query(request)
    case .bulk(let bulk): BulkQuery.apply(bulk)
    case .bulkPreview(let bulk): BulkQuery.preview(bulk)
    case .changeView(let change): ViewsQuery.change(change)
    case .settle(let id): SettlementQuery.settle(id)
    case .noteRefusal(let action, let tenant, let what): AuditQuery.noteRefusal(action, tenant, what)
    case .changeSetting(let change): SettingsQuery.change(change)
    case .changeCatalogue(let change): CataloguesQuery.change(change)
    case .verifySecret(let id, let verifier, let whileShut):
      SecretQuery.verify(id, verifier, whileShut: whileShut)
    case .examine(let group, let table): DoctorQuery.examine(group, table: table)
    case .lastExamination: DoctorQuery.lastKept
    case .keepExamination(let keeping): DoctorQuery.keep(keeping)
    case .mend(let mending): DoctorQuery.mend(mending)
    case .contextKeys: ContextQuery.keys
    case .signContext(let place, let seconds): ContextQuery.sign(place, seconds: seconds)
    case .verifyContext(let place, let signature): ContextQuery.verify(place, signature)
    case .rotateContextKey(let rotation): ContextQuery.rotate(rotation)
    }
  }

  /// The SQL that it puts first, with its values: for a person to read. A secret's hash and a key are left out.
  public var sql: String {
    switch self {
    case .onboard(var onboarding):
      onboarding.verifier = []
      return Request.onboard(onboarding).query.statement.sqlWithValues
    case .onboardBatch(var batch):
      for place in batch.onboardings.indices { batch.onboardings[place].verifier = [] }
      return Request.onboardBatch(batch).query.statement.sqlWithValues
    case .verifySecret(let id, _, let whileShut):
      return Request.verifySecret(id, verifier: [], whileShut: whileShut).query.statement.sqlWithValues
    case .rotateContextKey(var rotation):
      rotation.key = []
      return Request.rotateContextKey(rotation).query.statement.sqlWithValues
    case .session, .page, .total, .tenant, .tenants, .matching, .history, .activity, .version, .lastOwnChange,
      .isolation,
      .auditPage, .auditTail, .auditActivity, .lastChanges,
      .openLook, .closeLook, .proof, .seal, .recordCheckpoint, .catalogues, .views,
      .availability, .update, .bulk, .bulkPreview, .changeView, .settle,
      .noteRefusal,
      .changeSetting, .changeCatalogue, .contextKeys, .signContext, .verifyContext:
      return query.statement.sqlWithValues
    case .unavailable, .usual: return query.statement.sqlWithValues
    case .examine, .lastExamination, .keepExamination, .mend, .events, .lastEvent, .run:
      return query.statement.sqlWithValues
    case .lifecycle: return query.statement.sqlWithValues
    }
  }

  /// Whether it goes over the line that writes and is never cancelled.
  var writes: Bool {
    switch self {
    case .onboardBatch: true
    case .unavailable, .usual: false
    case .lifecycle(let request): request.writes
    case .keepExamination, .mend: true
    case .examine, .lastExamination, .events, .lastEvent: false
    case .run(let request): request.writes
    case .onboard, .update, .bulk, .settle, .noteRefusal, .openLook, .closeLook,
      .seal, .recordCheckpoint, .changeSetting,
      .changeCatalogue, .changeView, .rotateContextKey:
      true
    case .session, .page, .total, .tenant, .tenants, .matching, .history, .activity, .version, .lastOwnChange,
      .isolation,
      .auditPage, .auditTail, .auditActivity, .lastChanges,
      .proof, .catalogues, .views,
      .availability, .bulkPreview, .verifySecret, .contextKeys, .signContext, .verifyContext:
      false
    }
  }

  /// Whether asking twice is the same as asking once, so that it may be asked again after a lost line.
  var isRepeatable: Bool {
    switch self {
    case .unavailable, .usual: true
    case .onboardBatch: false
    case .lifecycle(let request): request.isRepeatable
    case .examine, .lastExamination, .events, .lastEvent: true
    case .run(let request): !request.writes
    case .keepExamination, .mend: false
    case .session, .page, .total, .tenant, .tenants, .matching, .history, .activity, .version, .lastOwnChange,
      .isolation,
      .auditPage, .auditTail, .auditActivity, .lastChanges,
      .proof, .seal, .recordCheckpoint, .catalogues, .views,
      .availability, .bulkPreview, .verifySecret, .settle, .contextKeys, .signContext, .verifyContext:
      true
    case .onboard, .update, .bulk, .noteRefusal, .openLook, .closeLook,
      .changeSetting, .changeCatalogue,
      .changeView, .rotateContextKey:
      false
    }
  }

  /// How many milliseconds an answer may take. A count is given up soon, a write late: giving it up leaves it unknown.
  var patience: Int {
    switch self {
    case .lifecycle(let request): request.patience
    case .total: 5_000
    case .lastExamination, .events, .lastEvent: 15_000
    case .run(let request): request.writes ? 30_000 : 15_000
    case .keepExamination: 30_000
    case .unavailable, .usual: 30_000
    // Half a thousand of what takes a millisecond each, on a busy server.
    case .onboardBatch: 60_000
    case .session, .tenant, .proof, .catalogues, .views, .availability, .verifySecret, .contextKeys,
      .signContext,
      .verifyContext:
      15_000
    case .page, .history, .activity, .version, .lastOwnChange, .isolation, .auditPage, .auditTail,
      .auditActivity, .lastChanges, .tenants,
      .matching,
      .bulkPreview:
      20_000
    case .onboard, .update, .bulk, .settle, .noteRefusal, .openLook, .closeLook,
      .recordCheckpoint, .changeSetting,
      .changeCatalogue, .changeView, .rotateContextKey:
      30_000
    case .seal: 600_000
    case .examine: 60_000
    // An index that is built beside the work of others takes its time.
    case .mend(let mending): mending.mend.isTransactional ? 60_000 : 3_600_000
    }
  }
}
