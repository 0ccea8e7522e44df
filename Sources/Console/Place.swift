/// Where a key is pressed: each has its own keys.
enum Place: String, CaseIterable, Hashable, Sendable {
  case list, filterField, detail, form, picker, review, conflict, lifecycle, transition, secret, receipt,
    help,
    migration, leaving, tooSmall
  /// A box with lines to choose from, in which nothing is typed.
  case menu
  /// A bulk on its way and its results.
  case bulk
  /// An export on its way, and where it lies.
  case export
  /// The columns of the list; the saved views, a name for one, the question before one is removed.
  case columns, views, viewName, viewRemoval
  /// A box with a line to type into and what can be chosen by it.
  case prompt
  /// A page to be read and copied from.
  case page
  /// A tenant as it was.
  case version
  /// What the doctor found; one finding.
  case doctor, finding
}

extension Place {
  /// What is filled in or asked there is written next.
  var leadsToAChange: Bool {
    switch self {
    case .form, .picker, .review, .conflict, .transition, .viewName, .viewRemoval: true
    case .list, .filterField, .detail, .lifecycle, .secret, .receipt, .help, .migration, .leaving, .tooSmall,
      .menu, .bulk, .export, .columns, .views, .prompt, .page, .version, .doctor, .finding:
      false
    }
  }
}
