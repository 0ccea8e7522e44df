/// Which tenants: those of whom all the terms hold. Empty: all of them.
///
/// Written as words, `"quoted phrases"`, `state:` `industry:` `email:` `origin:` `permission:` `id:` `created:` `updated:`,
/// each with `!` before it for the contrary. `state:` and `industry:` given twice mean either, for a tenant has one only.
public struct Filter: Hashable, Sendable {
  public struct Term: Hashable, Sendable {
    public var test: Test
    public var isNegated: Bool

    public init(_ test: Test, isNegated: Bool = false) {
      self.test = test
      self.isNegated = isNegated
    }
  }

  public enum Test: Hashable, Sendable {
    /// Found in site id, name, e-mail, URL or origins; the server lower-cases it as it did those. One or two letters are
    /// looked for at the beginnings of words. A whole id, or its beginning from six digits on, finds that id too; a URL
    /// finds whoever has its origin.
    case text(String)
    /// Any of these states.
    case states(Set<TenantState>)
    /// An industry whose name begins with any of these.
    case industries([String])
    /// Found in the e-mail.
    case email(String)
    /// Found in one of the allowed origins.
    case origin(String)
    /// A permission whose name begins with this.
    case permission(String)
    /// The id begins with these hexadecimal digits, in its usual form with hyphens.
    case id(String)
    case created(TimeTest)
    case updated(TimeTest)
    /// The words of a text that someone wrote about a tenant: one of the ids, e-mails, URLs or site ids in it is the
    /// tenant's.
    case ticket([String])
  }

  public var terms: [Term]

  public init(_ terms: [Term] = []) { self.terms = terms }

  /// Words that must all be found, and states of which one must hold; empty: any.
  public init(words: [String], states: Set<TenantState> = []) {
    terms = (states.isEmpty ? [] : [Term(.states(states))]) + words.map { Term(.text($0)) }
  }

  public var isEmpty: Bool { terms.isEmpty }

  /// Whether something in it has too few letters to be looked for anywhere but at the beginnings of words.
  public var matchesBeginningsOnly: Bool {
    terms.contains {
      if case .text(let text) = $0.test { return TenantSearch.isLookedForAtBeginnings(text) }
      return false
    }
  }
}

/// When something happened: around a day, or so long ago.
public struct TimeTest: Hashable, Sendable {
  public enum Comparison: String, CaseIterable, Sendable {
    case notAfter = "<="
    case notBefore = ">="
    case before = "<"
    case after = ">"
    /// Within that day, month or year; for an age the same as `<`.
    case within = ""
  }
  public enum Moment: Hashable, Sendable {
    /// A day, month, year or instant: from its beginning up to its end, which is not in it.
    case span(Instant, Instant)
    /// Seconds before the server's present moment.
    case ago(Int64)
  }
  public let comparison: Comparison
  public let moment: Moment
  /// As it was written.
  public let text: String
}

/// A part of a filter that is not understood and is left out of it.
public struct FilterProblem: Error, Equatable, Sendable {
  /// The part as it was typed.
  public var part: String
  /// What would be understood, in a sentence without the part.
  public var message: String
}
