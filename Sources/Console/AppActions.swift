import TenantStore
import Terminal

/// What concerns the console as a whole, whatever screen is on top.
extension App {
  mutating func perform(_ action: AppAction) -> [Effect] {
    switch action {
    case .copy: return copy(clippings.first)
    case .copyMenu:
      let clippings = clippings
      guard !clippings.isEmpty else { return say("nothing to copy here", .warning) }
      return push(CopyMenu(clippings))
    case .explain:
      guard let explanation = stack[stack.count - 1].explanation else { return say("nothing is behind this") }
      return push(explanation.page)
    case .commandLine: return push(CommandLine(choices, options.themes, options.connections))
    case .palette:
      return push(
        Palette(
          choices + Choice.themes(options.themes) + Choice.connections(options.connections)
            + options.views.map(Choice.view)))
    case .themes:
      guard options.themes.count > 1 else {
        return say(SafeText("\(theme.name) is the only theme this terminal can show"), .warning)
      }
      return push(ThemePicker(options.themes.map(\.theme), now: theme))
    case .mouse:
      mouse.isOn.toggle()
      return say(
        mouse.isOn
          ? "mouse on: click, double click, wheel; selecting text takes Shift; m turns it off"
          : "mouse off: the terminal selects text again") + [.useMouse(mouse.isOn)]
    case .spell:
      guard let tenant = stack[stack.count - 1].subject else { return [] }
      guard let page = HiddenCharacters.page(of: tenant) else {
        return say(SafeText("\(tenant.siteID) has no hidden characters"))
      }
      return push(page)
    case .undo:
      var turn = newTurn()
      turn.send(.lastOwnChange, insteadOf: &undoing)
      return take(turn, at: stack.count - 1)
    case .help: return turn(at: stack.count - 1) { $1.push(KeysScreen($0.place, $1.keymap)) }
    case .repaint: return [.repaint]
    case .background: return [.suspend]
    case .interrupt: return interrupt(again: false)
    }
  }

  /// Does what was chosen in a box that is closed now, on the screen that was below it.
  mutating func perform(_ command: Command) -> [Effect] {
    switch command {
    case .meaning(let meaning):
      guard let binding = keymap.bindings(in: top).first(where: { $0.meaning == meaning }) else {
        return say(SafeText("\(meaning.word) is not possible here"), .warning)
      }
      return perform(binding, calledBy: meaning.word)
    case .copy(let clipping): return copy(clipping)
    case .theme(let theme):
      self.theme = theme
      return say(SafeText("theme \(theme.name)")) + [.useTheme(theme)]
    case .filter(let text):
      return close(from: 1)
        + turn(at: 0) { screen, turn in
          guard var list = screen as? ListScreen else { return }
          list.show(text, &turn)
          screen = list
        }
    case .view(let view):
      return close(from: 1) + turn(at: 0) { $0.returned(.list(.view(view)), &$1) }
    case .open(let name):
      var turn = newTurn()
      let reference = TenantID(name).map(TenantReference.id) ?? .siteID(name)
      if let old = opening?.ticket { turn.effects.append(.cancel(old)) }
      opening = (turn.send(.tenant(reference)), name)
      return take(turn, at: 0)
    case .show(let tenant): return push(DetailScreen(tenant))
    case .travel(let moment):
      return close(from: 1)
        + turn(at: 0) { screen, turn in
          guard var list = screen as? ListScreen else { return }
          list.travel(to: moment, &turn)
          screen = list
        }
    case .onboard(let path): return close(from: 1) + onboard(from: path)
    case .connect(let name): return [.connect(name)]
    case .quit: return [.quit(0)]
    }
  }

  /// The form that names the file, and above it what was found in it.
  private mutating func onboard(from path: String) -> [Effect] {
    if let refusal = Keymap.past(Keymap.mayNotChange)(situation) {
      var turn = newTurn()
      turn.refuse(.screen(.list(.onboardMany)), refusal, calledBy: "onboard", on: nil)
      return take(turn, at: 0)
    }
    return turn(at: 0) { _, turn in
      turn.push(IntakeForm(path, &turn))
      turn.push(IntakeScreen(path, reason: nil))
    }
  }

  /// The tenant that was asked for by its name has come, or there is none.
  mutating func opened(_ result: Result<Answer, StoreError>) -> [Effect] {
    let name = opening?.name ?? ""
    opening = nil
    switch result {
    case .success(.tenant(let tenant?)): return push(DetailScreen(tenant))
    case .success(.tenant(nil)): return say(SafeText("there is no tenant \(name)"), .warning)
    case .success: preconditionFailure("a tenant is answered by .tenant")
    case .failure(let error):
      var turn = newTurn()
      turn.say(error, while: "opening \(name)")
      return take(turn, at: 0)
    }
  }

  /// The person's own last change has come: what undoes it begins, each with its own questions.
  mutating func undo(_ result: Result<Answer, StoreError>) -> [Effect] {
    undoing = nil
    guard case .success(.version(let found)) = result else {
      guard case .failure(let error) = result else {
        preconditionFailure("a version is answered by .version")
      }
      var turn = newTurn()
      turn.say(error, while: "looking for your last change")
      return take(turn, at: stack.count - 1)
    }
    guard let found else { return say("there is no change of yours to undo") }
    guard let before = found.before else {
      return say(
        SafeText(
          "your last change onboarded \(found.tenant.siteID): that is not undone, but x d deactivates it"),
        .warning)
    }
    return turn(at: stack.count - 1) { _, turn in
      let (then, now) = (before.state, found.tenant.state)
      guard then == now else {
        guard let change = StateChange(undoing: then, now) else {
          return turn.say(
            SafeText("your last change made \(found.tenant.siteID) \(now.rawValue): x changes that"), .warning
          )
        }
        return turn.push(TransitionDialog(change, found.tenant, &turn))
      }
      let fields = TenantField.allCases.filter { !before[$0].sameBytes(as: found.tenant[$0]) }
      turn.push(
        EditScreen(
          found.tenant, putting: Dictionary(uniqueKeysWithValues: fields.map { ($0, before[$0]) }),
          reason: "undo of entry \(found.entryID)", &turn))
    }
  }

  /// What can be copied from the screen on top, the most likely first.
  var clippings: [Clipping] {
    let screen = stack[stack.count - 1]
    return screen.clippings + (screen.subject.map { Clipping.all(of: $0, as: options.tenantForms) } ?? [])
  }

  /// What can be done on the screen on top, by name.
  private var choices: [Choice] { Choice.actions(in: top, keymap, situation) }

  private mutating func copy(_ clipping: Clipping?) -> [Effect] {
    guard let clipping else { return say("nothing to copy here", .warning) }
    return say(clipping.notice) + [.copy(clipping.text)]
  }

  private mutating func push(_ screen: any Screen) -> [Effect] {
    turn(at: stack.count - 1) { $1.push(screen) }
  }

  private mutating func say(_ text: SafeText, _ role: Role = .text) -> [Effect] {
    status = Status(text: text, role: role)
    return []
  }
}
