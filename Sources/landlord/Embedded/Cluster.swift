import Glibc

/// The data directory of the embedded server, when it is first made.
struct Cluster {
  let places: EmbeddedPlaces
  /// The server's superuser: used to make and migrate databases, by no console.
  static let superuser = "landlord_superuser"

  /// Makes it, unless it is there. Call under the start lock. What a killed attempt left behind is removed; the
  /// directory gets its name only when it is complete.
  func make() throws(Failure) {
    if access(places.data, F_OK) == 0 { return }
    let installation = try Installation.chosen(for: nil)
    StandardError.say("making the embedded database in \(places.base) (once)")
    for database in EmbeddedDatabase.allCases { unlink(places.made(database)) }
    let unfinished = places.base + "/postgres.unfinished"
    if access(unfinished, F_OK) == 0 {
      _ = ChildProcess.wait(for: try ChildProcess.start(["rm", "-rf", "--", unfinished], output: nil))
    }
    try places.own(unfinished, places.server, mode: 0o700, forbidden: 0o077)
    try initialise(unfinished, installation)
    try configure(unfinished)
    if rename(unfinished, places.data) != 0 { throw .system("cannot make \(places.data)") }
  }

  private func initialise(_ directory: String, _ installation: Installation) throws(Failure) {
    let file = open(places.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw .system("cannot open \(places.log)") }
    defer { close(file) }
    let child = try ChildProcess.start(
      ServerProcess(places: places).prefix + [
        installation.binaries + "/initdb", "--pgdata=\(directory)", "--username=\(Self.superuser)",
        "--auth=reject",
        "--encoding=UTF8", "--locale=C.UTF-8", "--lc-messages=C",
      ], output: file)
    if ChildProcess.wait(for: child) != 0 {
      throw Failure(
        "initdb could not make the embedded database. The end of \(places.log):\n\(TextFile.tail(of: places.log))"
      )
    }
  }

  /// Who may come in: this person, proven by the kernel, as the role of the same name or to make and migrate.
  private func configure(_ directory: String) throws(Failure) {
    try TextFile.write("local all all peer map=landlord\n", to: directory + "/pg_hba.conf")
    let person = Self.quoted(places.person.name)
    try TextFile.write(
      "landlord \(person) \(Self.superuser)\nlandlord \(person) \(Self.quoted(role))\n",
      to: directory + "/pg_ident.conf")
    try TextFile.write(
      "\n# landlord's. The socket's place and the absence of TCP are given when the server starts.\nmax_connections = 50\n",
      to: directory + "/postgresql.conf", adding: true)
  }

  /// The person's role: named as the person, but where PostgreSQL keeps such names for itself.
  var role: String { places.person.name.hasPrefix("pg_") ? "os_" + places.person.name : places.person.name }

  private static func quoted(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
