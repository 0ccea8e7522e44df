import Postgres

/// How well the audit is proven: which installation this is, and how far back its last checkpoint lies.
public struct Proof: Equatable, Sendable {
  /// A UUID; nil where the database has lost it.
  public var installation: String?
  /// The last block that was signed, and when that was written down; nil: none ever was.
  public var block: Int64?
  public var signedAt: Instant?
  /// The oldest entry since then; nil: all are signed.
  public var oldestUnsigned: Instant?

  public init(installation: String?, block: Int64?, signedAt: Instant?, oldestUnsigned: Instant?) {
    (self.installation, self.block) = (installation, block)
    (self.signedAt, self.oldestUnsigned) = (signedAt, oldestUnsigned)
  }

  /// How long an entry may wait for a checkpoint, in microseconds: a day.
  public static let patience: Int64 = 86_400_000_000

  /// Whether a checkpoint should have been made by now.
  public func isOverdue(at now: Instant) -> Bool {
    oldestUnsigned.map { now.microseconds - $0.microseconds > Self.patience } ?? false
  }
}

/// What a sealing left.
public struct Sealed: Equatable, Sendable {
  /// From the one that was asked for on, in order; empty: there is nothing to seal.
  public var blocks: [Block]
  /// What is signed of them already.
  public var checkpoints: [Checkpoint]
  /// The highest number that any entry has been given.
  public var lastEntry: Int64
}

/// Blocks and their signatures.
enum SealQuery {
  static let proof = Query(
    """
    SELECT (SELECT s.value FROM landlord.settings s WHERE s.name = 'installation'), c.block,
      (extract(epoch FROM c.recorded_at) * 1000000)::bigint,
      (extract(epoch FROM (
        SELECT e.at FROM landlord.audit_entries e WHERE e.at > coalesce(b.sealed_at, '-infinity') ORDER BY e.at LIMIT 1
      )) * 1000000)::bigint
    FROM (SELECT) AS one
    LEFT JOIN LATERAL (
      SELECT k.block, k.recorded_at FROM landlord.audit_checkpoints k ORDER BY k.block DESC, k.recorded_at LIMIT 1) c ON true
    LEFT JOIN landlord.audit_blocks b ON b.block = c.block
    """
  ) { rows in
    let row = rows.exactlyOne
    return .proof(
      Proof(
        installation: row.optionalString(0), block: row.optionalInt64(1),
        signedAt: row.isNull(2) ? nil : row.instant(2), oldestUnsigned: row.isNull(3) ? nil : row.instant(3)))
  }

  /// Seals what has ended, then answers the blocks from `first` on.
  static func seal(from first: Int64) -> Query {
    Query(
      statement: "SELECT landlord.seal_block()", decode: { _, _ in .then(blocks(from: first)) })
  }

  private static func blocks(from first: Int64) -> Query {
    Query(
      statement: """
        SELECT \(unescaped: Block.columns), (SELECT q.last_value FROM landlord.audit_entries_entry_id_seq q)
        FROM landlord.audit_blocks b
        WHERE b.block >= \(first)::bigint
        ORDER BY b.block
        """,
      decode: { rows, _ in
        let lastEntry = rows.last?.int64(12) ?? 0
        return .then(
          checkpoints(
            from: first, Sealed(blocks: rows.map(Block.init), checkpoints: [], lastEntry: lastEntry)))
      })
  }

  private static func checkpoints(from first: Int64, _ sealed: Sealed) -> Query {
    Query(
      """
      SELECT c.block, c.key, c.signature
      FROM landlord.audit_checkpoints c
      WHERE c.block >= \(first)::bigint
      ORDER BY c.block, c.key
      """
    ) { rows in
      var sealed = sealed
      sealed.checkpoints = rows.map {
        Checkpoint(block: $0.int64(0), key: $0.string(1), signature: $0.bytes(2))
      }
      return .sealed(sealed)
    }
  }

  static func record(_ checkpoint: Checkpoint) -> Query {
    Query(
      """
      SELECT landlord.record_checkpoint(\(checkpoint.block)::bigint, \(checkpoint.signature)::bytea, \(checkpoint.key)::text)
      """
    ) { _ in .noted }
  }
}
