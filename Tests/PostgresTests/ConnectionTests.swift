import Glibc
import Postgres
import TestServer
import Testing

@Suite struct ConnectionTests {
  let conninfo = TestServer.shared.database(.empty, as: .superuser)

  func open() throws -> Connection { try Connection.open(conninfo, deadline: 5_000) }

  @Test func valuesComeBackAsTheyWereSent() throws {
    let connection = try open()
    let texts = ["", "a\"b\\c", "NULL", "{x,y}", "Cafe\u{301}", " \r\n\t", "👩‍👩‍👧"]

    let row = try connection.run(
      """
      SELECT \("Ca'fé")::text, \(Int64.min)::bigint, \(true)::boolean, \(texts)::text[], \([UInt8](0...255))::bytea,
        \(String?.none)::text
      """, deadline: 5_000
    ).exactlyOne

    #expect(row.string(0) == "Ca'fé")
    #expect(row.int64(1) == .min)
    #expect(row.bool(2))
    #expect(row.strings(3).elementsEqual(texts) { $0.utf8.elementsEqual($1.utf8) })
    #expect(row.bytes(4) == [UInt8](0...255))
    #expect(row.isNull(5) && row.optionalString(5) == nil)
  }

  @Test func bytesAreReadInBothFormsOfOutput() throws {
    let connection = try open()
    try connection.runScript("SET bytea_output = 'escape'", deadline: 5_000)
    let row = try connection.run("SELECT \([UInt8](0...255))::bytea", deadline: 5_000).exactlyOne
    #expect(row.bytes(0) == [UInt8](0...255))
  }

  @Test func aStatementInAnotherKeepsItsPlaceholders() throws {
    let inner: Statement = "'$1' || \("b") || \("c")"
    let whole: Statement = "SELECT \("a") || \(inner) || \("d")"
    #expect(whole.sql == "SELECT $1 || '$1' || $2 || $3 || $4")
    #expect(try open().run(whole, deadline: 5_000).exactlyOne.string(0) == "a$1bcd")
  }

  @Test func aPrintedStatementShowsNoValue() {
    let statement: Statement = "SELECT \("hunter2")"
    var dumped = ""
    dump(statement, to: &dumped)
    for text in ["\(statement)", String(reflecting: statement), dumped] { #expect(!text.contains("hunter2")) }
  }

  @Test func aNULByteIsRefusedBeforeAnythingIsSent() throws {
    let connection = try open()
    #expect(throws: PostgresError.unsendable("a value holds a NUL byte")) {
      try connection.run("SELECT \("acme\0x")::text", deadline: 5_000)
    }
    #expect(try connection.run("SELECT 1", deadline: 5_000).exactlyOne.int64(0) == 1)
  }

