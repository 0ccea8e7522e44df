import TenantStore
import Terminal

/// A tenant's audit as it has been said so far: what was done, and what was refused beside it.
struct PlainAudit {
  static let page = 10

  var filter: AuditFilter
  /// The last event that was said; nil: none yet.
  var end: AuditCursor?

  /// Of this tenant alone, whatever was typed.
  init(_ typed: String, of tenant: TenantID) {
    filter = .parse(typed)
    filter.terms.append(.init(.tenant(.id(tenant))))
  }
}

extension PlainConsole {
  /// The history of a tenant under a filter, from the newest on; nil: that was all, or it was not understood.
  func sayHistory(of tenant: Tenant, _ typed: String) -> PlainAudit? {
    if let problem = AuditFilter.problem(in: typed) {
      say("\"\(problem.part)\" is not understood: \(problem.message)")
      return nil
    }
    return sayHistory(PlainAudit(typed, of: tenant.id))
  }

  /// Goes on after the last event that was said, and answers where that came to; nil: that was all.
  func sayHistory(_ audit: PlainAudit) -> PlainAudit? {
    var audit = audit
    let request = AuditPageRequest(
      filter: audit.filter, anchor: audit.end.map { .after($0) } ?? .first, limit: PlainAudit.page)
    guard case .auditPage(let page)? = answer(to: .auditPage(request), while: "reading the history") else {
      return audit
    }
    for event in page.events { say(event) }
    audit.end = page.events.last?.cursor ?? audit.end
    let isWhole = page.events.count < PlainAudit.page
    say(isWhole ? "That is the whole history." : "older goes on.")
    return isWhole ? nil : audit
  }

  private func say(_ event: AuditEvent) {
    let number = event.seq.map { "Number \($0), " } ?? ""
    let version = event.version.map { ", version \($0)" } ?? ""
    let outcome = event.outcome == .saved ? "" : ", \(event.outcome.rawValue): \(spoken(event.note))"
    let entry = event.entryID.map { ", entry \($0)" } ?? ""
    say(
      "\(number)\(event.at.utc): \(spoken(event.action)) by \(spoken(event.actor))\(outcome)\(version)\(entry)."
    )
    if let address = event.client?.address { say("  From: \(spoken(address))") }
    if let proven = event.client?.proven { say("  Proven: \(spoken(proven))") }
    if let reason = event.reason { say("  Reason: \(spoken(reason))") }
    for change in event.changes {
      let was = change.old.map { "was \(spoken($0)), " } ?? ""
      say("  \(Words.name(ofRaw: change.field).text): \(was)became \(spoken(change.new))")
    }
  }
}
