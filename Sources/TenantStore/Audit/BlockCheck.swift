import Crypto

/// A checkpoint that was kept outside of the database.
public struct KeptCheckpoint: Equatable, Sendable {
  public var checkpoint: Checkpoint
  /// The block's hash as it was signed.
  public var hash: [UInt8]
  /// The highest number that any entry had been given by then.
  public var lastEntry: Int64

  public init(_ checkpoint: Checkpoint, hash: [UInt8], lastEntry: Int64) {
    (self.checkpoint, self.hash, self.lastEntry) = (checkpoint, hash, lastEntry)
  }
}

/// Checks the installation's chain: each block in order with its entries, then what was signed of it.
struct BlockCheck {
  private(set) var findings: [AuditFinding] = []
  private(set) var count: Int64 = 0
  private(set) var last: Block?
  /// Blocks whose entries are not those that were sealed.
  private(set) var broken: [Block] = []
  private(set) var checkpoints: [Checkpoint] = []
  /// The name of the installation, which is signed with each block.
  var installation = ""
  private var hashes: [Int64: [UInt8]] = [:]
  private var digest = SHA256()
  private var entries: Int64 = 0

  /// An entry of the block that comes next, in the order of numbers.
  mutating func entry(_ number: Int64, _ hash: [UInt8]) {
    digest.update(data: (0..<8).map { UInt8(truncatingIfNeeded: number >> Int64(56 - $0 * 8)) } + hash)
    entries += 1
  }

  /// After its entries.
  mutating func block(_ block: Block) {
    let entriesHash = Array(digest.finalize())
    if block.hash != block.expectedHash || !block.follows(last) {
      add(.forged, block, "the block does not follow the one before it")
    }
    if entries < block.entries {
      broken.append(block)
      add(.truncated, block, "\(block.entries) entries were sealed in it, and \(entries) are there")
    } else if entries > block.entries {
      broken.append(block)
      add(.forged, block, "\(block.entries) entries were sealed in it, and \(entries) are there")
    } else if entriesHash != block.entriesHash {
      broken.append(block)
      add(
        .forged, block,
        "an entry in it was written anew since it was sealed, with all that follow in its chain")
    }
    count += 1
    hashes[block.number] = block.hash
    last = block
    digest = SHA256()
    entries = 0
  }

  /// What the database has of signatures.
  mutating func checkpoint(_ checkpoint: Checkpoint) {
    checkpoints.append(checkpoint)
    guard let hash = hashes[checkpoint.block] else { return }
    if checkpoint.isGenuine(installation: installation, hash: hash) == false {
      findings.append(
        AuditFinding(
          .forged, block: checkpoint.block, "the block is not what was signed by \(checkpoint.key)"))
    }
  }

  /// What was kept elsewhere. `lastEntry` is the highest number that the database has ever given to an entry.
  mutating func kept(_ kept: KeptCheckpoint, lastEntry: Int64) {
    let number = kept.checkpoint.block
    if kept.checkpoint.isGenuine(installation: installation, hash: kept.hash) == false {
      findings.append(
        AuditFinding(.forged, block: number, "a checkpoint that is kept here was not signed by its key"))
    } else if let hash = hashes[number] {
      if hash != kept.hash {
        findings.append(
          AuditFinding(
            .forked, block: number,
            "another block of this number was signed: the database went on from an older state"))
      }
    } else if lastEntry < kept.lastEntry {
      findings.append(
        AuditFinding(
          .oldBackup, block: number,
          "this block was signed and the database ends before it: all of it is older, as after a restore"))
    } else {
      findings.append(AuditFinding(.truncated, block: number, "this block was signed, and it is gone"))
    }
  }

  private mutating func add(_ kind: AuditFinding.Kind, _ block: Block, _ what: String) {
    findings.append(AuditFinding(kind, block: block.number, what))
  }
}
