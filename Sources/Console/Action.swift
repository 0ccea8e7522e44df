/// What a key can mean. Screens see these, never the keys themselves (but for what is typed into a field).
enum Action: String, CaseIterable, Hashable, Sendable {
  case up, down, pageUp, pageDown, halfUp, halfDown, first, last
  /// Scroll the columns of a table.
  case columnsLeft, columnsRight
  case open
  /// One level back; never out.
  case back
  /// One level up, and from the list out.
  case leave
  case filter
  case onboard, edit, lifecycle, deactivate, reactivate
  case overview, doors, history
  /// Refresh.
  case refresh
  case nextField, previousField
  /// Open a picker, or press the button that has the focus.
  case press
  /// Look over what was typed and go on to save it.
  case review
  case confirm, refuse
  /// In a conflict: take the other side for this field.
  case switchSide
  /// The secret has been put away.
  case stored
  case help, repaint, suspend, interrupt
  /// Choose the column that the list is sorted by; turn the order round.
  case sort, reverse
  /// Mark the selected tenant; all from there to the selection; all that match.
  case mark, markRange, markAll
  /// Do something to all that are marked.
  case bulk
  /// Choose the columns of the list, their order and width.
  case columns
  /// One place up or down in an order.
  case earlier, later
  /// Saved views; keep the present one; forget one.
  case views, saveView, removeView
  /// Refresh by itself from now on, or no longer.
  case autoRefresh
  /// The version before, or after; put values of an earlier version back.
  case older, newer, putBack
  /// What keeps tenants apart, looked over; put a finding right; show failures only; keep this run to compare with.
  case doctor, mend, failures, keep
}

/// What a key can mean to the console as a whole, whatever screen is on top. No screen sees these.
enum AppAction: String, CaseIterable, Hashable, Sendable {
  /// Put what has the focus on the terminal's clipboard.
  case copy
  /// Choose what to copy, and in which form.
  case copyMenu
  /// The SQL and the command line behind the screen.
  case explain
  case commandLine, palette, themes, mouse
  /// The hidden characters of the tenant, spelled out.
  case spell
  /// Undo the person's own last change.
  case undo
}

/// What a key means: to the screen that is on top, or to the console as a whole.
enum Meaning: Hashable, Sendable {
  case screen(Action)
  case app(AppAction)

  /// How it is called in the configuration and on the command line.
  var name: String {
    switch self {
    case .screen(let action): action.rawValue
    case .app(let action): action.rawValue
    }
  }
}

/// Where a key is pressed: each has its own keys.
enum Place: String, CaseIterable, Hashable, Sendable {
  case list, filterField, detail, form, picker, review, conflict, lifecycle, transition, secret, receipt,
    help,
    migration, leaving, tooSmall
  /// A box with lines to choose from, in which nothing is typed.
  case menu
  /// A bulk on its way and its results.
  case bulk
  /// An export on its way, and where it lies.
  case export
  /// The columns of the list; the saved views, a name for one, the question before one is removed.
  case columns, views, viewName, viewRemoval
  /// A box with a line to type into and what can be chosen by it.
  case prompt
  /// A page to be read and copied from.
  case page
  /// A tenant as it was.
  case version
  /// What the doctor found; one finding.
  case doctor, finding
}
