import ArgumentParser
import Postgres
import TenantStore

struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "What is used and who said so: version, paths, settings, the server's own word.")
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let output = StandardOutput()
    let choice = try shared.choice()
    var facts = try local(choice)
    var problem: Failure?
    do {
      let errand = try shared.open()
      facts += connection(errand.resolved)
      facts += try server(errand)
    } catch {
      // What is known of this side is what helps to find out why the other does not answer.
      problem = error
    }
    try output.print(facts, json: format.json)
    try output.finish()
    if let problem { throw problem }
  }

  private func local(_ choice: ConnectionChoice) throws(Failure) -> [(key: String, value: JSON)] {
    let places = try? EmbeddedPlaces.current()
    return [
      ("version", .string(Landlord.version)),
      ("program", .string(TextFile.target(of: "/proc/self/exe") ?? "?")),
      ("person", .string(Account.current.name)), ("databaseFrom", .string(choice.source.words)),
      ("droppedParameters", .strings(choice.dropped)),
      ("ignoredVariables", .strings(choice.forgotten.filter { Environment.all[$0] != nil })),
      ("configuration", .string(Configuration.folder)), ("readOnly", .bool(choice.isReadOnly)),
      ("log", .optional(shared.logFile?.path)), ("logFrom", .optional(shared.logFile?.source)),
      ("embeddedDirectory", .optional(places?.base)), ("embeddedSocket", .optional(places?.socketDirectory)),
      ("embeddedServerUser", .optional(places?.server.name)),
    ]
  }

  /// Each parameter of the connection with its value, but a password's.
  private func connection(_ resolved: ResolvedConnection) -> [(key: String, value: JSON)] {
    let given = (try? Connection.parameters(in: resolved.conninfo)) ?? []
    let secret = ["password", "sslpassword"]
    return given.map {
      (key: "connection.\($0.keyword)", value: .string(secret.contains($0.keyword) ? "(given)" : $0.value))
    }
      + [
        (
          "tlsChosenBy",
          .string(resolved.securedByDefault ? "landlord: nobody chose" : "the connection or libpq")
        )
      ]
  }

  private func server(_ errand: Errand) throws(Failure) -> [(key: String, value: JSON)] {
    guard case .session(let session) = try errand.ask(.session) else {
      preconditionFailure("a question for the session is answered by .session")
    }
    return [
      ("server.host", .string(session.host)), ("server.database", .string(session.database)),
      ("server.version", .string(session.serverVersion)), ("server.user", .string(session.user)),
      ("server.right", .string(session.right.rawValue)), ("server.limited", .bool(session.isLimited)),
      ("server.bypassesPolicies", .bool(session.bypassesPolicies)),
      ("server.readOnly", .bool(session.readOnly)), ("server.environment", .optional(session.environment)),
      ("server.schema", .string(session.schema.words)),
    ] + (session.schema == .current ? try audit(errand) + lifecycle(errand) : [])
  }

  /// How many tenants should have been resumed or suspended by now: `landlord lifecycle run` is late.
  private func lifecycle(_ errand: Errand) throws(Failure) -> [(key: String, value: JSON)] {
    do {
      guard case .lifecycle(.overdue(let count)) = try errand.ask(.lifecycle(.overdue)) else {
        preconditionFailure("what is overdue is answered by .overdue")
      }
      return [("lifecycle.overdue", .number(count))]
    } catch  where error.status == .notPermitted { return [] }
  }

  /// When the audit was signed last, and whether it should have been since.
  private func audit(_ errand: Errand) throws(Failure) -> [(key: String, value: JSON)] {
    let proof: Proof
    // Without any right here the rest is worth telling all the same.
    do { proof = try errand.proof() } catch  where error.status == .notPermitted { return [] }
    return [
      ("audit.installation", .optional(proof.installation)),
      ("audit.lastCheckpoint", .optional(proof.signedAt?.rfc3339)),
      ("audit.unsignedSince", .optional(proof.oldestUnsigned?.rfc3339)),
      ("audit.checkpointOverdue", .bool(proof.isOverdue(at: .now()))),
    ]
  }
}

extension Session.Schema {
  fileprivate var words: String {
    switch self {
    case .current: "current"
    case .absent: "absent"
    case .behind(let missing): "behind: \(missing.joined(separator: ", "))"
    case .foreign(let why): why
    }
  }
}
