import Console
import TOMLKit
import TenantStore

/// A person's own views in `config.toml`, beside those that everyone shares:
///
///     [view.retail]
///     filter = "state:active industry:retail"
///     sort = "updatedAt"                        # as `tenant list --sort` takes it
///     descending = true
///     columns = ["siteId", "tenantName:40"]     # with a width where one is wanted
extension SavedView {
  /// From its table in the file at `path`, which a problem names.
  init(_ name: String, _ table: TOMLTable?, _ path: String) throws(Failure) {
    let place = "\(path): view.\(name)"
    guard let table else { throw Failure("\(place) must be a table") }
    self.init(name: name)
    for key in table.keys {
      switch (key, table[key]) {
      case ("filter", let value?):
        guard let filter = value.string else { throw Failure("\(place).filter must be a text") }
        if let problem = Filter.problem(in: filter) { throw Failure("\(place).filter: \(problem.message)") }
        self.filter = filter
      case ("sort", let value?):
        guard let column = value.string.flatMap(SortColumn.init(rawValue:)) else {
          let names = SortColumn.allCases.map(\.rawValue).joined(separator: ", ")
          throw Failure("\(place).sort must be one of: \(names)")
        }
        sort.column = column
      case ("descending", let value?):
        guard let descending = value.bool else { throw Failure("\(place).descending must be true or false") }
        sort.descending = descending
      case ("columns", let value?):
        columns = try Self.columns(value.array, place)
      default: throw Failure("\(place): there is no setting \(key)")
      }
    }
  }

  private static func columns(_ list: TOMLArray?, _ place: String) throws(Failure) -> [String] {
    let names = list?.compactMap { $0.string } ?? []
    guard let list, names.count == list.count else {
      throw Failure("\(place).columns must be a list of texts")
    }
    if let strange = names.first(where: { !ConsoleOptions.isColumn($0) }) {
      throw Failure("\(place).columns: there is no column \(strange)")
    }
    return names
  }
}
