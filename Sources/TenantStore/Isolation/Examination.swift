/// What a group of checks found.
public struct Examined: Equatable, Sendable {
  /// How many tables with a tenant column there are; with a table asked for, 1, or 0 where there is none of that name.
  public var tables: Int
  public var findings: [Finding]

  public init(tables: Int, findings: [Finding]) {
    self.tables = tables
    self.findings = findings
  }
}

/// A run of the doctor, as far as it has come.
public struct Examination: Equatable, Sendable {
  public private(set) var tables = 0
  /// The worst first; among equals in the order of the checks, then by object.
  public private(set) var findings: [Finding] = []

  public init() {}

  public mutating func add(_ examined: Examined) {
    tables = examined.tables
    let old = findings
    // Both are sorted by object already; sorting keeps that order among equals.
    findings = Severity.allCases.reversed().flatMap { severity in
      (old + examined.findings).filter { $0.severity == severity }
    }
  }

  public func count(_ severity: Severity) -> Int {
    findings.reduce(0) { $0 + ($1.severity == severity ? 1 : 0) }
  }

  /// Whether anything is at least that bad.
  public func reaches(_ severity: Severity) -> Bool { findings.contains { $0.severity >= severity } }

  /// What is there now and was not then, and what was there and is no more. Notes count as well.
  public func difference(since earlier: KeptExamination) -> (new: Set<FindingKey>, mended: [FindingKey]) {
    let now = Set(findings.map(\.key))
    return (now.subtracting(earlier.findings), earlier.findings.filter { !now.contains($0) })
  }
}

/// A run that was kept for comparing.
public struct KeptExamination: Equatable, Sendable {
  public var at: Instant
  /// Who kept it.
  public var actor: String
  public var findings: [FindingKey]

  public init(at: Instant, actor: String, findings: [FindingKey]) {
    self.at = at
    self.actor = actor
    self.findings = findings
  }
}

/// A run to be kept.
public struct ExaminationKeeping: Equatable, Sendable {
  public var requestID: RequestID
  public var findings: [FindingKey]

  public init(requestID: RequestID = .random(), findings: [FindingKey]) {
    self.requestID = requestID
    self.findings = findings
  }
}

/// A finding that is to be put right.
public struct Mending: Equatable, Sendable {
  public var requestID: RequestID
  public var finding: FindingKey
  public var mend: Mend
  public var reason: String

  public init(requestID: RequestID = .random(), finding: FindingKey, mend: Mend, reason: String) {
    self.requestID = requestID
    self.finding = finding
    self.mend = mend
    self.reason = reason
  }
}
