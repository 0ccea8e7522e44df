import Postgres

/// A look at something sensitive. The intent is committed before it, so that nothing can hide that there was one.
enum LookQuery {
  static func open(_ look: Look) -> Query {
    Query("SELECT landlord.open_look(\(look.json)::jsonb)") { .look($0.exactlyOne.int64(0)) }
  }

  static func close(_ number: Int64, _ outcome: String) -> Query {
    Query("SELECT landlord.close_look(\(number)::bigint, \(outcome)::text)") { _ in .noted }
  }
}

/// What somebody is about to look at.
public struct Look: Equatable, Sendable {
  /// Such as `audit of everybody`.
  public var what: String
  /// What narrows it, as it was typed; nil: nothing does.
  public var filter: String?

  public init(_ what: String, filter: String? = nil) {
    self.what = what
    self.filter = filter
  }

  var json: String {
    let filter = filter.map { ",\"filter\":" + JSONText.quoted($0) } ?? ""
    return "{\"what\":\(JSONText.quoted(what))\(filter)}"
  }
}
