import Postgres
import TenantStore

/// One command's dealings with who may do what: connects as the login that may grant (for the embedded database the
/// server's own), and turns what can go wrong into words and an exit code.
struct AccessDesk {
  let output = StandardOutput()
  private let access: Access
  private let log: Log

  /// `changing`: fails where the person wants no changes to be made.
  init(_ shared: SharedOptions, changing: Bool) throws(Failure) {
    log = try Log(path: shared.logFile?.path)
    let resolved = try ResolvedConnection.resolve(shared.choice())
    if changing { try resolved.demandChanges(for: "access") }
    do { access = Access(try Connection.open(resolved.installer, deadline: 30_000)) } catch {
      throw Failure(resolved.explained(error.words))
    }
  }

  func ask<T>(_ body: (Access) throws(AccessError) -> T) throws(Failure) -> T {
    do { return try body(access) } catch {
      log.warning("access", ["error": error.kind])
      throw error.failure
    }
  }

  /// Changes access and says what came of it, a fact a line.
  func change(_ person: String, _ body: (Access) throws(AccessError) -> AccessChange) throws(Failure) {
    let change = try ask(body)
    log.info("access", ["granted": "\(change.granted)", "revoked": "\(change.revoked)"])
    let name = output.shown(person)
    for role in change.granted { try output.line("\(name) is in \(role) now") }
    for role in change.revoked { try output.line("\(name) is in \(role) no longer") }
    if change.limits > 0 { try output.line("limits changed    \(change.limits)") }
    try output.line("auditEntry        \(change.entryID.map(String.init) ?? "none: nothing changed")")
    try output.finish()
  }
}

extension Person {
  var json: JSON {
    .object([
      ("person", .string(name)), ("may", .strings(groups.map(\.rawValue))), ("roles", .strings(roles)),
      ("limited", .bool(isLimited)), ("industries", .strings(industries)), ("tenants", .strings(tenants)),
      ("limitsAreVoid", .bool(limitsAreVoid)), ("canLogIn", .bool(canLogIn)),
      ("bypassesPolicies", .bool(bypassesPolicies)),
    ])
  }

  /// Name, what the person may do, the limits, and what is noteworthy, with tabs between them.
  func line(_ shown: (String) -> String) -> String {
    let limits = industries.map { "industry:" + $0 } + tenants.map { "tenant:" + $0 }
    let reach =
      limits.isEmpty ? (isLimited ? "reaches nothing" : "all tenants") : limits.joined(separator: " ")
    var notes: [String] = []
    if bypassesPolicies { notes.append("bypasses every policy") }
    if limitsAreVoid { notes.append("THE LIMITS DO NOT HOLD") }
    if !canLogIn { notes.append("cannot log in") }
    let may = groups.isEmpty ? "nothing" : groups.map(\.rawValue).joined(separator: ", ")
    return ([name, may, reach] + notes).map(shown).joined(separator: "\t")
  }
}

extension AccessError {
  /// For the person who asked.
  fileprivate var failure: Failure {
    switch self {
    case .noSchema, .notAPerson, .server, .connection: Failure(description)
    case .noSuchPerson, .noSuchTenant, .noSuchLimit: Failure(.notFound, description)
    case .mayNotGrant, .mayNotLook, .mayNotRecord, .givenByOthers: Failure(.notPermitted, description)
    case .rule(let problem): .refused([problem])
    case .busy: Failure(.timedOut, description)
    case .unknown: Failure(.unknown, description)
    }
  }

  /// For the log: what kind of error, without a value.
  fileprivate var kind: String {
    switch self {
    case .noSchema: "no schema"
    case .noSuchPerson: "no such person"
    case .notAPerson: "not a person"
    case .noSuchTenant: "no such tenant"
    case .noSuchLimit: "no such limit"
    case .mayNotGrant: "may not grant"
    case .mayNotLook: "may not look"
    case .mayNotRecord: "may not record"
    case .givenByOthers: "given by others"
    case .rule(let problem): "field \(problem.rule)"
    case .busy: "busy"
    case .unknown: "unknown"
    case .server(let error): "server \(error.sqlState)"
    case .connection: "connection"
    }
  }
}
