import TenantStore
import Terminal

/// One field of a diff.
struct Change: Sendable {
  var field: TenantField
  /// Each value that goes and each that comes, a list's entry by entry; what stays is not among them.
  var gone: [Shown]
  var new: [Shown]

  /// `old` nil: the tenant is new.
  init(_ field: TenantField, from old: FieldValue?, to new: FieldValue) {
    self.field = field
    let (before, after) = (old.map(Self.entries) ?? [], Self.entries(new))
    if case .list = new {
      gone = Self.missing(before, in: after).map { Shown($0, .removed) }
      self.new = Self.missing(after, in: before).map { Shown($0, .added) }
      // The same entries in another order.
      if gone.isEmpty, self.new.isEmpty, !before.isEmpty {
        gone = [Shown(before.compactMap { $0 }.joined(separator: ", "), .removed)]
        self.new = [Shown(after.compactMap { $0 }.joined(separator: ", "), .added)]
      }
      if after.isEmpty { self.new = [Shown(mark: "(none)")] }
    } else {
      gone = before.map { Shown($0, .removed) }
      self.new = after.map { Shown($0, .added) }
    }
  }

  /// The lines of the diff, nothing cut.
  func lines(columns: Int) -> [Line] {
    var lines = [Line([Span("  "), Span(Words.name(of: field), .heading)])]
    for (mark, role, values) in [("    - " as SafeText, Role.removed, gone), ("    + ", .added, new)] {
      for value in values {
        for (place, spans) in value.wrapped(columns: columns - 7).enumerated() {
          lines.append(Line([place == 0 ? Span(mark, role) : Span("", columns: 6)] + spans))
        }
      }
    }
    return lines
  }

  /// Entries of a value; an absent text is one entry that is nil.
  static func entries(_ value: FieldValue) -> [String?] {
    switch value {
    case .text(let text): [text]
    case .list(let list): list
    case .absent: [nil]
    }
  }

  static func missing(_ entries: [String?], in others: [String?]) -> [String?] {
    let others = Set(others.map { Array(($0 ?? "").utf8) })
    return entries.filter { !others.contains(Array(($0 ?? "").utf8)) }
  }
}

/// What a change of origins or permissions does, in numbers.
enum Touches {
  /// Empty where neither changes: then no reason is asked.
  static func of(_ changes: [TenantField: FieldValue], on tenant: Tenant) -> [SafeText] {
    var touches: [SafeText] = []
    if let new = changes[.allowedOrigins] {
      touches.append(
        sentence(tenant[.allowedOrigins], new, "origin", "no longer accepted", "accepted from now on"))
    }
    if let new = changes[.permissions] {
      touches.append(sentence(tenant[.permissions], new, "permission", "taken away", "given"))
    }
    return touches
  }

  private static func sentence(
    _ old: FieldValue, _ new: FieldValue, _ noun: String, _ ends: String, _ begins: String
  ) -> SafeText {
    let (before, after) = (Change.entries(old), Change.entries(new))
    let gone = Change.missing(before, in: after).count
    let come = Change.missing(after, in: before).count
    return SafeText(
      "\(Words.count(gone, noun)) \(ends), \(come) \(begins); \(after.count) in all afterwards.")
  }
}
