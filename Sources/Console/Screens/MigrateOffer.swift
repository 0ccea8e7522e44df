import TenantStore
import Terminal

/// Shown when the database has no schema of ours, or not the one this program knows.
struct MigrateOffer: Screen {
  private enum Phase: Equatable {
    case offered
    case running(Progress)
    case failed(SafeText)
  }

  private let schema: Session.Schema
  private var phase = Phase.offered
  private var gate = Gate()

  let place = Place.migration
  var isWriting: Bool { if case .running = phase { true } else { false } }

  init(_ schema: Session.Schema) { self.schema = schema }

  mutating func painted() { gate.painted() }

  /// Why the migration could not be done.
  mutating func failed(_ why: String) { phase = .failed(SafeText(why)) }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .dialog(.confirm):
      if case .foreign = schema {
        return turn.say("this program cannot migrate a schema it does not know", .warning)
      }
      guard gate.isOpen else {
        return turn.say("not taken: it was typed before this was on the screen", .warning)
      }
      phase = .running(Progress(started: turn.now))
      turn.wake(after: 1000, .tick)
      turn.effects.append(.migrate)
    case .dialog(.leave):
      if isWriting {
        turn.say("the migration is running: wait for its end", .warning)
      } else {
        turn.effects.append(.quit(0))
      }
    case .dialog(.back):
      let isForeign = if case .foreign = schema { true } else { false }
      turn.say(
        isForeign
          ? "nothing can be shown of a schema that is not known: q quits"
          : "nothing can be shown without the schema: y migrates, q quits")
    // `App` asks for the session anew.
    case .page(.refresh): break
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  func view(_ look: Look) -> Body {
    var texts: [(String, Role)] = []
    switch schema {
    case .current: break
    case .absent:
      texts.append(("This database has no schema landlord yet.", .heading))
      texts.append(
        (
          "y makes it: tables, functions and the roles landlord_support, landlord_admin, landlord_auditor.",
          .text
        ))
    case .behind(let migrations):
      texts.append(("The schema landlord is older than this program. To be applied:", .heading))
      texts += migrations.map { ("- \($0)", .text) }
      texts.append(("y applies them, each in one transaction.", .text))
    case .foreign(let why):
      texts.append(("The schema landlord is not one this program knows:", .bad))
      texts.append((why, .text))
      texts.append(("Use the landlord that made it, or a newer one. Nothing is changed here.", .text))
    }
    switch phase {
    case .offered: break
    case .running(let progress): texts.append(("Migrating... \(progress.words(at: look.now).text)", .warning))
    case .failed(let why): texts.append(("It could not be done: \(why.text)", .bad))
    }
    var lines: [Line] = []
    for (text, role) in texts {
      lines += Box.paragraph(text, columns: look.columns - 2).map { Line([Span(" "), Span($0, role)]) }
    }
    return Body(lines, cursor: Point(line: 0, column: 1))
  }
}
