/// A resource that every tenant of this installation is to have.
public struct ListedResource: Equatable, Sendable {
  public var name: String
  /// What holds for it on every machine. No secrets: everyone who looks sees them.
  public var settings: [String: String]

  /// Whether it is another than PostgreSQL.
  public var isElsewhere: Bool { !PostgresResource.isListed(as: name) }

  public init(name: String, settings: [String: String] = [:]) {
    self.name = name
    self.settings = settings
  }
}

/// A resource is listed, or taken off the list.
public struct ResourceChange: Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    /// Lists it, or gives it other settings.
    case add(ListedResource)
    case remove(name: String)
  }
  public var requestID: RequestID
  public var kind: Kind
  public var reason: String?

  public init(requestID: RequestID = .random(), _ kind: Kind, reason: String? = nil) {
    self.requestID = requestID
    self.kind = kind
    self.reason = reason
  }
}
