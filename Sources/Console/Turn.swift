import TenantStore
import Terminal

/// What a screen knows and may ask for while it handles one event. Lives for that event only.
struct Turn {
  /// Changes of the stack of screens, carried out in order when the screen is done.
  enum Move {
    case push(any Screen)
    /// Close the top screen and tell the one below what came of it.
    case pop(News)
    /// Put another screen where the top one is.
    case replace(any Screen)
    /// Close the top screen, and do this where it was opened from.
    case finish(Command)
  }

  let now: Instant
  let size: Size
  let session: Session?
  let catalogues: Catalogues?
  let keymap: Keymap
  /// The person's own views.
  let views: [SavedView]
  /// The forms in which tenants can be exported.
  let forms: [TenantForm]
  /// Events of the audit as lines of a file.
  let eventLines: @Sendable ([AuditEvent]) -> String
  var seeds: any Seeds
  var nextTicket: UInt64
  var effects: [Effect] = []
  var moves: [Move] = []
  var status: Status?
  /// The catalogues may have changed: read them again.
  var wantsCatalogues = false

  /// Lines a full screen has for itself: all but header, status and footer.
  var bodyLines: Int { Chrome.bodyLines(size) }

  /// Sends a request. For a read, asks for a wake-up to say that it is slow.
  mutating func send(_ request: Request) -> Ticket {
    let ticket = Ticket(nextTicket)
    nextTicket += 1
    effects.append(.send(request, ticket))
    effects.append(.wakeAfter(milliseconds: 1000, .slow(ticket)))
    return ticket
  }

  /// Sends a request and replaces `ticket` by its ticket, giving up on the earlier one.
  mutating func send(_ request: Request, insteadOf ticket: inout Ticket?) {
    cancel(&ticket)
    ticket = send(request)
  }

  mutating func cancel(_ ticket: inout Ticket?) {
    guard let old = ticket else { return }
    effects.append(.cancel(old))
    ticket = nil
  }

  /// Proves the audit of a tenant or of everybody; asks for a wake-up to show how long it takes.
  mutating func verify(_ tenant: TenantID?) -> Ticket {
    let ticket = Ticket(nextTicket)
    nextTicket += 1
    effects.append(.verify(tenant, ticket))
    effects.append(.wakeAfter(milliseconds: 1000, .slow(ticket)))
    return ticket
  }

  /// Has a thread do something with a file of tenants; asks for a wake-up to show how long it takes.
  mutating func intake(_ task: IntakeTask) -> Ticket {
    let ticket = Ticket(nextTicket)
    nextTicket += 1
    effects.append(.intake(task, ticket))
    effects.append(.wakeAfter(milliseconds: 1000, .slow(ticket)))
    return ticket
  }

  mutating func wake(after milliseconds: Int, _ alarm: Alarm) {
    effects.append(.wakeAfter(milliseconds: milliseconds, alarm))
  }

  mutating func push(_ screen: any Screen) { moves.append(.push(screen)) }
  mutating func pop(_ news: News = .nothing) { moves.append(.pop(news)) }
  mutating func replace(_ screen: any Screen) { moves.append(.replace(screen)) }
  mutating func finish(_ command: Command) { moves.append(.finish(command)) }
  mutating func say(_ text: SafeText, _ role: Role = .text) { status = Status(text: text, role: role) }
  mutating func say(_ error: StoreError, while doing: String) {
    guard let text = Words.of(error, while: doing) else { return }
    say(text, .bad)
  }
}

/// The one line above the footer.
struct Status: Equatable, Sendable {
  var text: SafeText
  var role: Role
}

/// What the screen below hears when the one above it closes.
enum News {
  case nothing
  /// This tenant was changed or made; here it is as it is now.
  case changed(Tenant)
  /// What became of a write that was reviewed.
  case ended(Write.Ending)
  /// A stale edit was merged: the tenant as others left it, and the fields to write on top.
  case merged(base: Tenant, mine: [TenantField: FieldValue])
  /// An action was chosen from a menu.
  case chosen(LifecycleAction)
  /// A question was answered with yes.
  case agreed
  /// The draft to go on with; nil: it is thrown away.
  case draft(Draft?)
  /// What a form is to be filled in from.
  case template(Template)
  /// What is to be done with a file of tenants.
  case intake(IntakeTask)
  /// A finding of the doctor's was put right.
  case mended
  /// What was chosen for the list.
  case list(ListNews)
}

/// What the list hears from its boxes.
enum ListNews {
  case sort(Sort)
  case arrange(Arrangement)
  /// Show the list like this.
  case view(SavedView)
  /// A bulk has ended: it was done to these.
  case done([TenantID])
}
