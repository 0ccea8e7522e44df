import Postgres

/// A link of the installation's chain: all entries of some transactions, as one hash.
public struct Block: Equatable, Sendable {
  /// 1, 2, 3 …
  public var number: Int64
  /// The server's system identifier.
  public var incarnation: Int64
  /// Its entries have greater numbers than this, and as far as it is given none greater than `entriesUpto`.
  public var entriesAfter: Int64
  public var entriesUpto: Int64?
  /// They were written by transactions from this one on, and as far as it is given before `xidBefore`.
  public var xidFrom: Int64
  public var xidBefore: Int64?
  /// How many there are.
  public var entries: Int64
  /// SHA-256 over the number (eight bytes) and the hash of each, in the order of numbers.
  public var entriesHash: [UInt8]
  public var previousHash: [UInt8]
  public var sealedAt: Instant
  public var sealedBy: String
  public var hash: [UInt8]

  public init(
    number: Int64, incarnation: Int64, entriesAfter: Int64, entriesUpto: Int64?, xidFrom: Int64,
    xidBefore: Int64?,
    entries: Int64, entriesHash: [UInt8], previousHash: [UInt8], sealedAt: Instant, sealedBy: String,
    hash: [UInt8]
  ) {
    (self.number, self.incarnation) = (number, incarnation)
    (self.entriesAfter, self.entriesUpto) = (entriesAfter, entriesUpto)
    (self.xidFrom, self.xidBefore) = (xidFrom, xidBefore)
    (self.entries, self.entriesHash, self.previousHash) = (entries, entriesHash, previousHash)
    (self.sealedAt, self.sealedBy, self.hash) = (sealedAt, sealedBy, hash)
  }

  /// The same as the schema's `block_hash`.
  var expectedHash: [UInt8] {
    var input = HashInput("landlord block 1", after: previousHash)
    input.sized(number)
    input.sized(incarnation)
    input.sized(entriesAfter)
    input.sized(entriesUpto)
    input.sized(xidFrom)
    input.sized(xidBefore)
    input.sized(entries)
    input.sized(entriesHash)
    input.sized(sealedAt.microseconds)
    input.sized(sealedBy)
    return input.hash
  }

  /// Whether an entry belongs to it.
  func holds(_ entry: ChainEntry) -> Bool {
    entry.entryID > entriesAfter && entry.transaction >= xidFrom && entry.entryID <= entriesUpto ?? .max
      && entry.transaction < xidBefore ?? .max
  }

  /// Whether it follows the block before it (nil: it is the first) and takes up where that one ended, so that no entry is
  /// left out or taken twice.
  public func follows(_ last: Block?) -> Bool {
    guard let last else {
      return number == 1 && previousHash == HashInput.none && entriesAfter == 0 && xidFrom == 0
    }
    let continues = last.entriesUpto == nil
    return number == last.number + 1 && previousHash == last.hash && hash == expectedHash
      && entriesAfter == last.entriesUpto ?? last.entriesAfter && xidFrom == (continues ? last.xidBefore : 0)
      && (entriesUpto == nil) == (xidBefore != nil)
  }
}

extension Block {
  static let columns = """
    b.block, b.incarnation, b.entries_after, b.entries_upto, b.xid_from, b.xid_before, b.entries, b.entries_hash,
      b.previous_hash, (extract(epoch FROM b.sealed_at) * 1000000)::bigint, b.sealed_by, b.hash
    """

  init(_ row: Row) {
    self.init(
      number: row.int64(0), incarnation: row.int64(1), entriesAfter: row.int64(2),
      entriesUpto: row.optionalInt64(3),
      xidFrom: row.int64(4), xidBefore: row.optionalInt64(5), entries: row.int64(6),
      entriesHash: row.bytes(7),
      previousHash: row.bytes(8), sealedAt: row.instant(9), sealedBy: row.string(10), hash: row.bytes(11))
  }

  /// The numbers and hashes of its entries, in order.
  var entriesStatement: Statement {
    """
    SELECT e.entry_id, e.hash
    FROM landlord.audit_entries e
    WHERE e.entry_id > \(entriesAfter)::bigint AND e.xid >= \(String(xidFrom))::xid8
      AND e.entry_id <= coalesce(\(entriesUpto)::bigint, 9223372036854775807)
      AND e.xid < coalesce(\(xidBefore.map(String.init))::xid8, '18446744073709551615'::xid8)
    ORDER BY e.entry_id
    """
  }
}
