import TenantStore
import Terminal
import Testing

@testable import Console

/// On a server where all text is hostile, in every place that keys lead to, nothing that steers or deceives is drawn.
@Suite("Hostile text") struct HostileTextTests {
  /// A console in each place, found by pressing every key of the table; answers come after each.
  private static func places(_ answered: StoreError?) -> [Place: Stage] {
    var found: [Place: Stage] = [:]
    var open = [Stage.hostile()]
    while let stage = open.popLast() {
      guard found[stage.app.top] == nil else { continue }
      found[stage.app.top] = stage
      for binding in Keymap.standard.bindings(in: stage.app.top) {
        guard let key = binding.keys.first else { continue }
        var next = stage
        next.send(.painted)
        next.send(.key(key))
        next.answerAll(answered)
        open.append(next)
      }
    }
    return found
  }

  private func expectClean(_ stage: Stage, _ what: String) {
    let frame = stage.frame
    for (place, line) in frame.lines.enumerated() {
      let forbidden = line.spans.flatMap(\.text.text.unicodeScalars).filter(Hostile.isForbidden)
      #expect(forbidden.isEmpty, "\(what), line \(place)")
    }
    #expect(frame.lines.count <= frame.size.lines, "\(what)")
    if let cursor = frame.cursor {
      #expect(cursor.line < frame.size.lines && cursor.column < frame.size.columns, "\(what)")
    }
  }

  @Test func nothingHostileIsDrawnWhereverKeysLead() {
    let places = Self.places(nil)
    #expect(places.count > 20, "\(places.keys)")
    for (place, stage) in places {
      var stage = stage
      expectClean(stage, "\(place)")
      // Wide characters at the last column, at every width.
      for columns in [40, 41, 57, 60] {
        stage.size = Size(columns: columns, lines: 10)
        stage.send(.resized(stage.size))
        expectClean(stage, "\(place) in \(columns) columns")
      }
      for binding in Keymap.standard.bindings(in: stage.app.top) {
        guard let key = binding.keys.first else { continue }
        var next = stage
        next.send(.painted)
        next.send(.key(key))
        expectClean(next, "\(place) after \(key)")
        next.answerAll()
        expectClean(next, "\(place) after \(key) and the answer")
      }
    }
  }

  @Test(arguments: Hostile.errors.indices) func noErrorOfTheServerDrawsAnything(_ number: Int) {
    for (place, stage) in Self.places(Hostile.errors[number]) {
      expectClean(stage, "\(place)")
    }
  }

  @Test func whatElseComesInIsCleanToo() {
    for text in Hostile.texts + [Hostile.text] {
      for event in [
        Event.link(.down(text)), .migrated(text), .notCopied(text), .exported(.problem(text)),
        .exported(.file(text)), .key(.paste(text)),
      ] {
        for start in ["", "/", "c", "e", ":", "xd", "w"] {
          var stage = Stage.hostile()
          stage.press(start)
          stage.send(event)
          expectClean(stage, "\(event) after \"\(start)\"")
        }
      }
    }
  }

  @Test func whatResourcesAndFilesSayIsCleanToo() {
    // Resources, on the screen of a tenant's run.
    for report in [
      ResourceReport.surveyed(Hostile.survey), .failed(.enforce(Sample.acme), Hostile.text),
      .carriedOut([Hostile.run.tenantID], [Hostile.run]),
    ] {
      var stage = Stage.hostile()
      stage.press("p")
      stage.answerAll()
      stage.send(.reported(report))
      expectClean(stage, "\(report)")
    }
    // A file of tenants, and the words it is refused with.
    for report in [IntakeReport.looked(Hostile.intake), .done(Hostile.intake), .failed(Hostile.text)] {
      var stage = Stage.hostile()
      stage.press("I/srv/x<Tab>why<Ctrl-o>")
      stage.send(.intakeReported(stage.intakes.last!, report))
      #expect(stage.app.top == .intake)
      for _ in Hostile.texts {
        expectClean(stage, "\(report)")
        stage.press("j")
      }
    }
    // A draft that lies there, whose name the list announces.
    var stage = Stage.list(session: DraftTests.session)
    var draft = DraftTests.kept
    for text in Hostile.texts {
      draft.values = [.init(row: "tenantName", entries: [text])]
      stage.send(.drafts([LyingDraft(file: DraftTests.name.file, text: draft.text)]))
      expectClean(stage, "a draft")
    }
  }

  /// Two texts that Swift takes for one ("é" as one character and as two) are two texts, and their tenants two.
  @Test func twinsOfAnotherNormalFormAreTwoEverywhere() {
    // Given
    let (composed, decomposed) = ("caf\u{E9}@x.example", "cafe\u{301}@x.example")
    var stage = Stage.list([
      Sample.tenant(1, "one", "Caf\u{E9}", email: composed),
      Sample.tenant(2, "two", "Cafe\u{301}", email: decomposed),
    ])

    // Then: each is opened and marked by itself.
    stage.press("<Down><Enter>")
    #expect(stage.asked().contains(.tenant(.id(Sample.id(2)))))
    stage.press("<Esc><Space><Up><Space>")
    #expect(stage.frame.picture.contains("2 marked"), "\(stage.frame.picture)")

    // And one in the place of the other is a change, to the byte.
    stage.press("<Esc>ge<Tab><Ctrl-u>")
    stage.send(.key(.paste(decomposed)))
    stage.press("<Ctrl-o>")
    #expect(stage.app.top == .review, "\(stage.frame.picture)")
    _ = stage.asked()
    stage.press("y")
    guard case .update(let update)? = stage.asked().last,
      case .text(let sent)? = update.changes[.contactEmail]
    else {
      Issue.record("the change is sent")
      return
    }
    #expect(sent.utf8.elementsEqual(decomposed.utf8))
  }

  /// What goes to the clipboard as a receipt is read in other programs.
  @Test func aReceiptIsClean() {
    let receipt = Receipt(
      .edited, before: Hostile.tenant(0), after: Hostile.tenant(1, version: 4), Hostile.written,
      Hostile.session)
    #expect(!receipt.text.unicodeScalars.contains { $0 != "\n" && Hostile.isForbidden($0) })
  }
}
