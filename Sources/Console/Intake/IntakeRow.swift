import TenantStore
import Terminal

/// A line of the file as the screen shows it: what is wrong with it, or what became of it.
struct IntakeRow: Sendable {
  /// In the order in which they are shown: what asks for attention first.
  private enum Class: Int, Sendable { case wrong, refused, notAsWanted, planned, saved, undone }

  private let `class`: Class
  let number: Int
  let siteID: String
  let words: String
  let role: Role

  /// What is wrong, then what became of the others, each in the order of the file.
  static func all(_ look: IntakeLook) -> [IntakeRow] {
    var rows = (look.intake?.wrong ?? []).flatMap { line in
      line.problems.map { IntakeRow(.wrong, line.number, line.siteID, words($0), .bad) }
    }
    rows += look.outcomes.map(row)
    return rows.sorted { ($0.class.rawValue, $0.number) < ($1.class.rawValue, $1.number) }
  }

  private init(_ class: Class, _ number: Int, _ siteID: String, _ words: String, _ role: Role) {
    self.class = `class`
    self.number = number
    self.siteID = siteID
    self.words = words
    self.role = role
  }

  private static func words(_ problem: FieldProblem) -> String {
    let field = problem.field.map { Words.name(of: $0).text + ": " } ?? ""
    return "\(field)\(problem.message) (\(problem.rule))"
  }

  private static func row(_ outcome: IntakeOutcome) -> IntakeRow {
    func row(_ class: Class, _ words: String, _ role: Role) -> IntakeRow {
      IntakeRow(`class`, outcome.line, outcome.siteID, words, role)
    }
    let entry = outcome.entryID.map { ", entry \($0)" } ?? ""
    switch outcome.outcome {
    case .refused: return row(.refused, "REFUSED: \(outcome.why)", .bad)
    case .saved where !outcome.why.isEmpty: return row(.refused, "made\(entry), \(outcome.why)", .bad)
    case .saved:
      guard let obstacle = outcome.obstacle else { return row(.saved, "made\(entry)", .good) }
      return row(.notAsWanted, "made\(entry), NOT IN SERVICE: \(obstacle)", .warning)
    case .planned: return row(.planned, "not made yet", .warning)
    case .undone:
      guard let obstacle = outcome.obstacle else { return row(.undone, "undone: deactivated", .faint) }
      return row(.notAsWanted, "undone: deactivated, NOT SHUT EVERYWHERE: \(obstacle)", .warning)
    }
  }

  func line(isSelected: Bool) -> Line {
    Line([
      Span(isSelected ? " > " : "   ", .focus), Span(SafeText("line \(number)"), columns: 11),
      Span(SafeText(siteID), columns: 22), Span(" "), Span(SafeText(words), role),
    ])
  }
}
