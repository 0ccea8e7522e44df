/// Which events of the audit: those of which all the terms hold. Empty: all of them.
///
/// Written as words, `"quoted phrases"`, `tenant:` `actor:` `action:` `field:` `outcome:` `since:` `until:` `request:`, each with
/// `!` before it for the contrary. Letters A to Z mean the small ones too.
public struct AuditFilter: Hashable, Sendable {
  public struct Term: Hashable, Sendable {
    public var test: Test
    public var isNegated: Bool

    public init(_ test: Test, isNegated: Bool = false) {
      self.test = test
      self.isNegated = isNegated
    }
  }

  public enum Test: Hashable, Sendable {
    /// Found in actor, action, reason, the record after the change, or what an attempt was about.
    case text(String)
    /// Of this tenant; a site id finds whoever has or had it.
    case tenant(TenantReference)
    /// By this person.
    case actor(String)
    /// The action begins with this, such as `direct`.
    case action(String)
    /// A field changed whose name holds this.
    case field(String)
    /// It ended in one of these.
    case outcomes(Set<AuditEvent.Outcome>)
    /// At or after the beginning of this day, month, year or instant; so long ago or less.
    case since(TimeTest)
    /// Up to the end of this day, month, year or instant; so long ago or more.
    case until(TimeTest)
    /// The request's id begins with these hexadecimal digits, in its usual form with hyphens.
    case request(String)
  }

  public var terms: [Term]

  public init(_ terms: [Term] = []) { self.terms = terms }

  public var isEmpty: Bool { terms.isEmpty }

  /// The tenant that all of it is about; nil: it may be about everybody.
  public var tenant: TenantReference? {
    for term in terms where !term.isNegated {
      if case .tenant(let reference) = term.test { return reference }
    }
    return nil
  }
}

// MARK: - How it is read from what a person types, and written again

extension AuditFilter {
  enum Key: String, CaseIterable { case tenant, actor, action, field, outcome, since, until, request }

  /// The filter of a text. What is not understood, or not yet, is left out.
  public static func parse(_ text: String) -> AuditFilter { read(text).filter }

  /// The first part of a text that is not understood; nil: all is. What is only begun (`actor:`) is no problem.
  public static func problem(in text: String) -> FilterProblem? { read(text).problem }

  private static func read(_ text: String) -> (filter: AuditFilter, problem: FilterProblem?) {
    var reader = FilterReader<Key>(text)
    var filter = AuditFilter()
    var problem: FilterProblem?
    while let part = reader.next() {
      switch part.auditTest {
      case .success(let test?): filter.add(Term(test, isNegated: part.isNegated))
      case .success(nil): break
      case .failure(let wrong): problem = problem ?? wrong
      }
    }
    return (filter, problem)
  }

  /// An event has one outcome, so another one named means either.
  private mutating func add(_ term: Term) {
    for place in terms.indices where !terms[place].isNegated && !term.isNegated {
      if case .outcomes(let a) = terms[place].test, case .outcomes(let b) = term.test {
        terms[place].test = .outcomes(a.union(b))
        return
      }
    }
    terms.append(term)
  }

  /// The text that `parse` would make this of.
  public var text: String { terms.map(\.text).joined(separator: " ") }
}

extension AuditFilter.Term {
  fileprivate var text: String {
    typealias Reader = FilterReader<AuditFilter.Key>
    let sign = isNegated ? "!" : ""
    return switch test {
    case .text(let text): sign + Reader.written(text)
    case .tenant(.id(let id)): "\(sign)tenant:\(id)"
    case .tenant(.siteID(let siteID)): "\(sign)tenant:" + Reader.quoted(siteID)
    case .actor(let name): "\(sign)actor:" + Reader.quoted(name)
    case .action(let name): "\(sign)action:" + Reader.quoted(name)
    case .field(let name): "\(sign)field:" + Reader.quoted(name)
    case .outcomes(let outcomes):
      AuditEvent.Outcome.allCases.filter(outcomes.contains).map { "\(sign)outcome:\($0.rawValue)" }
        .joined(separator: " ")
    case .since(let time): "\(sign)since:" + time.text
    case .until(let time): "\(sign)until:" + time.text
    case .request(let digits): "\(sign)request:" + digits
    }
  }
}

extension FilterReader<AuditFilter.Key>.Part {
  /// What the part asks for; nil while there is nothing in it.
  fileprivate var auditTest: Result<AuditFilter.Test?, FilterProblem> {
    if value.isEmpty { return .success(nil) }
    switch key {
    case nil: return .success(.text(value))
    case .tenant: return .success(.tenant(TenantReference(value)))
    case .actor: return .success(.actor(value))
    case .action: return .success(.action(value))
    case .field: return .success(.field(value))
    case .outcome:
      let outcomes = AuditEvent.Outcome.allCases.filter { $0.rawValue.utf8.starts(with: value.utf8) }
      let all = AuditEvent.Outcome.allCases.map(\.rawValue).joined(separator: ", ")
      return outcomes.isEmpty ? problem("outcome: is one of \(all)") : .success(.outcomes(Set(outcomes)))
    case .since, .until:
      guard let time = TimeTest(value), time.comparison == .within else {
        return problem("\(key!.rawValue): is a day such as 2026-01-31, or an age such as 7d (m, h, d, w, y)")
      }
      return .success(key == .since ? .since(time) : .until(time))
    case .request:
      guard RequestID.range(beginning: value) != nil else {
        return problem("request: is the beginning of a request's id, such as 0a1b2c3d-1111")
      }
      return .success(.request(value))
    }
  }

  private func problem(_ message: String) -> Result<AuditFilter.Test?, FilterProblem> {
    .failure(FilterProblem(part: key!.rawValue + ":" + value, message: message))
  }
}
