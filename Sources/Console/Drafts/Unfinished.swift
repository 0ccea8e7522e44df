import TenantStore
import Terminal

/// The forms that this person began and did not finish, as the list announces them.
struct Unfinished: Sendable {
  private var onboarding: Draft?
  /// What is edited, and its site id once that was read.
  private var edits: [TenantID] = []
  private var siteIDs: [String] = []
  private(set) var reading: Ticket?
  /// What the keys are called here.
  private var keys = (onboard: "", edit: "")

  /// Has the drafts looked for; whose they are follows from who is connected to what.
  func seek(_ turn: inout Turn) {
    if DraftName(.onboard, turn.session) != nil { turn.effects.append(.seekDrafts) }
  }

  mutating func found(_ lying: [LyingDraft], _ turn: inout Turn) {
    (onboarding, edits, siteIDs) = (nil, [], [])
    turn.cancel(&reading)
    for lying in lying {
      guard let draft = Draft(reading: lying.text) else { continue }
      if DraftName(.onboard, turn.session)?.file == lying.file { onboarding = draft }
      if DraftName(.edit(draft.tenantID), turn.session)?.file == lying.file { edits.append(draft.tenantID) }
    }
    keys = (key(.list(.onboard), turn), key(.tenant(.edit), turn))
    if !edits.isEmpty { turn.send(.tenants(edits), insteadOf: &reading) }
  }

  private func key(_ action: Action, _ turn: Turn) -> String {
    let binding = turn.keymap.bindings(in: .list).first { $0.meaning == .screen(action) }
    return binding?.keys.first?.name ?? ""
  }

  /// True when the answer was this one's. Without it the edits are announced by their number.
  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>) -> Bool {
    guard ticket == reading else { return false }
    reading = nil
    if case .success(.tenants(let found)) = result {
      // One that is gone has nothing to go on with.
      edits = edits.filter { id in found.contains { $0.id == id } }
      siteIDs = found.map(\.siteID).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
    return true
  }

  /// Nil: there is nothing to announce.
  var status: Status? {
    var parts: [String] = []
    if let onboarding {
      let name = onboarding.values.first { $0.row == TenantField.name.rawValue }?.entries.first ?? ""
      let short = name.isEmpty ? "a tenant" : SafeText(name).clipped(to: 24).text
      parts.append("\(keys.onboard) goes on with onboarding \(short)")
    }
    if !edits.isEmpty {
      let whose = edits.count == 1 ? siteIDs.first : nil
      parts.append(
        "\(keys.edit) \(parts.isEmpty ? "goes on " : "")with "
          + (whose.map { "the edit of \(SafeText($0).clipped(to: 24).text)" }
            ?? Words.count(edits.count, "edit")))
    }
    if parts.isEmpty { return nil }
    return Status(text: SafeText("Not finished: " + parts.joined(separator: ", ")), role: .warning)
  }
}
