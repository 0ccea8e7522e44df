/// How the list is ordered; ties are broken by tenant id.
public enum SortColumn: String, CaseIterable, Sendable {
  case siteID = "siteId"
  case name = "tenantName"
  case contactEmail
  case industry = "businessIndustry"
  case state
  case createdAt
  case updatedAt
}

public struct Sort: Hashable, Sendable {
  public var column: SortColumn
  public var descending: Bool

  public init(_ column: SortColumn = .siteID, descending: Bool = false) {
    self.column = column
    self.descending = descending
  }
}

/// A place in the list: the sort key of a row and its id.
public struct Cursor: Hashable, Sendable {
  /// The sort column's value in the form the server compares.
  public var key: String
  public var id: TenantID

  public init(key: String, id: TenantID) {
    self.key = key
    self.id = id
  }
}

/// A window of the list.
public struct PageRequest: Hashable, Sendable {
  public enum Anchor: Hashable, Sendable {
    case first, last
    case after(Cursor)
    case before(Cursor)
    /// The rows from this place on, itself included: for a refresh that keeps its place.
    case from(Cursor)
  }
  public var filter: Filter
  public var sort: Sort
  public var anchor: Anchor
  public var limit: Int
  /// A search is given up after a second, with what it has; a thorough one goes on to its end.
  public var isThorough: Bool
  /// The list as it was at this moment. In order of site ids and without a filter, whatever is asked for.
  public var asOf: Instant?

  public init(
    filter: Filter = Filter(), sort: Sort = Sort(), anchor: Anchor = .first, limit: Int = 100,
    isThorough: Bool = false, asOf: Instant? = nil
  ) {
    self.filter = filter
    self.sort = sort
    self.anchor = anchor
    self.limit = limit
    self.isThorough = isThorough
    self.asOf = asOf
  }
}

/// Rows in the order of the sort, whichever way they were fetched. At most `limit`; fewer means the end on that side,
/// unless the page is partial.
public struct Page: Equatable, Sendable {
  public var rows: [Tenant]
  /// One for each row.
  public var cursors: [Cursor]
  /// The search was given up after a second: these are the nearest matches, there may be more behind and between them.
  /// The same request, thorough, brings them all.
  public var isPartial: Bool

  public init(rows: [Tenant], cursors: [Cursor], isPartial: Bool = false) {
    self.rows = rows
    self.cursors = cursors
    self.isPartial = isPartial
  }
}

/// How many there are.
public struct Total: Equatable, Sendable {
  public var count: Int64
  /// True where it is an estimate (shown with "~").
  public var estimated: Bool

  public init(count: Int64, estimated: Bool) {
    self.count = count
    self.estimated = estimated
  }
}

/// Whether a site id is free.
public enum Availability: String, Sendable {
  case free
  /// A tenant has it now.
  case taken
  /// A tenant had it; it is never given again.
  case used
}