  @Test func aServerErrorNamesItsConstraintAndLeavesTheConnectionUsable() throws {
    let connection = try open()
    try connection.runScript("CREATE TABLE t (a int CONSTRAINT a_positive CHECK (a > 0))", deadline: 5_000)
    let error = #expect(throws: PostgresError.self) {
      try connection.run("INSERT INTO t VALUES (-1)", deadline: 5_000)
    }
    guard case .server(let server) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(server.sqlState == "23514")
    #expect(server.constraint == "a_positive")
    #expect(try connection.run("INSERT INTO t VALUES (1), (2)", deadline: 5_000).affected == 2)
  }

  @Test func aScriptIsOneTransaction() throws {
    let connection = try open()
    #expect(throws: PostgresError.self) {
      try connection.runScript("CREATE TABLE half (a int); SELECT 1/0", deadline: 5_000)
    }
    #expect(try connection.run("SELECT to_regclass('half') IS NULL", deadline: 5_000).exactlyOne.bool(0))
    #expect(connection.transactionStatus == .idle)
  }

  @Test func aLineCutWhileIdleIsLostBeforeSending() throws {
    let connection = try open()
    try TestServer.shared.kill(connection.processID)
    #expect(lossSent { try connection.run("SELECT 1", deadline: 5_000) } == false)
  }

  @Test func aLineCutWhileAStatementRunsIsLostAfterSending() throws {
    let connection = try open()
    try connection.start("SELECT pg_sleep(30)")
    try TestServer.shared.kill(connection.processID)
    #expect(lossSent { try connection.wait(deadline: 5_000) } == true)
    #expect(connection.socket == -1)
  }

  func lossSent(_ body: () throws -> some Any) -> Bool? {
    do { _ = try body() } catch PostgresError.lost(_, let sent) { return sent } catch { Issue.record(error) }
    return nil
  }

  @Test func aDeadlinePassesWhileTheStatementRuns() throws {
    let connection = try open()
    #expect(throws: PostgresError.deadline) { try connection.run("SELECT pg_sleep(30)", deadline: 50) }
    #expect(connection.isBusy)
  }

  @Test func aCancelStopsTheStatementAndNoLaterOne() throws {
    let connection = try open()
    for _ in 0..<20 {
      try connection.start("SELECT pg_sleep(30)")
      #expect(cancelled(connection)?.sqlState == "57014")
      #expect(try connection.run("SELECT 1", deadline: 5_000).exactlyOne.int64(0) == 1)
    }
  }

  /// The error of a statement that is cancelled until it ends: a cancel that comes before it has begun does nothing.
  func cancelled(_ connection: Connection) -> ServerError? {
    while true {
      connection.canceller.cancel()
      do {
        _ = try connection.wait(deadline: 100)
        return nil
      } catch PostgresError.deadline {
        continue
      } catch PostgresError.server(let error) {
        return error
      } catch {
        return nil
      }
    }
  }

  @Test func thousandsOfRowsComeThroughWithoutBlocking() throws {
    let connection = try open()
    try connection.start("SELECT i, repeat('x', 100) FROM generate_series(1, \(20_000)::bigint) i")
    let rows = try connection.wait(deadline: 20_000)
    #expect(rows.count == 20_000)
    #expect(rows.last?.int64(0) == 20_000)
    #expect(rows.map { $0.int64(0) } == Array(1...20_000))
  }

  @Test func aStatementLargerThanTheSocketIsSentInParts() throws {
    let connection = try open()
    let text = String(repeating: "é", count: 8_000_000)
    let row = try connection.run("SELECT length(\(text)::text)", deadline: 30_000).exactlyOne
    #expect(row.int64(0) == 8_000_000)
  }

  @Test func whatCannotBeReachedSaysSo() {
    let error = #expect(throws: PostgresError.self) {
      try Connection.open("host=/nowhere user=x", deadline: 1_000)
    }
    guard case .cannotConnect(let message) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(message.contains("/nowhere"))
  }

  @Test func theNextHostIsTriedWhereOneIsNotThere() throws {
    let conninfo = Conninfo.text([
      ("host", "/nowhere,\(TestServer.shared.directory)"), ("user", "postgres"), ("dbname", "postgres"),
    ])
    let connection = try Connection.open(conninfo, deadline: 5_000)
    #expect(try connection.run("SELECT 1", deadline: 5_000).exactlyOne.int64(0) == 1)
  }

  @Test(arguments: [
    "host=a hunter2", "postgres://ana:hunter2@[broken", "port=1 password='hunter2",
    "postgres://u:p@host:hunter2x/db",
  ])
  func aBrokenConnectionStringIsNotRepeated(_ conninfo: String) {
    let error = #expect(throws: PostgresError.self) { try Connection.open(conninfo, deadline: 1_000) }
    #expect(!"\(String(describing: error))".contains("hunter2"))
  }

  @Test func anOptionThatThisLibraryDoesNotKnowIsNamed() {
    let error = #expect(throws: PostgresError.self) {
      try Connection.open("host=x flavour=red", deadline: 1_000)
    }
    #expect("\(String(describing: error))".contains("flavour"))
  }

  @Test func partsOfAConnectionStringComeBack() throws {
    let text = Conninfo.text([("host", "/a b"), ("dbname", "it's"), ("user", "x\\y")])
    let parts = try Connection.parameters(in: text).reduce(into: [:]) { $0[$1.keyword] = $1.value }
    #expect(parts == ["host": "/a b", "dbname": "it's", "user": "x\\y"])
    #expect(try Connection.parameters(in: "acme").first?.value == "acme")
  }

  @Test func factsAreTheServers() throws {
    let connection = try open()
    #expect(connection.host == "local")
    #expect(connection.user == "postgres")
    #expect(connection.parameterStatus("server_encoding") == "UTF8")
    #expect(connection.parameterStatus("in_hot_standby") == "off")
    #expect(connection.serverVersion >= 150_000)
  }

  @Test func textsTravelInUTF8WhateverTheEnvironmentSays() throws {
    let connection = try Connection.open(conninfo + " client_encoding=LATIN1", deadline: 5_000)
    #expect(connection.parameterStatus("client_encoding") == "UTF8")
  }
}

