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
}

/// Where a key is pressed: each has its own keys.
enum Place: String, CaseIterable, Hashable, Sendable {
  case list, filterField, detail, form, picker, review, conflict, lifecycle, transition, secret, receipt,
    help,
    migration, leaving, tooSmall
}
