/// Where a key is pressed: each has its own keys.
enum Place: UInt8, CaseIterable, Hashable, Sendable {
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
  /// The audit of a tenant or of everybody; one event of it; how much happened over time; the proof of it on its way.
  case audit, event, activity, verification
  /// A tenant's run and resources; the question before they are brought to what its state wants.
  case run, applying
  /// The question what to do with a draft.
  case draft
  /// A file of tenants, looked over, on its way, and what became of its lines.
  case intake
}

extension Place {
  /// As the manual calls it.
  var name: String { "\(self)" }

  /// What is filled in or asked there is written next.
  var leadsToAChange: Bool {
    switch self {
    case .form, .picker, .review, .conflict, .transition, .viewName, .viewRemoval, .applying: true
    case .list, .filterField, .detail, .lifecycle, .secret, .receipt, .help, .migration, .leaving, .tooSmall,
      .menu, .bulk, .export, .columns, .views, .prompt, .page, .version, .doctor, .finding, .audit,
      .event, .activity, .verification, .run, .draft, .intake:
      false
    }
  }
}

/// Some places, as bits: the table of keys is gone through at every key.
struct Places: ExpressibleByArrayLiteral, Hashable, Sendable {
  private var bits: UInt64

  static let everywhere = Places(bits: (1 << UInt64(Place.allCases.count)) - 1)

  private init(bits: UInt64) { self.bits = bits }

  init(arrayLiteral places: Place...) { bits = places.reduce(0) { $0 | 1 << UInt64($1.rawValue) } }

  var count: Int { bits.nonzeroBitCount }

  func contains(_ place: Place) -> Bool { bits >> UInt64(place.rawValue) & 1 == 1 }

  func union(_ other: Places) -> Places { Places(bits: bits | other.bits) }

  func subtracting(_ other: Places) -> Places { Places(bits: bits & ~other.bits) }

  func isSubset(of other: Places) -> Bool { subtracting(other).bits == 0 }

  func isDisjoint(with other: Places) -> Bool { bits & other.bits == 0 }
}
