/// A way to look at the list, kept under a name for everyone who uses this database.
public struct SavedView: Equatable, Sendable {
  /// Compared by bytes; 1 to 60 characters, none of them a control.
  public var name: String
  /// As typed, see `Filter.parse`.
  public var filter: String
  public var sort: Sort
  /// The columns in their order, each a name with, where a width was chosen, `:` and the width. Empty: as always.
  public var columns: [String]

  public init(name: String, filter: String = "", sort: Sort = Sort(), columns: [String] = []) {
    self.name = name
    self.filter = filter
    self.sort = sort
    self.columns = columns
  }
}

/// A saved view is written, over one of the same name too, or removed.
public struct ViewChange: Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    case save(SavedView)
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
