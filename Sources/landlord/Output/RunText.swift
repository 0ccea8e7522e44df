import TenantStore

/// Runs and surveys as commands print them.
extension Errand {
  func print(_ runs: [Run], json: Bool) throws(Failure) {
    if json { return try output.line(JSON.array(runs.map(\.json)).text) }
    for run in runs {
      try output.line(
        "\(output.shown(run.siteID))  \(run.wanted.rawValue)  \(run.state.rawValue)\(run.isHeld ? ", somebody is at it" : "")  "
          + "since \(run.begunAt.rfc3339) by \(output.shown(run.begunBy))")
      for step in run.steps {
        let time = step.milliseconds.map { "  \($0) ms" } ?? ""
        let note = step.note.map { "  \(output.shown($0))" } ?? ""
        try output.line("  \(step.place)  \(output.shown(step.name))  \(step.state.rawValue)\(time)\(note)")
      }
      if let obstacle = run.obstacle { try output.line("  \(output.shown(obstacle))") }
    }
  }

  /// `all`: also what is as it should be.
  func print(_ survey: Survey, all: Bool, json: Bool) throws(Failure) {
    let drifted = Set(survey.drifted)
    for line in survey.lines where all || line.found == nil || drifted.contains(line.resource) {
      let verdict = line.found == nil ? "unknown" : drifted.contains(line.resource) ? "drifted" : "as wanted"
      if json {
        try output.line(
          JSON.object([
            ("tenantId", .string(survey.tenant.id.description)), ("siteId", .string(survey.tenant.siteID)),
            ("resource", .string(line.resource)), ("wanted", .string(survey.wanted.rawValue)),
            ("found", .optional(line.found?.rawValue)), ("verdict", .string(verdict)),
            ("problem", .optional(line.problem)),
            ("footprint", .object(line.footprint.map { ($0.name, .number($0.count)) })),
          ]).text)
        continue
      }
      let has = line.footprint.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
      let parts = [
        survey.tenant.siteID, line.resource, "wanted \(survey.wanted.rawValue)",
        line.found.map { "found \($0.rawValue)" } ?? "not found out", verdict, line.problem ?? has,
      ]
      try output.line(parts.filter { !$0.isEmpty }.map(output.shown).joined(separator: "  "))
    }
  }
}

extension Run {
  fileprivate var json: JSON {
    .object([
      ("run", .number(id)), ("tenantId", .string(tenantID.description)), ("siteId", .string(siteID)),
      ("wanted", .string(wanted.rawValue)), ("state", .string(state.rawValue)),
      ("problem", .optional(problem)),
      ("begunAt", .string(begunAt.rfc3339)), ("begunBy", .string(begunBy)), ("isHeld", .bool(isHeld)),
      (
        "steps",
        .array(
          steps.map { step in
            .object([
              ("step", .string(step.name)), ("state", .string(step.state.rawValue)),
              ("found", .optional(step.found?.rawValue)), ("note", .optional(step.note)),
              ("milliseconds", step.milliseconds.map(JSON.number) ?? .null),
            ])
          })
      ),
    ])
  }
}
