import TenantStore
import Terminal

/// Rows of fields, one of which has the focus. Knows the rules of the fields; knows nothing of requests.
struct Form: Sendable {
  enum Key: Hashable, Sendable {
    case tenant(TenantField)
    /// The name of a file.
    case file
    /// Why the change is made: for the audit.
    case reason
    /// The button under the fields.
    case save
  }
  enum Editor: Equatable, Sendable {
    case text(TextField)
    case lines(LinesField)
    /// One name from a catalogue; empty: none yet.
    case choice(String)
    /// Several names from a catalogue, sorted.
    case choices([String])
    /// A value that is shown and cannot be changed.
    case fixed(Shown)
    case button(SafeText)
  }
  struct Row: Sendable {
    var key: Key
    var label: SafeText
    var editor: Editor
    /// What it held when the form was opened; a row that still holds it was not touched.
    var original: Editor
    /// What is wrong with it, said when it is left or by the server.
    var problem: SafeText?
    /// Something worth knowing about it, at its right.
    var note: Shown?
    /// Which page of the form it is on.
    fileprivate(set) var page = 0

    init(_ key: Key, _ label: SafeText, _ editor: Editor) {
      self.key = key
      self.label = label
      self.editor = editor
      original = editor
    }

    var isTouched: Bool {
      switch (editor, original) {
      // Where the cursor stands is no change.
      case (.text(let a), .text(let b)): a.scalars != b.scalars
      case (.lines(let a), .lines(let b)): FieldValue.list(a.entries) != .list(b.entries)
      case (.choice, _), (.choices, _), (.fixed, _), (.button, _), (.text, _), (.lines, _): editor != original
      }
    }
  }

  var rows: [Row]
  private(set) var focus: Int
  /// Open over the form while something is chosen.
  var picker: Picker?
  /// Rows that nobody touched are judged, too: not so for a tenant that exists, what is stored is not this person's doing.
  private let judgesUntouched: Bool
  /// The names of its pages; empty where there is but one. What is seen is the page of the row that has the focus.
  private(set) var pages: [SafeText] = []

  init(pages: [(name: SafeText, rows: [Row])], judgesUntouched: Bool) {
    var rows: [Row] = []
    for (place, page) in pages.enumerated() {
      rows += page.rows.map { row in
        var row = row
        row.page = place
        return row
      }
    }
    self.init(rows, judgesUntouched: judgesUntouched)
    self.pages = pages.map(\.name)
  }

  init(_ rows: [Row], judgesUntouched: Bool) {
    self.rows = rows
    self.judgesUntouched = judgesUntouched
    focus = rows.firstIndex { if case .fixed = $0.editor { false } else { true } } ?? 0
  }

  var focused: Row { rows[focus] }
  var isTouched: Bool { rows.contains(where: \.isTouched) }
  func row(_ key: Key) -> Row? { rows.first { $0.key == key } }

  mutating func change(_ key: Key, _ body: (inout Row) -> Void) {
    guard let place = rows.firstIndex(where: { $0.key == key }) else { return }
    body(&rows[place])
  }

  /// What the row holds, as it would be stored.
  func value(_ field: TenantField) -> FieldValue? {
    guard let row = row(.tenant(field)) else { return nil }
    switch row.editor {
    case .text(let text): return TenantRules.normalized(field, .text(text.text))
    case .lines(let lines): return TenantRules.normalized(field, .list(lines.entries))
    case .choice(let name): return field == .permissions ? .list(name.isEmpty ? [] : [name]) : .text(name)
    case .choices(let names): return .list(names)
    case .fixed, .button: return nil
    }
  }

  var reason: String {
    guard case .text(let text)? = row(.reason)?.editor else { return "" }
    return Form.trimmed(text.text)
  }

  /// Takes a key for the row that has the focus. False: not a key of its editor.
  mutating func type(_ key: Terminal.Key) -> Bool {
    if picker != nil { return picker!.type(key) }
    switch rows[focus].editor {
    case .text(var text):
      guard text.take(key) else { return false }
      rows[focus].editor = .text(text)
    case .lines(var lines):
      guard lines.take(key) else { return false }
      rows[focus].editor = .lines(lines)
    case .choice, .choices, .fixed, .button: return false
    }
    rows[focus].problem = nil
    return true
  }

  /// Moves the focus, round at the ends. The row that is left is checked.
  mutating func moveFocus(by step: Int) {
    check(focus)
    var next = focus
    repeat { next = (next + step + rows.count) % rows.count } while isFixed(next) && next != focus
    focus = next
    if case .lines(var lines) = rows[focus].editor {
      lines.enter(fromBelow: step < 0)
      rows[focus].editor = .lines(lines)
    }
  }

  /// To the first row of the page before or after; stays where there is none. The rows of the page that is left are checked.
  mutating func movePage(by step: Int) {
    let page = max(0, min(max(0, pages.count - 1), focused.page + step))
    guard page != focused.page,
      let next = rows.indices.first(where: { rows[$0].page == page && !isFixed($0) })
    else { return }
    for place in rows.indices where rows[place].page == focused.page { check(place) }
    focus = next
  }

  mutating func focus(on key: Key) {
    guard let place = rows.firstIndex(where: { $0.key == key }), !isFixed(place) else { return }
    picker = nil
    focus = place
  }

  /// Checks every row; the focus goes to the first that is wrong. True: all are right.
  mutating func checkAll() -> Bool {
    for place in rows.indices { check(place) }
    guard let wrong = rows.firstIndex(where: { $0.problem != nil }) else { return true }
    picker = nil
    focus = wrong
    return false
  }

  /// Puts the server's words on the field they are about. False: no row has it.
  mutating func show(_ problem: FieldProblem) -> Bool {
    guard let field = problem.field, row(.tenant(field)) != nil else { return false }
    change(.tenant(field)) {
      $0.problem = SafeText(problem.message)
      // What was found out before is not so any more.
      $0.note = nil
    }
    focus(on: .tenant(field))
    return true
  }

  /// Opens the list to choose from for the row that has the focus. False: it has none.
  mutating func openPicker(_ catalogues: Catalogues) -> Bool {
    switch rows[focus].editor {
    case .choice(let name):
      let items = rows[focus].key == .tenant(.permissions) ? catalogues.permissions : catalogues.industries
      picker = Picker(items, chosen: name.isEmpty ? [] : [name], several: false)
    case .choices(let names):
      picker = Picker(catalogues.permissions, chosen: Set(names), several: true)
    case .text, .lines, .fixed, .button: return false
    }
    return true
  }

  /// Takes what the picker holds into its row.
  mutating func closePicker() {
    guard let picker else { return }
    switch rows[focus].editor {
    case .choice:
      guard let name = picker.current else { return }
      rows[focus].editor = .choice(name)
    case .choices:
      rows[focus].editor = .choices(picker.chosen.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    case .text, .lines, .fixed, .button: break
    }
    self.picker = nil
    check(focus)
  }

  private func isFixed(_ place: Int) -> Bool {
    if case .fixed = rows[place].editor { true } else { false }
  }

  private mutating func check(_ place: Int) {
    guard case .tenant(let field) = rows[place].key, let value = value(field) else { return }
    let isJudged = judgesUntouched || rows[place].isTouched
    rows[place].problem = isJudged ? TenantRules.problem(in: field, value).map { SafeText($0.message) } : nil
  }

  static func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars.drop { $0.properties.isWhitespace }
    let kept = scalars.reversed().drop { $0.properties.isWhitespace }.reversed()
    var view = String.UnicodeScalarView()
    view.append(contentsOf: kept)
    return String(view)
  }
}
