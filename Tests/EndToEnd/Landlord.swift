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

  /// Starts the console.
  func open(
    _ arguments: [String] = [], environment: [String: String] = [:], lines: Int = 24, columns: Int = 80
  ) throws(Failure) -> Program {
    try Program(
      [Self.path] + arguments,
      environment: ["LANDLORD_DATABASE": conninfo, "XDG_STATE_HOME": state].merging(environment) { $1 },
      lines: lines, columns: columns
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
