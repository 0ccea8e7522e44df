import Glibc
import Postgres
import TenantStore

/// A private PostgreSQL that landlord makes, starts and stops by itself, for the person who runs it.
///
/// Everyone who uses it holds a shared lock on a file; a small watcher process waits for that file's exclusive lock and
/// stops the server a while after the last user is gone, in whatever way it went. Whoever finds it stopped starts it,
/// one at a time, under a second lock.
struct EmbeddedServer {
  let places: EmbeddedPlaces

  /// How long the server stays up after its last use, in seconds.
  static let idle = 60

  private var process: ServerProcess { ServerProcess(places: places) }
  private var cluster: Cluster { Cluster(places: places) }

  /// The server up, the database there, until this process ends. Quick (no program is run) when all is
  /// well already.
  /// - Parameter making: make the database where it is not there yet.
  func use(_ database: EmbeddedDatabase, making: Bool, idle: Int = idle) throws(Failure) -> EmbeddedUse {
    let lock = try hold()
    let start = try FileLock(places.startLock)
    let watch = try FileLock(places.watchLock)
    if !isReady(database, start, watch) {
      try start.take(.exclusive)
      try startServer(watch, idle: idle)
      if access(places.made(database), F_OK) != 0 {
        guard making else {
          throw Failure(.notFound, "there is no demo database yet; make it with: landlord demo")
        }
        try make(database)
      }
      start.giveUp()
    }
    return EmbeddedUse(
      lock: lock, conninfo: conninfo(database.name, as: cluster.role),
      installer: conninfo(database.name, as: Cluster.superuser))
  }

  /// The server up, whatever databases it has. It goes down `idle` seconds after its last use.
  /// False: it ran already.
  func start(idle: Int = idle) throws(Failure) -> Bool {
    let lock = try hold()
    let start = try FileLock(places.startLock)
    try start.take(.exclusive)
    let watch = try FileLock(places.watchLock)
    let ran = process.answers && watch.holder(against: .shared) != nil
    try startServer(watch, idle: idle)
    start.giveUp()
    lock.giveUp()
    return !ran
  }

  /// Takes part in the shared lock. Its time tells the watcher of those who came and went unseen.
  private func hold() throws(Failure) -> FileLock {
    if access(places.useLock, F_OK) != 0 || access(places.socketDirectory, F_OK) != 0 { try places.prepare() }
    try checkOwners()
    let lock = try FileLock(places.useLock)
    try lock.take(.shared)
    futimens(lock.descriptor, nil)
    return lock
  }

  /// Before anything in there is believed: it is ours.
  private func checkOwners() throws(Failure) {
    try places.own(places.base, places.person, mode: 0o711, forbidden: 0o022)
    try places.own(places.socketDirectory, places.server, mode: 0o700, forbidden: 0o077)
  }

  private func isReady(
    _ database: EmbeddedDatabase, _ start: borrowing FileLock, _ watch: borrowing FileLock
  ) -> Bool {
    process.answers && access(places.made(database), F_OK) == 0 && start.holder(against: .shared) == nil
      && watch.holder(against: .shared) != nil
  }

  private func startServer(_ watch: borrowing FileLock, idle: Int) throws(Failure) {
    if !process.answers {
      try cluster.make()
      try process.start()
    }
    if watch.holder(against: .shared) == nil { try Watcher.start(places, idle: idle) }
  }

  /// How libpq reaches a database here. Nothing is left to its variables, and the server must be run by whom it should.
  private func conninfo(_ database: String, as role: String) -> String {
    Conninfo.text([
      ("host", places.socketDirectory), ("port", "5432"), ("dbname", database), ("user", role),
      ("requirepeer", places.server.name), ("sslmode", "disable"), ("gssencmode", "disable"),
      ("target_session_attrs", "any"), ("options", ""), ("fallback_application_name", ClientName.current),
    ])
  }

  /// A database with the schema, and the person in it as an administrator of tenants. Each step may have been done by
  /// an attempt that was killed.
  private func make(_ database: EmbeddedDatabase) throws(Failure) {
    do {
      let server = try Connection.open(conninfo("postgres", as: Cluster.superuser), deadline: 30_000)
      if try server.run("SELECT FROM pg_database WHERE datname = \(database.name)", deadline: 30_000).isEmpty
      {
        try server.runScript(
          "CREATE DATABASE \(database.name) TEMPLATE template0 ENCODING 'UTF8'", deadline: 60_000)
      }
      let inside = try Connection.open(conninfo(database.name, as: Cluster.superuser), deadline: 30_000)
      let migrator = Migrator(inside)
      _ = try migrator.migrate()
      try migrator.admit(administrator: cluster.role)
    } catch let error as PostgresError {
      throw Failure("the embedded database could not be made: \(error.words)")
    } catch let error as MigrationError {
      throw Failure("the embedded database could not be made: \(error.description)")
    } catch {
      preconditionFailure("an error of a third kind: \(error)")
    }
    try TextFile.write("", to: places.made(database))
  }
}

/// This process's use of the embedded server: from now until the process ends the server stays up.
final class EmbeddedUse {
  private let lock: FileLock
  /// For the person.
  let conninfo: String
  /// To make and migrate.
  let installer: String

  fileprivate init(lock: consuming FileLock, conninfo: String, installer: String) {
    self.lock = lock
    self.conninfo = conninfo
    self.installer = installer
    // Never let go of: whoever holds the connection strings may connect at any time, and the end of the process gives
    // the lock back for sure.
    _ = Unmanaged.passRetained(self)
  }
}
