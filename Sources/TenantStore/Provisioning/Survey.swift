import Postgres

/// What a tenant's state wants of each listed resource, beside how it is.
public struct Survey: Equatable, Sendable {
  public struct Line: Equatable, Sendable {
    public var resource: String
    /// Nil: it could not be looked at, and `problem` says why.
    public var found: Condition?
    public var problem: String?
    /// What the tenant has there; empty where that could not be found out either.
    public var footprint: [Amount]

    /// "14 keys, 2 sets", why it is not known, or nothing. Others' words.
    public var words: String {
      problem ?? footprint.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
    }

    /// The same; "nothing" where it is nothing.
    public var held: String { words.isEmpty ? "nothing" : words }

    public init(resource: String, found: Condition?, problem: String? = nil, footprint: [Amount] = []) {
      self.resource = resource
      self.found = found
      self.problem = problem
      self.footprint = footprint
    }
  }
  public var tenant: Tenant
  public var wanted: Condition
  /// In the order in which a tenant is given them.
  public var lines: [Line]

  public init(tenant: Tenant, lines: [Line]) {
    self.tenant = tenant
    wanted = Condition(wantedBy: tenant.state)
    self.lines = lines
  }

  /// Those that are not as wanted.
  public var drifted: [String] {
    lines.filter { $0.found.map { !$0.satisfies(wanted) } ?? false }.map(\.resource)
  }

  /// Those that could not be looked at.
  public var unknown: [String] { lines.filter { $0.found == nil }.map(\.resource) }

  /// Those besides PostgreSQL, whose rows are counted apart.
  public var elsewhere: [Line] {
    lines.filter { !PostgresResource.isListed(as: $0.resource) }
  }

  /// What a run has to deal with: what has drifted; of a tenant that is not in service yet all, because only a run brings it there.
  public var toApply: [String] { tenant.state == .provisioning ? lines.map(\.resource) : drifted }
}

extension Provisioner {
  /// Brings a tenant's resources to what its state wants: by the run that is not over, else by a new one. Answers the run as it
  /// was left; nil: there was nothing to do. Where somebody else is at it the run is theirs.
  public func apply(_ tenant: Tenant, reason: String?) throws(PostgresError) -> Run? {
    if let open = try newest(tenant.id), !open.isOver { return try carryOut(open.id) ?? open }
    let names = try survey(tenant).toApply
    if names.isEmpty {
      // Nothing is listed any more that it could wait for.
      if tenant.state == .provisioning { try activate(tenant, reason: reason) }
      return nil
    }
    let start = RunStart(tenantID: tenant.id, resources: names, reason: reason)
    // Refused where somebody else has started one since: then that is the one.
    try connection.run(RunQuery.start(start).statement, deadline: Self.deadline)
    guard let run = try newest(tenant.id), !run.isOver else { return nil }
    return try carryOut(run.id) ?? run
  }

  private func activate(_ tenant: Tenant, reason: String?) throws(PostgresError) {
    try connection.run(
      """
      SELECT a.outcome FROM landlord.activate_tenant(
        \(RequestID.random())::uuid, \(tenant.id)::uuid, NULL, \(reason ?? "nothing is listed that it needs")::text) a
      """, deadline: Self.deadline)
  }

  func newest(_ tenant: TenantID) throws(PostgresError) -> Run? {
    RunQuery.runs(try connection.run(RunQuery.newest(tenant).statement, deadline: Self.deadline)).last
  }

  /// How a tenant's resources are. Changes nothing.
  public func survey(_ tenant: Tenant) throws(PostgresError) -> Survey {
    Survey(
      tenant: tenant,
      lines: try resources().map { resource in
        do throws(ResourceError) {
          let found = try resource.inspect(tenant)
          return Survey.Line(
            resource: resource.name, found: found,
            footprint: found == .absent ? [] : (try? resource.footprint(tenant)) ?? [])
        } catch {
          return Survey.Line(resource: resource.name, found: nil, problem: error.reason)
        }
      })
  }

  /// The tenants after this one, in order of ids, at most so many.
  public func tenants(after id: TenantID?, limit: Int = 500) throws(PostgresError) -> [Tenant] {
    try connection.run(
      """
      SELECT \(unescaped: TenantQuery.columns) FROM landlord.tenants t
      WHERE \(id)::uuid IS NULL OR t.tenant_id > \(id)::uuid
      ORDER BY t.tenant_id LIMIT \(limit)::int
      """, deadline: Self.deadline
    ).map { TenantQuery.tenant($0) }
  }
}
