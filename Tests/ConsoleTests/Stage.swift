import TenantStore
import Terminal
import Testing

@testable import Console

/// Plays the console without terminal or server: presses keys, feeds answers in, looks at effects and at the screen.
struct Stage {
  var app: App
  var size: Size
  /// How many tenants are overdue, when that is asked.
  var overdue: Int64 = 0
  /// What was asked for since the last look.
  private(set) var effects: [Effect] = []
  /// Verifications that were asked for, oldest first.
  private(set) var verifications: [Ticket] = []
  /// Tasks with files of tenants that were asked for, oldest first.
  private(set) var intakes: [Ticket] = []
  /// Requests that have no answer yet, oldest first.
  private(set) var open: [(request: Request, ticket: Ticket)] = []

  init(
    columns: Int = 80, lines: Int = 24, bindings: [KeyBinding] = [], views: [SavedView] = [],
    environment: String? = nil
  ) {
    self.init(
      columns: columns, lines: lines,
      options: ConsoleOptions(
        bindings: bindings, tenantForms: Sample.forms,
        eventLines: { $0.map { "\($0.action) of \($0.siteID ?? "-")\n" }.joined() },
        connections: ["demo", "prod"], views: views,
        environment: environment))
  }

  init(columns: Int, lines: Int, options: ConsoleOptions) {
    size = Size(columns: columns, lines: lines)
    app = App(seeds: CountedSeeds(), size: size, options: options)
    note(app.update(.clock(Sample.now)))
    note(app.start())
  }

  /// A console that is past its start, showing these tenants.
  static func list(
    _ tenants: [Tenant] = Sample.tenants, session: Session = Sample.session, columns: Int = 80,
    lines: Int = 24, bindings: [KeyBinding] = []
  ) -> Stage {
    var stage = Stage(columns: columns, lines: lines, bindings: bindings)
    stage.send(.link(.up))
    stage.answer(.session(session))
    stage.answer(.catalogues(Sample.catalogues))
    stage.answer(.page(Sample.page(tenants)))
    _ = stage.asked()
    return stage
  }

  mutating func send(_ event: Event) { note(app.update(event)) }

  /// Presses keys one after the other, painting in between as someone sees who types slowly.
  mutating func press(_ script: String) {
    for key in keys(script) {
      send(.painted)
      send(.key(key))
    }
  }

  /// Presses keys that all arrive before anything is painted.
  mutating func pressAtOnce(_ script: String) {
    for key in keys(script) { send(.key(key)) }
  }

  /// Answers the oldest open request of the answer's kind.
  mutating func answer(_ answer: Answer, sourceLocation: SourceLocation = #_sourceLocation) {
    guard let place = open.firstIndex(where: { answer.isAnswer(to: $0.request) }) else {
      Issue.record("nothing was asked that \(answer) answers", sourceLocation: sourceLocation)
      return
    }
    let ticket = open.remove(at: place).ticket
    send(.answered(ticket, .success(answer)))
    // What the console asks by itself behind the catalogues; most tests have no use for it.
    if case .catalogues = answer, open.contains(where: { $0.request == .lifecycle(.overdue) }) {
      self.answer(.lifecycle(.overdue(overdue)))
    }
  }

  /// Lets the oldest open request that matches fail.
  mutating func fail(
    _ error: StoreError, sourceLocation: SourceLocation = #_sourceLocation,
    where matches: (Request) -> Bool = { _ in true }
  ) {
    guard let place = open.firstIndex(where: { matches($0.request) }) else {
      Issue.record("nothing is open that could fail", sourceLocation: sourceLocation)
      return
    }
    let ticket = open.remove(at: place).ticket
    send(.answered(ticket, .failure(error)))
  }

  /// The requests that were sent since the last look.
  mutating func asked() -> [Request] {
    defer { effects = [] }
    return effects.compactMap { if case .send(let request, _) = $0 { request } else { nil } }
  }

  /// The effects since the last look, without the wake-ups that tell slow requests.
  mutating func wanted() -> [Effect] {
    defer { effects = [] }
    return effects.filter { if case .wakeAfter(_, .slow) = $0 { false } else { true } }
  }

  var frame: Frame { app.view(size) }

  /// The line above the footer.
  var status: String {
    let lines = frame.picture.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.count >= size.lines - 1 ? String(lines[size.lines - 2].drop { $0 == " " }) : ""
  }

  /// The screen must be this picture, in which "▮" stands where the cursor is.
  func expect(_ picture: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let seen = frame.pictureWithCursor
    if seen != picture {
      Issue.record("\(Self.difference(from: picture, to: seen))", sourceLocation: sourceLocation)
    }
  }

  /// An answer to this very request is on its way in.
  mutating func close(_ ticket: Ticket) { open.removeAll { $0.ticket == ticket } }

