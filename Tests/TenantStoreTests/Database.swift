import Postgres
import TenantStore
import TestServer

/// The schema itself, asked in SQL: for tests that hold what it promises to any client, ours or not.
struct Database {
  let conninfo: String
  let server = TestServer.shared

  init() { conninfo = server.database(.schema, as: .superuser) }

  func connect(_ login: TestServer.Login) -> Connection {
    server.connect(server.conninfo(conninfo, as: login))
  }

  /// A tenant in service, made by the function; answers its id.
  func register(
    _ connection: Connection, siteID: String = "acme", _ patch: String = "{}", request: RequestID = .random()
  ) throws -> TenantID {
    let id = TenantID.random()
    try connection.run(
      """
      SELECT (landlord.register_tenant(\(request)::uuid, \(id)::uuid, jsonb_build_object('siteId', \(siteID)::text,
        'tenantName', 'Acme', 'contactEmail', 'ops@acme.example', 'businessIndustry', 'retail') || \(patch)::jsonb,
        sha256('secret'), 'cret', NULL)).outcome
      """, deadline: 10_000)
    return id
  }

  /// The outcome of a call that answers `answer`, with its rule behind a colon, and `again` where it is a repeat.
  func outcome(_ connection: Connection, _ call: Statement) throws -> String {
    try connection.run(
      """
      SELECT outcome || coalesce(':' || rule, '') || CASE WHEN repeated THEN ' again' ELSE '' END FROM \(call)
      """, deadline: 10_000
    ).exactlyOne.string(0)
  }

  /// What the server says against a statement; nil: nothing.
  func complaint(_ connection: Connection, _ statement: Statement) throws -> ServerError? {
    do {
      try connection.run(statement, deadline: 10_000)
      return nil
    } catch .server(let error) {
      return error
    }
  }

  func count(_ connection: Connection, _ query: Statement) throws -> Int64 {
    try connection.run(query, deadline: 10_000).exactlyOne.int64(0)
  }

  /// Entries whose hash is not what the entry and the one before it make, or that leave a gap or go back in time.
  static let brokenEntries: Statement = """
    SELECT count(*) FROM (
      SELECT e.hash = landlord.entry_hash(coalesce(lag(e.hash) OVER chain, decode(repeat('00', 32), 'hex')), e.tenant_id,
          e.seq, e.at, e.actor, e.role, e.client, e.action, e.version, e.request_id, e.reason, e.changed, e.record)
        AND e.seq = row_number() OVER chain AND e.at >= coalesce(lag(e.at) OVER chain, e.at) AS holds
      FROM landlord.audit_entries e WINDOW chain AS (PARTITION BY e.tenant_id ORDER BY e.seq)) AS entries
    WHERE NOT holds
    """
}
