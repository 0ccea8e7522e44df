import TenantStore

/// An event of the audit in the forms that commands print.
extension AuditEvent: TableRow {
  static let columns = [
    "at", "actor", "role", "address", "proven", "application", "action", "outcome", "note", "tenantId",
    "siteId",
    "version", "seq", "auditEntry", "requestId", "reason", "changed",
  ]

  /// Address and proof are the server's word, the application is what the client claimed to be.
  private var facts: [(key: String, value: JSON)] {
    return [
      ("at", .string(at.rfc3339)), ("actor", .string(actor)), ("role", .optional(role)),
      ("address", .optional(client?.address)), ("proven", client.map { .string($0.provenWords) } ?? .null),
      ("application", .optional(client?.application)), ("action", .string(action)),
      ("outcome", .string(outcome.rawValue)), ("note", .optional(note)),
      ("tenantId", .optional(tenantID?.description)), ("siteId", .optional(siteID)),
      ("version", version.map(JSON.number) ?? .null), ("seq", seq.map(JSON.number) ?? .null),
      ("auditEntry", entryID.map(JSON.number) ?? .null), ("requestId", .optional(requestID?.description)),
      ("reason", .optional(reason)),
    ]
  }

  var members: [(key: String, value: JSON)] {
    let changes = changes.map {
      JSON.object([("field", .string($0.field)), ("old", .optional($0.old)), ("new", .optional($0.new))])
    }
    return facts + [("changes", .array(changes))]
  }

  /// A line of JSON an event.
  @Sendable static func lines(_ events: [AuditEvent]) -> String {
    events.map { JSON.object($0.members).text + "\n" }.joined()
  }

  var cells: [String] {
    facts.map { $0.value.string ?? $0.value.number.map(String.init) ?? "" } + [changed]
  }

  private var changed: String { changes.map(\.field).joined(separator: ",") }

  static let table: [TableColumn<AuditEvent>] = [
    .init("AT", 20) { String($0.at.rfc3339.prefix(19)) + "Z" }, .init("ACTOR", 14) { $0.actor },
    .init("ACTION", 18) { $0.action }, .init("OUTCOME", 7) { $0.outcome.rawValue },
    .init("SITE", 16) { $0.siteID ?? $0.tenantID?.description ?? "-" },
    .init("WHAT", 36) { $0.note ?? $0.changed }, .init("REASON", 36) { $0.reason ?? "" },
  ]
}
