import Postgres

/// Why access was not changed. But for `.unknown`, nothing was.
public enum AccessError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No schema, or one without limits yet.
  case noSchema
  case noSuchPerson(String)
  /// One of landlord's own roles.
  case notAPerson(String)
  case noSuchTenant(String)
  case noSuchLimit(String)
  /// The login may not give or take this group.
  case mayNotGrant(login: String, role: String)
  /// The login may not look into the schema.
  case mayNotLook(login: String)
  /// The login could change groups or limits, but neither write the audit itself nor become the owner to do so.
  case mayNotRecord(login: String)
  /// Someone else gave the group and this login may not take it.
  case givenByOthers(person: String, role: String, grantors: [String])
  /// A rule of the schema.
  case rule(FieldProblem)
  /// Someone else is changing the same.
  case busy
  /// The line was lost when all was said: it may have been done.
  case unknown
  case server(ServerError)
  case connection(PostgresError)

  public var description: String {
    switch self {
    case .noSchema: "this database has no landlord schema, or an older one; run: landlord migrate"
    case .noSuchPerson(let name):
      "there is no role \"\(name)\" on this server; make it first: CREATE ROLE \(Migrator.quoted(name)) LOGIN"
    case .notAPerson(let name): "\(name) is landlord's own role; name the person's"
    case .noSuchTenant(let name): "there is no tenant \"\(name)\""
    case .noSuchLimit(let name): "\(name) has no such limit"
    case .mayNotGrant(let login, let role):
      """
      \(login) may not give or take \(role): that takes a login with ADMIN OPTION on it \
      (GRANT \(role) TO \(Migrator.quoted(login)) WITH ADMIN OPTION), or before PostgreSQL 16 one with CREATEROLE
      """
    case .mayNotLook(let login): "\(login) may not look into landlord's schema"
    case .mayNotRecord(let login):
      """
      nothing was changed: \(login) could not write it into the audit. That takes landlord_admin without limits as well \
      (GRANT landlord_admin TO \(Migrator.quoted(login))), or the login that migrates
      """
    case .givenByOthers(let person, let role, let grantors):
      "nothing was changed: \(role) was given to \(person) by \(grantors.joined(separator: ", ")), who must take it back"
    case .rule(let problem): problem.message
    case .busy: "someone else is changing this just now; try again"
    case .unknown: "the line was lost and the outcome is unknown; landlord access list shows what holds"
    case .server(let error): "the server refused: \(error.message) (\(error.sqlState))"
    case .connection(.cannotConnect(let message)): message
    case .connection(.lost(let message, _)): "the line was lost and nothing was changed: \(message)"
    case .connection(.deadline): "the server did not answer in time; nothing was changed"
    case .connection(.server(let error)): error.message
    case .connection(.unsendable(let what)): "a value cannot be sent: \(what)"
    }
  }
}

extension AccessError {
  /// By who must act, as for every other request.
  init(_ error: PostgresError) {
    guard case .server(let server) = error else {
      self = .connection(error)
      return
    }
    switch StoreError(server) {
    case .field(let problem): self = .rule(problem)
    case .lockHeld: self = .busy
    case .server("3F000", _), .server("42P01", _), .server("42883", _), .server("42704", _): self = .noSchema
    case .notPermitted, .requestReused, .cancelled, .brokenOff, .readOnly, .timedOut, .unavailable, .unknown,
      .server:
      self = .server(server)
    }
  }
}
