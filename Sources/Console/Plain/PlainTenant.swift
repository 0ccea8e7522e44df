import TenantStore
import Terminal

/// One tenant: its fields, its history, what can become of it.
extension PlainConsole {
  private enum Deed: String, PlainChoice {
    case show, history, older, edit, suspend, resume, deactivate, reactivate, back, help, quit

    var help: String {
      switch self {
      case .show: "the tenant as it is now"
      case .history: "what happened to it, the newest first, for example: history actor:ana"
      case .older: "what happened before that"
      case .edit: "change its fields"
      case .suspend: "shut its doors for a while"
      case .resume: "open them again"
      case .deactivate: "take it out of service"
      case .reactivate: "bring it back into service"
      case .back: "to the main menu"
      case .help: "these choices again"
      case .quit: "leave"
      }
    }
  }

  func show(_ tenant: Tenant) {
    for field in TenantField.allCases { say(field, tenant[field]) }
    say("State: \(tenant.state.rawValue)")
    if case .lifecycle(.terms(let terms?))? = answer(to: .lifecycle(.terms(tenant.id)), while: "reading"),
      let words = terms.words(for: tenant.state, now: .now())
    {
      say("Until: \(words)")
    }
    say("Version: \(tenant.version)")
    say("Created: \(tenant.createdAt.utc)")
    say("Updated: \(tenant.updatedAt.utc)")
    say("Tenant id: \(tenant.id)")
    guard case .activity(let weeks)? = answer(to: .activity(tenant.id, weeks: 26), while: "reading") else {
      return
    }
    say("Activity: \(Words.count(weeks.reduce(0, +), "change")) in \(Words.count(weeks.count, "week"))")
  }

  /// A field with its value; a list on lines of its own.
  func say(_ field: TenantField, _ value: FieldValue) {
    let name = Words.name(of: field).text
    switch value {
    case .text(let text): say("\(name): \(spelled(text))")
    case .absent: say("\(name): \(spoken(nil as String?))")
    case .list(let list):
      say("\(name): \(list.isEmpty ? "none" : String(list.count))")
      for entry in list { say("  \(spelled(entry))") }
    }
  }

  /// A value as it is said, and which characters of it cannot be seen.
  private func spelled(_ value: String) -> String {
    let hidden = SafeText.hiddenCodePoints(in: value)
    guard !hidden.isEmpty else { return spoken(value) }
    let more = hidden.count > 8 ? " and \(hidden.count - 8) more" : ""
    return "\(spoken(value)): \(hidden.prefix(8).joined(separator: " "))\(more)"
  }

  mutating func talk(about tenant: Tenant) throws(Stop) {
    var tenant = tenant
    var told: PlainAudit?
    explain(Deed.self)
    while true {
      let (deed, rest) = try choose(Deed.self, "Tenant \(tenant.siteID)")
      do throws(Stop) {
        switch deed {
        case .show:
          guard let now = fresh(tenant) else { break }
          tenant = now
          show(tenant)
        case .history: told = sayHistory(of: tenant, rest)
        case .older:
          if let audit = told {
            told = sayHistory(audit)
          } else {
            say("There is nothing older, or the history was not asked for yet.")
          }
        case .edit: tenant = try edit(tenant)
        case .suspend: tenant = try change(tenant, .suspend)
        case .resume: tenant = try change(tenant, .resume)
        case .deactivate: tenant = try change(tenant, .deactivate)
        case .reactivate: tenant = try change(tenant, .reactivate)
        case .back: return
        case .help: explain(Deed.self)
        case .quit: throw .quit
        }
      } catch {
        guard error == .givenUp else { throw error }
        say("Given up; nothing was changed.")
      }
    }
  }

  /// The tenant as it is now; nil where it cannot be had, which is said.
  func fresh(_ tenant: Tenant) -> Tenant? {
    switch answer(to: .tenant(.id(tenant.id)), while: "reading \(tenant.siteID)") {
    case .tenant(let now?): return now
    case .tenant(nil): say("This tenant is no longer there.")
    default: break
    }
    return nil
  }

  /// Five lines for a ticket.
  func say(_ receipt: Receipt) {
    for (title, text) in receipt.lines { say("\(title.text): \(text.text)") }
  }
}
