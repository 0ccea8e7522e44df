import Console
import Glibc
import TenantStore
import Terminal
import TestServer
import Testing

@testable import landlord

/// What stands in the folder of a person's configuration.
struct ConfigurationTests {
  /// A folder of its own, emptied at the end.
  private static func within(_ body: (String) throws -> Void) rethrows {
    var template = Array("/tmp/llconf-XXXXXX".utf8CString)
    let folder = String(cString: mkdtemp(&template))
    mkdir(folder + "/themes", 0o700)
    defer {
      for name in ["/themes/mine.toml", "/themes/paper.toml", "/config.toml"] {
        unlink(folder + name)
        rmdir(folder + name)
      }
      rmdir(folder + "/themes")
      rmdir(folder)
    }
    try body(folder)
  }

  @Test func withoutAFolderThereAreOurThemesAndNoProblems() {
    let configuration = Configuration(folder: "/nonexistent")
    #expect(configuration.themes.map(\.name) == Configuration.embeddedThemes.map(\.name))
    #expect(configuration.theme == "terminal" && configuration.problems.isEmpty && configuration.keys.isEmpty)
  }

  @Test func themeAndKeysAreRead() throws {
    try Self.within { folder in
      try TextFile.write(
        "theme = \"mine\"\n[keys]\nonboard = \"n\"\ncopy = [\"F5\", \"y\"]\n", to: folder + "/config.toml")
      try TextFile.write("text = \"white on blue\"\n", to: folder + "/themes/mine.toml")
      let configuration = Configuration(folder: folder)
      #expect(configuration.theme == "mine")
      #expect(configuration.themes.last?.name == "mine")
      #expect(configuration.themes.last?.theme.ground == Style(.palette(7), on: .palette(4)))
      #expect(configuration.keys.map(\.action).sorted() == ["copy", "onboard"])
      #expect(configuration.keys.first { $0.action == "copy" }?.keys == ["F5", "y"])
    }
  }

  @Test func aThemeOfTheSameNameTakesThePlaceOfOurs() throws {
    try Self.within { folder in
      try TextFile.write("text = \"red\"\n", to: folder + "/themes/paper.toml")
      let configuration = Configuration(folder: folder)
      #expect(
        configuration.themes.filter { $0.name == "paper" }.map { $0.theme[.text] } == [Style(.palette(1))])
    }
  }

  @Test func whatIsNoOrdinaryFileIsSaidAndNeverWaitedFor() throws {
    try Self.within { folder in
      #expect(mkfifo(folder + "/config.toml", 0o600) == 0)
      #expect(mkdir(folder + "/themes/mine.toml", 0o700) == 0)
      try TextFile.write(String(repeating: "# much\n", count: 10_000), to: folder + "/themes/paper.toml")
      let problems = Configuration(folder: folder).problems
      #expect(problems.contains("\(folder)/config.toml is no ordinary file, so it is left out"))
      #expect(problems.contains("\(folder)/themes/mine.toml is no ordinary file, so it is left out"))
      #expect(problems.contains("\(folder)/themes/paper.toml is larger than 64 KiB, so it is left out"))
    }
  }

  /// Cut off anywhere, with any byte in any place, or a link to nowhere.
  @Test func whateverTheFileHoldsThereIsAConfiguration() {
    let whole = Array(
      """
      theme = "paper"
      [keys]
      sort = ["o", "F5"]
      [connections.prod]
      database = "host=db"
      read_only = true
      [[views]]
      name = "shops"
      filter = "industry:retail"

      """.utf8)
    func put(_ bytes: ArraySlice<UInt8>, _ path: String) {
      let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      defer { close(file) }
      #expect(Array(bytes).withUnsafeBytes { write(file, $0.baseAddress, $0.count) } == bytes.count)
    }
    var random = SystemRandomNumberGenerator()
    Self.within { folder in
      for length in whole.indices {
        put(whole[..<length], folder + "/config.toml")
        #expect(!Configuration(folder: folder).themes.isEmpty)
        var spoilt = whole
        spoilt[length] = UInt8.random(in: 0...255, using: &random)
        for path in ["/config.toml", "/themes/mine.toml"] { put(spoilt[...], folder + path) }
        #expect(!Configuration(folder: folder).themes.isEmpty)
      }
      unlink(folder + "/config.toml")
      #expect(symlink("/nonexistent/config.toml", folder + "/config.toml") == 0)
      #expect(!Configuration(folder: folder).themes.isEmpty)
    }
  }

  @Test func whatIsNotUnderstoodIsSaidAndTheRestIsUsed() throws {
    try Self.within { folder in
      try TextFile.write("colour = 1\ntheme = \"paper\"\n[keys]\nsort = 3\n", to: folder + "/config.toml")
      let configuration = Configuration(folder: folder)
      #expect(configuration.theme == "paper")
      #expect(configuration.problems.contains("\(folder)/config.toml: there is no setting colour"))
      #expect(
        configuration.problems.contains("\(folder)/config.toml: keys.sort must be a key, or a list of keys"))
    }
  }

  @Test func connectionsAndViewsAreRead() throws {
    try Self.within { folder in
      try TextFile.write(
        """
        [connection.prod]
        conninfo = "host=db1.eu dbname=saas"
        environment = "production"
        read_only = true
        theme = "paper"
        password_command = "pass show prod"
        [connection.test]
        conninfo = "saas_test"
        [view.retail]
        filter = "state:active industry:retail"
        sort = "updatedAt"
        descending = true
        columns = ["siteId", "tenantName:40"]
        """, to: folder + "/config.toml")
      let configuration = Configuration(folder: folder)
      #expect(configuration.problems == [])
      var prod = NamedConnection(name: "prod", conninfo: "host=db1.eu dbname=saas")
      (prod.environment, prod.isReadOnly, prod.theme, prod.passwordCommand) = (
        "production", true, "paper", "pass show prod"
      )
      #expect(configuration.connections == [prod, NamedConnection(name: "test", conninfo: "saas_test")])
      #expect(
        configuration.views == [
          SavedView(
            name: "retail", filter: "state:active industry:retail", sort: Sort(.updatedAt, descending: true),
            columns: ["siteId", "tenantName:40"])
        ])
    }
  }

  @Test(arguments: [
    ("[connection.demo]\nconninfo = \"x\"", "connection.demo: this name is landlord's own"),
    ("[connection.prod]\nread_only = true", "connection.prod needs a conninfo"),
    ("[connection.prod]\nconninfo = \"x\"\nread_only = \"yes\"", "read_only must be true or false"),
    ("[connection.prod]\nconninfo = \"x\"\nreadonly = true", "there is no setting readonly"),
    ("[connection.prod]\nconninfo = \"host=h password=hunter2\"", "conninfo holds a password"),
    ("[connection.prod]\nconninfo = \"flavour=red\"", "nothing that libpq understands"),
    ("connection = 3", "connection must be a table of tables"), ("[connection]\nprod = 3", "must be a table"),
    ("[view.x]\nfilter = \"state:nowhere\"", "view.x.filter"),
    ("[view.x]\nsort = \"size\"", "must be one of"),
    ("[view.x]\ncolumns = [\"size\"]", "there is no column size"),
    ("[view.x]\ncolour = 1", "no setting colour"),
  ])
  func whatIsWrongWithAConnectionOrAViewIsSaidAndItIsLeftOut(_ text: String, _ words: String) throws {
    try Self.within { folder in
      try TextFile.write(text + "\n", to: folder + "/config.toml")
      let configuration = Configuration(folder: folder)
      #expect(configuration.problems.count == 1)
      #expect(configuration.problems.first?.contains(words) == true, "\(configuration.problems)")
      #expect(configuration.problems.first?.contains("hunter2") == false)
      #expect(configuration.connections.isEmpty && configuration.views.isEmpty)
    }
  }
}

