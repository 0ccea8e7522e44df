import TenantStore
import Terminal

/// How a run looks.
extension Run {
  /// How it is in a word.
  var word: Span { Span(SafeText(state.rawValue.uppercased()), role) }

  /// A line a step, and under them what keeps it from its end.
  var lines: [Line] {
    steps.map(\.line) + (obstacle.map { [Line([Span("    "), Span(SafeText($0), .warning)])] } ?? [])
  }

  private var role: Role {
    switch state {
    case .done: .good
    case .running, .compensating: .text
    case .failed, .stuck: .bad
    }
  }
}

extension RunStep {
  var line: Line {
    Line([
      Span(SafeText("    \(place)  ")), Span(SafeText(name), columns: 16),
      Span(SafeText(state.rawValue), role, columns: 14),
      Span(SafeText(milliseconds.map(Self.seconds) ?? ""), columns: 10),
      Span(SafeText(note ?? ""), .warning),
    ])
  }

  /// "0.3 s".
  private static func seconds(_ milliseconds: Int64) -> String {
    "\(milliseconds / 1000).\(milliseconds / 100 % 10) s"
  }

  private var role: Role {
    switch state {
    case .done: .good
    case .pending, .running, .skipped: .text
    case .failed, .compensating, .compensated: .warning
    }
  }
}
