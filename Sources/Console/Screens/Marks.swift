import TenantStore

/// The tenants that are marked, by their ids: the marks stay when the list shows others.
struct Marks: Equatable, Sendable {
  /// More than this are not marked: whoever means more has not looked at what they are.
  static let most = 10_000

  private(set) var ids: Set<TenantID> = []
  /// Where a range begins: the row that was marked last.
  private(set) var start: TenantID?

  var count: Int { ids.count }
  var isEmpty: Bool { ids.isEmpty }
  func contains(_ id: TenantID) -> Bool { ids.contains(id) }

  /// Marks it, or takes its mark away. False: there are too many.
  mutating func toggle(_ id: TenantID) -> Bool {
    if ids.remove(id) != nil {
      start = nil
      return true
    }
    return mark([id], from: id)
  }

  /// Marks all of these, or none. False: there would be too many.
  mutating func mark(_ new: [TenantID], from start: TenantID? = nil) -> Bool {
    let all = ids.union(new)
    guard all.count <= Self.most else { return false }
    ids = all
    self.start = start
    return true
  }

  mutating func unmark(_ gone: some Sequence<TenantID>) {
    ids.subtract(gone)
    start = nil
  }

  mutating func clear() { self = Marks() }
}
