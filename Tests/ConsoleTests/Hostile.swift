import TenantStore
import Terminal

@testable import Console

/// A server on which everything that is text was written by somebody who means harm, and answers of it to whatever the
/// console asks. No rule of the schema is relied on: an older one, or a direct hand, may have let it in.
enum Hostile {
  /// Each of these alone has broken a terminal program.
  static let texts = [
    "\u{1B}[2J\u{1B}]0;title\u{7}\u{1B}[31m", "\u{9B}2J\u{90}x\u{9C}\u{85}", "one\r\ntwo\u{B}three\u{C}\u{0}",
    "\u{202E}exe.txt\u{2066}\u{200F}\u{61C}", "a\u{200B}b\u{200D}c\u{2060}d\u{FEFF}e\u{AD}",
    "\u{E0041}\u{E007F}\u{FE0F}\u{180E}\u{3164}", "Z" + String(repeating: "\u{300}\u{489}", count: 12),
    "\u{300}starts with a mark", String(repeating: "日本語", count: 14), "👩\u{200D}👩\u{200D}👧🏳️‍🌈",
    "\u{FFFD}\u{FFFF}\u{10FFFF}\u{E000}", "=cmd|' /C calc'!A0", "\t\t  \u{3000}\u{A0}", "",
  ]
  static let text = texts.joined(separator: " ")

