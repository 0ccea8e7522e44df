import TenantStore
import Terminal

/// Where the plain console's lines come from and go to.
public protocol PlainLines: AnyObject {
  /// The next line that was typed, as it came, without its end; nil: there are no more. Whatever was said is out by then.
  func next() -> [UInt8]?
  /// Says a line.
  func say(_ line: SafeText)
  /// Lets out what was said: the next thing may take its time.
  func flush()
}

/// The console as lines of text, for screen readers, pipes and terminals that cannot move their cursor: a numbered menu
/// instead of a screen. Everything is said in words and in order, nothing is ever taken back, and no code but the end of
/// a line is sent. The same requests, rules and words as on the screen; each request waits for its answer.
public struct PlainConsole {
  /// Why a question got no answer.
  enum Stop: Error {
    /// A single dot: nothing is changed, back to the menu.
    case givenUp
    /// Leave the console.
    case quit
    case inputEnded
  }

  let store: Store
  let lines: any PlainLines
  let session: Session
  let resources: (ResourceTask, @escaping (ResourceReport) -> Void) -> Void
  var list = PlainList()

  /// Talks until the person leaves or the input ends. Throws where not even the first question could be answered; what
  /// goes wrong later is said, and the person goes on.
  /// Answers false where the database has no schema or the person no role: said, too.
  /// `environment` is what the person's configuration calls the place; `resources` does, and reports on, what is to be done about
  /// a tenant's resources, before it returns.
  public static func run(
    _ store: Store, _ lines: any PlainLines, environment: String? = nil,
    resources: @escaping (ResourceTask, @escaping (ResourceReport) -> Void) -> Void
  ) throws(StoreError) -> Bool {
    guard case .session(let found) = try store.answer(to: .session) else {
      preconditionFailure("a session is answered by .session")
    }
    let (session, problem) = found.expected(to: environment)
    var console = PlainConsole(store: store, lines: lines, session: session, resources: resources)
    defer { lines.flush() }
    guard console.greet() else { return false }
    if let problem { console.say("Warning: \(problem).") }
    do throws(Stop) { try console.talk() } catch {
      console.say(error == .inputEnded ? "The input has ended. Goodbye." : "Goodbye.")
    }
    return true
  }

  /// Who and where, as the server says. False: there is nothing to be done here.
  private func greet() -> Bool {
    let state = session.readOnly ? "standby or read-only" : "primary"
    say("Landlord, plain console.")
    say(
      "Connected to \(session.database) on \(session.host) as \(session.user) (\(session.role)), \(state)."
    )
    if let environment = session.environment {
      say("Environment: \(session.isProduction ? environment.uppercased() : environment).")
    }
    if session.bypassesPolicies { say("Warning: \(session.user) bypasses the policies of the database.") }
    switch session.schema {
    case .current: break
    case .absent: say("This database has no landlord schema. Run: landlord migrate")
    case .behind: say("The landlord schema here is older than this program. Run: landlord migrate")
    case .foreign(let why): say("This program does not know the landlord schema here: \(why)")
    }
    guard session.schema == .current else { return false }
    guard session.right > .none else {
      say("\(session.user) has no landlord role in this database: ask for landlord_support.")
      return false
    }
    return true
  }

  private enum Deed: String, PlainChoice {
    case list, find, next, open, onboard, help, quit

    var help: String {
      switch self {
      case .list: "the tenants from the first on"
      case .find: "tenants by words, for example: find acme state:active"
      case .next: "the next page of the list"
      case .open: "one tenant, by its number in the list, its site id or its id, for example: open 2"
      case .onboard: "a new tenant"
      case .help: "these choices again"
      case .quit: "leave"
      }
    }
  }

  private mutating func talk() throws(Stop) {
    explain(Deed.self)
    say("Anywhere in a question, a single dot gives up and changes nothing.")
    while true {
      let (deed, rest) = try choose(Deed.self, "Main menu")
      do throws(Stop) {
        switch deed {
        case .list: show(Filter())
        case .find: try find(rest)
        case .next: showNext()
        case .open: try open(rest)
        case .onboard: try onboard()
        case .help: explain(Deed.self)
        case .quit: throw .quit
        }
      } catch {
        guard error == .givenUp else { throw error }
        say("Given up; nothing was changed.")
      }
    }
  }
}
