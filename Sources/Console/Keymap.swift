import TenantStore
import Terminal

/// The one table of keys: the footer, the help screen and the meaning of every key outside a text field come from it.
struct Keymap: Sendable {
  /// In the order in which footer and help show them.
  let table: [Binding]
  /// The footer of each place, ready to be drawn.
  let footers: [Place: [Line]]

  /// As the program comes.
  static let standard = Keymap(standardTable)

  init(_ table: [Binding]) {
    self.table = table
    var footers: [Place: [Line]] = [:]
    for binding in table {
      for place in binding.places {
        guard let label = binding.label, let name = binding.keys.first?.name else { continue }
        footers[place, default: []].append(
          Line([Span(SafeText(name), .key), Span(SafeText(" \(label)  "), .footer)]))
      }
    }
    self.footers = footers
  }

  /// What decides whether an action is possible now.
  struct Situation {
    var session: Session?
    /// The tenant the action would be on.
    var subject: Tenant?
    /// A write of this screen is on its way.
    var isWriting: Bool
    /// The screen shows what was.
    var isPast = false
  }

  struct Binding: Sendable {
    /// The first is the one that is shown.
    var keys: [Key]
    var meaning: Meaning
    /// For the footer; nil: not there.
    var label: String?
    /// For the help screen.
    var help: String
    var places: Set<Place>
    /// Why it is not possible now; nil: it is.
    var refusal: @Sendable (Situation) -> Refusal?

    init(
      _ keys: [Key], _ action: Action, _ label: String?, _ help: String, in places: Set<Place>,
      unless refusal: @escaping @Sendable (Situation) -> Refusal? = { _ in nil }
    ) {
      self.init(keys, .screen(action), label, help, in: places, unless: refusal)
    }

    init(
      _ keys: [Key], _ meaning: Meaning, _ label: String?, _ help: String, in places: Set<Place>,
      unless refusal: @escaping @Sendable (Situation) -> Refusal? = { _ in nil }
    ) {
      self.keys = keys
      self.meaning = meaning
      self.label = label
      self.help = help
      self.places = places
      self.refusal = refusal
    }
  }

  private static let everywhere = Set(Place.allCases)
  private static let scrolled: Set<Place> = [
    .list, .detail, .review, .help, .conflict, .bulk, .page, .version, .doctor, .finding,
  ]
  /// Where a text field may have the focus, and with it the "?".
  static let typed: Set<Place> = [.form, .filterField, .picker, .transition, .prompt]
  private static let copied: Set<Place> = [
    .list, .detail, .receipt, .page, .export, .version, .doctor, .finding,
  ]
  private static let browsed: Set<Place> = [.list, .detail, .doctor]
  private static let boxes: Set<Place> = [.review, .leaving, .migration, .viewRemoval]

