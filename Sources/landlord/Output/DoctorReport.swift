import TenantStore

/// A run of the doctor in the form that was asked for.
struct DoctorReport {
  private let examination: Examination
  private let findings: [Finding]
  private let since: KeptExamination?
  private let new: Set<FindingKey>
  private let mended: [FindingKey]

  init(_ examination: Examination, since: KeptExamination?, onlyFailures: Bool) {
    self.examination = examination
    findings = onlyFailures ? examination.findings.filter { $0.severity == .fail } : examination.findings
    self.since = since
    (new, mended) = since.map(examination.difference(since:)) ?? ([], [])
  }

  /// "2 failures, 1 warning, 3 notes".
  var counts: String {
    let words: [(Severity, String)] = [(.fail, "failure"), (.warn, "warning"), (.note, "note")]
    return words.map { severity, word in
      let number = examination.count(severity)
      return "\(number) \(word)\(number == 1 ? "" : "s")"
    }.joined(separator: ", ")
  }

  /// One line: how much was looked at, what was found, and what changed.
  private func summary(_ output: StandardOutput) -> String {
    let tables = "\(examination.tables) table\(examination.tables == 1 ? "" : "s") with a tenant column"
    guard let since else { return "\(tables): \(counts)" }
    return
      "\(tables): \(counts); \(new.count) new and \(mended.count) mended since \(since.at.rfc3339) (\(output.shown(since.actor)))"
  }

  func writeText(to output: StandardOutput) throws(Failure) {
    for finding in findings {
      let mark = new.contains(finding.key) ? "NEW " : ""
      try output.line(
        "\(finding.severity.rawValue.uppercased())  \(mark)\(finding.check.name)  \(output.shown(finding.object)): \(output.shown(finding.what))"
      )
      try output.line("      \(finding.check.why)")
      for statement in finding.mend?.statements ?? [] {
        try output.line("      \(output.shown(statement));")
      }
      if let mend = finding.mend { try output.line("      \(remark(mend, output))") }
    }
    for key in mended {
      try output.line(
        "MENDED  \(output.shown(key.check))  \(output.shown(key.object)): \(output.shown(key.what))")
    }
    try output.line(summary(output))
  }

  /// As whom the mend runs; a comment of SQL, so that what is copied can be run.
  private func remark(_ mend: Mend, _ output: StandardOutput) -> String {
    "-- as \(output.shown(mend.runner))"
  }

  func writeMarkdown(to output: StandardOutput) throws(Failure) {
    // A backquote would end what it stands in.
    func code(_ text: String) -> String {
      String(String.UnicodeScalarView(output.shown(text).unicodeScalars.map { $0 == "`" ? "'" : $0 }))
    }
    try output.write("# Tenant isolation\n\n\(code(summary(output))).\n")
    for severity in Severity.allCases.reversed() {
      let findings = findings.filter { $0.severity == severity }
      guard !findings.isEmpty else { continue }
      let titles: [Severity: String] = [.fail: "Failed", .warn: "Warnings", .note: "Notes"]
      try output.write("\n## \(titles[severity] ?? "")\n")
      for finding in findings {
        let mark = new.contains(finding.key) ? " (new)" : ""
        try output.write(
          "\n### `\(finding.check.name)` of `\(code(finding.object))`\(mark)\n\n`\(code(finding.what))`. \(finding.check.why)\n"
        )
        guard let mend = finding.mend else { continue }
        let lines = [remark(mend, output)] + mend.statements.map { code($0) + ";" }
        try output.write("\n```sql\n\(lines.joined(separator: "\n"))\n```\n")
      }
    }
    if !mended.isEmpty { try output.write("\n## Mended\n\n") }
    for key in mended {
      try output.write("- `\(code(key.check))` of `\(code(key.object))`: `\(code(key.what))`\n")
    }
  }

  func writeJSON(to output: StandardOutput) throws(Failure) {
    let counts = Severity.allCases.reversed().map {
      (key: $0.rawValue, value: JSON.number(Int64(examination.count($0))))
    }
    try output.line(
      JSON.object([
        ("tables", .number(Int64(examination.tables))), ("counts", .object(counts)),
        ("since", .optional(since?.at.rfc3339)), ("findings", .array(findings.map(json))),
        ("mended", .array(mended.map(json))),
      ]).text)
  }

  private func json(_ finding: Finding) -> JSON {
    .object([
      ("severity", .string(finding.severity.rawValue)), ("check", .string(finding.check.name)),
      ("object", .string(finding.object)), ("relation", .optional(finding.relation)),
      ("what", .string(finding.what)), ("why", .string(finding.check.why)),
      ("mend", finding.mend.map { .strings($0.statements) } ?? .null),
      ("runsAs", .optional(finding.mend?.runsAs)),
      ("new", since == nil ? .null : .bool(new.contains(finding.key))),
    ])
  }

  private func json(_ key: FindingKey) -> JSON {
    .object([("check", .string(key.check)), ("object", .string(key.object)), ("what", .string(key.what))])
  }
}