/// Connections by the names that a person gave them, with the program as people run it.
struct NamedConnectionTests {
  /// Runs `landlord ARGUMENTS` with this `config.toml`.
  private static func run(_ arguments: [String], _ config: String) throws -> Program.Outcome {
    var template = Array("/tmp/llconf-XXXXXX".utf8CString)
    let folder = String(cString: mkdtemp(&template))
    mkdir(folder + "/landlord", 0o700)
    try TextFile.write(config, to: folder + "/landlord/config.toml")
    defer {
      unlink(folder + "/landlord/config.toml")
      rmdir(folder + "/landlord")
      rmdir(folder)
    }
    return Program.run(arguments, ["XDG_CONFIG_HOME": folder])
  }

  private let conninfo = TestServer.shared.database(.schema, as: .admin)
  private func config(_ more: String = "") -> String {
    "[connection.prod]\nconninfo = \"\(conninfo)\"\n\(more)\n"
  }

  @Test func aNameIsAsGoodAsItsDatabase() throws {
    let made = try Self.run(
      [
        "--connection", "prod", "tenant", "create", "--site-id", "acme", "--name", "Acme", "--email",
        "ops@acme.example", "--industry", "retail",
      ], config())
    #expect(made.status == 0, "\(made.errors)")
    #expect(try Self.run(["tenant", "list", "--connection", "prod"], config()).output.contains("acme"))
  }

  @Test(arguments: [["--connection", "prod"], ["--connection", "prod", "--read-only"]])
  func overOneThatIsReadOnlyTheServerRefusesEveryChange(_ shared: [String]) throws {
    let config = config(shared.count > 2 ? "" : "read_only = true")
    let create =
      shared + [
        "tenant", "create", "--site-id", "acme", "--name", "Acme", "--email", "ops@acme.example",
        "--industry",
        "retail",
      ]
    let refused = try Self.run(create, config)
    #expect(refused.status == 4)
    #expect(refused.errors == "landlord: this connection is read-only; nothing was changed\n")
    let list = try Self.run(shared + ["tenant", "list"], config)
    #expect(list.status == 0 && list.output == "")
    #expect(try Self.run(shared + ["migrate"], config).status == 64)
    #expect(try Self.run(shared + ["isolation", "protect", "shop.orders"], config).status == 64)
    #expect(try Self.run(shared + ["info"], config).output.contains("server.readOnly"))
  }

  @Test func thePasswordIsWhatTheCommandPrintsAndIsShownNowhere() throws {
    let info = try Self.run(
      ["--connection", "prod", "info"], config("password_command = \"echo hunter2; echo more\""))
    #expect(info.status == 0, "\(info.errors)")
    #expect(info.output.contains("connection.password") && info.output.contains("(given)"))
    #expect(!info.output.contains("hunter2"))
  }

  @Test(arguments: [("exit 3", "exit code 3"), ("true", "printed no password"), ("kill -9 $$", "signal 9")])
  func aCommandThatFailsIsSaidAndNothingIsTried(_ command: String, _ words: String) throws {
    let outcome = try Self.run(["--connection", "prod", "info"], config("password_command = \"\(command)\""))
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test func aNameThatIsNotThereIsWrongUsageAndTheKnownOnesAreNamed() throws {
    let outcome = try Self.run(["--connection", "staging", "tenant", "list"], config())
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("there are: embedded, demo, prod"), "\(outcome.errors)")
    #expect(try Self.run(["--connection", "prod", "info"], "[[").errors.contains("is no TOML"))
  }
}
