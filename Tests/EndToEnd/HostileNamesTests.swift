import Glibc
import Postgres
import TestServer
import Testing

/// Roles, databases, hosts, files and variables can be called anything. What is printed of them on a terminal steers nothing.
@Suite(.serialized) struct HostileNamesTests {
  private static let name = "e\u{1B}[31mv\u{9B}2Ji\u{202E}l\u{200B}\u{7}\r\nx\u{E0041}"

  /// Of escapes only our own, which clear the line of progress; of controls those that make lines. JSON may hold what is not seen,
  /// as it must be exact, but nothing that steers.
  private func expectClean(_ heard: [UInt8], _ what: String, isExact: Bool = false) {
    let text = String(decoding: heard, as: UTF8.self)
    let forbidden = text.unicodeScalars.filter { scalar in
      switch scalar.properties.generalCategory {
      case .control: !["\n", "\r", "\t", "\u{1B}"].contains(scalar)
      case .format, .privateUse, .unassigned, .lineSeparator: !isExact || scalar == "\u{202E}"
      default: false
      }
    }
    #expect(forbidden.isEmpty, "\(what): \(forbidden)")
    #expect(!text.contains("\u{1B}[31m") && !text.contains("\u{1B}[2J"), "\(what)")
  }

  private func heard(_ arguments: [String], _ environment: [String: String]) throws -> [UInt8] {
    let program = try Program([Landlord.path] + arguments, environment: environment)
    _ = try program.waitForEnd()
    return program.heard
  }

  @Test func noCommandPrintsWhatSteersATerminal() throws {
    // Given: everybody's name, the database's and the environment's are of that kind.
    let server = FragileServer()
    let superuser = TestServer.shared.connect(server.superuser)
    for statement in [
      "CREATE ROLE %I LOGIN IN ROLE landlord_admin", "CREATE DATABASE %I TEMPLATE postgres",
    ] {
      let made = try superuser.run(
        "SELECT format(\(statement)::text, \(Self.name)::text)", deadline: 5_000
      ).exactlyOne.string(0)
      try superuser.runScript(made, deadline: 30_000)
    }
    let conninfo = Conninfo.text([
      ("host", server.directory), ("dbname", Self.name), ("user", Self.name),
    ])
    let log = server.directory + "/landlord.log"
    let environment = ["LANDLORD_DATABASE": conninfo, "LANDLORD_LOG": log]

    // When, then
    _ = try heard(
      ["settings", "set", "environment", "x\u{202E}y\u{1B}[31m", "--reason", "why"], environment)
    _ = try heard(
      [
        "tenant", "create", "--site-id", "acme", "--name", "=Acme GmbH", "--email", "a@b.example",
        "--industry", "retail", "--reason", "why\u{1B}[31m\u{202E}",
      ], environment)
    let silent = [["provision", "status"], ["resource", "list"]]
    for arguments in silent + [
      ["info"], ["tenant", "list"], ["tenant", "show", "acme"], ["audit", "list"], ["audit", "activity"],
      ["access", "list"], ["doctor"], ["context", "mode"], ["tenant", "show", Self.name],
      ["tenant", "list", "--csv"], ["audit", "list", "--csv"],
      ["catalogue", "industries", "list"], ["audit", "verify"],
    ] {
      let heard = try heard(arguments, environment)
      #expect(!heard.isEmpty || silent.contains(arguments), "\(arguments)")
      expectClean(heard, "\(arguments)")
    }
    for arguments in [["info", "--json"], ["audit", "list", "--json"], ["access", "list", "--json"]] {
      expectClean(try heard(arguments, environment), "\(arguments)", isExact: true)
    }
    let file = fopen(log, "r")
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    fclose(file)
    #expect(count > 0)
    expectClean(Array(bytes.prefix(count)), "the log", isExact: true)
  }

  @Test(arguments: [
    [name], ["--" + name], ["tenant", "list", "--limit", name], ["tenant", name],
    ["tenant", "list", "--filter", "state:" + name], ["--log", "/nonexistent/" + name, "info"],
    ["onboard", "--csv", "/nonexistent/" + name], ["--connection", name, "info"],
    ["--database", "host=/nonexistent user='" + name + "'", "info"], ["--database", name + "=", "info"],
    ["tenant", "show", "acme", "--at", name],
  ])
  func whatIsTypedIsRepeatedClean(_ arguments: [String]) throws {
    let heard = try heard(arguments, ["LANDLORD_DATABASE": "host=/nonexistent dbname=x user=y"])
    #expect(!heard.isEmpty)
    expectClean(heard, "\(arguments)")
  }

  @Test(arguments: [
    ("TERM", name, []), ("LANDLORD_DATABASE", "host='/nonexistent/\(name)'", ["info"]),
    ("DATABASE_URL", "postgres://\(name)@/x?host=/nonexistent", ["info"]), ("PGHOST", "/\(name)", ["info"]),
    ("LANDLORD_LOG", "/nonexistent/\(name)", ["info"]), ("PGSERVICE", name, ["info"]),
    ("XDG_CONFIG_HOME", "/proc/self/environ/\(name)", ["--connection", "x", "info"]),
    ("XDG_STATE_HOME", "/proc/\(name)", ["audit", "key", "create"]),
  ])
  func whatAVariableSaysIsRepeatedClean(_ name: String, _ value: String, _ arguments: [String]) throws {
    let database = arguments.isEmpty ? ["LANDLORD_DATABASE": "host=/nonexistent"] : [:]
    let heard = try heard(arguments, database.merging([name: value]) { $1 })
    #expect(!heard.isEmpty)
    expectClean(heard, "\(name)")
  }

  @Test func theConsoleShowsThemClean() throws {
    let server = FragileServer()
    let made = try TestServer.shared.connect(server.superuser).run(
      "SELECT format('CREATE ROLE %I LOGIN IN ROLE landlord_admin', \(Self.name)::text)", deadline: 5_000
    ).exactlyOne.string(0)
    server.run(made)
    let console = try Program(
      [Landlord.path],
      environment: [
        "LANDLORD_DATABASE": Conninfo.text([
          ("host", server.directory), ("dbname", "postgres"), ("user", Self.name),
        ])
      ])
    try console.wait(for: "as e[31mv2Jil x")
    console.send(signal: SIGSEGV)
    #expect(try console.waitForEnd() == .signal(SIGSEGV))
    #expect(!String(decoding: console.heard, as: UTF8.self).contains("\u{202E}"))
  }
}
