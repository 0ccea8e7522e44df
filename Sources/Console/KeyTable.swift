import TenantStore
import Terminal

/// The one table of keys, in the order in which footer and help show them. Where two lines have a key in the same place, the
/// earlier one counts.
extension Keymap {
  private static let scrolled: Places = [
    .list, .detail, .review, .help, .conflict, .bulk, .page, .version, .doctor, .finding, .run, .audit,
    .event,
    .activity, .verification, .intake,
  ]
  /// Where a text field may have the focus, and with it the "?".
  static let typed: Places = [.form, .filterField, .picker, .transition, .prompt]
  private static let copied: Places = [
    .list, .detail, .receipt, .page, .export, .version, .doctor, .finding, .audit, .event, .verification,
    .secret, .intake,
  ]
  private static let browsed: Places = [.list, .detail, .doctor, .audit]
  private static let boxes: Places = [.review, .leaving, .migration, .viewRemoval, .applying]

  static let standardTable: [Binding] = [
    Binding([.enter], .tenant(.open), "open", "open the selected tenant", in: [.list], unless: noTenant),
    Binding(
      [c("c")], .list(.onboard), "onboard", "onboard a tenant", in: [.list], unless: past(mayNotChange)),
    Binding(
      [c("I")], .list(.onboardMany), nil, "onboard many from a CSV file, or undo that", in: [.list],
      unless: past(mayNotChange)),
    Binding(
      [.enter], .dialog(.press), "onboard", "make what is right in the file, after asking", in: [.intake],
      unless: mayNotChange),
    Binding(
      [c("U")], .page(.takeBack), "undo", "deactivate all that was made of it, after asking", in: [.intake],
      unless: mayNotChange),
    Binding(
      [c("r")], .page(.refresh), "look again", "look the file over again", in: [.intake], unless: writing),
    Binding([c("1")], .tenant(.overview), "overview", "the tenant's fields", in: [.detail]),
    Binding([c("2")], .tenant(.doors), "origins", "its origins and permissions", in: [.detail]),
    Binding([c("3")], .tenant(.history), "history", "what happened to it, from the audit", in: [.detail]),
    Binding(
      [c("e")], .tenant(.edit), "edit", "edit in a form", in: [.list, .detail], unless: past(mayNotEdit)),
    Binding(
      [c("x")], .tenant(.lifecycle), "lifecycle", "lifecycle menu: suspend, deactivate, purge and back",
      in: [.list, .detail],
      unless: past(noTenant)),
    Binding(
      [c("/")], .list(.filter), "filter", "filter, live: words, state:active", in: [.list], unless: past()),
    Binding([c("s")], .list(.sort), nil, "sort by a column", in: [.list], unless: past()),
    Binding([c("S")], .list(.reverse), nil, "turn the order round", in: [.list], unless: past()),
    Binding([c(" ")], .list(.mark), nil, "mark, or take the mark away", in: [.list], unless: past(noTenant)),
    Binding(
      [c("v")], .list(.markRange), nil, "mark from the last mark to here", in: [.list], unless: past(noTenant)
    ),
    Binding([c("*")], .list(.markAll), nil, "mark all that match", in: [.list], unless: past()),
    Binding(
      [c("[")], .tenant(.older), nil, "the tenant's version before", in: [.list, .detail], unless: noTenant),
    Binding([c("]")], .tenant(.newer), nil, "the tenant's version after", in: [.detail]),
    Binding([c("[")], .tenant(.older), "older", "the version before", in: [.version]),
    Binding([c("]")], .tenant(.newer), "newer", "the version after", in: [.version]),
    Binding(
      [c("z")], .page(.putBack), "put back", "put values of this version back", in: [.version],
      unless: mayNotChange),
    Binding([c("b")], .list(.bulk), nil, "change or export all that are marked", in: [.list]),
    Binding(
      [c("r")], .page(.refresh), "go on", "go on with what was not done", in: [.bulk], unless: writing),
    Binding([c("r")], .page(.refresh), nil, "go on where it stopped", in: [.export]),
    Binding([c("C")], .list(.columns), nil, "choose columns, their order and width", in: [.list]),
    Binding([c("w")], .list(.views), nil, "saved views", in: [.list], unless: past()),
    Binding([c("i")], .tenant(.doctor), nil, "isolation doctor: what keeps tenants apart", in: [.list]),
    Binding([c("i")], .tenant(.doctor), nil, "its doors and its rows in protected tables", in: [.detail]),
    Binding(
      [c("a")], .tenant(.tenantAudit), nil, "its audit: who did what, what was refused", in: [.list],
      unless: noTenant),
    Binding(
      [c("a")], .tenant(.tenantAudit), "audit", "its audit: who did what, what was refused", in: [.detail]),
    Binding(
      [c("A")], .list(.audit), nil, "the audit of everybody", in: [.list], unless: mayNotLookAtAll),
    Binding([.enter], .tenant(.open), "open", "the whole of it: who, from where, what changed", in: [.audit]),
    Binding(
      [c("/")], .list(.filter), "filter", "filter, live: words, actor:ana outcome:refused since:7d",
      in: [.audit]),
    Binding(
      [c("V")], .page(.verify), "verify", "prove it, or say where it is not as it was written", in: [.audit]),
    Binding(
      [c("o")], .page(.overTime), "over time", "how much happened, by day, action and person", in: [.audit]),
    Binding([c("E")], .page(.exportEvents), "export", "to a file, what the filter shows", in: [.audit]),
    Binding([c("a")], .tenant(.tenantAudit), nil, "the audit of this one's tenant alone", in: [.audit]),
    Binding(
      [c("p")], .tenant(.resources), nil, "provisioning: its run, and what it should have and has",
      in: [.list, .detail], unless: past(noTenant)),
    Binding(
      [c("F")], .page(.apply), "apply", "bring all of it to what the tenant's state wants, after asking",
      in: [.run],
      unless: mayNotEdit),
    Binding([.enter], .tenant(.open), "open", "why it matters, and what mends it", in: [.doctor]),
    Binding(
      [c("F")], .page(.mend), "mend", "run what puts it right, after asking", in: [.doctor, .finding],
      unless: mayNotChangeForAll),
    Binding([c("f")], .page(.failures), "failures", "show failures only, or all", in: [.doctor]),
    Binding(
      [c("s")], .page(.keep), "keep this run", "keep this run, to compare the next ones with", in: [.doctor],
      unless: mayNotChangeForAll),
    Binding(
      [c("R")], .list(.autoRefresh), nil, "refresh by itself every 30 seconds, or no longer", in: [.list]),
    Binding([.enter], .dialog(.press), "take these", "show the list with these columns", in: [.columns]),
    Binding([c(" ")], .list(.mark), "show or hide", "show or hide the column", in: [.columns]),
    Binding([c("K")], .page(.earlier), nil, "one place earlier", in: [.columns]),
    Binding([c("J")], .page(.later), nil, "one place later", in: [.columns]),
    Binding([c("h"), .left], .list(.columnsLeft), nil, "narrower", in: [.columns]),
    Binding([c("l"), .right], .list(.columnsRight), nil, "wider", in: [.columns]),
    Binding([c("=")], .list(.reverse), nil, "as wide as there is room", in: [.columns]),
    Binding([c("r")], .page(.refresh), "reset", "as the program comes", in: [.columns]),
    Binding([.enter], .dialog(.press), "show", "show the list like this", in: [.views]),
    Binding(
      [c("s")], .page(.saveView), "keep the present", "keep the list as it is now, for everyone",
      in: [.views],
      unless: mayNotChangeForAll),
    Binding(
      [c("d")], .page(.removeView), "remove", "remove a shared view", in: [.views], unless: mayNotChangeForAll
    ),
    Binding([.enter], .dialog(.press), "keep", "keep it under this name", in: [.viewName], unless: writing),
    Binding([.enter], .dialog(.press), "keep", "keep the filter and go to the list", in: [.filterField]),
    Binding([.escape], .dialog(.back), "clear", "clear the filter", in: [.filterField]),
    Binding(
      [c("s")], .lifecycle(.suspend), "suspend", "shut the tenant's doors for a while", in: [.lifecycle],
      unless: mayNotSuspend),
    Binding(
      [c("e")], .lifecycle(.resume), "resume", "open a suspended tenant's doors again", in: [.lifecycle],
      unless: mayNotResume),
    Binding(
      [c("d")], .lifecycle(.deactivate), "deactivate", "take the tenant out of service", in: [.lifecycle],
      unless: mayNotDeactivate),
    Binding(
      [c("r")], .lifecycle(.reactivate), "reactivate", "bring the tenant back", in: [.lifecycle],
      unless: mayNotReactivate
    ),
    Binding(
      [c("p")], .lifecycle(.purge), "purge", "take what is left of a deactivated tenant away, for good",
      in: [.lifecycle], unless: mayNotPurge),
    Binding(
      [.control("o")], .dialog(.review), "review and save", "look over what was typed, then save",
      in: [.form],
      unless: writing),
    Binding(
      [.control("o")], .dialog(.review), "merge and review", "take both sides, then look over and save",
      in: [.conflict]),
    Binding(
      [c(" "), .left, .right], .dialog(.switchSide), "mine or theirs",
      "for a field both changed: whose value to keep",
      in: [.conflict]),
    Binding([.tab], .dialog(.nextField), "next", "next field", in: [.form, .transition]),
    Binding([.backTab], .dialog(.previousField), nil, "field before", in: [.form, .transition]),
    Binding(
      [.enter], .dialog(.press), "next or choose",
      "next field; a new line in a list; open a picker; press a button",
      in: [.form]),
    Binding([c(" ")], .dialog(.press), nil, "open a picker, press a button", in: [.form]),
    Binding(
      [.enter], .dialog(.press), "next or press", "next field; on the button: do it", in: [.transition],
      unless: writing),
    Binding([.enter], .dialog(.press), "done", "take what is chosen", in: [.picker]),
    Binding([c(" ")], .dialog(.switchSide), "toggle", "choose or drop a permission", in: [.picker]),
    Binding(
      [.control("t")], .dialog(.fillIn), nil, "fill in an industry's usual, or what another tenant has",
      in: [.form]),
    Binding([.pageDown], .move(.pageDown), "next page", "the next page of the form", in: [.form]),
    Binding([.pageUp], .move(.pageUp), nil, "the page before", in: [.form]),
    Binding([c("y"), .enter], .dialog(.confirm), "go on", "go on with the draft", in: [.draft]),
    Binding([c("n")], .dialog(.refuse), "throw away", "throw the draft away", in: [.draft]),
    Binding([c("y")], .dialog(.confirm), "yes", "yes, do it", in: boxes, unless: writing),
    Binding(
      [c("n")], .dialog(.refuse), "no", "no, go back",
      in: [.review, .leaving, .transition, .viewRemoval, .applying],
      unless: writing),
    Binding([c("s")], .dialog(.stored), "I have stored it", "the secret is put away: go on", in: [.secret]),
    Binding([c("v")], .page(.uncover), nil, "show the secret for another minute", in: [.secret]),
    Binding(
      [c("w")], .page(.writeSheet), "write the sheet", "write the sheet to hand over, without the secret",
      in: [.secret]),
    Binding(
      [.escape, c("q")], .dialog(.back), nil, "only s leaves: the secret is never shown again", in: [.secret]),
    Binding([.enter], .dialog(.press), "go on", "close", in: [.receipt, .export]),
    Binding([.enter], .dialog(.press), "choose", "choose the selected line", in: [.lifecycle, .menu]),
    Binding([.escape], .dialog(.back), nil, "clear the filter, then the marks", in: [.list]),
    Binding([c("q")], .dialog(.leave), "quit", "quit", in: [.list]),
    Binding(
      [.escape], .dialog(.back), "back", "back one level",
      in: Places.everywhere.subtracting([.list, .filterField, .secret, .tooSmall])),
    Binding([c("y")], .app(.copy), nil, "copy the site id, the receipt, or the SQL that mends", in: copied),
    Binding(
      [c("Y")], .app(.copyMenu), nil, "copy a value, a row, JSON, CSV, a command", in: copied),
    Binding(
      [.control("p")], .app(.palette), nil, "find an action, a tenant, a theme, a connection", in: browsed),
    Binding([c(":")], .app(.commandLine), nil, "type a command", in: browsed),
    Binding(
      [c("!")], .app(.explain), nil, "the SQL and the command line behind this",
      in: browsed.union([.version, .run, .intake])
    ),
    Binding(
      [c("H")], .app(.spell), nil, "spell out hidden characters", in: browsed.union([.version]),
      unless: noTenant),
    Binding([c("u")], .app(.undo), nil, "undo my last change", in: browsed, unless: past(mayNotChange)),
    Binding([c("t")], .app(.themes), nil, "choose a theme", in: browsed),
    Binding([c("m")], .app(.mouse), nil, "mouse on or off", in: browsed),
    Binding([.enter], .dialog(.press), "do it", "do what is typed or chosen", in: [.prompt]),
    Binding(
      [.tab], .dialog(.nextField), "complete", "write out what is chosen; in the palette the next one",
      in: [.prompt]),
    Binding([c("?")], .dialog(.leave), nil, "close this", in: [.help]),
    Binding(
      [c("q")], .dialog(.leave), nil, "up one level",
      in: [
        .detail, .form, .conflict, .receipt, .help, .migration, .review, .lifecycle, .leaving, .menu, .page,
        .export, .doctor, .finding, .run, .audit, .event, .activity, .verification, .intake,
      ]),
    Binding(
      [.up, c("k")], .move(.up), nil, "up", in: scrolled.union([.lifecycle, .menu, .columns, .views])),
    Binding(
      [.down, c("j")], .move(.down), nil, "down", in: scrolled.union([.lifecycle, .menu, .columns, .views])),
    Binding([.up], .move(.up), nil, "up", in: [.form, .transition, .filterField, .picker, .prompt]),
    Binding([.down], .move(.down), nil, "down", in: [.form, .transition, .filterField, .picker, .prompt]),
    Binding([c("g"), .home], .move(.first), nil, "to the first", in: scrolled),
    Binding([c("G"), .end], .move(.last), nil, "to the last", in: scrolled),
    Binding(
      [.pageUp], .move(.pageUp), nil, "a page up",
      in: scrolled.union([.filterField, .picker, .prompt, .menu])),
    Binding(
      [.pageDown], .move(.pageDown), nil, "a page down",
      in: scrolled.union([.filterField, .picker, .prompt, .menu])),
    Binding([.control("u")], .move(.halfUp), nil, "half a page up", in: scrolled),
    Binding([.control("d")], .move(.halfDown), nil, "half a page down", in: scrolled),
    Binding([c("h"), .left], .list(.columnsLeft), nil, "columns further left", in: [.list]),
    Binding([c("l"), .right], .list(.columnsRight), nil, "columns further right", in: [.list]),
    Binding(
      [c("r")], .page(.refresh), "refresh", "refresh",
      in: [.list, .detail, .version, .migration, .doctor, .run, .audit, .activity, .verification],
      unless: writing),
    Binding(
      [c("?"), .function(1)], .app(.help), "keys", "keys here, then everywhere",
      in: Places.everywhere.subtracting(typed).subtracting([.tooSmall, .help])),
    Binding([.function(1), c("?")], .app(.help), "keys", "keys here, then everywhere", in: typed),
    Binding([.control("l")], .app(.repaint), nil, "repaint", in: .everywhere),
    Binding([.control("z")], .app(.background), nil, "suspend; fg brings it back", in: .everywhere),
    Binding([.control("c")], .app(.interrupt), nil, "cancel what is running; again to quit", in: .everywhere),
  ]

  private static func c(_ scalar: Unicode.Scalar) -> Key { .character(scalar) }
}
