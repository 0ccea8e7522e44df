import TenantStore
import Terminal

/// A screen that is a form: how keys move in it is the same wherever a tenant's fields are filled in.
protocol FormScreen: Screen {
  var form: Form { get set }
  /// Of the write that its review sends.
  var requestID: RequestID { get set }
  /// Its dealings with what is kept of it.
  var draft: DraftKeeper { get set }
  /// What is to be kept; nil where nothing is.
  var drafted: Draft? { get }
  /// Every row is right: look over what was typed.
  mutating func review(_ turn: inout Turn)
  /// Something was typed or chosen.
  mutating func edited(_ turn: inout Turn)
  /// Offers what the form can be filled in from.
  mutating func offerTemplates(_ turn: inout Turn)
}

extension FormScreen {
  var place: Place { form.picker == nil ? .form : .picker }
  var hasChanges: Bool { form.isTouched }
  var drafted: Draft? { nil }
  var closing: [Effect] { draft.closing(drafted?.text) }

  mutating func opened(_ turn: inout Turn) {
    turn.wantsCatalogues = true
    draft.open(&turn)
  }

  mutating func closed(_ turn: inout Turn) { turn.effects += closing }

  mutating func type(_ key: Key, _ turn: inout Turn) -> Bool {
    guard form.type(key) else { return false }
    changed(&turn)
    return true
  }

  private mutating func changed(_ turn: inout Turn) {
    edited(&turn)
    draft.edited(&turn)
  }

  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) { keepDraft(alarm, &turn) }

  /// Keeps what was typed, where it is time to.
  mutating func keepDraft(_ alarm: Alarm, _ turn: inout Turn) {
    guard draft.isTime(alarm), let name = draft.name, let drafted else { return }
    turn.effects.append(.keepDraft(name, drafted.text))
  }

  mutating func took(_ news: DraftNews, of name: DraftName, _ turn: inout Turn) -> Bool {
    guard name == draft.name else { return false }
    if let found = draft.took(news, isTouched: hasChanges, &turn) { turn.push(DraftDialog(found)) }
    return true
  }

  mutating func offerTemplates(_ turn: inout Turn) { turn.say("there is nothing to fill this form in from") }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    if form.picker != nil {
      pick(action, &turn)
      return
    }
    switch action {
    case .move(.up), .dialog(.previousField): form.moveFocus(by: -1)
    case .move(.down), .dialog(.nextField): form.moveFocus(by: 1)
    case .dialog(.press): press(&turn)
    case .dialog(.review): startReview(&turn)
    case .dialog(.fillIn): offerTemplates(&turn)
    case .move(.pageUp): form.movePage(by: -1)
    case .move(.pageDown): form.movePage(by: 1)
    case .dialog(.back), .dialog(.leave):
      if hasChanges { turn.push(LeaveDialog(isKept: draft.isKeeping)) } else { turn.pop() }
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  private mutating func press(_ turn: inout Turn) {
    switch form.focused.editor {
    case .text, .lines, .fixed: form.moveFocus(by: 1)
    case .choice, .choices:
      guard let catalogues = turn.catalogues else {
        turn.say("the catalogues have not been read yet: try again", .warning)
        return
      }
      _ = form.openPicker(catalogues)
    case .button: startReview(&turn)
    }
  }

  private mutating func pick(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .move(let movement): form.picker?.move(by: movement.lines(ofPage: 10))
    case .dialog(.switchSide):
      if form.picker?.toggle() != true { turn.say("there is nothing to choose here") }
    case .dialog(.press):
      form.closePicker()
      if form.picker == nil { changed(&turn) } else { turn.say("nothing is selected: Esc cancels", .warning) }
    case .dialog(.back): form.picker = nil
    case .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  private mutating func startReview(_ turn: inout Turn) {
    guard form.checkAll() else {
      turn.say("not saved: a field is not right yet", .bad)
      return
    }
    review(&turn)
  }

  /// What became of a write whose values are in this form; everything typed stays. Answers what was saved, else says why not.
  /// The request id is renewed where it was used up.
  mutating func ended(_ ending: Write.Ending, _ doing: String, _ turn: inout Turn) -> Written? {
    switch ending {
    case .written(let written, let lost):
      switch written.outcome {
      case .saved:
        if let lost { turn.say(Words.didCommit(lost, written), .good) }
        return written
      case .stale, .gone, .refused:
        // Their outcome is recorded under this id for good.
        requestID = turn.seeds.requestID()
        return written
      }
    case .problem(let problem):
      if form.show(problem) {
        turn.say("not saved: the server refused a field", .bad)
      } else {
        turn.say(.field(problem), while: doing)
      }
    case .failed(let error):
      if error == .requestReused { requestID = turn.seeds.requestID() }
      turn.say(Words.ofWrite(error, while: doing), .bad)
    case .never(let sent):
      requestID = turn.seeds.requestID()
      turn.say(Words.didNot(sent, "everything you typed is here, save again"), .warning)
    }
    return nil
  }
}
