import TenantStore
import Terminal

/// What became of one tenant of a bulk, in words.
struct BulkResult: Sendable {
  /// In the order in which they are shown: what asks for attention first.
  enum Class: Int, Sendable { case refused, notDone, unchanged, changed }

  let `class`: Class
  /// Its id where the site id is not known.
  let siteID: String
  let words: String
  let role: Role

  static func all(of run: BulkRun, _ tenants: BulkTenants) -> [BulkResult] {
    let results = run.bulk.tenants.map { id in
      let written = run.outcomes[id]
      return BulkResult(written, written?.tenant?.siteID ?? tenants.siteIDs[id] ?? id.description)
    }
    return results.sorted { a, b in
      a.class != b.class
        ? a.class.rawValue < b.class.rawValue : a.siteID.utf8.lexicographicallyPrecedes(b.siteID.utf8)
    }
  }

  private init(_ written: Written?, _ siteID: String) {
    self.siteID = siteID
    switch (written?.outcome, written?.entryID) {
    case (nil, _): (self.class, words, role) = (.notDone, "not done yet", .warning)
    case (.saved?, let entry?): (self.class, words, role) = (.changed, "done, entry \(entry)", .good)
    case (.saved?, nil): (self.class, words, role) = (.unchanged, "was so already", .faint)
    case (.stale?, _), (.gone?, _), (.refused?, _):
      let why = written!.rule.map(TenantRules.explanation) ?? Words.refusal(written!)
      (self.class, words, role) = (.refused, "REFUSED: \(why)", .bad)
    }
  }
}
