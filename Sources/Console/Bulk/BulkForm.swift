import TenantStore
import Terminal

/// What a bulk needs to be told: its value, where it takes one, and the reason.
struct BulkForm: FormScreen {
  var form: Form
  var requestID: RequestID
  var draft = DraftKeeper(nil, nil)
  private let kind: BulkKind
  private let tenants: BulkTenants

  init(_ kind: BulkKind, _ tenants: BulkTenants, _ turn: inout Turn) {
    self.kind = kind
    self.tenants = tenants
    requestID = turn.seeds.requestID()
    var rows: [Form.Row] = []
    switch kind.field {
    case .allowedOrigins?: rows.append(Form.Row(.tenant(.allowedOrigins), "Origin", .lines(LinesField())))
    case .permissions?: rows.append(Form.Row(.tenant(.permissions), "Permission", .choice("")))
    case .industry?: rows.append(Form.Row(.tenant(.industry), "Industry", .choice("")))
    case .siteID?, .name?, .contactEmail?, .websiteURL?, nil: break
    }
    rows.append(Form.Row(.reason, "Reason", .text(TextField())))
    rows.append(Form.Row(.save, "", .button("[ look at what it touches ]")))
    form = Form(rows, judgesUntouched: true)
  }

  mutating func edited(_ turn: inout Turn) {}

  mutating func review(_ turn: inout Turn) {
    let value = self.value
    if let field = kind.field, value == nil {
      form.change(.tenant(field)) { $0.problem = "exactly one, please" }
      form.focus(on: .tenant(field))
      return
    }
    guard !form.reason.isEmpty else {
      form.change(.reason) { $0.problem = "say why first: it stands in the audit of each tenant" }
      form.focus(on: .reason)
      return
    }
    // Each look is for one bulk: what was typed may have changed since the last one.
    requestID = turn.seeds.requestID()
    let bulk = Bulk(
      id: requestID, change: kind.change(value ?? ""), tenants: tenants.ids, reason: form.reason)
    turn.push(BulkReview(bulk, tenants))
  }

  mutating func returned(_ news: News, _ turn: inout Turn) {
    switch news {
    case .agreed: turn.pop()
    // The bulk is through: back to the list.
    case .list: turn.pop(news)
    case .nothing, .changed, .ended, .merged, .chosen, .mended, .draft, .template, .intake: break
    }
  }

  /// The one value that was given; nil: none, or several.
  private var value: String? {
    switch kind.field.flatMap({ form.value($0) }) {
    case .text(let text)?: text.isEmpty ? nil : text
    case .list(let list)?: list.count == 1 && !list[0].isEmpty ? list[0] : nil
    case .absent?, nil: nil
    }
  }

  func view(_ look: Look) -> Body {
    form.view(
      title: Line([
        Span(" "), Span(SafeText("\(kind.words): \(tenants.words)"), .heading),
        Span("   Ctrl-o looks at what it touches; nothing is changed before that", .faint),
      ]), look)
  }
}
