import TenantStore
import Terminal

/// Names a file of tenants, or one of results, and says why.
struct IntakeForm: FormScreen {
  var form: Form
  var requestID: RequestID
  var draft = DraftKeeper(nil, nil)

  /// `path`: what was named already; may be empty.
  init(_ path: String, _ turn: inout Turn) {
    requestID = turn.seeds.requestID()
    form = Form(
      [
        Form.Row(.file, "File", .text(TextField(path))), Form.Row(.reason, "Reason", .text(TextField())),
        Form.Row(.save, "", .button("[ look it over ]")),
      ], judgesUntouched: true)
  }

  mutating func edited(_ turn: inout Turn) {}

  mutating func review(_ turn: inout Turn) {
    guard case .text(let path)? = form.row(.file)?.editor, !path.isEmpty else {
      form.change(.file) { $0.problem = "name a file" }
      return form.focus(on: .file)
    }
    turn.push(IntakeScreen(path.text, reason: form.reason.isEmpty ? nil : form.reason))
  }

  mutating func returned(_ news: News, _ turn: inout Turn) {
    switch news {
    case .agreed: turn.pop()
    // Something was made or undone: back to the list.
    case .list: turn.pop(news)
    case .nothing, .changed, .ended, .merged, .chosen, .mended, .draft, .template, .intake: break
    }
  }

  func view(_ look: Look) -> Body {
    var body = form.view(
      title: Line([
        Span(" Onboard many from a file", .heading),
        Span("   Ctrl-o looks it over; nothing is made before that", .faint),
      ]), look)
    let hint =
      "CSV with the columns siteId, tenantName, contactEmail, businessIndustry, and if you like websiteUrl, "
      + "allowedOrigins, permissions. Or a file of results, to undo what it says was made."
    let lines = Box.paragraph(hint, columns: look.columns - 2).map { Line([Span(" "), Span($0, .faint)]) }
    if body.lines.count + lines.count < look.lines { body.lines += [Line()] + lines }
    return body
  }
}
