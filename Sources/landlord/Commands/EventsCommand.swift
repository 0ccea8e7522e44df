import ArgumentParser
import Postgres
import TenantStore

struct EventsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "Tell the platform's other parts what became of tenants: a line of JSON an event.",
    discussion: """
      Each event at least once, in order: keep the number of the last one that was dealt with, and give it with --after the \
      next time. Without --after: all there are, and with --follow what comes from now on.
      """)

  @Option(help: ArgumentHelp("Only those after this one; 0: from the first.", valueName: "event"))
  var after: Int64?
  @Flag(help: "Go on with what comes.")
  var follow = false
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if let after, after < 0 { throw ValidationError("--after begins at 0") }
  }

  func run() throws {
    let errand = try shared.open()
    var last = try after ?? (follow ? errand.lastEvent() : 0)
    guard follow else {
      try errand.printEvents(after: &last)
      return try errand.output.finish()
    }
    var bell = try? EventBell(conninfo: errand.resolved.conninfo)
    while true {
      try errand.printEvents(after: &last)
      try errand.output.pause(0)
      // The bell is a hint. Where there is none, or it was lost, looking once a second is enough.
      do { _ = try bell?.rang(within: 1000) } catch { bell = nil }
      if bell == nil {
        try errand.output.pause(1000)
        bell = try? EventBell(conninfo: errand.resolved.conninfo)
      }
    }
  }
}

extension Errand {
  fileprivate func lastEvent() throws(Failure) -> Int64 {
    guard case .lastEvent(let number) = try ask(.lastEvent) else {
      preconditionFailure("a question for the last event is answered by .lastEvent")
    }
    return number
  }

  /// All that there are after `last`, which becomes the last of them.
  fileprivate func printEvents(after last: inout Int64) throws(Failure) {
    while true {
      guard case .events(let events) = try ask(.events(after: last, limit: 500)) else {
        preconditionFailure("events are answered by .events")
      }
      guard let events else { throw Failure(.notFound, "there is no event \(last) to go on from") }
      for event in events { try output.line(event.json.text) }
      guard let newest = events.last else { return }
      last = newest.id
    }
  }
}

extension OutboxEvent {
  /// As the platform gets it. Members may be added, never renamed.
  var json: JSON {
    .object([
      ("event", .number(id)), ("kind", .string(kind)), ("at", .string(at.rfc3339)),
      ("tenantId", .string(tenantID.description)), ("siteId", .string(siteID)), ("version", .number(version)),
      ("state", .string(state.rawValue)), ("suspendedAccess", .string(suspendedAccess)),
      ("changed", .strings(changed)), ("requestId", .optional(requestID?.description)),
    ])
  }
}
