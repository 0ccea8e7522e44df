import TenantStore

/// What a verification found, as commands print it.
extension StandardOutput {
  func report(_ outcome: AuditVerifier.Outcome, signers: [String], json: Bool) throws(Failure) {
    if json {
      try line(
        JSON.object([
          ("entries", .number(outcome.entries)), ("chains", .number(outcome.chains)),
          ("blocks", .number(outcome.blocks)),
          ("unsealed", .number(outcome.unsealed)), ("signed", .strings(signers)),
          ("findings", .array(outcome.findings.map(\.json))), ("more", .number(Int64(outcome.more))),
        ]).text)
      return
    }
    for finding in outcome.findings { try line(shown(finding.words)) }
    if outcome.more > 0 { try line("and \(outcome.more) more") }
    try line(
      "\(outcome.entries) entries in \(outcome.chains) chains, \(outcome.blocks) blocks, \(outcome.unsealed) entries in no block yet"
    )
    for signer in signers { try line("signed  \(shown(signer))") }
    if outcome.findings.isEmpty { try line("all as it was written") }
  }
}

extension AuditFinding {
  fileprivate var json: JSON {
    .object([
      ("kind", .string(kind.rawValue)), ("tenantId", .optional(tenantID?.description)),
      ("seq", seq.map(JSON.number) ?? .null), ("auditEntry", entryID.map(JSON.number) ?? .null),
      ("block", block.map(JSON.number) ?? .null), ("what", .string(what)),
    ])
  }
}
