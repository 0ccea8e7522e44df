import Postgres
import TenantStore
import TestServer
import Testing

/// A database with a past, and hands that can reach into it as nobody should: the superuser's.
struct AuditSabotage {
  let database = Database()
  private(set) var hands: Connection
  /// Three tenants, each with four entries, sealed and signed in two blocks; the last entry of each is in no block yet.
  let tenants: [TenantID]
  let key = CheckpointKey()
  private(set) var kept: [KeptCheckpoint] = []

  init() throws {
    hands = database.connect(.superuser)
    var tenants: [TenantID] = []
    for name in ["acme", "blue", "cedar"] { tenants.append(try database.register(hands, siteID: name)) }
    self.tenants = tenants.sorted()
    try rename("first")
    try checkpoint()
    try rename("second")
    try checkpoint()
    try rename("third")
  }

  /// The same with new hands, after the old ones were thrown out.
  func reconnected() -> AuditSabotage {
    var same = self
    same.hands = database.connect(.superuser)
    return same
  }

  func rename(_ name: String) throws {
    for tenant in tenants {
      try hands.run(
        "SELECT landlord.update_tenant(gen_random_uuid(), \(tenant)::uuid, NULL, jsonb_build_object('tenantName', \(name)::text), NULL)",
        deadline: 5_000)
    }
  }

  /// Seals all entries in one block.
  func seal() throws {
    database.server.awaitTransactions()
    try hands.run("SELECT landlord.seal_block()", deadline: 5_000)
  }

  /// Seals, signs, and keeps what was signed elsewhere.
  mutating func checkpoint() throws {
    let store = Store(conninfo: database.server.conninfo(database.conninfo, as: .superuser), wake: {})
    try seal()
    guard case .proof(let proof) = try store.answer(to: .proof), let installation = proof.installation,
      case .sealed(let sealed) = try store.answer(to: .seal(from: 1)), let block = sealed.blocks.last
    else { throw WrongAnswer() }
    let text = Checkpoint.text(installation: installation, block: block.number, hash: block.hash)
    let checkpoint = Checkpoint(block: block.number, key: key.publicText, signature: key.sign(text))
    _ = try store.answer(to: .recordCheckpoint(checkpoint))
    kept.append(KeptCheckpoint(checkpoint, hash: block.hash, lastEntry: sealed.lastEntry))
  }

  /// Raw SQL with the guards asleep; they are woken afterwards.
  func act(_ sql: String) throws {
    try hands.runScript(
      """
      BEGIN;
      ALTER TABLE landlord.audit_entries DISABLE TRIGGER refuse_change;
      ALTER TABLE landlord.tenants DISABLE TRIGGER before_tenant, DISABLE TRIGGER after_tenant;
      \(sql);
      ALTER TABLE landlord.audit_entries ENABLE ALWAYS TRIGGER refuse_change;
      ALTER TABLE landlord.tenants ENABLE ALWAYS TRIGGER before_tenant, ENABLE ALWAYS TRIGGER after_tenant;
      COMMIT
      """, deadline: 10_000)
  }

  /// SQL for a tenant's id and for the hash that an entry should have.
  func id(_ place: Int) -> String { "'\(tenants[place])'" }

  /// Gives the entry of a tenant at `seq` the hash that its contents make after the one before.
  func rehash(_ place: Int, _ seq: Int) -> String {
    """
    UPDATE landlord.audit_entries e SET hash = landlord.entry_hash(
      (SELECT b.hash FROM landlord.audit_entries b WHERE b.tenant_id = e.tenant_id AND b.seq = e.seq - 1), e.tenant_id, e.seq,
      e.at, e.actor, e.role, e.client, e.action, e.version, e.request_id, e.reason, e.changed, e.record)
    WHERE e.tenant_id = \(id(place)) AND e.seq = \(seq)
    """
  }

  /// Sets the head to the last entry that is there.
  func sethead(_ place: Int) -> String {
    """
    UPDATE landlord.audit_heads h SET (seq, hash, at) = (
      SELECT e.seq, e.hash, e.at FROM landlord.audit_entries e WHERE e.tenant_id = h.tenant_id ORDER BY e.seq DESC LIMIT 1)
    WHERE h.tenant_id = \(id(place))
    """
  }

  func verify(_ tenant: TenantID? = nil, keeping: Bool = true) throws -> AuditVerifier.Outcome {
    try AuditVerifier(database.connect(.support)).verify(tenant, kept: keeping ? kept : [])
  }

  /// The first finding: its kind, the tenant's place among ours and the number in its chain.
  func first(keeping: Bool = true) throws -> String {
    guard let finding = try verify(keeping: keeping).findings.first else { return "nothing" }
    var words = [finding.kind.rawValue]
    if let tenant = finding.tenantID { words.append("tenant \(tenants.firstIndex(of: tenant) ?? -1)") }
    if let seq = finding.seq { words.append("number \(seq)") }
    if let block = finding.block { words.append("block \(block)") }
    return words.joined(separator: ", ")
  }
}
