import TenantStore
import Terminal

/// A change on its way: sent once, and if its line is lost asked after by its id until its outcome is known.
struct Write: Sendable {
  enum Phase: Equatable, Sendable {
    /// Sent; the answer is to come.
    case sent(Ticket)
    /// The line was lost: nobody knows. Asking what became of it.
    case asking(Ticket)
    /// Asked, and it is not decided yet or nobody could be asked; asking again after a pause.
    case pausing
  }
  /// What became of it.
  enum Ending: Equatable, Sendable {
    /// `lost`: when it was sent, if its line was lost and its record told what became of it.
    case written(Written, lost: Instant?)
    /// A value breaks a rule; nothing was changed.
    case problem(FieldProblem)
    /// It could not be done; nothing was changed.
    case failed(StoreError)
    /// The line was lost and the write, sent then, never arrived; it never will. To try again takes a new request id.
    case never(Instant)
  }

  private let request: Request
  let requestID: RequestID
  private(set) var phase: Phase
  private let started: Instant

  /// Sends `request`, which is one that writes.
  init(_ request: Request, _ turn: inout Turn) {
    guard let id = request.requestID else { preconditionFailure("a write has a request id") }
    self.request = request
    requestID = id
    started = turn.now
    phase = .sent(turn.send(request))
  }

  /// In words, while it is not decided; with the time it has taken once that is more than a second.
  func words(at now: Instant) -> Status {
    var words = words
    if now.microseconds - started.microseconds > 1_000_000 {
      words.text = words.text + " " + Progress(started: started).words(at: now)
    }
    return words
  }

  /// What to look at for one who leaves before it is decided.
  var parting: String {
    """
    the outcome of your change of \(started.time) is unknown. Its request id is \(requestID). When the server can be reached, \
    look at \(request.tenantID.map { "tenant \($0)" } ?? "what it was about"), in its audit too, before you try again.
    """
  }

  private var words: Status {
    switch phase {
    case .sent: Status(text: "Saving...", role: .text)
    case .asking:
      Status(text: "The line was lost: the outcome is UNKNOWN. Asking what became of it...", role: .warning)
    case .pausing:
      Status(text: "The outcome is still UNKNOWN. Asking again soon; nothing is sent twice.", role: .warning)
    }
  }

  /// True when the answer was this write's; `ending` is set when it is decided.
  mutating func answered(
    _ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn, ending: inout Ending?
  ) -> Bool {
    switch phase {
    case .sent(ticket): ending = sent(result, &turn)
    case .asking(ticket): ending = asked(result, &turn)
    case .sent, .asking, .pausing: return false
    }
    return true
  }

  /// The pause is over.
  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) {
    guard alarm == .settle(requestID), phase == .pausing else { return }
    phase = .asking(turn.send(.settle(requestID)))
  }

  private mutating func sent(_ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Ending? {
    switch result {
    case .success(.written(let written)): return .written(written, lost: nil)
    case .success: preconditionFailure("a write is answered by .written")
    case .failure(.field(let problem)): return .problem(problem)
    // No answer in time is no answer.
    case .failure(.unknown), .failure(.timedOut):
      phase = .asking(turn.send(.settle(requestID)))
      return nil
    case .failure(.notPermitted(let what)):
      _ = turn.send(.noteRefusal(action: request.deed, tenant: request.tenantID, what: what))
      return .failed(.notPermitted(what))
    case .failure(let error): return .failed(error)
    }
  }

  private mutating func asked(_ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Ending? {
    switch result {
    case .success(.settled(.recorded(let written))): return .written(written, lost: started)
    case .success(.settled(.never)): return .never(started)
    case .success(.settled(.running)): pause(1000, &turn)
    case .success: preconditionFailure("a question after a write is answered by .settled")
    // Whatever kept the question from being answered, the outcome is as unknown as before.
    case .failure: pause(2000, &turn)
    }
    return nil
  }

  private mutating func pause(_ milliseconds: Int, _ turn: inout Turn) {
    phase = .pausing
    turn.wake(after: milliseconds, .settle(requestID))
  }
}

extension Request {
  /// What a change is called where a refusal of it is noted.
  var deed: String {
    switch self {
    case .onboard: "onboard"
    case .update: "edit"
    case .lifecycle(let request): request.name
    case .changeSetting: "settings"
    case .changeCatalogue: "catalogue"
    case .bulk: "bulk"
    case .changeView: "views"
    case .keepExamination: "doctor"
    case .mend: "mend"
    case .onboardBatch: "onboard"
    case .unavailable, .usual: "read"
    case .examine, .lastExamination, .events, .lastEvent: "read"
    case .run(let request): request.name
    case .rotateContextKey: "context"
    case .session, .page, .total, .tenant, .tenants, .matching, .history, .activity, .version, .lastOwnChange,
      .isolation,
      .auditPage, .auditTail, .auditActivity, .lastChanges,
      .openLook, .closeLook, .proof, .seal, .recordCheckpoint, .catalogues, .views,
      .availability, .bulkPreview, .settle, .noteRefusal, .verifySecret, .contextKeys, .signContext,
      .verifyContext:
      "read"
    }
  }

  /// Whose change it is; nil for what is about none, or about many.
  var tenantID: TenantID? {
    switch self {
    case .unavailable, .usual, .onboardBatch: nil
    case .examine, .lastExamination, .keepExamination, .mend, .events, .lastEvent: nil
    case .run(let request): request.tenantID
    case .onboard(let onboarding): onboarding.tenantID
    case .update(let update): update.tenantID
    case .lifecycle(let request): request.tenantID
    case .session, .page, .total, .tenant, .tenants, .matching, .history, .activity, .version, .lastOwnChange,
      .isolation,
      .auditPage, .auditTail, .auditActivity, .lastChanges,
      .openLook, .closeLook, .proof, .seal, .recordCheckpoint, .catalogues, .views,
      .availability, .bulk, .bulkPreview, .settle, .noteRefusal, .verifySecret, .changeSetting,
      .changeCatalogue, .changeView, .contextKeys, .signContext, .verifyContext, .rotateContextKey:
      nil
    }
  }
}
