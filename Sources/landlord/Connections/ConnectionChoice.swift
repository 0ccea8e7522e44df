import Postgres

/// Which database to use and who said so. The first that is given wins alone: nothing of the others is mixed in, so that
/// a name on the command line can never meet a host left over in the environment.
struct ConnectionChoice: Equatable {
  /// Who named the database.
  enum Source: Equatable {
    /// `--database`.
    case argument
    /// `--connection`.
    case connection(String)
    /// A variable of the environment, by its name.
    case variable(String)
    /// These of libpq's own variables.
    case libpq([String])
    /// Nobody: the embedded database.
    case nobody
  }
  enum Target: Equatable {
    case embedded(EmbeddedDatabase)
    /// A connection string for libpq.
    case server(String)
  }

  var source: Source
  var target: Target
  /// What the person wrote down of it; nil where it has no name in the configuration.
  var named: NamedConnection?
  /// The server is to refuse every change: `--read-only`, or the configuration's `read_only`.
  var isReadOnly = false
  /// Parameters of `DATABASE_URL` that libpq does not know: other programs' own, left out.
  var dropped: [String] = []

  /// The variables by which libpq is told of a database, as against how to reach one (passwords, certificates, times).
  static let namingVariables = [
    "PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER", "PGSERVICE", "PGSERVICEFILE",
  ]

  /// Decides. An empty variable is none. Fails with status `usage` for what no one could connect with; whether the
  /// database answers is not asked here, and a database that was named never gives way to the embedded one. `named` is
  /// asked only for a connection's name that is not one of ours.
  init(
    database: String?, connection: String?, environment: [String: String],
    named: (String) throws(Failure) -> NamedConnection = Configuration.connection,
    known: @autoclosure () -> [String] = Connection.knownParameters
  ) throws(Failure) {
    func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    if let database {
      if connection != nil {
        throw Failure(.usage, "--database and --connection both name a database; give one of them")
      }
      try Self.refusePassword(in: database)
      self.init(source: .argument, target: .server(database))
    } else if let connection {
      if let embedded = EmbeddedDatabase(rawValue: connection) {
        self.init(source: .connection(connection), target: .embedded(embedded))
      } else {
        let found = try named(connection)
        self.init(source: .connection(connection), target: .server(found.conninfo))
        self.named = found
        isReadOnly = found.isReadOnly
      }
    } else if let conninfo = variable("LANDLORD_DATABASE") {
      try Self.check(conninfo, from: "LANDLORD_DATABASE")
      self.init(source: .variable("LANDLORD_DATABASE"), target: .server(conninfo))
    } else if let text = variable("DATABASE_URL") {
      let url = try DatabaseURL(text, known: Set(known()))
      self.init(source: .variable("DATABASE_URL"), target: .server(url.conninfo), dropped: url.dropped)
    } else {
      let given = Self.namingVariables.filter { variable($0) != nil }
      self.init(
        source: given.isEmpty ? .nobody : .libpq(given),
        target: given.isEmpty ? .embedded(.usual) : .server(""))
    }
  }

  private init(source: Source, target: Target, dropped: [String] = []) {
    self.source = source
    self.target = target
    self.dropped = dropped
  }

  /// The naming variables that must not reach libpq, because someone else named the database.
  var forgotten: [String] {
    switch source {
    case .libpq, .nobody: []
    // A service named on the command line is looked up where the person keeps the file of services.
    case .argument, .connection, .variable: Self.namingVariables.filter { $0 != "PGSERVICEFILE" }
    }
  }

  /// The list of processes shows every argument to everyone on the machine.
  private static func refusePassword(in conninfo: String) throws(Failure) {
    let given = try check(conninfo, from: "--database").map(\.keyword)
    if let secret = given.first(where: { $0 == "password" || $0 == "sslpassword" }) {
      throw Failure(
        .usage,
        """
        --database holds a \(secret), and other users of this machine can read a program's arguments. \
        Leave it out and put it into ~/.pgpass (or PGPASSWORD), or give the whole in LANDLORD_DATABASE.
        """)
    }
  }

  @discardableResult
  private static func check(
    _ conninfo: String, from source: String
  ) throws(Failure) -> [(keyword: String, value: String)] {
    do { return try Connection.parameters(in: conninfo) } catch {
      throw Failure(.usage, "\(source) is no connection string that libpq understands: \(error.words)")
    }
  }
}

extension PostgresError {
  /// In words, without a value.
  var words: String {
    switch self {
    case .cannotConnect(let message): message
    case .server(let error): "\(error.message) (\(error.sqlState))"
    case .lost(let message, _): "the line to the server is gone: \(message)"
    case .deadline: "the server did not answer in time"
    case .unsendable(let what): what
    }
  }
}
