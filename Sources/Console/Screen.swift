import TenantStore
import Terminal

/// One screen or dialog: a value that takes actions, keys for its fields, and answers, and says how it looks.
protocol Screen: Sendable {
  /// Where in `Keymap` its keys are found.
  var place: Place { get }
  /// Drawn over the screen below rather than instead of it.
  var isBox: Bool { get }
  /// The reads it waits for: given up when it closes.
  var reading: [Ticket] { get }
  /// What is to be done at the last, when the console ends.
  var closing: [Effect] { get }
  /// Its own change whose outcome is not known yet.
  var write: Write? { get }
  /// A change of its own is under way; it cannot be left.
  var isWriting: Bool { get }
  /// What to look at for one who leaves the console while a change is under way; nil: nothing of its own.
  var parting: String? { get }
  /// The tenant that its keys would act on.
  var subject: Tenant? { get }
  /// The screen's title and what it waits for need no more than this to be drawn; true where something was typed that leaving would lose.
  var hasChanges: Bool { get }
  /// It shows what was: nothing of it can be changed there.
  var isPast: Bool { get }
  /// What can be copied from it before what its subject has to give, the most likely first.
  var clippings: [Clipping] { get }
  /// What the line above the footer says while nothing newer is to be said.
  var standing: Status? { get }
  /// How to get what it shows without the console; nil where there is no other way.
  var explanation: Explanation? { get }

  mutating func opened(_ turn: inout Turn)
  /// The server has said who we are to it, for the first time or after the line was lost.
  mutating func connected(_ turn: inout Turn)
  /// Takes a key for the field that has the focus. False: no field wants it, look it up in the keymap.
  mutating func type(_ key: Key, _ turn: inout Turn) -> Bool
  mutating func act(_ action: Action, _ turn: inout Turn)
  /// True when the answer was this screen's.
  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool
  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn)
  /// True when the draft is this screen's.
  mutating func took(_ news: DraftNews, of name: DraftName, _ turn: inout Turn) -> Bool
  /// The screen above closed.
  mutating func returned(_ news: News, _ turn: inout Turn)
  /// What it shows is on the screen now.
  mutating func painted()
  mutating func resized(_ turn: inout Turn)
  /// It closes, for whatever reason: what is still to be sent.
  mutating func closed(_ turn: inout Turn)
  /// What became of the file that it had written.
  mutating func exported(_ exported: Exported, _ turn: inout Turn)
  /// What became of what a thread does about tenants' resources, whoever had it do that; a failure was said.
  mutating func reported(_ report: ResourceReport, _ turn: inout Turn)
  /// The mouse was pressed on this line of its body; `isDouble` the second time in a row.
  mutating func clicked(_ line: Int, isDouble: Bool, _ turn: inout Turn)
  /// Its lines: a full screen's from the line under the header, a box's own.
  func view(_ look: Look) -> Body
}

extension Screen {
  var isBox: Bool { false }
  var reading: [Ticket] { [] }
  var closing: [Effect] { [] }
  var write: Write? { nil }
  var isWriting: Bool { write != nil }
  var parting: String? { write?.parting }
  var subject: Tenant? { nil }
  var hasChanges: Bool { false }
  var isPast: Bool { false }
  var clippings: [Clipping] { [] }
  var standing: Status? { nil }
  var explanation: Explanation? { nil }

  mutating func opened(_ turn: inout Turn) {}
  mutating func connected(_ turn: inout Turn) {}
  mutating func type(_ key: Key, _ turn: inout Turn) -> Bool { false }
  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    false
  }
  mutating func alarm(_ alarm: Alarm, _ turn: inout Turn) {}
  mutating func took(_ news: DraftNews, of name: DraftName, _ turn: inout Turn) -> Bool { false }
  mutating func returned(_ news: News, _ turn: inout Turn) {}
  mutating func painted() {}
  mutating func resized(_ turn: inout Turn) {}
  mutating func closed(_ turn: inout Turn) {}
  mutating func exported(_ exported: Exported, _ turn: inout Turn) {}
  mutating func reported(_ report: ResourceReport, _ turn: inout Turn) {}
  mutating func clicked(_ line: Int, isDouble: Bool, _ turn: inout Turn) {}
}

/// What a screen may look at while it is drawn.
struct Look {
  /// The space for it.
  var columns: Int
  var lines: Int
  var session: Session?
  var catalogues: Catalogues?
  /// Requests that have been on their way for more than a second.
  var slow: [Ticket: Instant]
  var keymap: Keymap
  /// What the verifications of this session came to, the newest of each tenant and of all.
  var verifications: [Verified]
  var now: Instant

  func isSlow(_ ticket: Ticket?) -> Bool { since(ticket) != nil }

  /// How long a request has been on its way that is slow: "0:03"; empty for one that is not.
  func waited(_ ticket: Ticket?) -> SafeText {
    since(ticket).map { Progress(started: $0).words(at: now) } ?? ""
  }

  private func since(_ ticket: Ticket?) -> Instant? { ticket.flatMap { slow[$0] } }
}

/// What a screen looks like, in its own coordinates.
struct Body {
  var lines: [Line]
  /// The place of the focus.
  var cursor: Point?

  init(_ lines: [Line], cursor: Point? = nil) {
    self.lines = lines
    self.cursor = cursor
  }
}
