import Glibc
import Postgres

/// The database to use, ready to be connected to.
struct ResolvedConnection {
  var choice: ConnectionChoice
  /// For libpq.
  var conninfo: String
  /// As whom to make and migrate: another only for the embedded database, whose people may not.
  var installer: String
  /// Landlord asked for verified TLS because nobody chose.
  var securedByDefault = false

  /// Follows the choice: forgets the variables that lost, and starts the embedded server if that is what was chosen.
  /// Changes this process's environment, so call it before any other thread runs.
  /// - Parameter making: make the demo database where it is not there; the usual one always is.
  static func resolve(_ choice: ConnectionChoice, making: Bool = false) throws(Failure) -> ResolvedConnection
  {
    switch choice.target {
    case .embedded(let database):
      let use = try EmbeddedServer(places: EmbeddedPlaces.current()).use(
        database, making: making || database == .usual)
      return ResolvedConnection(
        choice: choice, conninfo: use.conninfo, installer: use.installer)
    case .server(let conninfo):
      for name in choice.forgotten { unsetenv(name) }
      return try server(conninfo, choice)
    }
  }

  private static func server(
    _ conninfo: String, _ choice: ConnectionChoice
  ) throws(Failure) -> ResolvedConnection {
    let given: [(keyword: String, value: String)]
    do { given = try Connection.parameters(in: conninfo) } catch { throw Failure(error.words) }
    func dictionary(_ pairs: [(keyword: String, value: String)]) -> [String: String] {
      Dictionary(pairs.map { ($0.keyword, $0.value) }) { $1 }
    }
    // libpq reads the service's file only for a service that its variable names.
    if let service = given.first(where: { $0.keyword == "service" }) { setenv("PGSERVICE", service.value, 1) }
    var chosen = dictionary(given)
    // Told apart from libpq's own default, which may be the same word.
    if chosen["sslmode"] == nil, let mode = Environment.all["PGSSLMODE"], !mode.isEmpty {
      chosen["sslmode"] = mode
    }
    let additions = TransportSecurity.additions(
      given: chosen, defaults: dictionary(Connection.defaultParameters),
      // Came with the same version, 16, in which sslrootcert learnt "system".
      libpqHasSystemRoots: Connection.knownParameters.contains("require_auth"), home: Account.current.home)
    let name = [(keyword: "fallback_application_name", value: ClientName.current)]
    let own = given.contains { $0.keyword == "fallback_application_name" } ? [] : name
    let password = try choice.named.flatMap { connection throws(Failure) in
      try connection.passwordCommand.map { line throws(Failure) in
        (keyword: "password", value: try PasswordCommand.password(from: line, for: connection.name))
      }
    }
    let text = Conninfo.text(given + additions + own + [password].compactMap { $0 })
    return ResolvedConnection(
      choice: choice, conninfo: text, installer: text, securedByDefault: !additions.isEmpty)
  }

  /// Before a command that only makes sense where things may be changed.
  func demandChanges(for command: String) throws(Failure) {
    guard choice.isReadOnly else { return }
    let why = choice.named?.isReadOnly == true ? "read_only in your config.toml" : "--read-only"
    throw Failure(.usage, "\(command) changes the database, and this connection may not: \(why)")
  }

  /// A failure to connect, with what the person can do about it.
  func explained(_ message: String) -> String {
    var text = message
    if securedByDefault && message.contains("SSL") || securedByDefault && message.contains("certificate") {
      text += "\n" + TransportSecurity.advice
    }
    if case .variable(let name) = choice.source { text += "\n(the database was named by \(name))" }
    if case .libpq(let names) = choice.source {
      text += "\n(the database was named by \(names.joined(separator: ", ")))"
    }
    return text
  }
}