  private static let standardTable: [Binding] = [
    Binding([.enter], .open, "open", "open the selected tenant", in: [.list], unless: noTenant),
    Binding([c("c")], .onboard, "onboard", "onboard a tenant", in: [.list], unless: past(mayNotChange)),
    Binding([c("1")], .overview, "overview", "the tenant's fields", in: [.detail]),
    Binding([c("2")], .doors, "origins", "its origins and permissions", in: [.detail]),
    Binding([c("3")], .history, "history", "what happened to it, from the audit", in: [.detail]),
    Binding([c("e")], .edit, "edit", "edit in a form", in: [.list, .detail], unless: past(mayNotEdit)),
    Binding(
      [c("x")], .lifecycle, "lifecycle", "lifecycle menu: deactivate, reactivate", in: [.list, .detail],
      unless: past(noTenant)),
    Binding([c("/")], .filter, "filter", "filter, live: words, state:active", in: [.list], unless: past()),
    Binding([c("s")], .sort, nil, "sort by a column", in: [.list], unless: past()),
    Binding([c("S")], .reverse, nil, "turn the order round", in: [.list], unless: past()),
    Binding([c(" ")], .mark, nil, "mark, or take the mark away", in: [.list], unless: past(noTenant)),
    Binding(
      [c("v")], .markRange, nil, "mark from the last mark to here", in: [.list], unless: past(noTenant)),
    Binding([c("*")], .markAll, nil, "mark all that match", in: [.list], unless: past()),
    Binding([c("[")], .older, nil, "the tenant's version before", in: [.list, .detail], unless: noTenant),
    Binding([c("]")], .newer, nil, "the tenant's version after", in: [.detail]),
    Binding([c("[")], .older, "older", "the version before", in: [.version]),
    Binding([c("]")], .newer, "newer", "the version after", in: [.version]),
    Binding(
      [c("z")], .putBack, "put back", "put values of this version back", in: [.version], unless: mayNotChange),
    Binding([c("b")], .bulk, nil, "change or export all that are marked", in: [.list]),
    Binding(
      [c("r")], .refresh, "go on", "go on with what was not done", in: [.bulk], unless: writing),
    Binding([c("r")], .refresh, nil, "go on where it stopped", in: [.export]),
    Binding([c("C")], .columns, nil, "choose columns, their order and width", in: [.list]),
    Binding([c("w")], .views, nil, "saved views", in: [.list], unless: past()),
    Binding([c("i")], .doctor, nil, "isolation doctor: what keeps tenants apart", in: [.list]),
    Binding([c("i")], .doctor, nil, "its doors and its rows in protected tables", in: [.detail]),
    Binding([.enter], .open, "open", "why it matters, and what mends it", in: [.doctor]),
    Binding(
      [c("F")], .mend, "mend", "run what puts it right, after asking", in: [.doctor, .finding],
      unless: mayNotChangeForAll),
    Binding([c("f")], .failures, "failures", "show failures only, or all", in: [.doctor]),
    Binding(
      [c("s")], .keep, "keep this run", "keep this run, to compare the next ones with", in: [.doctor],
      unless: mayNotChangeForAll),
    Binding([c("R")], .autoRefresh, nil, "refresh by itself every 30 seconds, or no longer", in: [.list]),
    Binding([.enter], .press, "take these", "show the list with these columns", in: [.columns]),
    Binding([c(" ")], .mark, "show or hide", "show or hide the column", in: [.columns]),
    Binding([c("K")], .earlier, nil, "one place earlier", in: [.columns]),
    Binding([c("J")], .later, nil, "one place later", in: [.columns]),
    Binding([c("h"), .left], .columnsLeft, nil, "narrower", in: [.columns]),
    Binding([c("l"), .right], .columnsRight, nil, "wider", in: [.columns]),
    Binding([c("=")], .reverse, nil, "as wide as there is room", in: [.columns]),
    Binding([c("r")], .refresh, "reset", "as the program comes", in: [.columns]),
    Binding([.enter], .press, "show", "show the list like this", in: [.views]),
    Binding(
      [c("s")], .saveView, "keep the present", "keep the list as it is now, for everyone", in: [.views],
      unless: mayNotChangeForAll),
    Binding(
      [c("d")], .removeView, "remove", "remove a shared view", in: [.views], unless: mayNotChangeForAll),
    Binding([.enter], .press, "keep", "keep it under this name", in: [.viewName], unless: writing),
    Binding([.enter], .press, "keep", "keep the filter and go to the list", in: [.filterField]),
    Binding([.escape], .back, "clear", "clear the filter", in: [.filterField]),
    Binding(
      [c("d")], .deactivate, "deactivate", "take the tenant out of service", in: [.lifecycle],
      unless: mayNotDeactivate),
    Binding(
      [c("r")], .reactivate, "reactivate", "bring the tenant back", in: [.lifecycle], unless: mayNotReactivate
    ),
    Binding(
      [.control("o")], .review, "review and save", "look over what was typed, then save", in: [.form],
      unless: writing),
    Binding(
      [.control("o")], .review, "merge and review", "take both sides, then look over and save",
      in: [.conflict]),
    Binding(
      [c(" "), .left, .right], .switchSide, "mine or theirs", "for a field both changed: whose value to keep",
      in: [.conflict]),
    Binding([.tab], .nextField, "next", "next field", in: [.form, .transition]),
    Binding([.backTab], .previousField, nil, "field before", in: [.form, .transition]),
    Binding(
      [.enter], .press, "next or choose", "next field; a new line in a list; open a picker; press a button",
      in: [.form]),
    Binding([c(" ")], .press, nil, "open a picker, press a button", in: [.form]),
    Binding(
      [.enter], .press, "next or press", "next field; on the button: do it", in: [.transition],
      unless: writing),
    Binding([.enter], .press, "done", "take what is chosen", in: [.picker]),
    Binding([c(" ")], .switchSide, "toggle", "choose or drop a permission", in: [.picker]),
    Binding([c("y")], .confirm, "yes", "yes, do it", in: boxes, unless: writing),
    Binding(
      [c("n")], .refuse, "no", "no, go back", in: [.review, .leaving, .transition, .viewRemoval],
      unless: writing),
    Binding([c("s")], .stored, "I have stored it", "the secret is put away: go on", in: [.secret]),
    Binding([.escape, c("q")], .back, nil, "only s leaves: the secret is never shown again", in: [.secret]),
    Binding([.enter], .press, "go on", "close", in: [.receipt, .export]),
    Binding([.enter], .press, "choose", "choose the selected line", in: [.lifecycle, .menu]),
    Binding([.escape], .back, nil, "clear the filter, then the marks", in: [.list]),
    Binding([c("q")], .leave, "quit", "quit", in: [.list]),
    Binding(
      [.escape], .back, "back", "back one level",
      in: everywhere.subtracting([.list, .filterField, .secret, .tooSmall])),
    Binding([c("y")], .app(.copy), nil, "copy the site id, the receipt, or the SQL that mends", in: copied),
    Binding(
      [c("Y")], .app(.copyMenu), nil, "copy a value, a row, JSON, CSV, a command", in: copied),
    Binding(
      [.control("p")], .app(.palette), nil, "find an action, a tenant, a theme, a connection", in: browsed),
    Binding([c(":")], .app(.commandLine), nil, "type a command", in: browsed),
    Binding(
      [c("!")], .app(.explain), nil, "the SQL and the command line behind this", in: browsed.union([.version])
    ),
    Binding(
      [c("H")], .app(.spell), nil, "spell out hidden characters", in: browsed.union([.version]),
      unless: noTenant),
    Binding([c("u")], .app(.undo), nil, "undo my last change", in: browsed, unless: past(mayNotChange)),
    Binding([c("t")], .app(.themes), nil, "choose a theme", in: browsed),
    Binding([c("m")], .app(.mouse), nil, "mouse on or off", in: browsed),
    Binding([.enter], .press, "do it", "do what is typed or chosen", in: [.prompt]),
    Binding(
      [.tab], .nextField, "complete", "write out what is chosen; in the palette the next one", in: [.prompt]),
    Binding([c("?")], .leave, nil, "close this", in: [.help]),
    Binding(
      [c("q")], .leave, nil, "up one level",
      in: [
        .detail, .form, .conflict, .receipt, .help, .migration, .review, .lifecycle, .leaving, .menu, .page,
        .export, .doctor, .finding,
      ]),
    Binding([.up, c("k")], .up, nil, "up", in: scrolled.union([.lifecycle, .menu, .columns, .views])),
    Binding([.down, c("j")], .down, nil, "down", in: scrolled.union([.lifecycle, .menu, .columns, .views])),
    Binding([.up], .up, nil, "up", in: [.form, .transition, .filterField, .picker, .prompt]),
    Binding([.down], .down, nil, "down", in: [.form, .transition, .filterField, .picker, .prompt]),
    Binding([c("g"), .home], .first, nil, "to the first", in: scrolled),
    Binding([c("G"), .end], .last, nil, "to the last", in: scrolled),
    Binding(
      [.pageUp], .pageUp, nil, "a page up", in: scrolled.union([.filterField, .picker, .prompt, .menu])),
    Binding(
      [.pageDown], .pageDown, nil, "a page down", in: scrolled.union([.filterField, .picker, .prompt, .menu])),
    Binding([.control("u")], .halfUp, nil, "half a page up", in: scrolled),
    Binding([.control("d")], .halfDown, nil, "half a page down", in: scrolled),
    Binding([c("h"), .left], .columnsLeft, nil, "columns further left", in: [.list]),
    Binding([c("l"), .right], .columnsRight, nil, "columns further right", in: [.list]),
    Binding(
      [c("r")], .refresh, "refresh", "refresh", in: [.list, .detail, .version, .migration, .doctor],
      unless: writing),
    Binding(
      [c("?"), .function(1)], .help, "keys", "keys here, then everywhere",
      in: everywhere.subtracting(typed).subtracting([.tooSmall, .help])),
    Binding([.function(1), c("?")], .help, "keys", "keys here, then everywhere", in: typed),
    Binding([.control("l")], .repaint, nil, "repaint", in: everywhere),
    Binding([.control("z")], .suspend, nil, "suspend; fg brings it back", in: everywhere),
    Binding([.control("c")], .interrupt, nil, "cancel what is running; again to quit", in: everywhere),
  ]

