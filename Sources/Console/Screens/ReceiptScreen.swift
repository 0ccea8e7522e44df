import TenantStore
import Terminal

/// What was done, in five lines that can be pasted into a ticket.
struct Receipt: Sendable {
  enum Deed: Sendable {
    case onboarded, edited, suspended, resumed, deactivated, reactivated, purged

    /// How to undo it on the screen.
    var undo: String {
      switch self {
      case .onboarded: "x d (its site id is never given again)"
      case .edited: "u, or [ and z"
      case .suspended: "x e"
      case .resumed: "x s"
      case .deactivated: "x r, until its purge date"
      case .reactivated: "x d"
      case .purged: "nothing does"
      }
    }
  }
  /// Title and text of each line.
  let lines: [(title: SafeText, text: SafeText)]
  /// The tenant as the change left it; nil where it concerned none.
  let tenant: Tenant?

  /// The same as text. Cleaned, because it is pasted where other people read it.
  var text: String {
    lines.map { title, text in
      title.text + String(repeating: " ", count: max(1, 10 - title.width)) + text.text + "\n"
    }.joined()
  }

  /// Of what concerned no tenant.
  init(lines: [(title: SafeText, text: SafeText)]) {
    self.lines = lines
    tenant = nil
  }

  /// `undo` says how to undo it where the screen's keys are not there.
  init(
    _ deed: Deed, before: Tenant?, after: Tenant, _ written: Written, _ session: Session?, undo: String? = nil
  ) {
    tenant = after
    let fields =
      before.map { before in TenantField.allCases.filter { !before[$0].sameBytes(as: after[$0]) } } ?? []
    var change =
      before.map { "version \($0.version) -> \(after.version)" } ?? "nothing -> version \(after.version)"
    if let before, before.state != after.state {
      change += "; \(before.state.rawValue) -> \(after.state.rawValue)"
    }
    if let before, !fields.isEmpty {
      change += "; " + fields.map { Self.words($0, before[$0], after[$0]) }.joined(separator: "; ")
    }
    let place = session.map { "\($0.user) on \($0.host)/\($0.database)" } ?? ""
    let environment = session?.environment.map { " (\($0))" } ?? ""
    let audit = written.entryID.map { "entry \($0)" } ?? "no entry: nothing was different"
    lines = [
      ("What", SafeText("\(deed) \(after.siteID) (\(after.name))")),
      ("From, to", SafeText(change)),
      ("Who", SafeText(place + environment)),
      ("When", SafeText(after.updatedAt.utc)),
      ("Audit", SafeText("\(audit); to undo: \(undo ?? deed.undo)")),
    ]
  }

  /// Short values whole; a list or a long value by its size.
  private static func words(_ field: TenantField, _ old: FieldValue, _ new: FieldValue) -> String {
    let name = Words.name(of: field).text.lowercased()
    switch (old, new) {
    case (.list(let old), .list(let new)): return "\(name) \(old.count) -> \(new.count) entries"
    case (.text, _), (.list, _), (.absent, _): return "\(name) \(words(old)) -> \(words(new))"
    }
  }

  private static func words(_ value: FieldValue) -> String {
    switch value {
    case .text(let text): text
    case .list(let list): list.joined(separator: ", ")
    case .absent: "(not set)"
    }
  }
}

/// The receipt after each change.
struct ReceiptScreen: Screen {
  private let receipt: Receipt
  private let news: News

  let place = Place.receipt
  var subject: Tenant? { receipt.tenant }
  var clippings: [Clipping] { [Clipping(name: "receipt", text: receipt.text)] }

  /// The screen below hears `news` when this one is closed.
  init(_ receipt: Receipt, _ news: News) {
    self.receipt = receipt
    self.news = news
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .dialog(.press), .dialog(.back), .dialog(.leave): turn.pop(news)
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  func view(_ look: Look) -> Body {
    var lines = [Line(" Receipt", .heading), Line()]
    for (title, text) in receipt.lines {
      for (place, part) in Box.paragraph(text.text, columns: look.columns - 12).enumerated() {
        lines.append(Line([Span(" "), Span(place == 0 ? title : "", .heading, columns: 10), Span(part)]))
      }
    }
    return Body(lines, cursor: Point(line: 2, column: 1))
  }
}
