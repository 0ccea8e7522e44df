import TenantStore
import Terminal

/// What can be chosen from a menu: by its number, or by its word.
protocol PlainChoice: RawRepresentable<String>, CaseIterable, Equatable {
  /// What it does, for the menu.
  var help: String { get }
}

/// Saying and asking.
extension PlainConsole {
  /// Says a line of ours, or one with values in it: cleaned here.
  func say(_ text: String) { lines.say(SafeText(text)) }

  /// A value as it is said: what is absent or empty in words, hidden characters counted.
  func spoken(_ value: String?) -> String { spoken(Shown(value)) }

  func spoken(_ value: Shown) -> String { value.text.text + (value.badge?.text ?? "") }

  /// The next line. What is no text is refused and asked for again.
  func read() throws(Stop) -> String {
    while true {
      guard let bytes = lines.next() else { throw .inputEnded }
      if let text = String(validating: bytes, as: UTF8.self) { return text }
      say("That line is not UTF-8 text. Type it again.")
    }
  }

  /// The answer to a question, without the blanks around it. A single dot gives up.
  func ask(_ question: String) throws(Stop) -> String {
    say(question)
    let answer = Form.trimmed(try read())
    if answer == "." { throw .givenUp }
    return answer
  }

  func agree(_ question: String) throws(Stop) -> Bool {
    var question = question + " Type yes or no."
    while true {
      switch try ask(question).lowercased() {
      case "yes", "y": return true
      case "no", "n": return false
      default: question = "Type yes or no."
      }
    }
  }

  /// Lists a menu.
  func explain<Item: PlainChoice>(_: Item.Type) {
    say("Type a number or a word, then Enter:")
    for (place, choice) in Item.allCases.enumerated() {
      say("\(place + 1) \(choice.rawValue): \(choice.help)")
    }
  }

  /// What the person chooses, and what was typed after it. A dot is no choice of a menu.
  func choose<Item: PlainChoice>(_: Item.Type, _ title: String) throws(Stop) -> (Item, String) {
    let all = Array(Item.allCases)
    say("\(title), 1 to \(all.count) or help:")
    while true {
      let typed = Form.trimmed(try read())
      let parts = typed.unicodeScalars.split(separator: " ", maxSplits: 1)
      let word = parts.first.map { String($0).lowercased() } ?? ""
      if let number = Int(word), (1...all.count).contains(number) {
        return (all[number - 1], parts.count > 1 ? String(parts[1]) : "")
      }
      if let choice = Item(rawValue: word) { return (choice, parts.count > 1 ? String(parts[1]) : "") }
      say(
        typed.isEmpty
          ? "Nothing was typed. Type help for the choices."
          : "\"\(typed)\" is no choice here. Type a number from 1 to \(all.count) or a word; help lists them."
      )
    }
  }
}

/// Requests.
extension PlainConsole {
  /// The answer to a read; nil where there is none, which is said.
  func answer(to request: Request, while doing: String) -> Answer? {
    lines.flush()
    do throws(StoreError) { return try store.answer(to: request) } catch {
      if let words = Words.of(error, while: doing) { lines.say(words) }
      return nil
    }
  }

  /// What a write did; nil where nothing was changed, or nobody knows, which is said. `requestID` is renewed where it was
  /// used up; otherwise the same write may be sent again under it. `blamed` becomes the field that the server refused.
  func write(
    _ request: Request, while doing: String, _ requestID: inout RequestID, _ blamed: inout TenantField?
  ) -> Written? {
    blamed = nil
    lines.flush()
    do throws(StoreError) {
      let outcome = try store.outcome(of: request) {
        say("The line was lost and the outcome is unknown. Asking what became of it.")
        lines.flush()
      }
      switch outcome {
      case .written(let written, let wasUnknown):
        if wasUnknown && written.outcome == .saved { say("The line was lost, but it was carried out.") }
        if written.outcome != .saved { requestID = .random() }
        return written
      case .never:
        requestID = .random()
        say("It never arrived and nothing was changed. Try again.")
      case .unknown(let id):
        say("The outcome is still unknown. The request id is \(id).")
        say("When the server can be reached again, look at the tenant before you try again.")
      }
    } catch {
      if case .field(let problem) = error { blamed = problem.field }
      if error == .requestReused { requestID = .random() }
      if case .notPermitted(let what) = error {
        _ = try? store.answer(to: .noteRefusal(action: request.deed, tenant: request.tenantID, what: what))
      }
      lines.say(Words.ofWrite(error, while: doing))
    }
    return nil
  }
}
