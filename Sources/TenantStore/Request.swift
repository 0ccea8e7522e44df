/// What can be asked of the store, as data. Each feature folder holds the SQL and the decoding of its own.
public enum Request: Equatable, Sendable {
  /// Who I am, what the server is, whether the schema is there. First thing after connecting.
  case session
  /// A window of the list of tenants.
  case page(PageRequest)
  /// How many tenants match: counted where that is soon done, else an estimate from a sample.
  case total(Filter)
  /// One tenant, whole.
  case tenant(TenantReference)
  /// Many tenants, whole, by their ids: at most 500, in no order; those that are gone are missing.
  case tenants([TenantID])
  /// The ids of those that match, at most `limit` of them, in the order of ids.
  case matching(Filter, limit: Int)
  /// The entries of a tenant's audit, newest first, `limit` of them, before `before` (a seq; nil: from the newest).
  case history(TenantID, before: Int64?, limit: Int)
  /// How many entries the audit of a tenant got in each of the last `weeks` weeks.
  case activity(TenantID, weeks: Int)
  /// Who last changed each field of a tenant.
  case lastChanges(TenantID)
  /// A tenant as it was at a moment.
  case version(TenantID, Moment)
  /// The last change of a tenant that the person who asks made.
  case lastOwnChange
  /// Which doors of a tenant open now, and its rows in the protected tables.
  case isolation(TenantID)
  /// A window of the audit of everybody, or of what its filter names: entries, and beside them what was refused or looked at.
  case auditPage(AuditPageRequest)
  /// What came to that list since then; nil: only from where to ask.
  case auditTail(AuditTail?, AuditPageRequest)
  /// How much happened, by day, action and person.
  case auditActivity(AuditActivityRequest)
  /// Write down that something sensitive is about to be looked at; the look itself must wait for the answer.
  case openLook(Look)
  /// How one's own look ended.
  case closeLook(Int64, outcome: String)
  /// The events of the outbox after one of them (0: from the first), in order; fewer than the limit does not mean the end.
  case events(after: Int64, limit: Int)
  /// The event of the outbox that came last.
  case lastEvent
  /// Runs, and the resources they bring to what tenants' states want.
  case run(RunRequest)
  /// How well the audit is proven.
  case proof
  /// Seal what has ended into a block; the blocks from this number on.
  case seal(from: Int64)
  /// Keep a signature of a block.
  case recordCheckpoint(Checkpoint)
  /// Industries and permissions.
  case catalogues
  /// The views that everyone here shares.
  case views
  /// Whether a site id is free.
  case availability(siteID: String)
  /// What tenants of an industry usually have.
  case usual(industry: String)
  /// Those of these site ids that no new tenant can get. Any number of them.
  case unavailable(siteIDs: [String])
  /// Make a tenant.
  case onboard(Onboarding)
  /// Make many: at most 500, each for itself. Answered by `.bulk`, in their order.
  case onboardBatch(OnboardingBatch)
  /// Change the touched fields of one.
  case update(Update)
  /// The life of tenants: changes of state, doors, purges.
  case lifecycle(LifecycleRequest)
  /// One change for many tenants: at most 500.
  case bulk(Bulk)
  /// What that would do. Any number of tenants.
  case bulkPreview(Bulk)
  /// Save or remove a shared view.
  case changeView(ViewChange)
  /// What became of a write whose line was lost.
  case settle(RequestID)
  /// Write down that an action was refused to this person (cooperative).
  case noteRefusal(action: String, tenant: TenantID?, what: String)
  /// A setting of the installation, such as its environment.
  case changeSetting(SettingChange)
  /// Add to or retire from a catalogue.
  case changeCatalogue(CatalogueChange)
  /// Whether this is a tenant's secret, by its SHA-256; false while its state lets nobody in by it, but for `whileShut`, which is
  /// for those who may make tenants.
  case verifySecret(TenantID, verifier: [UInt8], whileShut: Bool = false)
  /// How tenants' contexts are wanted, and the keys that sign them.
  case contextKeys
  /// A signature by the newest key, good for some seconds.
  case signContext(ContextPlace, seconds: Int)
  /// Whether a signature holds.
  case verifyContext(ContextPlace, signature: String)
  /// Take a new key for the contexts.
  case rotateContextKey(KeyRotation)
  /// Make a group of the doctor's checks: in the whole database, or of one table.
  case examine(CheckGroup, table: String?)
  /// The doctor's run that was kept last.
  case lastExamination
  /// Keep a run of the doctor, to compare the next one with.
  case keepExamination(ExaminationKeeping)
  /// Put a finding of the doctor right.
  case mend(Mending)

  /// The request id of a write, nil for what only reads. A lost write is settled by it; a lost bulk is sent again, as its
  /// id is only what the ids of its parts are made of.
  public var requestID: RequestID? {
    switch self {
    case .onboard(let o): o.requestID
    case .update(let u): u.requestID
    case .lifecycle(let l): l.requestID
    case .changeSetting(let c): c.requestID
    case .changeCatalogue(let c): c.requestID
    case .changeView(let c): c.requestID
    case .rotateContextKey(let r): r.requestID
    case .bulk(let b): b.id
    case .onboardBatch(let b): b.id
    case .unavailable, .usual: nil
    case .examine, .lastExamination, .events, .lastEvent: nil
    case .run(let r): r.requestID
    case .keepExamination(let k): k.requestID
    case .mend(let m): m.requestID
    case .session, .page, .total, .tenant, .tenants, .matching, .history, .activity, .version, .lastOwnChange,
      .isolation,
      .auditPage, .auditTail, .auditActivity, .lastChanges,
      .openLook, .closeLook, .proof, .seal, .recordCheckpoint, .catalogues, .views,
      .availability, .bulkPreview, .settle, .noteRefusal, .verifySecret, .contextKeys, .signContext,
      .verifyContext:
      nil
    }
  }
}