  /// What `key` means in `place`; nil where nothing. Where two bindings have it, the earlier one counts.
  func binding(for key: Key, in place: Place) -> Binding? {
    table.first { $0.keys.contains(key) && $0.places.contains(place) }
  }

  /// How help is called in a place.
  func helpKey(in place: Place) -> String {
    bindings(in: place).first { $0.meaning == .screen(.help) }?.keys.first?.name ?? "?"
  }

  /// The bindings of a place, in the table's order.
  func bindings(in place: Place) -> [Binding] { table.filter { $0.places.contains(place) } }

  private static func c(_ scalar: Unicode.Scalar) -> Key { .character(scalar) }
}

/// Why an action is not possible now, in words that say what to do.
extension Keymap {
  /// What cannot be done on a screen that shows what was, and where it does not for another reason.
  private static func past(
    _ refusal: @escaping @Sendable (Situation) -> Refusal? = { _ in nil }
  ) -> @Sendable (Situation) -> Refusal? {
    { $0.isPast ? "this is the past: Esc brings the present back" : refusal($0) }
  }

  private static let noTenant: @Sendable (Situation) -> Refusal? = {
    $0.subject == nil ? "no tenant is selected" : nil
  }

  /// Whether the person and the server allow changes at all.
  static let mayNotChange: @Sendable (Situation) -> Refusal? = { situation in
    guard let session = situation.session else { return "not connected yet" }
    if session.schema != .current { return "the database has no schema this program knows" }
    if session.isStandby { return "this server is a standby: connect to the primary" }
    if session.readOnly { return "this connection is read-only: nothing can be changed over it" }
    if session.right < .admin {
      return .ofRole("\(session.user) may look but not change: that takes the role landlord_admin")
    }
    return nil
  }

