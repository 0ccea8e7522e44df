/// Which tenants. Empty: all of them.
public struct Filter: Hashable, Sendable {
  /// Each must be found in the tenant's search text; the server lower-cases them as it did that.
  public var words: [String]
  /// Only these states; empty: any.
  public var states: Set<TenantState>

  public init(words: [String] = [], states: Set<TenantState> = []) {
    self.words = words
    self.states = states
  }

  public var isEmpty: Bool { words.isEmpty && states.isEmpty }

  /// From what a person typed: words parted by white space, and `state:` with a state, which may be repeated. What is no
  /// state after `state:` is a word like any other, so that half a word typed does not show everything.
  public static func parse(_ text: String) -> Filter {
    var filter = Filter()
    for part in text.unicodeScalars.split(whereSeparator: ScalarSet.whiteSpace.contains) {
      let word = TenantRules.asciiLowercased(String(part))
      if word.utf8.starts(with: "state:".utf8), let state = TenantState(rawValue: String(word.dropFirst(6))) {
        filter.states.insert(state)
      } else {
        filter.words.append(word)
      }
    }
    return filter
  }

  /// The text that `parse` would make this of: the states first, in the order of a tenant's life.
  public var text: String {
    (TenantState.allCases.filter(states.contains).map { "state:\($0.rawValue)" } + words).joined(
      separator: " ")
  }
}

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

  public init(filter: Filter = Filter(), sort: Sort = Sort(), anchor: Anchor = .first, limit: Int = 100) {
    self.filter = filter
    self.sort = sort
    self.anchor = anchor
    self.limit = limit
  }
}

/// Rows in the order of the sort, whichever way they were fetched. At most `limit`; fewer means the end on that side.
public struct Page: Equatable, Sendable {
  public var rows: [Tenant]
  /// One for each row.
  public var cursors: [Cursor]

  public init(rows: [Tenant], cursors: [Cursor]) {
    self.rows = rows
    self.cursors = cursors
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
public enum Availability: Equatable, Sendable {
  case free
  /// A tenant has it now.
  case taken
  /// A tenant had it; it is never given again.
  case used
}
