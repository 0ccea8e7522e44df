import TenantStore
import Terminal

/// What is made for a new tenant, in order: its row and secret, then each resource that is listed.
struct OnboardPlan: Sendable {
  private(set) var reading: Ticket?
  private var resources: [ListedResource]?
  /// Why they are not known.
  private var problem: SafeText?

  mutating func read(_ turn: inout Turn) { turn.send(.run(.resources), insteadOf: &reading) }

  /// True when the answer was this plan's.
  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>) -> Bool {
    guard ticket == reading else { return false }
    reading = nil
    switch result {
    case .success(.run(.resources(let listed))): resources = listed
    case .success: preconditionFailure("a question for the resources is answered by .resources")
    case .failure(let error): problem = Words.of(error, while: "reading what is listed")
    }
    return true
  }

  func lines(columns: Int) -> [Line] {
    let role: Role = resources != nil ? .text : problem == nil ? .faint : .warning
    let words = resources.map(Self.words) ?? problem?.text ?? "and what is listed: being read..."
    return Box.paragraph("Makes its row, its secret; " + words, columns: columns - 4).map {
      Line([Span("  "), Span($0, role)])
    }
  }

  /// Of a new tenant beside its row and its secret.
  static func words(_ listed: [ListedResource]) -> String {
    listed.isEmpty
      ? "nothing else is listed: in service at once"
      : listed.map(\.words).joined(separator: ", ") + ", and a probe that enters as the tenant"
  }
}

extension ListedResource {
  /// "files (root=/srv/files)".
  fileprivate var words: String {
    let settings = settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return name + (settings.isEmpty ? "" : " (\(settings.joined(separator: ", ")))")
  }
}
