import TenantStore
import Terminal

/// Someone saved the tenant while this person was editing: base, theirs and mine, field by field, merged on request.
struct ConflictScreen: Screen {
  private struct Row {
    var field: TenantField
    var base: FieldValue
    var theirs: FieldValue
    var mine: FieldValue
    /// Both changed it, differently: the person chooses. Nil: not yet.
    var takesMine: Bool?
    var isBoth: Bool
  }

  private let theirs: Tenant
  private var rows: [Row]
  private var selected = 0
  private let versions: SafeText

  let place = Place.conflict
  var hasChanges: Bool { true }

  init(base: Tenant, theirs: Tenant, mine: [TenantField: FieldValue]) {
    self.theirs = theirs
    let state = base.state == theirs.state ? "" : " and \(theirs.state.rawValue.uppercased())"
    versions = SafeText(
      "you began from version \(base.version), it is at version \(theirs.version)\(state) now")
    rows = TenantField.allCases.compactMap { field in
      let ours = mine[field] ?? base[field]
      let weChanged = !ours.sameBytes(as: base[field])
      let theyChanged = !theirs[field].sameBytes(as: base[field])
      guard weChanged || theyChanged else { return nil }
      let isBoth = weChanged && theyChanged && !ours.sameBytes(as: theirs[field])
      return Row(
        field: field, base: base[field], theirs: theirs[field], mine: ours,
        takesMine: isBoth ? nil : weChanged,
        isBoth: isBoth)
    }
    selected = rows.firstIndex(where: \.isBoth) ?? 0
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .move(.up), .move(.pageUp), .move(.halfUp): selected = max(0, selected - 1)
    case .move(.down), .move(.pageDown), .move(.halfDown): selected = min(rows.count - 1, selected + 1)
    case .move(.first): selected = 0
    case .move(.last): selected = max(0, rows.count - 1)
    case .dialog(.switchSide): switchSide(&turn)
    case .dialog(.review): merge(&turn)
    case .dialog(.back), .dialog(.leave): turn.pop()
    case .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  private mutating func switchSide(_ turn: inout Turn) {
    guard rows.indices.contains(selected) else { return }
    guard rows[selected].isBoth else {
      turn.say("only one side changed this field: that change is taken")
      return
    }
    rows[selected].takesMine = !(rows[selected].takesMine ?? false)
  }

  private mutating func merge(_ turn: inout Turn) {
    if let open = rows.firstIndex(where: { $0.takesMine == nil }) {
      selected = open
      turn.say(Words.name(of: rows[open].field) + ": both changed it; Space chooses mine or theirs", .warning)
      return
    }
    var mine: [TenantField: FieldValue] = [:]
    for row in rows where row.takesMine == true { mine[row.field] = row.mine }
    turn.pop(.merged(base: theirs, mine: mine))
  }

  func view(_ look: Look) -> Body {
    var lines = [
      Line([Span(" Changed meanwhile: ", .warning), Span(versions, .warning)]),
      Line(),
    ]
    var cursor = Point(line: 0, column: 0)
    var fields: [Line] = []
    for (place, row) in rows.enumerated() {
      if place == selected { cursor = Point(line: fields.count, column: 1) }
      fields += self.lines(row, isSelected: place == selected, look.columns)
    }
    let room = max(1, look.lines - 2)
    let top = max(0, min(cursor.line - room / 2, fields.count - room))
    cursor.line += 2 - top
    lines += fields.dropFirst(top).prefix(room)
    return Body(lines, cursor: cursor)
  }

  private func lines(_ row: Row, isSelected: Bool, _ columns: Int) -> [Line] {
    let decision: Span
    switch (row.isBoth, row.takesMine) {
    case (true, nil): decision = Span("both changed it: Space chooses", .warning)
    case (true, true): decision = Span("both changed it: MINE is taken", .good)
    case (true, false): decision = Span("both changed it: THEIRS is taken", .good)
    case (false, true): decision = Span("only you changed it: yours is taken", .faint)
    case (false, _): decision = Span("they changed it: theirs is taken", .faint)
    }
    var lines = [
      Line([
        Span(isSelected ? " > " : "   ", .focus), Span(Words.name(of: row.field), .heading, columns: 16),
        decision,
      ])
    ]
    for (name, value, role) in [
      ("base" as SafeText, row.base, Role.faint),
      ("theirs", row.theirs, row.takesMine == false ? .added : .text),
      ("mine", row.mine, row.takesMine == true ? .added : .text),
    ] {
      let text: String? =
        switch value {
        case .text(let text): text
        case .list(let list): list.joined(separator: ", ")
        case .absent: nil
        }
      for (place, spans) in Shown(text, role).wrapped(columns: columns - 15).enumerated() {
        lines.append(Line([Span("     "), Span(place == 0 ? name : "", .faint, columns: 8)] + spans))
      }
    }
    return lines
  }
}