/// What came back. The case is the request's of the same name; the writes answer `.written`, but for a bulk.
public enum Answer: Equatable, Sendable {
  case session(Session)
  case page(Page)
  case total(Total)
  /// Nil: no such tenant.
  case tenant(Tenant?)
  case tenants([Tenant])
  case matching([TenantID])
  case history([AuditEntry])
  /// The oldest week first; the last one are the seven days up to now.
  case activity([Int])
  /// In the order of the names; a field that nobody ever gave a value is not among them.
  case lastChanges([LastChange])
  /// Nil: it was not there yet, or there is no such version.
  case version(TenantVersion?)
  /// Nil: no such tenant.
  case isolation(TenantIsolation?)
  case auditPage(AuditPage)
  /// Newest first.
  case auditTail(AuditPage, next: AuditTail)
  case auditActivity(AuditActivity)
  /// Nil: there is no event of the number to go on from.
  case events([OutboxEvent]?)
  /// Its number; 0: there is none.
  case lastEvent(Int64)
  case run(RunAnswer)
  /// The look's number, to close it by.
  case look(Int64)
  case proof(Proof)
  case sealed(Sealed)
  case catalogues(Catalogues)
  /// In order of their names, by bytes.
  case views([SavedView])
  case availability(Availability)
  case written(Written)
  case lifecycle(LifecycleAnswer)
  /// One for each tenant, in the order of their ids.
  case bulk([BulkRow])
  case bulkPreview(BulkPreview)
  case unavailable([String])
  case usual(Usual)
  case settled(Settlement)
  case noted
  case secret(matches: Bool)
  case contextKeys(ContextKeys)
  /// Nil: there is no key.
  case contextSignature(String?)
  /// The rule that the signature breaks; nil: it holds.
  case contextProblem(rule: String?)
  case examined(Examined)
  /// Nil: none was kept yet.
  case lastExamination(KeptExamination?)
}

/// What a write did. The composite type `answer` of the schema.
public struct Written: Equatable, Sendable {
  public enum Outcome: String, Sendable {
    /// Done, or nothing to do.
    case saved
    /// Someone changed the tenant since `expectedVersion`; nothing was changed.
    case stale
    /// No such tenant.
    case gone
    /// A rule of its state forbids it (`rule` says which); nothing was changed.
    case refused
  }
  public var outcome: Outcome
  /// This request id had been carried out before; this is what it did then.
  public var repeated: Bool
  /// Why it was refused, a constraint-like name.
  public var rule: String?
  /// The audit entry it wrote; nil where nothing changed.
  public var entryID: Int64?
  /// The tenant as it is now; nil where it is gone and for what concerns no tenant.
  public var tenant: Tenant?

  public init(
    outcome: Outcome, repeated: Bool = false, rule: String? = nil, entryID: Int64? = nil,
    tenant: Tenant? = nil
  ) {
    self.outcome = outcome
    self.repeated = repeated
    self.rule = rule
    self.entryID = entryID
    self.tenant = tenant
  }
}

/// What became of a write whose line was lost.
public enum Settlement: Equatable, Sendable {
  /// It had been carried out; this is its outcome.
  case recorded(Written)
  /// It never arrived and never will: its id is fenced.
  case never
  /// Its transaction is still open: ask again.
  case running
}

/// Everything a person gives to make a tenant.
public struct Onboarding: Equatable, Sendable {
  public var requestID: RequestID
  public var tenantID: TenantID
  /// One value a field; the URL may be `.absent`.
  public var fields: [TenantField: FieldValue]
  /// SHA-256 of the secret; the secret itself never leaves this process.
  public var verifier: [UInt8]
  /// The secret's last four characters.
  public var hint: String
  public var reason: String?

  public init(
    requestID: RequestID = .random(), tenantID: TenantID = .random(), fields: [TenantField: FieldValue],
    verifier: [UInt8], hint: String, reason: String? = nil
  ) {
    self.requestID = requestID
    self.tenantID = tenantID
    self.fields = fields
    self.verifier = verifier
    self.hint = hint
    self.reason = reason
  }
}

/// The touched fields of a tenant.
public struct Update: Equatable, Sendable {
  public var requestID: RequestID
  public var tenantID: TenantID
  /// The version the person saw; nil writes whatever the version.
  public var expectedVersion: Int64?
  /// Only what was touched. Never holds `.siteID`.
  public var changes: [TenantField: FieldValue]
  public var reason: String?

  public init(
    requestID: RequestID = .random(), tenantID: TenantID, expectedVersion: Int64?,
    changes: [TenantField: FieldValue], reason: String? = nil
  ) {
    self.requestID = requestID
    self.tenantID = tenantID
    self.expectedVersion = expectedVersion
    self.changes = changes
    self.reason = reason
  }
}