  /// The same for what concerns all tenants, which is not for those who are limited to some.
  private static let mayNotChangeForAll: @Sendable (Situation) -> Refusal? = { situation in
    if let refusal = mayNotChange(situation) { return refusal }
    guard let session = situation.session, session.isLimited else { return nil }
    return .ofRole("\(session.user) is limited to some tenants: that takes an admin without limits")
  }

  private static let mayNotEdit: @Sendable (Situation) -> Refusal? = { noTenant($0) ?? mayNotChange($0) }

  private static let mayNotDeactivate: @Sendable (Situation) -> Refusal? = { situation in
    if let refusal = mayNotEdit(situation) { return refusal }
    guard let tenant = situation.subject, tenant.state != .active else { return nil }
    return "\(tenant.siteID) is \(tenant.state.rawValue), not active"
  }

  private static let mayNotReactivate: @Sendable (Situation) -> Refusal? = { situation in
    if let refusal = mayNotEdit(situation) { return refusal }
    guard let tenant = situation.subject, tenant.state != .deactivated else { return nil }
    return "\(tenant.siteID) is \(tenant.state.rawValue), not deactivated"
  }

  private static let writing: @Sendable (Situation) -> Refusal? = {
    $0.isWriting ? "a change is on its way: wait for its outcome" : nil
  }
}
