import TenantStore
import Terminal

/// Marking tenants in the list, and what is done to all that are marked.
extension ListScreen {
  /// Marks the selected tenant, or takes its mark away, and goes on to the next.
  mutating func mark(_ turn: inout Turn) {
    guard let tenant = window.tenant else { return }
    if marks.toggle(tenant.id) { window.move(by: 1, &turn) } else { tooMany(&turn) }
  }

  /// Marks all from the row that was marked last to the selected one.
  mutating func markRange(_ turn: inout Turn) {
    guard let tenant = window.tenant else { return }
    guard let start = marks.start else {
      if marks.mark([tenant.id], from: tenant.id) {
        turn.say("a range begins here: move, then v again marks up to there")
      } else {
        tooMany(&turn)
      }
      return
    }
    guard let range = window.range(from: start) else {
      turn.say("the range began too far away: narrow the list with /, then * marks all", .warning)
      return
    }
    if !marks.mark(range) { tooMany(&turn) }
  }

  /// Asks for the ids of all that match.
  mutating func markAll(_ turn: inout Turn) {
    turn.send(.matching(window.filter, limit: Marks.most + 1), insteadOf: &marking)
  }

  /// Marks all that match; takes the marks away where all have one already.
  mutating func markAll(_ result: Result<Answer, StoreError>, _ turn: inout Turn) {
    switch result {
    case .success(.matching(let ids)):
      if !ids.isEmpty, ids.allSatisfy(marks.contains) {
        marks.unmark(ids)
      } else if !marks.mark(ids) {
        tooMany(&turn)
      }
    case .success: preconditionFailure("what matches is answered by .matching")
    case .failure(let error): turn.say(error, while: "marking all that match")
    }
  }

  func bulk(_ turn: inout Turn) {
    guard !marks.isEmpty else {
      turn.say("nothing is marked: Space marks one, v a range, * all that match", .warning)
      return
    }
    var siteIDs: [TenantID: String] = [:]
    for row in window.rows where marks.contains(row.tenant.id) { siteIDs[row.tenant.id] = row.tenant.siteID }
    turn.push(BulkMenu(BulkTenants(ids: marks.ids.sorted(), siteIDs: siteIDs), turn.forms))
  }

  func tooMany(_ turn: inout Turn) {
    turn.say(
      SafeText("not marked: that would be more than \(Words.grouped(Int64(Marks.most))) tenants"), .warning)
  }
}
