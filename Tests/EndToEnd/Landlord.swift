import Glibc
import Postgres
import TestServer

/// The real program over a database of its own.
final class Landlord {
  /// How to reach the database, as the person who uses the console.
  let conninfo: String
  private let connection: Connection
  /// What the program keeps of this person, apart from all other tests.
  let state: String

  init() {
    var template = Array("/tmp/landlord-test-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil)
    state = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    conninfo = TestServer.shared.database(.schema, as: .admin)
    connection = TestServer.shared.connect(conninfo)
  }

  /// The program that was built beside this test bundle.
  static let path: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let path = String(decoding: buffer.prefix(max(0, length)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    return path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
      + "/landlord"
  }()

  /// Starts the console. `told`: what a shell says before it becomes the program, such as "trap '' HUP".
  func open(
    _ arguments: [String] = [], told: String? = nil, environment: [String: String] = [:], lines: Int = 24,
    columns: Int = 80
  ) throws(Failure) -> Program {
    let shell = told.map { ["/bin/sh", "-c", $0 + #"; exec "$0" "$@""#] } ?? []
    return try Program(
      shell + [Self.path] + arguments,
      environment: ["LANDLORD_DATABASE": conninfo, "XDG_STATE_HOME": state].merging(environment) { $1 },
      in: state, lines: lines, columns: columns
    )
  }

  /// A tenant, made by the function that everyone uses.
  func onboard(_ siteID: String, name: String) throws {
    let fields =
      #"{"siteId":"\#(siteID)","tenantName":"\#(name)","contactEmail":"ops@\#(siteID).example","#
      + #""businessIndustry":"retail","allowedOrigins":["https://\#(siteID).example"]}"#
    _ = try connection.run(
      """
      SELECT outcome FROM landlord.register_tenant(
        gen_random_uuid(), gen_random_uuid(), \(fields)::jsonb, sha256('secret'), 'abcd', NULL)
      """, deadline: 10_000)
  }

  /// Changes a tenant behind the console's back, as another administrator would.
  func rename(_ siteID: String, to name: String) throws {
    _ = try connection.run(
      """
      SELECT outcome FROM landlord.update_tenant(
        gen_random_uuid(), (SELECT tenant_id FROM landlord.tenants WHERE site_id = \(siteID)), NULL,
        jsonb_build_object('tenantName', \(name)::text), NULL)
      """, deadline: 10_000)
  }

  /// The first column of the first row, as text; nil for no row or NULL.
  func look(_ statement: Statement) throws -> String? {
    try connection.run(statement, deadline: 10_000).first?.optionalString(0)
  }

  /// What can only be done behind landlord's back.
  func asSuperuser(_ script: String) throws {
    try TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .superuser)).runScript(
      script, deadline: 10_000)
  }

  /// Everything about tenants and their audit, as one text: the same as long as nothing was changed.
  func everything() throws -> String? {
    try TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .superuser)).run(
      """
      SELECT concat(
        (SELECT md5(string_agg(t::text, ' ' ORDER BY t.tenant_id)) FROM landlord.tenants t),
        (SELECT count(*) FROM landlord.audit_entries WHERE tenant_id IN (SELECT tenant_id FROM landlord.tenants)))
      """, deadline: 10_000
    ).first?.optionalString(0)
  }

  /// Nobody can read or write a tenant until `body` is through.
  func whileTenantsAreLocked(_ body: () throws -> Void) throws {
    let holder = TestServer.shared.connect(TestServer.shared.conninfo(conninfo, as: .superuser))
    try holder.runScript("BEGIN; LOCK TABLE landlord.tenants IN ACCESS EXCLUSIVE MODE", deadline: 10_000)
    defer { try? holder.runScript("ROLLBACK", deadline: 10_000) }
    try body()
  }

  /// How many server processes serve the program.
  func backends() throws -> Int {
    let count = try look(
      """
      SELECT count(*)::text FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
      """)
    return count.flatMap { Int($0) } ?? 0
  }

  /// The same once it is as it should be, or after a while: a process outlives its line for a moment.
  func backends(once isRight: (Int) -> Bool) throws -> Int {
    let deadline = PseudoTerminal.now + Program.patience
    while true {
      let count = try backends()
      if isRight(count) || PseudoTerminal.now > deadline { return count }
      usleep(10_000)
    }
  }

  /// Waits until a draft on the disk holds `text`, which is kept a while after it was typed.
  func waitForDraft(of text: String) throws(Failure) {
    let search = try Program([
      "/bin/sh", "-c",
      "until grep -rqF --include='*.draft' -- \"$0\" '\(state)/landlord' 2>/dev/null; do sleep 0.05; done",
      text,
    ])
    guard try search.waitForEnd() == .exit(0) else { throw search.failure("no draft of \(text)") }
  }

  /// Ends every server process that serves the program, as an administrator would. Answers how many there were.
  func killBackends() throws -> Int {
    let processes = try connection.run(
      """
      SELECT pid FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
      """, deadline: 10_000
    ).map { $0.int64(0) }
    for process in processes { try TestServer.shared.kill(Int32(process)) }
    return processes.count
  }
}
