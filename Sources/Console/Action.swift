/// What a key can mean to a screen. Screens see these, never the keys themselves (but for what is typed into a field).
/// Grouped, so that a screen names the group it has no use for rather than each of its actions.
enum Action: Hashable, Sendable {
  case move(Movement)
  case dialog(DialogAction)
  case list(ListAction)
  case tenant(TenantAction)
  case lifecycle(LifecycleAction)
  case page(PageAction)
}

/// Moving about in what a screen shows.
enum Movement: String, CaseIterable, Hashable, Sendable {
  case up, down, pageUp, pageDown, halfUp, halfDown, first, last

  /// How far that is among lines of which `page` are seen; to the ends farther than anything is long.
  func lines(ofPage page: Int) -> Int {
    switch self {
    case .up: -1
    case .down: 1
    case .pageUp: -page
    case .pageDown: page
    case .halfUp: -max(1, page / 2)
    case .halfDown: max(1, page / 2)
    case .first: -Int(Int32.max)
    case .last: Int(Int32.max)
    }
  }
}

/// Filling in a form, answering a question, and the way out of it.
enum DialogAction: String, CaseIterable, Hashable, Sendable {
  /// One level back; never out.
  case back
  /// One level up, and from the list out.
  case leave
  case nextField, previousField
  /// Open a picker, or press the button that has the focus.
  case press
  /// Look over what was typed and go on to save it.
  case review
  case confirm, refuse
  /// Fill a form in from a template.
  case fillIn
  /// In a conflict: take the other side for this field.
  case switchSide
  /// The secret has been put away.
  case stored
}

/// What is done to the list, its order, its columns and its marks.
enum ListAction: String, CaseIterable, Hashable, Sendable {
  /// Scroll the columns of a table.
  case columnsLeft, columnsRight
  case filter
  case onboard
  /// Onboard many from a file.
  case onboardMany
  /// Choose the column that the list is sorted by; turn the order round.
  case sort, reverse
  /// Mark the selected tenant; all from there to the selection; all that match.
  case mark, markRange, markAll
  /// Do something to all that are marked.
  case bulk
  /// Choose the columns of the list, their order and width.
  case columns
  /// Everybody's audit.
  case audit
  /// Saved views.
  case views
  /// Refresh by itself from now on, or no longer.
  case autoRefresh
}

/// What is done with the selected tenant, or what is seen of it.
enum TenantAction: String, CaseIterable, Hashable, Sendable {
  case open, edit, lifecycle
  case overview, doors, history
  /// The version before, or after.
  case older, newer
  /// What keeps tenants apart, looked over.
  case doctor
  /// The tenant's audit.
  case tenantAudit
  /// Its run, and how its resources are.
  case resources
}

/// A change of the tenant's state.
enum LifecycleAction: String, CaseIterable, Hashable, Sendable {
  case suspend, resume, deactivate, reactivate, purge
}

/// What one kind of page alone can do.
enum PageAction: String, CaseIterable, Hashable, Sendable {
  case refresh
  /// One place up or down in an order.
  case earlier, later
  /// Keep the present view; forget one.
  case saveView, removeView
  /// Put values of an earlier version back.
  case putBack
  /// Put a finding right; show failures only; keep this run to compare with.
  case mend, failures, keep
  /// Bring a tenant's resources to what its state wants.
  case apply
  /// Prove the audit; count it over time; write what its filter shows to a file.
  case verify, overTime, exportEvents
  /// Undo all that was made of a file.
  case takeBack
  /// Show a secret again that was covered; write the sheet to hand over.
  case uncover, writeSheet
}

extension Action: CaseIterable {
  static let allCases: [Action] =
    Movement.allCases.map(Action.move) + DialogAction.allCases.map(Action.dialog)
    + ListAction.allCases.map(Action.list) + TenantAction.allCases.map(Action.tenant)
    + LifecycleAction.allCases.map(Action.lifecycle) + PageAction.allCases.map(Action.page)

  /// How it is called in the configuration and on the command line: no two have the same name.
  var name: String {
    switch self {
    case .move(let action): action.rawValue
    case .dialog(let action): action.rawValue
    case .list(let action): action.rawValue
    case .tenant(let action): action.rawValue
    case .lifecycle(let action): action.rawValue
    case .page(let action): action.rawValue
    }
  }
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
  /// The keys of this place.
  case help
  case repaint
  /// Hand the terminal back to the shell for a while.
  case background
  /// Give up on what is being read.
  case interrupt
}

/// What a key means: to the screen that is on top, or to the console as a whole.
enum Meaning: Hashable, Sendable {
  case screen(Action)
  case app(AppAction)

  /// How it is called in the configuration and on the command line.
  var name: String {
    switch self {
    case .screen(let action): action.name
    case .app(let action): action.rawValue
    }
  }
}