/// A connection over which nothing can be changed.
@Suite struct ReadOnlyConnectionTests {
  let conninfo = TestServer.shared.database(.empty, as: .superuser)

  func open() throws -> Connection { try Connection.open(conninfo, deadline: 5_000, readOnly: true) }

  func state(_ body: () throws -> some Any) -> String? {
    do { _ = try body() } catch PostgresError.server(let error) { return error.sqlState } catch {}
    return nil
  }

  @Test func itReadsAsAnyOther() throws {
    let connection = try open()
    for number in 1...50 {
      let rows = try connection.run(
        "SELECT i, \("é")::text FROM generate_series(1, \(number)::bigint) i", deadline: 5_000)
      #expect(rows.count == number && rows.last?.int64(0) == Int64(number) && rows.last?.string(1) == "é")
      #expect(!connection.isBusy && connection.transactionStatus == .idle)
    }
    #expect(try connection.run("SELECT 1 WHERE false", deadline: 5_000).isEmpty)
  }

  @Test func theServerRefusesWhatWouldChangeSomething() throws {
    let writer = try Connection.open(conninfo, deadline: 5_000)
    try writer.runScript(
      """
      CREATE TABLE t (a int);
      CREATE FUNCTION put() RETURNS int LANGUAGE sql VOLATILE AS 'INSERT INTO public.t VALUES (1) RETURNING a';
      CREATE FUNCTION unlock() RETURNS text LANGUAGE sql VOLATILE
        AS $$ SELECT set_config('transaction_read_only', 'off', false) $$;
      """, deadline: 5_000)
    let connection = try open()
    #expect(state { try connection.run("INSERT INTO t VALUES (1)", deadline: 5_000) } == "25006")
    #expect(state { try connection.run("SELECT put()", deadline: 5_000) } == "25006")
    #expect(state { try connection.run("SELECT unlock(), put()", deadline: 5_000) } != nil)
    #expect(state { try connection.run("CREATE TABLE u (a int)", deadline: 5_000) } == "25006")
    #expect(state { try connection.run("SET default_transaction_read_only = off", deadline: 5_000) } == nil)
    #expect(state { try connection.run("SELECT put()", deadline: 5_000) } == "25006")
    #expect(try connection.run("SELECT count(*) FROM t", deadline: 5_000).exactlyOne.int64(0) == 0)
  }

  @Test func anErrorLeavesItUsable() throws {
    let connection = try open()
    for _ in 0..<10 {
      #expect(state { try connection.run("SELECT 1/0", deadline: 5_000) } == "22012")
      #expect(state { try connection.run("SELEC", deadline: 5_000) } == "42601")
      #expect(try connection.run("SELECT 7", deadline: 5_000).exactlyOne.int64(0) == 7)
    }
  }

  @Test func aCancelStopsTheStatementAndNoLaterOne() throws {
    let connection = try open()
    for _ in 0..<20 {
      try connection.start("SELECT pg_sleep(30)")
      #expect(cancelled(connection) == "57014")
      #expect(try connection.run("SELECT 1", deadline: 5_000).exactlyOne.int64(0) == 1)
    }
  }

  /// The state of a statement that is cancelled until it ends: a cancel that comes before it has begun does nothing.
  func cancelled(_ connection: Connection) -> String? {
    while true {
      connection.canceller.cancel()
      do {
        _ = try connection.wait(deadline: 100)
        return nil
      } catch PostgresError.deadline {
        continue
      } catch PostgresError.server(let error) {
        return error.sqlState
      } catch {
        return nil
      }
    }
  }

  @Test func aLineCutWhileAStatementRunsIsLostAfterSending() throws {
    let connection = try open()
    try connection.start("SELECT pg_sleep(30)")
    try TestServer.shared.kill(connection.processID)
    #expect(throws: PostgresError.self) { try connection.wait(deadline: 5_000) }
    #expect(connection.socket == -1)
  }

  @Test func aStatementLargerThanTheSocketIsSentInParts() throws {
    let text = String(repeating: "é", count: 4_000_000)
    let row = try open().run("SELECT length(\(text)::text)", deadline: 30_000).exactlyOne
    #expect(row.int64(0) == 4_000_000)
  }
}
