import ArgumentParser
import TenantStore

struct LifecycleCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lifecycle", abstract: "What of the tenants' lives happens by date.",
    subcommands: [RunLifecycle.self])
}

struct RunLifecycle: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Resume and suspend the tenants whose date has come.",
    discussion: """
      For a timer. It may run twice, and several at once: each tenant is changed once. Purges are never run by date.
      """)
  @OptionGroup var format: JSONOption
  @OptionGroup var shared: SharedOptions

  func run() throws {
    let errand = try shared.open()
    var refused: [String] = []
    var last: TenantID?
    repeat {
      guard case .lifecycle(.due(let rows)) = try errand.ask(.lifecycle(.runDue(after: last))) else {
        preconditionFailure("what was due is answered by .due")
      }
      for written in rows {
        if let failed = try errand.printDue(written, json: format.json) { refused.append(failed) }
      }
      last = rows.last?.tenant?.id
    } while last != nil
    try errand.output.finish()
    if let first = refused.first {
      throw Failure(.conflict, "\(refused.count) were refused and stay due; the first is \(first)")
    }
  }
}

extension Errand {
  /// Prints one; the site id with the rule where it was refused.
  fileprivate func printDue(_ written: Written, json: Bool) throws(Failure) -> String? {
    guard let tenant = written.tenant else { return nil }
    let isSaved = written.outcome == .saved
    if json {
      let members: [(key: String, value: JSON)] = [
        ("siteId", .string(tenant.siteID)), ("tenantId", .string(tenant.id.description)),
        ("outcome", .string(written.outcome.rawValue)), ("state", .string(tenant.state.rawValue)),
        ("rule", .optional(written.rule)), ("auditEntry", written.entryID.map(JSON.number) ?? .null),
      ]
      try output.line(JSON.object(members).text)
    } else {
      try output.line(
        "\(tenant.siteID)\t\(isSaved ? tenant.state.rawValue : "refused: \(written.rule ?? "")")")
    }
    return isSaved ? nil : "\(tenant.siteID): \(written.rule ?? "")"
  }
}
