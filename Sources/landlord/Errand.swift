import Console
import Glibc
import TenantStore

/// One command's dealings with the store: asks, waits, and turns what can go wrong into the words and the exit code for
/// the person who typed the command.
final class Errand {
  let resolved: ResolvedConnection
  let log: Log
  let output = StandardOutput()
  let progress = ProgressBar()
  let store: Store

  convenience init(choice: ConnectionChoice, log: Log) throws(Failure) {
    self.init(try ResolvedConnection.resolve(choice), log)
  }

  init(_ resolved: ResolvedConnection, _ log: Log) {
    (self.resolved, self.log) = (resolved, log)
    log.info("connecting", ["source": resolved.choice.source.words])
    store = Store(conninfo: resolved.conninfo, isReadOnly: resolved.choice.isReadOnly, wake: {})
  }

  /// The answer to a read, or to a write whose every outcome is in its answer.
  func ask(_ request: Request, deadline: Int = 30_000) throws(Failure) -> Answer {
    do {
      let answer = try store.answer(to: request, deadline: deadline)
      log.info("answered", ["request": request.name])
      return answer
    } catch {
      log.warning("failed", ["request": request.name, "error": error.kind])
      throw failure(error)
    }
  }

  /// What a write did, and whether its line was lost on the way. Until its outcome is known, it is asked after for a while.
  func write(_ request: Request) throws(Failure) -> (written: Written, wasUnknown: Bool) {
    switch try outcome(of: request) {
    case .written(let written, let wasUnknown):
      log.info("written", ["request": request.name, "outcome": written.outcome.rawValue])
      return (written, wasUnknown)
    case .never:
      throw Failure("the request was lost on the way and nothing was changed; run the command again")
    case .unknown(let id):
      log.warning("unknown", ["request": request.name])
      throw Failure(
        .unknown,
        """
        the line was lost and the outcome is unknown. The request id is \(id). When the server can be reached again, look \
        at the tenant before you try again; a create may be repeated safely with --request-id \(id).
        """)
    }
  }

  private func outcome(of request: Request) throws(Failure) -> WriteOutcome {
    do throws(StoreError) {
      return try store.outcome(of: request) {
        log.warning("lost", ["request": request.name])
        StandardError.say("the line was lost after the request had left; asking what became of it")
      }
    } catch {
      log.warning("failed", ["request": request.name, "error": error.kind])
      if case .notPermitted(let what) = error {
        // Who may not even note it is told the same.
        _ = try? store.answer(to: .noteRefusal(action: request.name, tenant: nil, what: what))
      }
      throw failure(error)
    }
  }

  /// The console as lines of text, until the person leaves or the input ends.
  func converse() throws(Failure) {
    do throws(StoreError) {
      if try PlainConsole.run(
        store, PlainTerminal(output), environment: resolved.choice.named?.environment,
        resources: { [resolved] in resolved.carryOut($0, report: $1) })
      {
        return
      }
    } catch { throw failure(error) }
    throw Failure("the plain console has nothing to work on here")
  }

  /// Half a second, before something is asked again.
  func wait() { usleep(500_000) }

  /// The tenant that a person names by id or site id.
  func tenant(_ name: String) throws(Failure) -> Tenant {
    guard case .tenant(let tenant) = try ask(.tenant(TenantReference(name))) else {
      preconditionFailure("a question for a tenant is answered by .tenant")
    }
    guard let tenant else { throw Failure(.notFound, "there is no tenant \"\(name)\"") }
    return tenant
  }

  /// The tenant as a write left it. Every other outcome is a failure with its own exit code.
  func saved(_ written: Written, _ name: String) throws(Failure) {
    switch written.outcome {
    case .saved: return
    case .stale:
      let version = written.tenant.map { " (it is at version \($0.version))" } ?? ""
      throw Failure(.conflict, "\(name) was changed by someone else\(version); nothing was saved")
    case .gone: throw Failure(.notFound, "there is no \(name); nothing was saved")
    case .refused:
      let state = written.tenant.map { "it is \($0.state.rawValue), and that state refuses this" }
      throw Failure(
        .conflict, "\(name): \(state ?? "refused") (\(written.rule ?? "no rule named")); nothing was changed")
    }
  }

