import TenantStore
import Terminal

/// Who last changed each field of a tenant, for the line that tells it of the field that has the focus.
struct LastChanges: Sendable {
  private(set) var reading: Ticket?
  private var found: [String: LastChange] = [:]

  mutating func load(_ id: TenantID, _ turn: inout Turn) {
    turn.send(.lastChanges(id), insteadOf: &reading)
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>) -> Bool {
    guard ticket == reading else { return false }
    reading = nil
    switch result {
    case .success(.lastChanges(let changes)):
      found = Dictionary(changes.map { ($0.field, $0) }) { $1 }
    case .success: preconditionFailure("last changes are answered by .lastChanges")
    // The tenant is there without them: no reason to trouble anyone.
    case .failure: found = [:]
    }
    return true
  }

  /// "Name: changed by ana 2026-11-20 09:30:00Z (update, version 3): SUP-2"; nil where nothing is known of it. `field` is called
  /// as the audit calls it.
  func line(of field: String, columns: Int) -> Line? {
    guard let change = found[field] else { return nil }
    let version = change.version.map { ", version \($0)" } ?? ""
    let isFirst = change.version == 1
    var spans = [
      Span(" "), Span(Words.name(ofRaw: field), .faint),
      Span(isFirst ? ": as given by " : ": changed by ", .faint),
    ]
    spans += Shown(change.actor).spans
    spans.append(Span(SafeText(" \(change.at.utc) (\(change.action)\(version))"), .faint))
    if let reason = change.reason { spans += [Span(": ", .faint)] + Shown(reason).spans }
    return Box.fitted(Line(spans), columns: columns)
  }
}
