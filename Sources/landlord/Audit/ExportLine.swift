import TenantStore

/// The lines of an export, each a JSON object: what it holds, then the seal over all that stands before it.
extension AuditExport.Item {
  var json: JSON {
    switch self {
    case .installation(let name):
      .object([("landlordAuditExport", .number(1)), ("installation", .string(name))])
    case .block(let block): block.json
    case .checkpoint(let checkpoint):
      .object([
        ("checkpoint", .number(checkpoint.block)), ("key", .string(checkpoint.key)),
        ("signature", .string(Hexadecimal.text(checkpoint.signature))),
      ])
    case .entry(let entry): entry.json
    case .end(let end):
      .object([
        ("head", .string(end.tenantID.description)), ("seq", end.seq.map(JSON.number) ?? .null),
        ("hash", .optional(end.hash.map(Hexadecimal.text))),
      ])
    }
  }

  /// Nil for what is no line of an export.
  init?(_ json: JSON) {
    if json["auditEntry"] != nil {
      guard let entry = ChainEntry(json) else { return nil }
      self = .entry(entry)
    } else if let head = json["head"]?.string {
      guard let tenant = TenantID(head), let seq = json["seq"]?.number,
        let hash = json["hash"]?.string.flatMap(Hexadecimal.bytes)
      else { return nil }
      self = .end(ChainEnd(tenantID: tenant, seq: seq, hash: hash, hasRegistry: false))
    } else if let number = json["checkpoint"]?.number {
      guard let key = json["key"]?.string,
        let signature = json["signature"]?.string.flatMap(Hexadecimal.bytes)
      else {
        return nil
      }
      self = .checkpoint(Checkpoint(block: number, key: key, signature: signature))
    } else if json["block"] != nil {
      guard let block = Block(json) else { return nil }
      self = .block(block)
    } else if json["landlordAuditExport"]?.number == 1, let name = json["installation"]?.string {
      self = .installation(name)
    } else {
      return nil
    }
  }
}

extension ChainEntry {
  /// Each part as it is hashed: instants in microseconds since 1970, `changed` with commas between, `record` as a text.
  fileprivate var json: JSON {
    .object([
      ("auditEntry", .number(entryID)), ("transaction", .number(transaction)),
      ("tenantId", .string(tenantID.description)),
      ("seq", .number(seq)), ("at", .number(at.microseconds)), ("actor", .string(actor)),
      ("role", .string(role)),
      ("client", .string(client)), ("action", .string(action)),
      ("version", version.map(JSON.number) ?? .null),
      ("requestId", .optional(requestID?.description)), ("reason", .optional(reason)),
      ("changed", .string(changed)),
      ("record", .optional(record)), ("hash", .string(Hexadecimal.text(hash))),
    ])
  }

  fileprivate init?(_ json: JSON) {
    guard let entryID = json["auditEntry"]?.number, let transaction = json["transaction"]?.number,
      let tenant = json["tenantId"]?.string.flatMap({ TenantID($0) }), let seq = json["seq"]?.number,
      let at = json["at"]?.number, let actor = json["actor"]?.string, let role = json["role"]?.string,
      let client = json["client"]?.string, let action = json["action"]?.string,
      let changed = json["changed"]?.string,
      let hash = json["hash"]?.string.flatMap(Hexadecimal.bytes)
    else { return nil }
    self.init(
      entryID: entryID, transaction: transaction, tenantID: tenant, seq: seq, at: Instant(microseconds: at),
      actor: actor,
      role: role, client: client, action: action, version: json["version"]?.number,
      requestID: json["requestId"]?.string.flatMap { RequestID($0) }, reason: json["reason"]?.string,
      changed: changed,
      record: json["record"]?.string, hash: hash)
  }
}

extension Block {
  fileprivate var json: JSON {
    .object([
      ("block", .number(number)), ("incarnation", .number(incarnation)),
      ("entriesAfter", .number(entriesAfter)),
      ("entriesUpto", entriesUpto.map(JSON.number) ?? .null), ("xidFrom", .number(xidFrom)),
      ("xidBefore", xidBefore.map(JSON.number) ?? .null), ("entries", .number(entries)),
      ("entriesHash", .string(Hexadecimal.text(entriesHash))),
      ("previousHash", .string(Hexadecimal.text(previousHash))),
      ("sealedAt", .number(sealedAt.microseconds)), ("sealedBy", .string(sealedBy)),
      ("hash", .string(Hexadecimal.text(hash))),
    ])
  }

  fileprivate init?(_ json: JSON) {
    func bytes(_ name: String) -> [UInt8]? { json[name]?.string.flatMap(Hexadecimal.bytes) }
    guard let number = json["block"]?.number, let incarnation = json["incarnation"]?.number,
      let entriesAfter = json["entriesAfter"]?.number, let xidFrom = json["xidFrom"]?.number,
      let entries = json["entries"]?.number, let entriesHash = bytes("entriesHash"),
      let previousHash = bytes("previousHash"), let sealedAt = json["sealedAt"]?.number,
      let sealedBy = json["sealedBy"]?.string, let hash = bytes("hash")
    else { return nil }
    self.init(
      number: number, incarnation: incarnation, entriesAfter: entriesAfter,
      entriesUpto: json["entriesUpto"]?.number,
      xidFrom: xidFrom, xidBefore: json["xidBefore"]?.number, entries: entries, entriesHash: entriesHash,
      previousHash: previousHash, sealedAt: Instant(microseconds: sealedAt), sealedBy: sealedBy, hash: hash)
  }
}
