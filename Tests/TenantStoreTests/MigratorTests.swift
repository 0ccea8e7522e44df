import Glibc
import Postgres
import TestServer
import Testing

@testable import TenantStore

@Suite struct MigratorTests {
  let server = TestServer.shared

  private func migrator(_ conninfo: String) -> Migrator { Migrator(server.connect(conninfo)) }

  @Test func everyChecksumIsThatOfItsFile() throws {
    let connection = TestServer.shared.connect(TestServer.shared.database(.empty, as: .superuser))
    for migration in Migration.all {
      let hash = try connection.run(
        "SELECT encode(sha256(convert_to(\(migration.sql)::text, 'UTF8')), 'hex')", deadline: 5_000
      ).exactlyOne.string(0)
      #expect(migration.checksum == hash, "\(migration.name)")
    }
  }

  @Test func everyFileOfTheFolderIsInTheListAndInOrder() {
    let folder = #filePath.replacing(
      "Tests/TenantStoreTests/MigratorTests.swift", with: "Sources/TenantStore/Migrations")
    guard let directory = opendir(folder) else {
      Issue.record("cannot read \(folder)")
      return
    }
    defer { closedir(directory) }
    var files: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix("m"), name.hasSuffix(".sql") { files.append(String(name.dropLast(4))) }
    }

    #expect(Migration.all.map(\.name) == files.sorted())
  }

  @Test func aLoginThatIsNoSuperuserMigratesAnEmptyDatabase() throws {
    let conninfo = server.database(.empty, as: .installer)
    let migrator = migrator(conninfo)
    #expect(try migrator.status() == .absent)

    let done = try migrator.migrate()

    #expect(done == Migration.all.map(\.name))
    #expect(try migrator.status() == .current)
    #expect(try migrator.applied().map(\.checksum) == Migration.all.map(\.checksum))
    #expect(try migrator.migrate().isEmpty)
    let owner = try server.connect(conninfo).run(
      "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = 'landlord'::regnamespace",
      deadline: 5000)
    #expect(owner.map { $0.string(0) } == ["landlord_owner"])
  }

  @Test func aLoginThatInheritsNothingMigratesAndReadsAsTheOwner() throws {
    // From PostgreSQL 16 on every installer is such a one.
    let conninfo = server.database(.empty, as: .superuser)
    let superuser = server.connect(conninfo)
    try superuser.runScript(
      """
      DO $$ BEGIN
        EXECUTE 'CREATE ROLE bare LOGIN CREATEROLE NOINHERIT';
        EXECUTE format('GRANT CREATE ON DATABASE %I TO bare', current_database());
      END $$
      """, deadline: 5000)
    let bare = Migrator(server.connect(conninfo + " user=bare"))

    #expect(try bare.migrate() == Migration.all.map(\.name))
    #expect(try bare.status() == .current)
    #expect(try bare.migrate().isEmpty)
    #expect(try Demo.fill(server.connect(conninfo + " user=bare"), tenants: 30) == 30)
  }

  @Test func sixAtOnceMigrateEachOnce() async throws {
    let conninfo = server.database(.empty, as: .superuser)

    let done = try await withThrowingTaskGroup(of: [String].self) { group in
      for _ in 0..<6 {
        group.addTask { try Migrator(TestServer.shared.connect(conninfo)).migrate() }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }

    #expect(done.sorted() == Migration.all.map(\.name))
  }

  @Test func sixDatabasesAtOnceShareTheRoles() async throws {
    let databases = (0..<6).map { _ in server.database(.empty, as: .installer) }

    try await withThrowingTaskGroup(of: Void.self) { group in
      for conninfo in databases {
        group.addTask { _ = try Migrator(TestServer.shared.connect(conninfo)).migrate() }
      }
      try await group.waitForAll()
    }

    for conninfo in databases { #expect(try migrator(conninfo).status() == .current) }
  }

  @Test func refusesAFileThatChangedAfterItWasApplied() throws {
    let conninfo = server.database(.schema, as: .superuser)
    try server.connect(conninfo).runScript(
      "UPDATE landlord.migrations SET checksum = 'other' WHERE name = 'm0002_audit'", deadline: 5000)

    #expect(throws: MigrationError.foreign("m0002_audit was applied in another form than this program has")) {
      try migrator(conninfo).migrate()
    }
  }

  @Test func refusesADatabaseNewerThanTheProgram() throws {
    let conninfo = server.database(.schema, as: .superuser)
    try server.connect(conninfo).runScript(
      "INSERT INTO landlord.migrations (name, checksum) VALUES ('m9999_later', 'x')", deadline: 5000)

    guard case .foreign(let reason) = try migrator(conninfo).status() else {
      Issue.record("not refused")
      return
    }
    #expect(reason.contains("m9999_later"))
    #expect(throws: MigrationError.foreign(reason)) { try migrator(conninfo).migrate() }
  }

  @Test func refusesADatabaseThatIsNotUTF8() throws {
    let admin = server.connect(server.conninfo(database: "postgres", as: .superuser))
    try admin.runScript(
      "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0", deadline: 10_000)

    #expect(throws: MigrationError.encoding("LATIN1")) {
      try migrator(server.conninfo(database: "latin", as: .superuser)).migrate()
    }
  }

  @Test func refusesASchemaOfSomeoneElse() throws {
    let conninfo = server.database(.empty, as: .installer)
    try server.connect(conninfo).runScript("CREATE SCHEMA landlord", deadline: 5000)

    #expect(throws: MigrationError.schemaOwner("installer")) { try migrator(conninfo).migrate() }
  }

  @Test func aStrangerIsToldWhatIsMissing() throws {
    let conninfo = server.database(.empty, as: .stranger)

    #expect(throws: MigrationError.self) { try migrator(conninfo).migrate() }
    #expect(try migrator(server.conninfo(conninfo, as: .superuser)).status() == .absent)
  }

  @Test func aMigrationThatFailsLeavesNothingAndCanBeRepeated() throws {
    // A schema that is there already, with a table in the way of the second migration.
    let conninfo = server.database(.empty, as: .superuser)
    let connection = server.connect(conninfo)
    try connection.runScript(
      Migrator.roles
        + "CREATE SCHEMA landlord AUTHORIZATION landlord_owner; CREATE TABLE landlord.requests ()",
      deadline: 5000)

    let failure = #expect(throws: MigrationError.self) { try migrator(conninfo).migrate() }
    guard case .failed(let migration, let error) = failure else {
      Issue.record("failed otherwise: \(String(describing: failure))")
      return
    }
    #expect(migration == "m0002_audit" && error.sqlState == "42P07")
    #expect(try migrator(conninfo).applied().map(\.name) == ["m0001_registry"])

    try connection.runScript("DROP TABLE landlord.requests", deadline: 5000)
    #expect(try migrator(conninfo).migrate() == Migration.all.dropFirst().map(\.name))
  }

  @Test func theDryRunIsTheScriptThatWouldRun() throws {
    let conninfo = server.database(.empty, as: .superuser)

    let script = try migrator(conninfo).dryRun()
    #expect(try migrator(conninfo).status() == .absent)
    try server.connect(conninfo).runScript(script, deadline: 60_000)

    #expect(try migrator(conninfo).status() == .current)
    #expect(try migrator(conninfo).dryRun() == "")
  }

  @Test func worksWithoutTrigramsWhereThereAreNone() throws {
    let conninfo = server.database(.empty, as: .superuser)
    // The extension wants to live in `public`.
    try server.connect(conninfo).runScript("DROP SCHEMA public", deadline: 5000)

    _ = try migrator(conninfo).migrate()

    let indexes = try server.connect(conninfo).run(
      "SELECT count(*) FROM pg_indexes WHERE schemaname = 'landlord' AND indexname = 'tenants_search'",
      deadline: 5000)
    #expect(indexes.exactlyOne.int64(0) == 0)
  }

  @Test func admittingAnAdministratorMakesALoginOnce() throws {
    let conninfo = server.database(.schema, as: .superuser)
    let migrator = migrator(conninfo)
    try migrator.admit(administrator: "O\"Brien é")
    try migrator.admit(administrator: "O\"Brien é")

    let role = try server.connect(conninfo).run(
      """
      SELECT rolcanlogin, rolsuper, pg_has_role(rolname, 'landlord_admin', 'MEMBER'),
        pg_has_role(rolname, 'landlord_auditor', 'MEMBER')
      FROM pg_roles
      WHERE rolname = 'O"Brien é'
      """, deadline: 5000
    ).exactlyOne
    #expect(role.bool(0) && !role.bool(1) && role.bool(2) && role.bool(3))
  }
}
