import Testing

@testable import landlord

@Suite struct ConnectionChoiceTests {
  private func choice(
    _ database: String? = nil, _ connection: String? = nil, _ environment: [String: String] = [:]
  ) throws -> ConnectionChoice {
    try ConnectionChoice(
      database: database, connection: connection, environment: environment,
      named: { name throws(Failure) in
        guard name == "prod" else { throw Failure(.usage, "there are: embedded, demo, prod") }
        return Self.prod
      })
  }

  private static let prod = {
    var prod = NamedConnection(name: "prod", conninfo: "host=db1.eu dbname=saas")
    prod.isReadOnly = true
    return prod
  }()

  @Test func aConnectionOfTheConfigurationIsTakenWithAllThatIsSaidOfIt() throws {
    let choice = try choice(nil, "prod", Self.everything)
    #expect(choice.target == .server("host=db1.eu dbname=saas"))
    #expect(choice.named == Self.prod && choice.isReadOnly)
    #expect(choice.forgotten.contains("PGHOST"))
    #expect(try !self.choice(nil, "demo").isReadOnly)
  }

  private static let everything = [
    "LANDLORD_DATABASE": "host=from-landlord", "DATABASE_URL": "postgres://from-url/x",
    "PGHOST": "from-libpq",
  ]

  @Test func theArgumentWinsOverAllVariables() throws {
    let choice = try choice("host=from-argument", nil, Self.everything)
    #expect(choice.source == .argument)
    #expect(choice.target == .server("host=from-argument"))
    #expect(choice.forgotten.contains("PGHOST"))
  }

  @Test func aNamedConnectionWinsOverAllVariables() throws {
    #expect(try choice(nil, "demo", Self.everything).target == .embedded(.demo))
    #expect(try choice(nil, "embedded", Self.everything).target == .embedded(.usual))
  }

  @Test func eachVariableGivesWayToTheOneBeforeIt() throws {
    var environment = Self.everything
    #expect(try choice(nil, nil, environment).source == .variable("LANDLORD_DATABASE"))
    environment["LANDLORD_DATABASE"] = ""
    #expect(try choice(nil, nil, environment).source == .variable("DATABASE_URL"))
    environment["DATABASE_URL"] = nil
    #expect(try choice(nil, nil, environment) == choice(nil, nil, ["PGHOST": "other"]))
    #expect(try choice(nil, nil, environment).target == .server(""))
    environment["PGHOST"] = nil
    #expect(try choice(nil, nil, environment).target == .embedded(.usual))
  }

  @Test(arguments: ["PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER", "PGSERVICE", "PGSERVICEFILE"])
  func anyOfLibpqsNamingVariablesKeepsTheEmbeddedDatabaseAway(name: String) throws {
    let choice = try choice(nil, nil, [name: "x"])
    #expect(choice.source == .libpq([name]))
    #expect(choice.forgotten == [])
  }

  @Test func variablesThatNameNoDatabaseDoNot() throws {
    #expect(try choice(nil, nil, ["PGPASSWORD": "x", "PGSSLMODE": "require"]).source == .nobody)
  }

  @Test func twoNamesAtOnceAreWrongUsage() {
    #expect(throws: Failure.self) { try choice("dbname=x", "demo") }
    #expect(status { try choice("dbname=x", "demo") } == .usage)
  }

  @Test(arguments: ["production", "", "EMBEDDED"])
  func anUnknownConnectionIsWrongUsageAndNamesTheKnownOnes(name: String) {
    #expect(status { try choice(nil, name) } == .usage)
    #expect(message { try choice(nil, name) }.contains("embedded, demo"))
  }

  @Test(arguments: [
    "host=h password=hunter2", "postgres://u:hunter2@h/d", "postgresql://h/d?password=hunter2",
    "sslpassword=hunter2",
  ])
  func aPasswordInAnArgumentIsRefusedWithoutRepeatingIt(conninfo: String) {
    #expect(status { try choice(conninfo) } == .usage)
    #expect(!message { try choice(conninfo) }.contains("hunter2"))
    #expect(message { try choice(conninfo) }.contains(".pgpass"))
  }

  @Test func aPasswordInAVariableIsTaken() throws {
    let environment = ["LANDLORD_DATABASE": "host=h password=hunter2"]
    #expect(try choice(nil, nil, environment).source == .variable("LANDLORD_DATABASE"))
  }

  @Test func anUnknownParameterInTheArgumentIsAnError() {
    #expect(status { try choice("postgres://h/d?pool_timeout=3") } == .usage)
    #expect(message { try choice("postgres://h/d?pool_timeout=3") }.contains("pool_timeout"))
  }

  @Test func unknownParametersOfTheURLAreDroppedAndNamed() throws {
    let url = "postgres://u:p@h/d?schema=public&sslmode=require&connection%5Flimit=3&pgbouncer=true"
    let choice = try choice(nil, nil, ["DATABASE_URL": url])
    #expect(choice.dropped == ["schema", "connection_limit", "pgbouncer"])
    #expect(choice.target == .server("postgres://u:p@h/d?sslmode=require"))
  }

  @Test func aURLWithoutKnownParametersLosesItsQuestionMark() throws {
    #expect(try DatabaseURL("postgres://h/d?a=1", known: []).conninfo == "postgres://h/d")
    #expect(try DatabaseURL("dbname=x", known: []).conninfo == "dbname=x")
    #expect(try DatabaseURL("postgres://h/d?ssl=true", known: []).dropped == [])
  }

  @Test func aURLForAnotherDatabaseIsRefused() {
    #expect(status { try choice(nil, nil, ["DATABASE_URL": "mysql://h/d"]) } == .usage)
    #expect(message { try choice(nil, nil, ["DATABASE_URL": "mysql://u:pw@h/d"]) }.contains("mysql"))
    #expect(!message { try choice(nil, nil, ["DATABASE_URL": "mysql://u:pw@h/d"]) }.contains("pw"))
  }
}

/// The exit status that `body` fails with; nil where it does not fail.
func status<T>(_ body: () throws -> T) -> landlord.ExitStatus? {
  do { _ = try body() } catch { return (error as? Failure)?.status }
  return nil
}

/// What `body` says when it fails.
func message<T>(_ body: () throws -> T) -> String {
  do { _ = try body() } catch { return (error as? Failure)?.message ?? "\(error)" }
  return ""
}
