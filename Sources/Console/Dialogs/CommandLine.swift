import TenantStore
import Terminal

/// A line for commands: the names of the actions, and some that take a word or more.
struct CommandLine: Screen {
  /// Commands that are followed by a text.
  private enum Verb: String, CaseIterable {
    case filter, open, onboard, at, theme, connect

    var argument: String {
      switch self {
      case .filter: "WORDS"
      case .open: "SITE-ID"
      case .onboard: "FILE"
      case .at: "TIME"
      case .theme, .connect: "NAME"
      }
    }

    var words: String {
      switch self {
      case .filter: "the list under this filter: words, state:active"
      case .open: "the tenant with this site id or id"
      case .onboard: "onboard many from a CSV file"
      case .at: "the list as it was: 2026-11-01, 2026-11-01T09:30:00Z, 12h, 7d"
      case .theme: "how the console looks"
      case .connect: "another database"
      }
    }
  }

  private let actions: [Choice]
  private let themes: [ThemeOffer]
  private let connections: [String]
  private var field = TextField()
  private var choices: [Choice] = []
  private var menu = Menu(count: 0)

  let place = Place.prompt
  let isBox = true

  init(_ actions: [Choice], _ themes: [ThemeOffer], _ connections: [String]) {
    self.themes = themes
    self.connections = connections
    let verbs = Verb.allCases.map {
      Choice(name: $0.rawValue + " ", argument: $0.argument, words: $0.words, command: .quit)
    }
    self.actions =
      actions + verbs + [Choice(name: "quit", words: "leave the console", command: .quit)]
    renew()
  }

  mutating func type(_ key: Key, _ turn: inout Turn) -> Bool {
    guard field.take(key) else { return false }
    renew()
    return true
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    if menu.act(action) { return }
    switch action {
    case .dialog(.nextField): complete()
    case .dialog(.press): press(&turn)
    case .dialog(.back): turn.pop()
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  mutating func clicked(_ line: Int, isDouble: Bool, _ turn: inout Turn) {
    guard line > 0, menu.select(line - 1 + visible(turn.bodyLines).lowerBound), isDouble else { return }
    complete()
  }

  private func visible(_ lines: Int) -> Range<Int> { menu.visible(max(1, min(12, lines - 3))) }

  private mutating func renew() {
    let typed = field.text.lowercased()
    if typed.hasPrefix("theme ") {
      choices = Choice.themes(themes).filter { $0.name.hasPrefix(typed) }
    } else if typed.hasPrefix("connect ") {
      choices = Choice.connections(connections).filter { $0.name.hasPrefix(typed) }
    } else {
      choices = actions.filter { $0.name.hasPrefix(typed) }
    }
    menu.renew(count: choices.count)
  }

  /// Writes out the choice that has the focus.
  private mutating func complete() {
    guard choices.indices.contains(menu.selected) else { return }
    field.replace(with: choices[menu.selected].name)
    renew()
  }

  private mutating func press(_ turn: inout Turn) {
    let typed = Form.trimmed(field.text)
    if let command = verb(typed, turn.now) { return turn.finish(command) }
    // A verb without its text is not complete: writing it out is the next step.
    let possible = choices.filter { $0.name == typed || choices.count == 1 || menu.selected > 0 }
    guard let choice = possible.first(where: { $0.name == typed }) ?? chosen(possible) else {
      return turn.say(
        choices.isEmpty
          ? "no command begins like this: Esc leaves, ? lists the keys" : "which one? Tab writes it out",
        .warning)
    }
    if choice.name.hasSuffix(" ") { return complete() }
    turn.finish(choice.command)
  }

  private func chosen(_ possible: [Choice]) -> Choice? {
    possible.isEmpty || !choices.indices.contains(menu.selected) ? nil : choices[menu.selected]
  }

  /// A verb and its text; nil for anything else.
  private func verb(_ typed: String, _ now: Instant) -> Command? {
    guard let blank = typed.firstIndex(of: " "), let verb = Verb(rawValue: String(typed[..<blank])) else {
      return nil
    }
    let text = Form.trimmed(String(typed[blank...]))
    switch verb {
    case .filter: return .filter(text)
    case .open: return .open(text)
    case .onboard: return .onboard(text)
    case .at: return Instant(typed: text, now: now).map { .travel($0) }
    case .theme: return themes.first { $0.name == text }.map { .theme($0.theme) }
    case .connect: return connections.contains(text) ? .connect(text) : nil
    }
  }

  func view(_ look: Look) -> Body {
    let width = min(70, look.columns - 4)
    let (typed, cursor) = field.view(columns: width - 2, focused: true)
    var lines = [Line([Span(": ", .heading), typed])]
    for place in visible(look.lines) {
      lines.append(menu.line(place, choices[place].spans(columns: width - 2)))
    }
    if choices.isEmpty { lines.append(Line("  (Enter does it)", .faint)) }
    return Box.framed(lines, title: "COMMAND", width: width, cursor: Point(line: 0, column: 2 + cursor))
  }
}

extension Choice {
  /// Name, words, and at the right edge the key or why it is not possible.
  func spans(columns: Int) -> [Span] {
    let right = SafeText(key ?? "")
    let nameColumns = min(18, max(8, columns / 3))
    let room = max(0, columns - nameColumns - right.width - 1)
    return [
      Span(SafeText(name + argument), refusal == nil ? .text : .faint, columns: nameColumns),
      Span(SafeText(refusal?.words ?? words), refusal == nil ? .faint : .warning, columns: room),
      Span(" "), Span(right, .key),
    ]
  }
}
