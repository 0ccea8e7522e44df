/// How a filter is read from what a person types or pastes, at every key of it, and written again.
extension Filter {
  enum Key: String, CaseIterable { case state, industry, email, origin, permission, id, created, updated }

  /// The filter of a text. What is not understood, or not yet, is left out.
  public static func parse(_ text: String) -> Filter { read(text).filter }

  /// The first part of a text that is not understood; nil: all is. What is only begun (`state:`) is no problem.
  public static func problem(in text: String) -> FilterProblem? { read(text).problem }

  /// From this many words on a text is what someone wrote, and not what a person types to find one tenant; with an id, an
  /// e-mail or a URL in it from the second number on.
  private static let wordsOfTicket = 8
  private static let wordsOfTicketWithClue = 4

  private static func read(_ text: String) -> (filter: Filter, problem: FilterProblem?) {
    var reader = FilterReader<Filter.Key>(text)
    var filter = Filter()
    var problem: FilterProblem?
    var words: [String] = []
    while let part = reader.next() {
      if part.key == nil && !part.isNegated && !part.isQuoted { words.append(part.value) }
      switch part.test {
      case .success(let test?): filter.add(Term(test, isNegated: part.isNegated))
      case .success(nil): break
      case .failure(let wrong): problem = problem ?? wrong
      }
    }
    let hasClue = words.contains { Clue($0).map(\.isCertain) ?? false }
    if words.count >= (hasClue ? wordsOfTicketWithClue : wordsOfTicket) {
      let others = filter.terms.filter {
        if case .text(let text) = $0.test {
          return $0.isNegated || !words.contains { $0.isSameBytes(as: text) }
        }
        return true
      }
      filter.terms = [Term(.ticket(words))] + others
    }
    return (filter, problem)
  }

  /// States and industries join those that are there.
  private mutating func add(_ term: Term) {
    for place in terms.indices where !terms[place].isNegated && !term.isNegated {
      switch (terms[place].test, term.test) {
      case (.states(let a), .states(let b)):
        terms[place].test = .states(a.union(b))
        return
      case (.industries(let a), .industries(let b)):
        terms[place].test = .industries(a + b)
        return
      default: continue
      }
    }
    terms.append(term)
  }

  /// The text that `parse` would make this of.
  public var text: String { terms.map(\.text).joined(separator: " ") }
}

extension Filter.Term {
  fileprivate var text: String {
    let sign = isNegated ? "!" : ""
    return switch test {
    case .text(let text): sign + FilterReader<Filter.Key>.written(text)
    case .states(let states):
      TenantState.allCases.filter(states.contains).map { "\(sign)state:\($0.rawValue)" }.joined(
        separator: " ")
    case .industries(let names):
      names.map { "\(sign)industry:" + FilterReader<Filter.Key>.quoted($0) }.joined(separator: " ")
    case .email(let text): "\(sign)email:" + FilterReader<Filter.Key>.quoted(text)
    case .origin(let text): "\(sign)origin:" + FilterReader<Filter.Key>.quoted(text)
    case .permission(let name): "\(sign)permission:" + FilterReader<Filter.Key>.quoted(name)
    case .id(let digits): "\(sign)id:" + digits
    case .created(let time): "\(sign)created:" + time.text
    case .updated(let time): "\(sign)updated:" + time.text
    case .ticket(let words): words.joined(separator: " ")
    }
  }
}

extension FilterReader<Filter.Key>.Part {
  /// What the part asks for; nil while there is nothing in it.
  var test: Result<Filter.Test?, FilterProblem> {
    if value.isEmpty { return .success(nil) }
    switch key {
    case nil: return .success(.text(value))
    case .state:
      let states = TenantState.allCases.filter { $0.rawValue.utf8.starts(with: value.utf8) }
      let all = TenantState.allCases.map(\.rawValue).joined(separator: ", ")
      return states.isEmpty ? problem("state: is one of \(all)") : .success(.states(Set(states)))
    case .industry: return .success(.industries([value]))
    case .email: return .success(.email(value))
    case .origin: return .success(.origin(value))
    case .permission: return .success(.permission(value))
    case .id:
      guard TenantID.range(beginning: value) != nil else {
        return problem("id: is the beginning of an id, such as 0a1b2c3d-1111")
      }
      return .success(.id(value))
    case .created, .updated:
      if TimeTest.Comparison.allCases.contains(where: { $0.rawValue == value }) { return .success(nil) }
      guard let time = TimeTest(value) else {
        return problem(
          "\(key!.rawValue): is a day such as >2026-01-31, or an age such as <7d (m, h, d, w, y)")
      }
      return .success(key == .created ? .created(time) : .updated(time))
    }
  }

  private func problem(_ message: String) -> Result<Filter.Test?, FilterProblem> {
    .failure(FilterProblem(part: key!.rawValue + ":" + value, message: message))
  }
}

extension TimeTest {
  /// From `>2026-01-31`, `<=2026-01`, `2026`, `>2026-01-31T12:00:00Z`, or an age: `<7d`, `>=2w`; minutes, hours, days,
  /// weeks, years of 365 days. Nil for anything else.
  public init?(_ text: String) {
    let comparison = Comparison.allCases.first { text.utf8.starts(with: $0.rawValue.utf8) }!
    let value = String(text.dropFirst(comparison.rawValue.count))
    guard let moment = Self.age(value) ?? Self.span(value) else { return nil }
    self.init(comparison: comparison, moment: moment, text: text)
  }

  private static func age(_ text: String) -> Moment? {
    let units: [Unicode.Scalar: Int64] = ["m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_536_000]
    let digits = text.dropLast()
    guard let unit = text.unicodeScalars.last.flatMap({ units[$0] }), (1...6).contains(digits.utf8.count),
      digits.unicodeScalars.allSatisfy(ScalarSet.digits.contains)
    else { return nil }
    return .ago(Int64(digits)! * unit)
  }

  private static func span(_ text: String) -> Moment? {
    func start(_ day: String) -> Instant? { Instant(day + "T00:00:00Z") }
    let numbers = text.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) ?? -1 }
    switch (numbers.count, text.utf8.count) {
    case (1, 4):
      guard let from = start(text + "-01-01"), let to = start("\(padded(numbers[0] + 1, 4))-01-01") else {
        return nil
      }
      return .span(from, to)
    case (2, 7):
      let (year, month) = numbers[1] == 12 ? (numbers[0] + 1, 1) : (numbers[0], numbers[1] + 1)
      guard let from = start(text + "-01"), let to = start("\(padded(year, 4))-\(padded(month, 2))-01") else {
        return nil
      }
      return .span(from, to)
    case (3, 10):
      guard let from = start(text) else { return nil }
      return .span(from, Instant(microseconds: from.microseconds + 86_400_000_000))
    default:
      guard let instant = Instant(text) else { return nil }
      return .span(instant, Instant(microseconds: instant.microseconds + 1))
    }
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