  /// Scalars that nothing drawn may hold: they steer the terminal, or what is read there is not what is written.
  static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
    default: false
    }
  }

  static let session = Session(
    user: text, right: .admin, database: text, host: text, serverVersion: text, environment: text)

  static let catalogues = Catalogues(
    industries: texts.map { .init(name: $0) }, permissions: texts.map { .init(name: $0) })

  static let tenants = (0..<10).map { tenant($0) }

  static func tenant(_ number: Int, version: Int64 = 3) -> Tenant {
    var tenant = Sample.tenant(
      number + 1, texts[number % texts.count], text, version: version, email: text, origins: texts,
      permissions: texts)
    tenant.websiteURL = text
    tenant.industry = text
    return tenant
  }

  static let history = (0..<6).map { number in
    AuditEntry(
      entryID: Int64(number), seq: Int64(number), at: Sample.now, actor: text, action: text, version: 2,
      requestID: nil, reason: text, changed: texts,
      changes: texts.map { .init(field: $0, old: text, new: $0) } + [.init(field: text, old: nil, new: nil)])
  }

  static let events = (0..<6).map { number in
    AuditEvent(
      cursor: AuditCursor(at: Sample.now, source: .entry, id: String(number)), tenantID: Sample.acme.id,
      siteID: text, actor: text, role: text,
      client: AuditClient(address: text, proven: text, application: text), action: text, outcome: .saved,
      note: text, requestID: nil, reason: text, version: 1, seq: 1,
      changes: texts.map { .init(field: $0, old: text, new: text) })
  }

  static let run = Run(
    id: 7, tenantID: Sample.acme.id, siteID: text, state: .stuck, problem: text, begunAt: Sample.now,
    begunBy: text,
    steps: texts.enumerated().map { place, text in
      RunStep(
        place: place + 1, resource: text,
        state: RunStep.State.allCases[place % RunStep.State.allCases.count], note: text)
    })

  static let survey = Survey(
    tenant: tenant(0), lines: texts.map { .init(resource: $0, found: nil, problem: text) })

  static let intake: IntakeLook = {
    var look = IntakeLook(path: text, results: text, intake: nil)
    look.outcomes = texts.enumerated().map { line, text in
      IntakeOutcome(line: line, siteID: text, outcome: .refused, entryID: nil, why: text, obstacle: text)
    }
    return look
  }()

  static let written = Written(outcome: .saved, rule: text, entryID: 1, tenant: tenant(0, version: 4))

  /// Nil: nothing that the console asks, or nothing in it is text; it fails then.
  static func answer(to request: Request) -> Answer? {
    switch request {
    case .session: .session(session)
    case .page: .page(Sample.page(tenants))
    case .total: .total(Total(count: 30, estimated: true))
    case .tenant: .tenant(tenant(0))
    case .tenants: .tenants(tenants)
    case .matching: .matching(tenants.map(\.id))
    case .history: .history(history)
    case .activity(_, let weeks): .activity(Array(repeating: 3, count: weeks))
    case .version, .lastOwnChange:
      .version(
        TenantVersion(
          tenant: tenant(1), before: tenant(2), newest: 9, entryID: 1, at: Sample.now, actor: text,
          action: text, reason: text))
    case .isolation:
      .isolation(
        TenantIsolation(
          secretOpens: true, originOpens: false, permissionHolds: nil,
          tables: texts.map { .init(table: $0, rows: 7) }))
    case .auditPage: .auditPage(AuditPage(events: events))
    case .auditTail: .auditTail(AuditPage(events: events), next: AuditTail(xmin: "7", at: Sample.now))
    case .auditActivity:
      .auditActivity(
        AuditActivity(
          start: Sample.now, days: [1, 2, 3], actions: [.init(text, 3)], actors: texts.map { .init($0, 1) }))
    case .openLook: .look(1)
    case .closeLook, .noteRefusal: .noted
    case .usual(let industry):
      .usual(Usual(industry: industry, tenants: 3, origins: [text, "{site}" + text], permissions: [text]))
    case .catalogues: .catalogues(catalogues)
    case .views: .views(texts.map { SavedView(name: $0, filter: text, columns: [text]) })
    case .availability: .availability(.used)
    case .bulkPreview: .bulkPreview(BulkPreview(changing: 1, unchanged: 1, refused: 1, gone: 1))
    case .onboard, .update, .changeView, .keepExamination, .mend: .written(written)
    case .lifecycle(let request): answer(to: request)
    case .settle: .settled(.recorded(written))
    case .examine:
      .examined(
        Examined(
          tables: 3,
          findings: texts.map {
            Finding(
              check: Check.named("rls_off")!, object: $0, relation: text, what: text,
              mend: Mend([text], runsAs: text, isAllowed: true))
          }))
    case .lastExamination: .lastExamination(KeptExamination(at: Sample.now, actor: text, findings: []))
    case .lastChanges:
      .lastChanges(
        TenantField.allCases.map {
          LastChange(
            field: $0.rawValue, entryID: 1, at: Sample.now, actor: text, action: text, version: 2,
            reason: text)
        })
    case .run(.newest): .run(.newest(run))
    case .run(.open): .run(.open([run]))
    case .run(.resources): .run(.resources(texts.map { ListedResource(name: $0, settings: [text: text]) }))
    case .run(.start), .run(.changeResource): .written(written)
    case .bulk(let bulk):
      .bulk(
        bulk.tenants.map {
          BulkRow(
            tenantID: $0, requestID: bulk.requestID(for: $0), written: Written(outcome: .refused, rule: text))
        })
    case .verifySecret: .secret(matches: false)
    case .events, .lastEvent, .proof, .seal, .recordCheckpoint, .unavailable, .onboardBatch, .changeSetting,
      .changeCatalogue, .contextKeys, .signContext, .verifyContext, .rotateContextKey:
      nil
    }
  }

  private static let touched = texts.map { TouchedTable(table: $0, rows: 7) }

  private static func answer(to request: LifecycleRequest) -> Answer? {
    switch request {
    case .terms: .lifecycle(.terms(Terms(ticket: text, until: Sample.now)))
    case .touched: .lifecycle(.touched(touched))
    case .doors: .lifecycle(.doors(texts.map { Door(name: $0, opens: true, isAllowed: false) }))
    case .overdue: .lifecycle(.overdue(3))
    case .purgeDays: .lifecycle(.purgeDays(text))
    case .purgePreview:
      .lifecycle(.purgePreview(PurgePreview(text: text, digest: text, tables: touched)))
    case .twins: .lifecycle(.twins(texts))
    case .change, .purgeStep: .written(written)
    case .runDue, .purgeRows: nil
    }
  }

  static let errors: [StoreError] = [
    .server(sqlState: text, message: text), .notPermitted(text), .lockHeld(by: text), .brokenOff(text),
    .unavailable(text), .field(FieldProblem(field: .name, rule: text, message: text)), .timedOut, .readOnly,
  ]
}

extension Stage {
  /// A console on such a server, past its start.
  static func hostile(columns: Int = 80, lines: Int = 24) -> Stage {
    var stage = Stage(
      columns: columns, lines: lines,
      options: ConsoleOptions(
        tenantForms: Sample.forms, connections: Hostile.texts,
        views: Hostile.texts.map { SavedView(name: $0, filter: $0) }, environment: Hostile.text,
        problems: Hostile.texts))
    stage.send(.link(.up))
    stage.answerAll()
    return stage
  }

  /// Answers whatever is open, and what is asked for upon that, a few times over.
  mutating func answerAll(_ error: StoreError? = nil) {
    for _ in 0..<4 {
      for (request, ticket) in open {
        close(ticket)
        let answer = error == nil ? Hostile.answer(to: request) : nil
        send(.answered(ticket, answer.map { .success($0) } ?? .failure(error ?? Hostile.errors[0])))
      }
    }
  }
}
