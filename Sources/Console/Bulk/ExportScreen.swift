import TenantStore
import Terminal

/// Reads the marked tenants, part by part as they are now, and has them written to a file.
struct ExportScreen: Screen {
  private enum Phase: Equatable {
    case reading(Ticket?)
    /// All are there; the file is on its way.
    case writing
    case ended(Exported)
    /// A part could not be read: `r` goes on with it.
    case stopped
  }

  private let form: TenantForm
  private let tenants: BulkTenants
  private var left: ArraySlice<TenantID>
  private var found: [Tenant] = []
  private var phase = Phase.reading(nil)
  private var progress = Progress(started: Instant(microseconds: 0))

  let place = Place.export
  var reading: [Ticket] { if case .reading(let ticket?) = phase { [ticket] } else { [] } }
  var clippings: [Clipping] {
    if case .ended(.file(let path)) = phase { [Clipping(name: "path", text: path)] } else { [] }
  }

  init(_ tenants: BulkTenants, _ form: TenantForm) {
    self.tenants = tenants
    self.form = form
    left = tenants.ids[...]
  }

  mutating func opened(_ turn: inout Turn) {
    progress = Progress(started: turn.now, total: tenants.ids.count)
    readOn(&turn)
  }

  private mutating func readOn(_ turn: inout Turn) {
    phase = .reading(turn.send(.tenants(Array(left.prefix(Bulk.most)))))
  }

  mutating func act(_ action: Action, _ turn: inout Turn) {
    switch action {
    case .dialog(.back), .dialog(.leave), .dialog(.press): turn.pop()
    case .page(.refresh):
      if phase == .stopped { readOn(&turn) } else { turn.say("there is nothing to go on with") }
    case .move, .dialog, .list, .tenant, .lifecycle, .page: break
    }
  }

  mutating func answered(_ ticket: Ticket, _ result: Result<Answer, StoreError>, _ turn: inout Turn) -> Bool {
    guard phase == .reading(ticket) else { return false }
    switch result {
    case .success(.tenants(let part)):
      found += part
      left = left.dropFirst(Bulk.most)
      progress.done = tenants.ids.count - left.count
      if left.isEmpty { write(&turn) } else { readOn(&turn) }
    case .success: preconditionFailure("many tenants are answered by .tenants")
    case .failure(let error):
      phase = .stopped
      turn.say(error, while: "reading what is marked")
    }
    return true
  }

  private mutating func write(_ turn: inout Turn) {
    phase = .writing
    found.sort { $0.siteID.utf8.lexicographicallyPrecedes($1.siteID.utf8) }
    turn.effects.append(
      .export(name: "tenants-\(turn.now.fileName).\(form.name.lowercased())", text: form.text(found)))
  }

  mutating func exported(_ exported: Exported, _ turn: inout Turn) { phase = .ended(exported) }

  func view(_ look: Look) -> Body {
    let title = Line([
      Span(" "), Span(SafeText("export to a file as \(form.name): \(tenants.words)"), .heading),
    ])
    return Body([title, Line()] + words(look), cursor: Point(line: 0, column: 1))
  }

  private func words(_ look: Look) -> [Line] {
    switch phase {
    case .reading(let ticket):
      let isSlow = look.isSlow(ticket) || look.now.microseconds - progress.started.microseconds > 1_000_000
      return [Line([Span(" "), isSlow ? Span(progress.words(at: look.now)) : Span("")])]
    case .stopped:
      return [Line(" Stopped, and nothing was written: r goes on, Esc goes back.", .warning)]
    case .writing: return [Line(" Writing...")]
    case .ended(.problem(let why)): return [Line(SafeText(" Not written: \(why)"), .bad)]
    case .ended(.file(let path)):
      let gone = tenants.ids.count - found.count
      var lines = [
        Line([
          Span(" "), Span(SafeText(Words.count(Total(count: Int64(found.count), estimated: false))), .good),
          Span(" in this file, which only you can read (y copies its path):", .text),
        ]),
        Line(), Line(SafeText("   " + path)),
      ]
      if gone > 0 { lines += [Line(), Line(SafeText(" \(gone) of the marked are gone."), .warning)] }
      return lines
    }
  }
}
