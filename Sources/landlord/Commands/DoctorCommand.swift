import ArgumentParser
import TenantStore

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Look for every way from one tenant's rows to another's.",
    discussion: """
      Reads the catalogue only, so any role may run it. Each finding comes with the statement that puts it right, where there \
      is one. Ends with exit code 8 where a check failed.
      """)

  enum Limit: String, CaseIterable, ExpressibleByArgument {
    case fail, warn

    var severity: Severity {
      switch self {
      case .fail: .fail
      case .warn: .warn
      }
    }
  }

  @Option(help: ArgumentHelp("Only what concerns this table or view.", valueName: "schema.name"))
  var table: String?

  @Option(help: ArgumentHelp("End with exit code 8 from this severity on.", valueName: "fail|warn"))
  var failOn: Limit = .fail

  @Flag(help: "Leave out warnings and notes.")
  var onlyFailures = false

  @Flag(help: "Keep this run: the next ones tell what is new since, and what was mended.")
  var keep = false

  @OptionGroup var format: JSONOption

  @Flag(help: "Print Markdown.")
  var markdown = false

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if format.json && markdown { throw ValidationError("--json and --markdown exclude each other") }
    if keep && table != nil { throw ValidationError("--keep keeps whole runs: leave out --table") }
  }

  func run() throws {
    let errand = try shared.open()
    let examination = try examine(errand)
    if let table, examination.tables == 0 {
      throw Failure(.notFound, "there is no table \"\(table)\" with a tenant column")
    }
    let report = DoctorReport(
      examination, since: table == nil ? try lastKept(errand) : nil, onlyFailures: onlyFailures)
    if format.json {
      try report.writeJSON(to: errand.output)
    } else if markdown {
      try report.writeMarkdown(to: errand.output)
    } else {
      try report.writeText(to: errand.output)
    }
    try errand.output.finish()
    if keep {
      let keeping = ExaminationKeeping(findings: examination.findings.map(\.key))
      try errand.saved(try errand.write(.keepExamination(keeping)).written, "this run")
    }
    if examination.reaches(failOn.severity) {
      throw Failure(.checkFailed, "the doctor found \(report.counts)")
    }
  }

  /// A group of checks after the other.
  private func examine(_ errand: Errand) throws(Failure) -> Examination {
    var examination = Examination()
    let progress = ProgressBar()
    defer { progress.clear() }
    for (done, group) in CheckGroup.allCases.enumerated() {
      progress.show(group.words, Int64(done), of: Int64(CheckGroup.allCases.count))
      guard case .examined(let examined) = try errand.ask(.examine(group, table: table)) else {
        preconditionFailure("a group of checks is answered by .examined")
      }
      examination.add(examined)
    }
    return examination
  }

  private func lastKept(_ errand: Errand) throws(Failure) -> KeptExamination? {
    guard case .lastExamination(let kept) = try errand.ask(.lastExamination) else {
      preconditionFailure("a question for the last examination is answered by .lastExamination")
    }
    return kept
  }
}
