/// What is made of an intake: a tenant a line, each under a request id that follows from the plan's and the line's content, so that
/// sending it again makes what was not made and answers for the rest what it did. Holds the secrets: written to a file of its
/// owner's before anything is sent, it is all that going on after any interruption takes.
public struct IntakePlan: Sendable {
  public enum Outcome: String, Sendable {
    /// To be sent, or sent and not answered.
    case planned
    case saved
    case refused
    /// Made, and deactivated again by the undoing of the whole.
    case undone
  }
  public struct Entry: Sendable {
    public var line: Int
    public var siteID: String
    public var name: String
    public var contactEmail: String
    public var tenantID: TenantID
    public var requestID: RequestID
    public var secret: TenantSecret
    public var outcome = Outcome.planned
    public var entryID: Int64?
    /// Why it was refused; empty where it was not.
    public var why = ""
    /// What is sent; nil where it comes from a file of results and the line is in no intake any more.
    public var fields: [TenantField: FieldValue]?
  }

  public let id: RequestID
  /// Which installation's it is: in another the same ids would mean nothing.
  public let installation: String
  public private(set) var entries: [Entry] = []

  public init(id: RequestID, installation: String, entries: [Entry] = []) {
    self.id = id
    self.installation = installation
    self.entries = entries
  }

  /// Takes the lines in that nothing is wrong with. One that is planned already keeps its ids, its secret and its outcome, but where
  /// it was refused it is tried again; a planned one that is in the intake no more is forgotten unless it may have been made.
  public mutating func plan(_ intake: Intake, tenantID: () -> TenantID, secret: () -> TenantSecret) {
    let earlier = Dictionary(entries.map { ($0.requestID, $0) }) { $1 }
    var planned: Set<RequestID> = []
    var entries: [Entry] = []
    for line in intake.right {
      let request = requestID(of: line)
      planned.insert(request)
      var entry = earlier[request] ?? Entry(line, request, tenantID(), Self.fitForCells(secret))
      (entry.line, entry.fields) = (line.number, line.fields)
      if entry.outcome == .refused { entry.outcome = .planned }
      entries.append(entry)
    }
    self.entries = entries + self.entries.filter { !planned.contains($0.requestID) && $0.outcome != .refused }
  }

  /// Tells whether it has a line, by all of its content, that was or may have been made.
  public var isKnown: (Intake.Line) -> Bool {
    let known = Set(entries.filter { $0.outcome != .refused }.map(\.requestID))
    return { known.contains(requestID(of: $0)) }
  }

  /// How many of the lines are right and were not made before.
  public func toMake(_ intake: Intake) -> Int {
    let made = Set(entries.filter { $0.outcome == .saved || $0.outcome == .undone }.map(\.requestID))
    return intake.right.count { !made.contains(requestID(of: $0)) }
  }

  private func requestID(of line: Intake.Line) -> RequestID {
    .derived(from: "landlord intake \(id) \(JSONText.object(line.fields))")
  }

  /// One that no spreadsheet takes for a formula.
  private static func fitForCells(_ make: () -> TenantSecret) -> TenantSecret {
    var secret = make()
    while secret.text.utf8.first == UInt8(ascii: "-") { secret = make() }
    return secret
  }

  /// What is still to be sent, in parts.
  public func batches(of size: Int = OnboardingBatch.most, reason: String?) -> [OnboardingBatch] {
    let open = entries.filter { $0.outcome == .planned && $0.fields != nil }
    return stride(from: 0, to: open.count, by: size).map { start in
      OnboardingBatch(
        id: id,
        onboardings: open[start..<min(start + size, open.count)].map { entry in
          Onboarding(
            requestID: entry.requestID, tenantID: entry.tenantID, fields: entry.fields!,
            verifier: entry.secret.verifier,
            hint: entry.secret.hint, reason: reason)
        })
    }
  }

  /// Takes in what became of a batch.
  public mutating func take(_ rows: [BulkRow]) {
    let places = Dictionary(entries.indices.map { (entries[$0].requestID, $0) }) { $1 }
    for row in rows {
      guard let place = places[row.requestID] else { continue }
      entries[place].take(row.written)
    }
  }

  /// The tenants that it made and that were not undone.
  public var made: [TenantID] { entries.filter { $0.outcome == .saved }.map(\.tenantID) }

  /// Takes in what became of the undoing. Who was deactivated already is as undone as the others.
  public mutating func undid(_ rows: [BulkRow]) {
    let places = Dictionary(entries.indices.map { (entries[$0].tenantID, $0) }) { $1 }
    for row in rows {
      guard let place = places[row.tenantID] else { continue }
      let isOff = [.deactivated, .purged].contains(row.written.tenant?.state)
      if row.written.outcome == .saved || isOff {
        (entries[place].outcome, entries[place].why) = (.undone, "")
      } else {
        entries[place].why =
          "not undone: " + (row.written.rule.map(TenantRules.message) ?? "there is no such tenant any more")
      }
    }
  }
}

extension IntakePlan.Entry {
  fileprivate init(_ line: Intake.Line, _ request: RequestID, _ tenant: TenantID, _ secret: TenantSecret) {
    func text(_ field: TenantField) -> String {
      if case .text(let text)? = line.fields[field] { text } else { "" }
    }
    self.init(
      line: line.number, siteID: line.siteID, name: text(.name), contactEmail: text(.contactEmail),
      tenantID: tenant,
      requestID: request, secret: secret)
  }

  fileprivate mutating func take(_ written: Written) {
    entryID = written.entryID
    switch written.outcome {
    // A request that was carried out with another id has another secret: only a file that was tampered with leads here.
    case .saved where written.tenant.map({ $0.id != tenantID }) ?? false:
      (outcome, why) = (.refused, "it was made before with another secret")
    case .saved: (outcome, why) = (.saved, "")
    case .stale, .gone, .refused:
      (outcome, why) = (.refused, TenantRules.message(for: written.rule ?? "state_transition"))
    }
  }
}

/// Tenants to be made in one request, each under an id of its own.
public struct OnboardingBatch: Equatable, Sendable {
  /// How many one request may hold.
  public static let most = 500
  /// What the ids of its parts are made of.
  public var id: RequestID
  public var onboardings: [Onboarding]

  public init(id: RequestID, onboardings: [Onboarding]) {
    self.id = id
    self.onboardings = onboardings
  }
}
