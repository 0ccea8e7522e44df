import TenantStore
import Terminal

/// A file of tenants in numbers: counted once when it was looked over, not with every paint.
struct IntakeCounts: Sendable {
  let wrong: Int
  private let lines: Int
  private let isOfTenants: Bool
  private let unused: [String]
  private let toMake: Int
  private let made: Int
  private let outcomes: [(count: Int, words: String, role: Role)]

  init(_ look: IntakeLook) {
    wrong = look.intake?.wrong.count ?? 0
    lines = look.intake?.lines.count ?? 0
    isOfTenants = look.intake != nil
    unused = look.intake?.unused ?? []
    toMake = look.toMake
    made = look.made
    func count(_ outcome: IntakePlan.Outcome) -> Int { look.outcomes.count { $0.outcome == outcome } }
    outcomes = [
      (count(.refused), "refused", .bad), (look.notInService, "not in service", .warning),
      (count(.planned), "not made yet", .warning), (count(.undone), "undone", .text),
      (look.notShut, "not shut everywhere", .warning),
    ].filter { $0.0 > 0 }
  }

  /// The file itself.
  var file: Line {
    guard isOfTenants else { return Line(" a file of results") }
    var spans = [
      Span(SafeText(" \(Words.count(lines, "line")), \(lines - wrong) right, ")),
      Span(SafeText("\(wrong) wrong"), wrong == 0 ? .text : .bad),
    ]
    if toMake > 0 { spans.append(Span(SafeText("; \(toMake) to be made: Enter"))) }
    if !unused.isEmpty {
      spans.append(Span(SafeText("; not used: " + unused.joined(separator: ", ")), .faint))
    }
    return Line(spans)
  }

  /// What became of it, where something did.
  func outcome(took: SafeText?) -> Line {
    var spans = [Span(SafeText(" \(made) made"), .good)]
    spans += outcomes.map { Span(SafeText(", \($0.count) \($0.words)"), $0.role) }
    if let took { spans += [Span("  "), Span(took, .faint)] }
    return Line(spans)
  }
}