  private mutating func note(_ new: [Effect]) {
    effects += new
    for effect in new {
      switch effect {
      case .send(let request, let ticket): open.append((request, ticket))
      case .cancel(let ticket): open.removeAll { $0.ticket == ticket }
      case .verify(_, let ticket): verifications.append(ticket)
      case .intake(_, let ticket): intakes.append(ticket)
      case .wakeAfter, .suspend, .repaint, .migrate, .resources, .copy, .export, .seekDrafts, .openDraft,
        .keepDraft,
        .closeDraft, .useTheme, .useMouse,
        .connect, .quit:
        break
      }
    }
  }

  /// Line by line: what was expected and what is there.
  private static func difference(from expected: String, to seen: String) -> String {
    let (old, new) = (
      expected.split(separator: "\n", omittingEmptySubsequences: false),
      seen.split(separator: "\n", omittingEmptySubsequences: false)
    )
    var text = "the screen differs (- expected, + seen):\n"
    for place in 0..<max(old.count, new.count) {
      let (a, b) = (place < old.count ? old[place] : nil, place < new.count ? new[place] : nil)
      if a == b {
        text += "  \(a ?? "")\n"
        continue
      }
      if let a { text += "- \(a)\n" }
      if let b { text += "+ \(b)\n" }
    }
    return text
  }
}

extension Answer {
  /// Whether this is what such a request gets.
  func isAnswer(to request: Request) -> Bool {
    switch self {
    case .session: request == .session
    case .page: if case .page = request { true } else { false }
    case .total: if case .total = request { true } else { false }
    case .tenant: if case .tenant = request { true } else { false }
    case .tenants: if case .tenants = request { true } else { false }
    case .matching: if case .matching = request { true } else { false }
    case .history: if case .history = request { true } else { false }
    case .activity: if case .activity = request { true } else { false }
    case .isolation: if case .isolation = request { true } else { false }
    case .version:
      if case .version = request { true } else { request == .lastOwnChange }
    case .catalogues: request == .catalogues
    case .views: request == .views
    case .availability: if case .availability = request { true } else { false }
    case .written:
      switch request {
      case .bulk, .onboardBatch: false
      default: request.requestID != nil
      }
    case .bulk:
      switch request {
      case .bulk, .onboardBatch: true
      default: false
      }
    case .usual: if case .usual = request { true } else { false }
    case .unavailable: if case .unavailable = request { true } else { false }
    case .lifecycle(let answer):
      if case .lifecycle(let asked) = request { answer.isAnswer(to: asked) } else { false }
    case .bulkPreview: if case .bulkPreview = request { true } else { false }
    case .settled: if case .settle = request { true } else { false }
    case .noted:
      switch request {
      case .noteRefusal, .closeLook, .recordCheckpoint: true
      default: false
      }
    case .auditPage: if case .auditPage = request { true } else { false }
    case .auditTail: if case .auditTail = request { true } else { false }
    case .auditActivity: if case .auditActivity = request { true } else { false }
    case .lastChanges: if case .lastChanges = request { true } else { false }
    case .look: if case .openLook = request { true } else { false }
    case .events: if case .events = request { true } else { false }
    case .lastEvent: request == .lastEvent
    case .run(.newest): if case .run(.newest) = request { true } else { false }
    case .run(.open): if case .run(.open) = request { true } else { false }
    case .run(.resources): request == .run(.resources)
    case .proof: request == .proof
    case .sealed: if case .seal = request { true } else { false }
    case .secret: if case .verifySecret = request { true } else { false }
    case .examined: if case .examine = request { true } else { false }
    case .lastExamination: request == .lastExamination
    case .contextKeys: request == .contextKeys
    case .contextSignature: if case .signContext = request { true } else { false }
    case .contextProblem: if case .verifyContext = request { true } else { false }
    }
  }
}

extension LifecycleAnswer {
  func isAnswer(to request: LifecycleRequest) -> Bool {
    switch self {
    case .terms: if case .terms = request { true } else { false }
    case .touched: if case .touched = request { true } else { false }
    case .doors: if case .doors = request { true } else { false }
    case .twins: if case .twins = request { true } else { false }
    case .overdue: request == .overdue
    case .purgeDays: request == .purgeDays
    case .due: if case .runDue = request { true } else { false }
    case .purgePreview: if case .purgePreview = request { true } else { false }
    case .purged: if case .purgeRows = request { true } else { false }
    }
  }
}

/// Ids and secrets that are the same in every run: counted.
struct CountedSeeds: Seeds {
  private var count = 0

  mutating func requestID() -> RequestID { id(0xA) }
  mutating func tenantID() -> TenantID { id(0xB) }
  func secret() -> TenantSecret { Sample.secret }

  private mutating func id<Owner>(_ kind: Int) -> Identifier<Owner> {
    count += 1
    return Sample.id(kind * 0x100 + count)
  }
}
