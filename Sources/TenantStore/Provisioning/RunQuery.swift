import Postgres

/// Runs and what they are about.
enum RunQuery {
  /// A row a step, of the runs that `which` selects, called `r`.
  static func statement(_ which: Statement) -> Statement {
    """
    SELECT r.run_id, r.tenant_id, t.site_id, r.wanted, r.state, r.problem, (extract(epoch FROM r.begun_at) * 1000000)::bigint,
      r.begun_by, r.is_held, s.place, s.resource, s.state, s.found, s.note,
      (extract(epoch FROM coalesce(s.ended_at, clock_timestamp()) - s.begun_at) * 1000)::bigint
    FROM (\(which)) r
    JOIN landlord.tenants t ON t.tenant_id = r.tenant_id
    JOIN landlord.run_steps s ON s.run_id = r.run_id
    ORDER BY r.run_id, s.place
    """
  }

  private static let columns =
    "r.run_id, r.tenant_id, r.wanted, r.state, r.problem, r.begun_at, r.begun_by, coalesce(landlord.is_held(r), false) AS is_held"

  /// A tenant's newest.
  static func newest(_ tenant: TenantID) -> Query {
    Query(
      statement(
        """
        SELECT \(unescaped: columns) FROM landlord.runs r WHERE r.tenant_id = \(tenant)::uuid ORDER BY r.run_id DESC LIMIT 1
        """)
    ) { .run(.newest(runs($0).last)) }
  }

  /// Those that are not over, in the order in which they began.
  static func open(after run: Int64, limit: Int) -> Query {
    Query(
      statement(
        """
        SELECT \(unescaped: columns) FROM landlord.runs r
        WHERE r.state IN ('running', 'compensating', 'stuck') AND r.run_id > \(run)::bigint
        ORDER BY r.run_id LIMIT \(limit)::int
        """)
    ) { .run(.open(runs($0))) }
  }

  /// One by its number.
  static func one(_ run: Int64) -> Statement {
    statement("SELECT \(unescaped: columns) FROM landlord.runs r WHERE r.run_id = \(run)::bigint")
  }

  /// Of rows a step, in order.
  static func runs(_ rows: Rows) -> [Run] {
    var runs: [Run] = []
    for row in rows {
      if runs.last?.id != row.int64(0) { runs.append(run(row)) }
      runs[runs.count - 1].steps.append(step(row))
    }
    return runs
  }

  private static func run(_ row: Row) -> Run {
    guard let state = Run.State(rawValue: row.string(4)) else {
      preconditionFailure("a state that the schema's own rule run_state_known forbids")
    }
    return Run(
      id: row.int64(0), tenantID: row.identifier(1), siteID: row.string(2),
      wanted: condition(row.string(3)), state: state, problem: row.optionalString(5), begunAt: row.instant(6),
      begunBy: row.string(7), isHeld: row.bool(8), steps: [])
  }

  private static func step(_ row: Row) -> RunStep {
    guard let state = RunStep.State(rawValue: row.string(11)) else {
      preconditionFailure("a state that the schema's own rule step_state_known forbids")
    }
    return RunStep(
      place: Int(row.int64(9)), resource: row.optionalString(10), state: state,
      found: row.optionalString(12).map(condition), note: row.optionalString(13),
      milliseconds: row.optionalInt64(14))
  }

  static func condition(_ text: String) -> Condition {
    guard let condition = Condition(rawValue: text) else {
      preconditionFailure("a condition that the schema's own rule condition_known forbids")
    }
    return condition
  }

  static func start(_ start: RunStart) -> Query {
    TenantWrite.written(
      """
      landlord.start_run(\(start.requestID)::uuid, \(start.tenantID)::uuid, \(start.resources)::text[], \(start.reason)::text)
      """)
  }

  /// In the order in which a tenant is given them.
  static let resources = Query(listed) { .run(.resources($0.map(listed))) }

  static let listed: Statement = """
    SELECT r.name, ARRAY(SELECT s.key FROM jsonb_each_text(r.settings) s ORDER BY s.key),
      ARRAY(SELECT s.value FROM jsonb_each_text(r.settings) s ORDER BY s.key)
    FROM landlord.resources r
    ORDER BY r.place
    """

  static func listed(_ row: Row) -> ListedResource {
    ListedResource(
      name: row.string(0),
      settings: Dictionary(uniqueKeysWithValues: zip(row.strings(1), row.strings(2))))
  }

  static func change(_ change: ResourceChange) -> Query {
    switch change.kind {
    case .add(let resource):
      let members = resource.settings.sorted { $0.key < $1.key }.map {
        JSONText.quoted($0.key) + ":" + JSONText.quoted($0.value)
      }
      let settings = "{" + members.joined(separator: ",") + "}"
      return TenantWrite.written(
        """
        landlord.add_resource(\(change.requestID)::uuid, \(resource.name)::text, \(settings)::jsonb, \(change.reason)::text)
        """)
    case .remove(let name):
      return TenantWrite.written(
        "landlord.remove_resource(\(change.requestID)::uuid, \(name)::text, \(change.reason)::text)")
    }
  }
}
