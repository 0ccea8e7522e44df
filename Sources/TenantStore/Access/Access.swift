import Postgres

/// Who may do what here, and its changes.
///
/// Groups are the server's roles and give the same in each of its databases that has landlord; limits are of one database. Only a
/// login that may grant a group can change who is in it, so it is this client that does, and not a function of the schema. What
/// it did is written into the audit in the same transaction: no group changes hands unrecorded.
public struct Access {
  private let connection: Connection

  /// `connection` must not be in a transaction.
  public init(_ connection: Connection) { self.connection = connection }

  /// Everyone with access, by name; for people with limits themselves alone.
  public func people() throws(AccessError) -> [Person] {
    try AccessTransaction.run(connection, writing: false) { (work) throws(AccessError) in
      try work.ask(PeopleQuery.all).map(PeopleQuery.person)
    }
  }

  /// Puts a person into a group: into the limited one where the person has limits here or is in a limited group already.
  public func grant(_ group: Group, to person: String, reason: String?) throws(AccessError) -> AccessChange {
    try AccessTransaction.run(connection, writing: true) { (work) throws(AccessError) in
      let now = try known(person, work)
      let role = group.role(limited: now.isLimited)
      if now.roles.contains(role) { return AccessChange() }
      try work.give(role, to: person)
      return try record("access grant", person, AccessChange(granted: [role]), reason, work)
    }
  }

  /// Takes a person out of a group, limited or not. Limits stay written down, for when the person comes back.
  public func revoke(_ group: Group, from person: String, reason: String?) throws(AccessError) -> AccessChange
  {
    try AccessTransaction.run(connection, writing: true) { (work) throws(AccessError) in
      let now = try known(person, work)
      let roles = [group.role(limited: false), group.role(limited: true)].filter(now.roles.contains)
      if roles.isEmpty { return AccessChange() }
      for role in roles { try work.take(role, from: person) }
      return try record("access revoke", person, AccessChange(revoked: roles), reason, work)
    }
  }

  /// Limits a person to these, besides what other limits give; and moves the person from the groups without limits into
  /// those with, or the limits would be idle words.
  public func limit(_ person: String, to limits: [Limit], reason: String) throws(AccessError) -> AccessChange
  {
    try AccessTransaction.run(connection, writing: true) { (work) throws(AccessError) in
      let now = try known(person, work)
      var change = try move(person, now.roles, limited: true, work)
      if !change.granted.isEmpty { change = try record("access limit", person, change, reason, work) }
      for limit in limits {
        let (industry, tenant) = try parts(limit, work)
        let written = try work.write(
          """
          landlord.limit_person(\(RequestID.random())::uuid, \(person)::text, \(industry)::text, \(tenant)::uuid,
            \(reason)::text)
          """)
        if let entry = written.entryID { (change.limits, change.entryID) = (change.limits + 1, entry) }
      }
      return change
    }
  }

  /// Takes limits away. With none named all of them, and moves the person into the groups without limits. Who has none left in a
  /// limited group reaches nothing.
  public func unlimit(_ person: String, from limits: [Limit], reason: String) throws(AccessError)
    -> AccessChange
  {
    try AccessTransaction.run(connection, writing: true) { (work) throws(AccessError) in
      let now = try known(person, work)
      var change = AccessChange()
      if limits.isEmpty {
        change = try move(person, now.roles, limited: false, work)
        if !change.granted.isEmpty { change = try record("access unlimit", person, change, reason, work) }
      }
      for (industry, tenant) in limits.isEmpty ? [(nil, nil)] : try parts(limits, work) {
        let written = try work.write(
          """
          landlord.unlimit_person(\(RequestID.random())::uuid, \(person)::text, \(industry)::text, \(tenant)::uuid,
            \(reason)::text)
          """)
        if written.outcome == .gone, !limits.isEmpty { throw .noSuchLimit(person) }
        if let entry = written.entryID { (change.limits, change.entryID) = (change.limits + 1, entry) }
      }
      return change
    }
  }

  // MARK: - Steps

  /// The groups that a person is in without another role's help, and whether limits are meant to hold.
  private func known(_ person: String, _ work: AccessTransaction) throws(AccessError)
    -> (roles: [String], isLimited: Bool)
  {
    if person.utf8.starts(with: "landlord_".utf8) { throw .notAPerson(person) }
    guard let row = try work.ask(PeopleQuery.one(person)).first else { throw .noSuchPerson(person) }
    let roles = row.strings(0)
    let isLimited = row.bool(1) || Group.allCases.contains { roles.contains($0.role(limited: true)) }
    return (roles, isLimited)
  }

  /// Into the groups with limits, or out of them. First in, then out: a person is at no time without.
  private func move(_ person: String, _ roles: [String], limited: Bool, _ work: AccessTransaction)
    throws(AccessError) -> AccessChange
  {
    var change = AccessChange()
    for group in Group.allCases where roles.contains(group.role(limited: !limited)) {
      let role = group.role(limited: limited)
      if !roles.contains(role) {
        try work.give(role, to: person)
        change.granted.append(role)
      }
      try work.take(group.role(limited: !limited), from: person)
      change.revoked.append(group.role(limited: !limited))
    }
    return change
  }

  private func record(
    _ action: String, _ person: String, _ change: AccessChange, _ reason: String?, _ work: AccessTransaction
  ) throws(AccessError) -> AccessChange {
    var change = change
    change.entryID = try work.write(
      """
      landlord.record_act(\(RequestID.random())::uuid, \(action)::text, jsonb_build_object(
        'person', \(person)::text, 'granted', \(change.granted)::text[], 'revoked', \(change.revoked)::text[]),
        \(reason)::text)
      """
    ).entryID
    return change
  }

  private func parts(_ limits: [Limit], _ work: AccessTransaction) throws(AccessError)
    -> [(industry: String?, tenant: TenantID?)]
  {
    var parts: [(industry: String?, tenant: TenantID?)] = []
    for limit in limits { parts.append(try self.parts(limit, work)) }
    return parts
  }

  /// As the functions take it. A tenant is looked up by its site id.
  private func parts(_ limit: Limit, _ work: AccessTransaction) throws(AccessError)
    -> (industry: String?, tenant: TenantID?)
  {
    switch limit {
    case .industry(let name): return (name, nil)
    case .tenant(.id(let id)): return (nil, id)
    case .tenant(.siteID(let siteID)):
      let rows = try work.ask("SELECT t.tenant_id FROM landlord.tenants t WHERE t.site_id = \(siteID)::text")
      guard let row = rows.first else { throw .noSuchTenant(siteID) }
      return (nil, row.identifier(0))
    }
  }
}
