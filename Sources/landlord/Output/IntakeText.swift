import TenantStore

/// What was found in an intake and what became of it, as commands print it.
extension Errand {
  /// Every line that is wrong, and how many are not; as JSON every line.
  func report(_ intake: Intake, json: Bool) throws(Failure) {
    if json {
      for line in intake.lines { try output.line(line.json.text) }
      return try output.finish()
    }
    for line in intake.wrong {
      for problem in line.problems {
        let words = [line.siteID, problem.field?.rawValue ?? "", problem.message].filter { !$0.isEmpty }
        try output.line("line \(line.number): \(words.map(output.shown).joined(separator: ": "))")
      }
    }
    let unused =
      intake.unused.isEmpty ? "" : "; not used: " + intake.unused.map(output.shown).joined(separator: ", ")
    try output.line(
      "\(intake.lines.count) lines, \(intake.right.count) right, \(intake.wrong.count) wrong\(unused)")
    try output.finish()
  }

  /// What became of it; `obstacles`: what keeps tenants from having all that their states want. Fails where something was refused,
  /// or is not as wanted.
  func report(
    _ plan: IntakePlan, _ file: ResultsFile, obstacles: [TenantID: String], json: Bool
  ) throws(Failure) {
    func count(_ outcome: IntakePlan.Outcome) -> Int { plan.entries.filter { $0.outcome == outcome }.count }
    if json {
      let counts = [IntakePlan.Outcome.saved, .refused, .undone, .planned].map {
        ($0.rawValue, JSON.number(Int64(count($0))))
      }
      try output.line(
        JSON.object(
          [("intake", .string(plan.id.description))] + counts
            + [("notAsWanted", .number(Int64(obstacles.count))), ("results", .string(file.path))]
        ).text)
    } else {
      for entry in plan.entries where !entry.why.isEmpty {
        try output.line("line \(entry.line): \(output.shown(entry.siteID)): \(output.shown(entry.why))")
      }
      for entry in plan.entries {
        guard let obstacle = obstacles[entry.tenantID] else { continue }
        let what = entry.outcome == .saved ? "not in service: " : ""
        try output.line("line \(entry.line): \(output.shown(entry.siteID)): \(what)\(output.shown(obstacle))")
      }
      let words = [
        (count(.saved), "onboarded"), (count(.refused), "refused"), (count(.undone), "undone"),
        (obstacles.count, count(.undone) > 0 ? "not shut everywhere" : "not in service"),
      ]
      let counts = words.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
      try output.line(
        "\(counts.isEmpty ? "nothing to do" : counts); the results are in \(output.shown(file.path))")
    }
    try output.finish()
    if plan.entries.contains(where: { !$0.why.isEmpty }) { throw Failure("some lines were refused") }
    if !obstacles.isEmpty { throw Failure(.checkFailed, "some tenants are not as they should be") }
  }
}

extension Intake.Line {
  fileprivate var json: JSON {
    .object([
      ("line", .number(Int64(number))), ("siteId", .string(siteID)),
      (
        "problems",
        .array(
          problems.map {
            .object([
              ("field", .optional($0.field?.rawValue)), ("rule", .string($0.rule)),
              ("message", .string($0.message)),
            ])
          })
      ),
    ])
  }
}