  func failure(_ error: StoreError) -> Failure {
    switch error {
    case .field(let problem): .refused([problem])
    case .notPermitted(let what): Failure(.notPermitted, "not permitted: \(what)")
    case .requestReused:
      Failure(.conflict, "this request id was used for something else before; nothing was changed")
    case .lockHeld(let holders):
      Failure(
        .timedOut,
        "someone else is changing this just now\(holders.map { ", with a change open: \($0)" } ?? ""); nothing was changed, try again"
      )
    case .cancelled: Failure(.timedOut, "cancelled; nothing was changed")
    case .brokenOff(let why):
      Failure(.timedOut, "the server broke it off: \(why); nothing was changed, try again")
    case .readOnly:
      resolved.choice.isReadOnly
        ? Failure(.notPermitted, "this connection is read-only; nothing was changed")
        : Failure("this server takes no changes (a standby, or a read-only session); name the primary")
    case .timedOut: Failure(.timedOut, "the server did not answer in time")
    case .unavailable(let message): Failure(resolved.explained(message))
    case .unknown(let id): Failure(.unknown, "the outcome is unknown; the request id is \(id)")
    case .server(let state, let message) where ["3F000", "42P01", "42883", "42704"].contains(state):
      Failure("this database has no landlord schema, or an older one (\(message)); run: landlord migrate")
    case .server(let state, let message): Failure("the server refused: \(message) (\(state))")
    }
  }
}

extension Failure {
  /// Values that break rules, a line a field.
  static func refused(_ problems: [FieldProblem]) -> Failure {
    // Someone else has it: not a slip of the pen but a conflict.
    let taken = problems.contains { $0.rule == "site_id_taken" }
    let lines = problems.map { "  \($0.field?.rawValue ?? $0.rule): \($0.message)" }
    return Failure(taken ? .conflict : .failed, (["nothing was changed:"] + lines).joined(separator: "\n"))
  }
}

extension Request {
  /// For the log: what is asked, without a value.
  var name: String {
    switch self {
    case .session: "session"
    case .page: "page"
    case .total: "total"
    case .tenant: "tenant"
    case .tenants: "tenants"
    case .matching: "matching"
    case .history: "history"
    case .activity: "activity"
    case .version: "version"
    case .lastOwnChange: "lastOwnChange"
    case .isolation: "isolation"
    case .auditPage: "auditPage"
    case .auditTail: "auditTail"
    case .auditActivity: "auditActivity"
    case .lastChanges: "lastChanges"
    case .openLook: "openLook"
    case .events: "events"
    case .lastEvent: "lastEvent"
    case .run(let request): request.name
    case .closeLook: "closeLook"
    case .proof: "proof"
    case .seal: "seal"
    case .recordCheckpoint: "recordCheckpoint"
    case .catalogues: "catalogues"
    case .views: "views"
    case .availability: "availability"
    case .onboard: "onboard"
    case .update: "update"
    case .lifecycle(let request): request.name
    case .bulk: "bulk"
    case .bulkPreview: "bulkPreview"
    case .unavailable: "unavailable"
    case .usual: "usual"
    case .onboardBatch: "onboardBatch"
    case .changeView: "changeView"
    case .settle: "settle"
    case .noteRefusal: "noteRefusal"
    case .changeSetting: "changeSetting"
    case .changeCatalogue: "changeCatalogue"
    case .verifySecret: "verifySecret"
    case .examine: "examine"
    case .lastExamination: "lastExamination"
    case .keepExamination: "keepExamination"
    case .mend: "mend"
    case .contextKeys: "contextKeys"
    case .signContext: "signContext"
    case .verifyContext: "verifyContext"
    case .rotateContextKey: "rotateContextKey"
    }
  }
}

extension StoreError {
  /// For the log: what kind of error, without a value.
  var kind: String {
    switch self {
    case .field(let problem): "field \(problem.rule)"
    case .notPermitted: "not permitted"
    case .requestReused: "request reused"
    case .lockHeld: "lock held"
    case .cancelled: "cancelled"
    case .brokenOff: "broken off"
    case .readOnly: "read only"
    case .timedOut: "timed out"
    case .unavailable: "unavailable"
    case .unknown: "unknown"
    case .server(let state, _): "server \(state)"
    }
  }
}

extension ConnectionChoice.Source {
  /// In words, for `info` and the log.
  var words: String {
    switch self {
    case .argument: "--database"
    case .connection(let name): "--connection \(name)"
    case .variable(let name): name
    case .libpq(let names): names.joined(separator: ", ")
    case .nobody: "nothing was named: the embedded database"
    }
  }
}
